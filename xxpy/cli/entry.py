"""The program ``xxpy``: answers what it remembers, runs the commands, and turns every error into one line and a hint."""

from __future__ import annotations

import os
import sys

_UNWRITTEN = 9
"""The exit code of an output that cannot be written (:mod:`xxpy.errors`, which costs too much here)."""


def main() -> None:
    """Run the command line and exit."""
    from xxpy.cli import memory  # noqa: PLC0415 - light: a remembered answer needs nothing else

    answer = memory.recall(sys.argv[1:])
    if answer is not None:
        sys.exit(_finished(0, answer))
    from xxpy.cli.group import run  # noqa: PLC0415 - click and the table cost more than the interpreter itself

    sys.exit(_finished(run(sys.argv[1:])))


def _finished(code: int, answer: str = "") -> int:
    """Write what is left for the standard output and return the exit code; nobody may read it, or nothing may take it."""
    try:
        if sys.stdout is not None:
            sys.stdout.write(answer)
            sys.stdout.flush()
    except BrokenPipeError:
        _let_go(1)  # the reader has seen enough
    except OSError as error:
        _let_go(1)
        code = code or _UNWRITTEN
        _say(f"error: what is printed cannot be written: {error.strerror}\n")
    return code


def _say(text: str) -> None:
    try:
        if sys.stderr is not None:
            sys.stderr.write(text)
            sys.stderr.flush()
    except OSError:
        _let_go(2)


def _let_go(number: int) -> None:
    """Lead a stream that takes nothing any more to nowhere, so that Python does not try once more at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)
