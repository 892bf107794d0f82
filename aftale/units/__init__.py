"""The follow-ups of many units side by side (``saml``).

May import the rooms up to `next_year`. Only `draw_xlsx` touches a workbook library.
"""
