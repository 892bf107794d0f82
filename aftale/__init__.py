"""aftale keeps a library's yearly dialogbaserede aftale alive in Excel."""

__version__ = "0.1.0"
