"""The program ``xxpy``: answers a shell, prints a cached answer, or runs a command."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found] # the core of signal, without 3 ms of enum
import gc
import os
import sys

_GARBAGE = 200_000
"""How many new objects there are between two searches for cycles: imports and the table make
tens of thousands that stay, and commands are short."""


def main() -> None:
    """Run the command line and exit."""
    _stand()
    if "_XXPY_COMPLETE" in os.environ:
        from xxpy.cli.complete import answer as completion  # noqa: PLC0415 - light, for a TAB

        completion.main()
        return
    from xxpy.cli import answer_cache  # noqa: PLC0415 - light: a remembered answer needs nothing else

    answer = answer_cache.recall(sys.argv[1:])
    if answer is not None and _said(answer):
        return
    gc.set_threshold(_GARBAGE)
    from xxpy.cli.group import run  # noqa: PLC0415 - click and the table cost more than the interpreter itself

    try:
        status = run(sys.argv[1:])
    finally:
        gc.freeze()  # or the interpreter searches everything once more when it ends
    sys.exit(status)


def _stand() -> None:
    """Open standard streams that are closed, and let Ctrl-C end the program silently.

    Otherwise a file that is opened later would get the number of a standard stream.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - stays open
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - likewise
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    # Who ignores SIGCHLD is never told how a command has ended, and takes every one for successful.
    if sys.platform != "win32":
        _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)


def _said(answer: str) -> bool:
    """Print an answer; if stdout is broken, the commands report it."""
    try:
        sys.stdout.write(answer)
        sys.stdout.flush()
    except OSError:
        return False
    return True
