"""An agreement that arrives as a Word document or plain text.

May import the rooms up to `agreement`. Only `read_docx` and `docx_runs` touch python-docx, `open_document` the disk.
"""
