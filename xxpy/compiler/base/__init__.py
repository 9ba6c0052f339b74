"""Base sysroots: start files, libc, headers and runtimes for a target, from the ``ziglang`` wheel.

``parts`` asks zig which files a link needs, ``store`` keeps the bases, ``builtins`` and ``helpers``
reduce compiler-rt to the helpers of the compiler, and one module for each format of binaries
arranges a base as clang expects it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from xxpy import bounds, deferred
from xxpy.compiler.base import order, store
from xxpy.machine import files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from xxpy.compiler.base.order import Apple, Linker, Maker, Order, Windows, Zig
    from xxpy.table.columns import Row


class Format(Protocol):
    """The members of a module that makes bases for one format of binaries."""

    def make(self, maker: Maker, place: Path, final: Path) -> None:
        """Fill *place* with the C part of a base, which is moved to *final* afterwards."""

    def make_cxx(self, maker: Maker, place: Path) -> None:
        """Fill *place* with the C++ part."""

    def linker(self, zig: Zig, order: Order, folder: Path) -> Linker:
        """Return what clang calls as its linker; *folder* is the C part."""


FORMATS: Final[Mapping[str, Format]] = {
    "elf": deferred.module("xxpy.compiler.base.elf"),
    "pe": deferred.module("xxpy.compiler.base.windows"),
    "macho": deferred.module("xxpy.compiler.base.macos"),
}
"""The modules that make bases, by the format of binaries."""
_LINKER: Final = "ld.lld"


@dataclass(frozen=True, slots=True)
class Base:
    """The base sysroot of one target, which need not exist yet.

    :param zig: the zig whose parts it is made from
    """

    zig: Zig
    order: Order

    @property
    def folder(self) -> Path:
        """The folder of the C part."""
        return store.folder(self.zig, self.order.folder)

    @property
    def configuration(self) -> Path:
        """The configuration file with the flags with which clang uses the base."""
        return self.folder / store.MARK

    @property
    def cxx_configuration(self) -> Path:
        """The file with further flags for programs that use libc++."""
        return self.folder / store.CXX_FLAGS

    @property
    def definitions(self) -> tuple[str, ...]:
        """The macros that the headers of libc need."""
        words = self.configuration.read_text("utf-8").splitlines() if self.made else []
        return tuple(word for word in words if word.startswith("-D"))

    @property
    def declared(self) -> Path | None:
        """The root of the stubs of libraries whose headers are in the base, if there are any."""
        apple = self.order.apple
        return self.folder / order.DECLARED if apple is not None and apple.declared else None

    @property
    def linker(self) -> Path:
        """The script that clang calls as its linker; a kit's own one makes libc++ as well."""
        digest = hashlib.sha256(bounds.encoded(self._linker().script)).hexdigest()[:12]
        return store.folder(self.zig, f"linker-{digest}") / _LINKER

    def _linker(self) -> Linker:
        return FORMATS[self.order.format].linker(self.zig, self.order, self.folder)

    @property
    def cxx_folder(self) -> Path:
        """The folder of the C++ part."""
        return store.folder(self.zig, self.order.folder + store.CXX)

    @property
    def made(self) -> bool:
        """Whether the C part exists."""
        return self.configuration.exists()

    def ensure(
        self,
        environment: Mapping[str, str],
        tell: Callable[[str], object],
        also: Callable[[], None] = lambda: None,
    ) -> None:
        """Make the C part if it does not exist.

        :param tell: called with one line if making it takes more than a second
        :param also: called several times a second meanwhile
        :raises ToolError: zig cannot link for the target
        """
        final = self.folder
        tick = store.announce(
            tell, f"zig {self.zig.version} builds its C library for {self.order.target}, once"
        )

        def ticks() -> None:
            tick()
            also()

        maker = order.Maker(self.zig, self.order, environment, ticks)
        store.ensure(self.linker.parent, self._write_linker, mark=_LINKER)
        store.ensure(final, lambda place: FORMATS[self.order.format].make(maker, place, final))

    def _write_linker(self, place: Path) -> None:
        script, links = self._linker()
        files.write(place / _LINKER, script, executable=True)
        for path, target in links().items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).symlink_to(target)

    def ensure_cxx(self, environment: Mapping[str, str], tell: Callable[[str], object]) -> None:
        """Make the parts that do not exist yet.

        :raises ToolError: zig cannot link for the target
        """
        self.ensure(environment, tell)
        what = f"its C++ library for {self.order.target}"
        tick = store.announce(tell, f"zig {self.zig.version} builds {what}, once, about a minute")
        maker = order.Maker(self.zig, self.order, environment, tick)
        store.ensure(
            self.cxx_folder,
            lambda aside: FORMATS[self.order.format].make_cxx(maker, aside),
            mark=store.CXX_MARK,
        )


def windows_needs(row: Row) -> Windows | None:
    """Return what the base of a platform needs to know if it is Windows."""
    if row.pe is None:
        return None
    from xxpy.compiler.base import windows  # noqa: PLC0415 - only for Windows

    return windows.needs(row)


def apple_needs(row: Row, environment: Mapping[str, str]) -> Apple | None:
    """Return what the base of a platform needs to know if it is macOS."""
    if row.macho is None:
        return None
    from xxpy.compiler.base import macos  # noqa: PLC0415 - only for macOS

    return macos.needs(row, macos.find_lld(environment))
