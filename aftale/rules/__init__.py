"""The rules: pure functions on clean values; no file, no clock, no Excel library."""
