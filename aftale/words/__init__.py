"""The words: the domain, the sheets and columns, the problems; standard library only."""
