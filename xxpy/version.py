"""The version of xxpy: that of the tag it was built from.

A build writes it into ``xxpy/_version.py``. A checkout that was never installed does not have that
file, and has the version in development.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final


def _built() -> str:
    try:
        return str(import_module("xxpy._version").__version__)
    except ModuleNotFoundError:
        return "0.1.0.dev0"


__version__: Final = _built()
