"""Files and ``.xlsx`` packages as such: safe writing, the zip package, drawing with xlsxwriter, openpyxl, PDF.

May import `model` and `cells`. Knows no goal and no skema.
"""
