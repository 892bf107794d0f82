"""The Typer program: arguments, one call of a step, what is printed, the exit code.

May import every room.
"""
