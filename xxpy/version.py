"""The version of xxpy: that of the tag it was built from.

A build writes it into ``xxpy/_version.py``. A checkout that was never installed does not have that
file, and has the version in development.
"""

from __future__ import annotations


def _built() -> str:
    try:
        # A TAB pays for every import, and importlib and typing bring a dozen.
        return str(__import__("xxpy._version", fromlist=["__version__"]).__version__)
    except ModuleNotFoundError:
        return "0.1.0.dev0"


__version__ = _built()
