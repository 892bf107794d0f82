"""One cell and one sheet: what a person typed as a number, date or status; a table found by its headers; ``_aftale``.

May import `model`. Pure: no file, no clock, no library but the one in `named_json`.
"""
