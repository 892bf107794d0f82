"""The Word report for the committee: what it says, block by block, and its document from a template that staff restyle.

May import the rooms up to `units`. Only `*_docx` know python-docx, and `draw_figure_xlsx` xlsxwriter.
"""
