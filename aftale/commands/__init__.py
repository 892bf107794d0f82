"""The commands: Typer arguments, one call, what is printed and the exit code."""
