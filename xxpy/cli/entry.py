"""The program ``xxpy``: answers what it remembers, runs the commands, and turns every error into one line and a hint."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found] # what signal is made of, without 3 ms of enum
import os
import sys


def main() -> None:
    """Run the command line and exit."""
    _stand()
    from xxpy.cli import memory  # noqa: PLC0415 - light: a remembered answer needs nothing else

    answer = memory.recall(sys.argv[1:])
    if answer is not None and _said(answer):
        return
    from xxpy.cli.group import run  # noqa: PLC0415 - click and the table cost more than the interpreter itself

    sys.exit(run(sys.argv[1:]))


def _stand() -> None:
    """Open what is closed of the three standard streams, lest a file gets its number; let Ctrl-C end what has not begun without a word."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - lives as long as the program
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - likewise
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)


def _said(answer: str) -> bool:
    """Print an answer; what is wrong with stdout is for the commands to say."""
    try:
        sys.stdout.write(answer)
        sys.stdout.flush()
    except OSError:
        return False
    return True
