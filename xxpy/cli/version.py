"""``xxpy version``: what a report of a fault should begin with.

``xxpy --version`` stays one line that needs no compiler: scripts ask for it often, and asking every
compiler takes seconds.
"""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import click

from xxpy.cli import common, printing
from xxpy.fleet import doctor
from xxpy.machine import resources, trust
from xxpy.version import __version__


@click.command(epilog="Example: xxpy version --verbose")
@click.option("--verbose", "-v", is_flag=True, help="Name Python and each compiler, too.")
@common.json_option
def command(*, verbose: bool, as_json: bool) -> None:
    """Print the version of xxpy, with --verbose those of Python and of each compiler too.

    For what each compiler builds here: xxpy doctor.
    """
    facts = {"xxpy": __version__}
    if verbose:
        trust.only_read(Path())
        facts["python"] = f"{platform.python_version()}, {sys.executable}"
        facts["package"] = str(Path(__file__).parents[1])
        facts |= {
            check.name: check.found.partition(": ")[0]
            for check in doctor.compilers(resources.table())
        }
    if as_json:
        printing.print_json(facts)
    elif not verbose:
        printing.show(f"xxpy {__version__}")
    else:
        for name, found in facts.items():
            printing.show(f"{name:<8} {found}")
