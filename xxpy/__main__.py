"""``python -m xxpy``."""

from xxpy.cli.entry import main

main()
