"""aftale keeps a library's yearly dialogbaserede aftale alive in Excel."""

__version__ = "0.2.0"
