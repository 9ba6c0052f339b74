"""Base sysroots: start files, libc, headers and runtimes for a target, made from the parts of the ``ziglang`` wheel.

``parts`` asks zig what a link needs, ``store`` keeps what was made of it, ``builtins`` cuts compiler-rt to what the compiler asks for, and
one module for each format of binaries lays the base out as clang looks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from xxpy.toolchain.base import elf, store, windows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from xxpy.toolchain.base.parts import Zig
    from xxpy.toolchain.base.store import Maker, Order


class Format(Protocol):
    """What a module has that lays out the base of a format of binaries."""

    def make(self, maker: Maker, place: Path, final: Path) -> None:
        """Fill *place* with the C part of a base, which will be moved to *final*."""

    def make_cxx(self, maker: Maker, place: Path) -> None:
        """Fill *place* with the C++ part."""


FORMATS: Final[Mapping[str, Format]] = {"elf": elf, "pe": windows}
"""The layouts, by the format of binaries."""


@dataclass(frozen=True, slots=True)
class Base:
    """The base sysroot of one target, made or not.

    :param zig: whose parts it is made of
    """

    zig: Zig
    order: Order

    @property
    def folder(self) -> Path:
        """The folder of the C part."""
        return store.folder(self.zig, self.order.name)

    @property
    def configuration(self) -> Path:
        """The configuration file of clang in it."""
        return self.folder / store.MARK

    @property
    def made(self) -> bool:
        """Whether the C part is there."""
        return self.configuration.exists()

    def ensure(self, environment: Mapping[str, str], tell: Callable[[str], object]) -> None:
        """Make the C part if it is not there.

        :param tell: is told, in one line, what is made when that takes more than a second
        :raises ToolError: zig cannot link for the target
        """
        final = self.folder
        tick = store.announce(tell, f"zig {self.zig.version} builds its C library for {self.order.target}, once")
        maker = store.Maker(self.zig, self.order, environment, tick)
        store.ensure(final, lambda place: FORMATS[self.order.format].make(maker, place, final))

    def ensure_cxx(self, environment: Mapping[str, str], tell: Callable[[str], object]) -> None:
        """Make both parts where they are not there.

        :raises ToolError: zig cannot link for the target
        """
        self.ensure(environment, tell)
        tick = store.announce(tell, f"zig {self.zig.version} builds its C++ library for {self.order.target}, once, about a minute")
        maker = store.Maker(self.zig, self.order, environment, tick)
        place = store.folder(self.zig, self.order.name + store.CXX)
        store.ensure(place, lambda aside: FORMATS[self.order.format].make_cxx(maker, aside), mark=store.CXX_MARK)
