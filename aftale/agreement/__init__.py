"""The agreement: reading ``Forside`` and ``Mål``, Mål-id, measures, checks, and its workbook from the template.

May import the rooms up to `intake`. Only `*_xlsx` touch a workbook library.
"""
