"""An agreement that arrives as a Word document or plain text, in one pipeline.

1. `open_document`: a file becomes blocks (headings, paragraphs, tables) in `read_docx` with `docx_runs`, or in `read_text`.
2. `shapes`: which shape each table with goals has is scored; where no table holds them all, the text is read too.
3. `crossed_table` (the agreement's own), `key_figures`, `label_table` and `outline` (lists and headings): each makes goals
   (`found_goals.Draft`) of blocks in one shape; `headers` tells what columns and the cells under years say.
4. `facts`: parties, year, period and theme.
5. `goal_rows`: each becomes a row of `Mål`, with proposals from its prose (`targets` and its parts) and questions.
6. `to_agreement`: rows, facts and a home for every other word of the document; `open_document` reads them as an agreement.

May import the rooms up to `agreement`. Only `read_docx` and `docx_runs` touch python-docx, `open_document` the disk.
"""
