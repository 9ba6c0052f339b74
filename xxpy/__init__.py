"""xxpy: one table of platforms, and every tool's name for each of them.

The package is a library first. ``xxpy.table.platform`` parses OCI platforms, ``xxpy.table.load`` reads the table,
``xxpy.table.target`` resolves a platform to all its names; the command line in ``xxpy.cli`` only prints what they say.
"""

__version__ = "0.1.0"
