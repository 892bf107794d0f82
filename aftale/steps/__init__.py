"""One module a command: reads, calls the rooms, and returns a `Report` with what is to be written.

May import every room but `commands`.
"""
