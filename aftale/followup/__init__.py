"""What each sheet of the follow-up says (pure), and how it is drawn (`draw_*_xlsx`).

May import the rooms up to `kse`.
"""
