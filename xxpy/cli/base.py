"""``python -m xxpy.cli.base ZIG FOLDER``: make the C++ part of the base sysroot in FOLDER.

A kit's linker runs it when libc++ is first needed, so that C projects never wait for it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from xxpy.compiler.base import Base, parts, store
from xxpy.errors import XxpyError


def main(zig: str, folder: str) -> None:
    """Make the C++ part with the program *zig*, with a note on stderr if that is slow."""
    environment = dict(os.environ)
    made = Base(parts.find(zig, environment), store.read_order(Path(folder)))
    made.ensure_cxx(environment, lambda text: sys.stderr.write(f"{text}\n"))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except XxpyError as error:
        hints = [f"hint: {line}" for line in error.hint.splitlines()]
        sys.exit("\n".join((f"error: {error.message}", *hints)))
    except KeyboardInterrupt:
        sys.exit(130)
