"""The store of base sysroots in the user's cache, which all kits share.

There is one folder for each version of zig, order and part::

    bases/zig-0.17.1-5f0c2a91/
        aarch64-linux-gnu.2.28-07d4a1c9/
            clang.cfg     the flags for clang; marks the folder as complete
            order.json    what it was made for
        aarch64-linux-gnu.2.28-07d4a1c9-c++/
            lib           libc++, made when C++ is first linked
        headers/          headers of the compiler and libc++, for all targets

A folder is made beside its place and renamed when it is complete, so after a kill it is complete or
absent. Processes that need the same folder wait for the one that makes it; different folders are
made side by side.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.compiler.base.order import Apple, Order, Windows
from xxpy.machine import aside, files, holding, resources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xxpy.compiler.base.order import Zig

    Tell = Callable[[str], object]

MARK: Final = "clang.cfg"
CXX: Final = "-c++"
"""The suffix of the folder of a C++ part."""
CXX_MARK: Final = "lib"
CXX_FLAGS: Final = "libcxx.cfg"
ORDER: Final = "order.json"
_FOLDER: Final = "bases"


def silent(_text: str) -> None:
    """Say nothing."""


def folder(zig: Zig, name: str) -> Path:
    """Return the folder of a base, which need not exist yet."""
    return _folder(resources.cache_path(_FOLDER), zig.version, name)


@cache
def _folder(root: Path, version: str, name: str) -> Path:
    # Its files name their own place, which a link to it does not outlive.
    return root.resolve() / f"zig-{version}-{_form()}" / name


@cache
def _form() -> str:
    """Return a digest of the code that makes bases, so that no release uses another's bases."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    templates = {
        **resources.texts("templates", "base/*.c"),
        **resources.texts("templates", "kit/stub.tbd.j2"),
    }
    texts = [path.read_bytes() for path in sources] + [text.encode() for text in templates.values()]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()[:8]


def ensure(place: Path, make: Callable[[Path], None], mark: str = MARK) -> Path:
    """Return *place*, which *make* fills if it does not exist yet.

    :param make: called with the folder to fill, which is renamed to *place* afterwards
    :param mark: the file or folder in it that exists once it is complete
    :raises OutputError: it cannot be written
    """
    while not ((place / mark).exists() and holding.hold(place)):
        with files.lock(place.parent / f".{place.name}.lock"):
            if (place / mark).exists():
                continue
            try:
                aside.make(place, make)
            except OSError as error:
                raise files.unwritable(place, error, "set XDG_CACHE_HOME") from error
    return place


def announce(tell: Callable[[str], object], text: str, after: float = 1.0) -> Callable[[], None]:
    """Return a function to call repeatedly; it tells *text* once *after* seconds have passed."""
    begin = time.monotonic()
    told = False

    def tick() -> None:
        nonlocal told
        if not told and time.monotonic() - begin >= after:
            told = True
            tell(text)

    return tick


def write_order(place: Path, order: Order) -> None:
    """Write the order of a base into its folder."""
    (place / ORDER).write_text(json.dumps(asdict(order), indent=2) + "\n", "utf-8")


def read_order(place: Path) -> Order:
    """Return the order of the base in a folder."""
    raw = json.loads((place / ORDER).read_text("utf-8"))
    windows, apple = raw.pop("windows", None), raw.pop("apple", None)
    return Order(
        **{**raw, "flags": tuple(raw["flags"])},
        windows=None if windows is None else Windows(**windows),
        apple=None if apple is None else Apple(**apple),
    )


def write_flags(path: Path, flags: Iterable[str]) -> None:
    """Write a configuration file of clang, with one argument a line.

    See https://clang.llvm.org/docs/UsersManual.html#configuration-files.
    """
    path.write_text(
        "".join(re.sub(r"([\\\"' ])", r"\\\1", flag) + "\n" for flag in flags),
        "utf-8",
        "surrogateescape",
    )
