"""Where base sysroots are: in the user's cache, a folder for each version of zig, target and part, shared by all kits.

::

    bases/zig-0.17.1/aarch64-linux-gnu.2.28/clang.cfg      what clang must be told; the mark that the folder is complete
    bases/zig-0.17.1/aarch64-linux-gnu.2.28/order.json     what it was made for
    bases/zig-0.17.1/aarch64-linux-gnu.2.28-c++/lib        libc++, made when C++ is first linked
    bases/zig-0.17.1/headers/                              headers of the compiler and of libc++, for all targets

A folder is made beside its place and renamed when it is whole, so it is complete or absent after a kill. Those who want the same one wait
for the first; different ones are made side by side.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import files, resources
from xxpy.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xxpy.toolchain.base.parts import Zig

MARK: Final = "clang.cfg"
CXX: Final = "-c++"
"""What ends the name of the folder of a C++ part."""
CXX_MARK: Final = "lib"
ORDER: Final = "order.json"
_FOLDER: Final = "bases"
_FORM: Final = "1"
"""Changes when the same zig makes another base."""


@dataclass(frozen=True, slots=True)
class Windows:
    """What the parts of a base for Windows need to know of the architecture.

    :param dlltool: its name for ``llvm-dlltool -m``
    :param lists: the folder of zig's lists of what its DLLs export, or "" where it has none of its own
    :param underscore: what the names of C begin with in objects
    """

    dlltool: str
    lists: str
    underscore: str


@dataclass(frozen=True, slots=True)
class Order:
    """The target of a base sysroot.

    :param target: as zig names it, with the oldest glibc: ``aarch64-linux-gnu.2.28``
    :param cpu: the processor as zig names it, where the architecture's default is not meant
    :param triple: as clang names it
    :param flags: what clang is told besides, such as ``-mabi=…``
    :param format: the format of its binaries: elf, pe or macho
    :param libc: ``gnu``, ``musl``, or "" where the system has one libc
    """

    target: str
    cpu: str | None
    triple: str
    flags: tuple[str, ...]
    format: str
    libc: str
    windows: Windows | None = None

    @property
    def name(self) -> str:
        """The name of its folder."""
        return "-".join(filter(None, (self.target, self.cpu, *(flag.lstrip("-").replace("=", "-") for flag in self.flags))))

    @property
    def words(self) -> tuple[str, ...]:
        """What zig is told."""
        return ("-target", self.target, *((f"-mcpu={self.cpu}",) if self.cpu else ()))


@dataclass(frozen=True, slots=True)
class Maker:
    """What the making of a base needs.

    :param environment: what zig sees
    :param tick: called some times a second while zig works; what it raises stops it
    """

    zig: Zig
    order: Order
    environment: Mapping[str, str]
    tick: Callable[[], None]


def folder(zig: Zig, name: str) -> Path:
    """Return the folder of a base, made or not."""
    return resources.cache_folder(f"{_FOLDER}/zig-{zig.version}-{_FORM}") / name


def ensure(place: Path, make: Callable[[Path], None], mark: str = MARK) -> Path:
    """Return *place*, filled by *make* when it is not there yet.

    :param make: is given the folder to fill, which is renamed to *place* afterwards
    :param mark: the file in it that is there when it is complete
    :raises OutputError: it cannot be written
    """
    if (place / mark).exists():
        return place
    with files.lock(place.parent / f".{place.name}.lock"):
        if (place / mark).exists():
            return place
        for left in place.parent.glob(f".{place.name}.making-*"):  # of somebody who was killed: we have the lock
            shutil.rmtree(left, ignore_errors=True)
        try:
            aside = Path(tempfile.mkdtemp(prefix=f".{place.name}.making-", dir=place.parent))
            try:
                make(aside)
                aside.chmod(0o755)
                shutil.rmtree(place, ignore_errors=True)
                aside.rename(place)
            finally:
                shutil.rmtree(aside, ignore_errors=True)
        except OSError as error:
            raise OutputError(f"{place} cannot be written: {error.strerror}", "make room in the cache, or set XDG_CACHE_HOME") from error
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
    windows = raw.pop("windows", None)
    return Order(**{**raw, "flags": tuple(raw["flags"])}, windows=None if windows is None else Windows(**windows))
