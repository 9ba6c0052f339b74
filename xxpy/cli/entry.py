"""The program ``xxpy``: answers what it remembers, runs the commands, and turns every error into one line and a hint."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit."""
    from xxpy.cli import memory  # noqa: PLC0415 - light: a remembered answer needs nothing else

    answer = memory.recall(sys.argv[1:])
    if answer is not None:
        sys.stdout.write(answer)
        return
    from xxpy.cli.group import run  # noqa: PLC0415 - click and the table cost more than the interpreter itself

    sys.exit(run(sys.argv[1:]))
