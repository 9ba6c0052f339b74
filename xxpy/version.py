"""The version of xxpy."""

__version__ = "0.1.0"
