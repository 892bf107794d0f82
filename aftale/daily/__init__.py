"""The daily page: a year as it stands on a day, the one right next step, and what the page says of it.

May import the rooms up to `mail`. Everything here is pure: `steps.status` reads what it is told.
"""
