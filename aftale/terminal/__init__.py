"""What every process at a terminal has: its streams, what day it is, and how far a long reading has come.

May import every room but `commands`.
"""
