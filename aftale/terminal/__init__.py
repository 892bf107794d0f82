"""What every process at a terminal has: its streams, what day it is, and how
help, reports and wrong calls are shown.

May import every room but `commands`.
"""
