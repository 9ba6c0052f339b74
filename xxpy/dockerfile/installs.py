"""Where ``go install`` and ``cargo install`` put programs."""

from __future__ import annotations

import posixpath
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.dockerfile.call import Call

GOPATH: Final = "/go"
"""GOPATH in the images of Go."""

_CARGO_HOME: Final = "/usr/local/cargo"
"""CARGO_HOME in the images of Rust."""


def go_path(call: Call, inherited: Mapping[str, str]) -> str | None:
    """Return the first folder of GOPATH for a command, or None if only the build shows it.

    :param inherited: variables of the image
    """
    value = call.value("GOPATH")
    if value is not None and value.text is None:
        return None
    given = (value.text if value is not None else "") or inherited.get("GOPATH") or GOPATH
    return given.partition(":")[0]


def go_folder(call: Call, inherited: Mapping[str, str]) -> str | None:
    """Return the folder of ``go install``, or None if only the build shows it.

    ``go help install``: GOBIN, or bin in the first folder of GOPATH.
    """
    value = call.value("GOBIN")
    if value is not None and value.text != "":
        return value.text
    path = go_path(call, inherited)
    return None if path is None else posixpath.join(path, "bin")


def cargo_folder(call: Call) -> str | None:
    """Return the folder of ``cargo install``, or None if only the build shows it.

    The Cargo book, "cargo install": ``--root``, CARGO_INSTALL_ROOT, CARGO_HOME, in this order.
    """
    words = call.arguments
    given = [second for first, second in pairwise(words) if first == "--root"]
    given += [word.partition("=")[2] for word in words if word.startswith("--root=")]
    values = [call.value(name) for name in ("CARGO_INSTALL_ROOT", "CARGO_HOME")]
    known = [*given, *(value.text for value in values if value is not None and value.text != "")]
    root = next(iter(known), _CARGO_HOME)
    return None if root is None else posixpath.join(root, "bin")
