"""``python -m bench [NAME…]``: run all or some measurements; exits with 1 if a goal is missed."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

from xxpy.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.measure import Result

BENCHES: Final = (
    "commands",
    "completion",
    "program",
    "verify",
    "clang",
    "build",
    "plan",
    "kits",
    "packages",
    "cargo",
    "emulation",
    "rust",
    "neovim",
)
"""The modules with measurements, quick ones first; each has ``results()``."""


def main(names: Sequence[str]) -> int:
    """Run the measurements and print one line for each."""
    for name in names:
        if name not in BENCHES:
            hint = nearest(name, BENCHES) or f"expected one of: {', '.join(BENCHES)}"
            print(f"no such measurement: {name}. {hint.capitalize()}", file=sys.stderr)
            return 2
    missed = 0
    for name in names or BENCHES:
        module = import_module(f"bench.{name}")
        print(f"{name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
        for result in cast("list[Result]", module.results()):
            print(f"  {result}", flush=True)
            missed += not result.met
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
