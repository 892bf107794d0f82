"""The skema: who gets what, how it is drawn, how a returned one is judged, which version counts.

May import the rooms up to `document`. Only `*_xlsx` touch a workbook library.
"""
