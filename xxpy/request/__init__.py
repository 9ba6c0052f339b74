"""Requests as data: the flags of a command line merged with ``xxpy.toml``."""
