"""Clean-up and filing: what of a year belongs in the record system, its list of contents, and what may be deleted.

May import the rooms up to `mail`. Only `delivery` touches the disk, and only `*_xlsx` draw.
"""
