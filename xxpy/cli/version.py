"""``xxpy version``: what a report of a fault should begin with.

``xxpy --version`` prints the same. Without --verbose it is one line that needs no compiler: scripts
ask for it often, and asking every compiler takes seconds.
"""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import click

from xxpy.cli import common, printing
from xxpy.version import __version__


def facts(*, verbose: bool) -> dict[str, str]:
    """Return the version of xxpy, and those of Python and the compilers if they are asked for."""
    found = {"xxpy": __version__}
    if verbose:
        from xxpy.fleet import doctor  # noqa: PLC0415 - takes 100 ms to import
        from xxpy.machine import activity, resources, trust  # noqa: PLC0415 - likewise

        activity.trace(None)  # here --verbose asks for the versions, not for a hundred probes
        trust.only_read(Path())
        found["python"] = f"{platform.python_version()}, {sys.executable}"
        found["package"] = str(Path(__file__).parents[1])
        found |= {
            check.name: check.found.partition(": ")[0]
            for check in doctor.compilers(resources.table())
        }
    return found


@click.command(epilog="Example: xxpy version --verbose")
@common.json_option
def command(*, as_json: bool) -> None:
    """Print the version of xxpy, with --verbose those of Python and of each compiler too.

    For what each compiler builds here: xxpy doctor.
    """
    found = facts(verbose=printing.MANNER.verbose)
    if as_json:
        printing.print_json(found)
        return
    width = max(map(len, found)) if len(found) > 1 else 0
    for name, text in found.items():
        printing.show(f"{name:<{width}} {text}")
