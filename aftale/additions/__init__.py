"""What the coordinator has added to a follow-up, and how it is carried to the next one.

May import the rooms up to `forms`. Only `*_xlsx` touch a workbook library.
"""
