"""A skema that goes back with questions: what is asked, and its workbook.

May import the rooms up to `followup`. Pure.
"""
