"""Outgoing mail: texts with fields, drafts as ``.eml``, sending through a server, the list of what was sent.

May import the rooms up to `units`.
"""
