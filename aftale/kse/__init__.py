"""The department's edition of the follow-up, as sent and as returned, and its remarks merged.

May import the rooms up to `merge`. Pure.
"""
