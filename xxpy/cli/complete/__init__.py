"""Complete a command line for a shell, within the time of a key press.

The words are in ``index.txt``, which ``make update`` writes from the commands and the table
(:mod:`xxpy.cli.complete.index`), so that a TAB imports neither click nor the table.
:mod:`xxpy.cli.complete.answer` reads it.
"""
