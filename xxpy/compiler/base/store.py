"""Where base sysroots are: in the user's cache, a folder for each version of zig, target and part, shared by all kits.

::

    bases/zig-0.17.1-5f0c2a91/aarch64-linux-gnu.2.28/clang.cfg      what clang must be told; the mark that the folder is complete
    bases/zig-0.17.1-5f0c2a91/aarch64-linux-gnu.2.28/order.json     what it was made for
    bases/zig-0.17.1-5f0c2a91/aarch64-linux-gnu.2.28-c++/lib        libc++, made when C++ is first linked
    bases/zig-0.17.1-5f0c2a91/headers/                              headers of the compiler and of libc++, for all targets

A folder is made beside its place and renamed when it is whole, so it is complete or absent after a
kill. Those who want the same one wait for the first; different ones are made side by side.
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
"""What ends the name of the folder of a C++ part."""
CXX_MARK: Final = "lib"
CXX_FLAGS: Final = "libcxx.cfg"
ORDER: Final = "order.json"
_FOLDER: Final = "bases"


def silent(_text: str) -> None:
    """Tell nobody."""


def folder(zig: Zig, name: str) -> Path:
    """Return the folder of a base, made or not."""
    return resources.cache_path(_FOLDER) / f"zig-{zig.version}-{_form()}" / name


@cache
def _form() -> str:
    """Return a digest of what makes bases: another release of xxpy makes others of the same zig, and takes none of an older one."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    texts = [path.read_bytes() for path in sources] + [
        text.encode() for text in resources.texts("templates", "base/*.c").values()
    ]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()[:8]


def ensure(place: Path, make: Callable[[Path], None], mark: str = MARK) -> Path:
    """Return *place*, filled by *make* when it is not there yet.

    :param make: is given the folder to fill, which is renamed to *place* afterwards
    :param mark: the file in it that is there when it is complete
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
    """Return what is called while something is made; it tells *text* once, when *after* seconds have passed."""
    begin = time.monotonic()
    told = False

    def tick() -> None:
        nonlocal told
        if not told and time.monotonic() - begin >= after:
            told = True
            tell(text)

    return tick


def write_order(place: Path, order: Order) -> None:
    """Write down what a base is made for."""
    (place / ORDER).write_text(json.dumps(asdict(order), indent=2) + "\n", "utf-8")


def read_order(place: Path) -> Order:
    """Return what a base was made for."""
    raw = json.loads((place / ORDER).read_text("utf-8"))
    windows, apple = raw.pop("windows", None), raw.pop("apple", None)
    return Order(
        **{**raw, "flags": tuple(raw["flags"])},
        windows=None if windows is None else Windows(**windows),
        apple=None if apple is None else Apple(**apple),
    )


def write_flags(path: Path, flags: Iterable[str]) -> None:
    """Write a configuration file of clang, one argument a line (https://clang.llvm.org/docs/UsersManual.html#configuration-files)."""
    path.write_text(
        "".join(re.sub(r"([\\\"' ])", r"\\\1", flag) + "\n" for flag in flags),
        "utf-8",
        "surrogateescape",
    )
