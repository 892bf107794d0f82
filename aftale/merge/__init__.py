"""Sides to one outcome; decisions and choices; the state that a follow-up remembers; the account of all cells.

May import the rooms up to `additions`. Pure.
"""
