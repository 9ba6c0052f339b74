"""The public API: what ``from xxpy import …`` provides.

Everything in :data:`__all__` is stable: within one major version names stay, parameters are only
added, and exceptions keep their classes. Everything else in the package may change in any release.
Errors are :class:`xxpy.errors.XxpyError` with a message and a hint.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xxpy import binary
from xxpy.binary.description import Description
from xxpy.binary.requirements import Requirements
from xxpy.binary.verify import check
from xxpy.machine import facts, resources
from xxpy.request.build import Flags, KitOptions
from xxpy.request.platforms import Asked, unheard
from xxpy.request.session import open_session
from xxpy.runner.results import Result, Status
from xxpy.table.platform import Platform, provide
from xxpy.table.resolve import resolve
from xxpy.table.target import DEFAULT_DISTRIBUTION, Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xxpy.table import model
    from xxpy.table.words import Vocabulary

__all__ = [
    "Description",
    "Mismatch",
    "Platform",
    "Requirements",
    "Result",
    "Status",
    "Table",
    "Target",
    "build",
    "inspect",
    "verify",
]


def _words_and_local() -> tuple[Vocabulary, Platform]:
    words = resources.table().words
    return words, facts.platform(words)


provide(_words_and_local)


@dataclass(frozen=True, slots=True)
class Table:
    """The table of platforms.

    >>> table = Table.load()
    >>> table.target("linux/arm/v7").triple
    'arm-linux-gnueabihf'
    >>> table.target("linux/arm64", distribution="alpine").triple
    'aarch64-alpine-linux-musl'
    >>> len(table) > 50, next(iter(table)).key
    (True, 'linux/amd64')
    """

    _rows: model.Table

    @classmethod
    def load(cls) -> Table:
        """Return the table that comes with xxpy."""
        return cls(resources.table())

    def __iter__(self) -> Iterator[Platform]:
        """Yield every platform, in the order of the table."""
        return (row.platform for row in self._rows.rows.values())

    def __len__(self) -> int:
        """Return the number of platforms."""
        return len(self._rows.rows)

    def __contains__(self, platform: object) -> bool:
        """Whether the table has a platform."""
        return isinstance(platform, Platform) and platform.key in self._rows.rows

    def target(
        self,
        platform: Platform | str,
        *,
        distribution: str = DEFAULT_DISTRIBUTION,
        libc: str | None = None,
    ) -> Target:
        """Return a platform on a distribution, with all its names.

        >>> Table.load().target("linux/arm64", libc="musl").name("rust-target")
        'aarch64-unknown-linux-musl'

        :param platform: a platform, or its spelling, such as ``linux/arm/v7``
        :param distribution: the ``ID`` of os-release of the distribution whose names are used
        :param libc: ``gnu`` or ``musl``, if it is not the distribution's
        :raises UnsupportedPlatformError: it is malformed, or the table does not have it
        """
        variables = {} if libc is None else {"XX_LIBC": libc}
        return resolve(
            self._rows,
            _platform(platform),
            distribution,
            build=Platform.local(),
            variables=variables,
        )


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One reason why a file does not suit a platform.

    :param path: the file
    :param reason: what is wrong, for people
    """

    path: Path
    reason: str


def inspect(path: Path | str) -> tuple[Description, ...]:
    """Describe a binary from its own headers.

    A fat file has one description for each slice, and an archive one for each member.

    :raises VerificationError: it is not a binary, or damaged
    """
    return binary.inspect(Path(path))


def verify(
    path: Path | str, platform: Platform | str, requirements: Requirements | None = None
) -> list[Mismatch]:
    """Return every reason why a binary does not suit a platform; without reasons it does.

    >>> verify("/proc/self/exe", Platform.local())
    []

    :param requirements: further requirements, such as ``Requirements(static=True,
        glibc_max="2.28")``
    :raises UnsupportedPlatformError: the table does not have the platform
    """
    table = resources.table()
    reasons = check(
        Path(path), table.row(_platform(platform)), table, requirements or Requirements()
    )
    return [Mismatch(Path(path), reason) for reason in reasons]


def build(
    directory: Path | str = ".",
    platforms: Iterable[Platform | str] = (),
    *,
    output: Path | str | None = None,
    arguments: Iterable[str] = (),
    language: str | None = None,
    cc: str = "auto",
    libc: str | None = None,
    static: bool | None = None,
    cgo: bool | None = None,
    sysroot: str | None = None,
    run_tests: bool | None = None,
    jobs: int | None = None,
    keep_going: bool | None = None,
) -> tuple[Result, ...]:
    """Cross-build a project and verify every binary, as ``xxpy build`` does.

    Each platform has a result: :attr:`Result.status` says whether it was built, and
    :attr:`Result.error` why not.

    :param directory: the folder of the project, or a C or C++ file
    :param platforms: platforms, lists or globs; by default those of ``xxpy.toml``, or else this
        machine
    :param output: the folder for the results, with one folder for each platform; by default
        ``dist`` in the project
    :param arguments: further arguments of the build tool
    :param language: the kind of project, if its files do not tell
    :param cc: the name of a C compiler, or auto
    :param libc: ``gnu``, ``musl``, or ``gnu.2.28`` for the oldest glibc that programs run on
    :param static: whether programs for Linux and the BSDs must be static
    :param cgo: whether Go uses C
    :param sysroot: the name or the folder of a sysroot
    :param run_tests: whether to run the project's own tests, under an emulator if need be
    :param jobs: how many platforms are built at once; by default the number of cores
    :param keep_going: whether to build the other platforms when one fails
    :raises XxpyError: the request is wrong, or nothing can be built
    """
    kit = KitOptions(cc=cc, libc=libc, static=static, cgo=cgo, sysroot=sysroot)
    flags = Flags(None if output is None else Path(output), tuple(arguments), kit, run_tests)
    asked = Asked(tuple(map(str, platforms)))
    session = open_session(Path(directory), asked, flags, language=language, say=unheard)
    return session.run(
        _Silent(), jobs=session.jobs(jobs), keep_going=session.keep_going(keep_going)
    )


def _platform(platform: Platform | str) -> Platform:
    return Platform.parse(platform) if isinstance(platform, str) else platform


class _Silent:
    """An observer that ignores everything."""

    def started(self, platform: Platform) -> None: ...
    def line(self, platform: Platform, text: str) -> None: ...
    def finished(self, result: Result) -> None: ...
