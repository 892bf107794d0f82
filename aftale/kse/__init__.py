"""The department's edition of the follow-up, as sent and as returned, its remarks merged, and the dialogue with it.

May import the rooms up to `merge`. Pure.
"""
