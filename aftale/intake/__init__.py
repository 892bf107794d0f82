"""From bytes to a workbook, a mail or a refusal: formats, archives, mails, limits, worker processes.

May import the rooms up to `office`. Knows no goal and no skema: what a worker does with a workbook is handed in.
"""
