"""The steps: each command as a function that returns what happened and what is to be written."""
