"""Values only: frozen dataclasses and enums, the columns of every sheet, the catalogue of problems, Danish text helpers.

May import the standard library alone, and no other room.
"""
