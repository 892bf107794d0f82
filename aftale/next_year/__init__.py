"""Next year's agreement from this year's and its results.

May import the rooms up to `replies`. Only `change_xlsx` touches a workbook library.
"""
