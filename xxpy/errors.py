"""Every error a user can meet, each kind with its own exit code.

======  ==========================  =====================================================
code    class                       meaning
======  ==========================  =====================================================
1       BuildError                  a build, or one of several, failed
2       UsageError                  the command line is wrong (the code that click uses)
3       UnsupportedPlatformError    a platform is malformed, or no row of the table has it
4       TableError                  the table itself is faulty
5       ToolError                   a tool is missing, too old or does not answer
6       VerificationError           a binary is not what it should be
7       ConfigurationError          ``xxpy.toml`` or ``[tool.xxpy]`` is faulty
8       ProjectError                there is no project to build, or more than one kind
9       OutputError                 a result cannot be written
10      InstallationError           a template or table file of xxpy's own is not there
14      PackageError                a package is unknown, has no such architecture, or does not go with the others
15      IntegrityError              a signature or a hash is wrong, or an archive holds what it must not
16      NetworkError                an archive of packages cannot be reached
20      DockerfileError             a Dockerfile cannot be read
70      InternalError               xxpy itself is at fault, or memory ran out (EX_SOFTWARE of sysexits.h)
126     CommandNotRunnableError     the command of xxpy exec cannot be run
127     CommandNotFoundError        there is no such command
130     Interrupted                 Ctrl-C (128 + SIGINT)
======  ==========================  =====================================================

A message is one line: what was asked, with the value, and what is wrong. The hint says what to do.
Only ``xxpy.cli`` prints them.
"""

from __future__ import annotations

from difflib import SequenceMatcher, get_close_matches
from typing import TYPE_CHECKING, ClassVar, Final

if TYPE_CHECKING:
    from collections.abc import Iterable


class XxpyError(Exception):
    """The base of all errors that are meant for a person.

    :param message: one line that names the value and what is wrong with it
    :param hint: what to do about it; may be several lines, may be empty
    """

    exit_code: ClassVar[int]

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class BuildError(XxpyError):
    """A build failed; its log has been shown or named."""

    exit_code = 1


class UsageError(XxpyError):
    """The command line asks for something that cannot be meant."""

    exit_code = 2


class UnsupportedPlatformError(XxpyError):
    """A platform is malformed, unknown, or has no name in the ecosystem that was asked for."""

    exit_code = 3


class TableError(XxpyError):
    """The table is faulty. ``faults`` has one line a fault: file, key, what is wrong."""

    exit_code = 4

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        super().__init__(
            f"the table has {count} fault{'' if count == 1 else 's'}", "\n".join(self.faults)
        )


class ToolError(XxpyError):
    """A tool is missing, too old, or does not answer as it should.

    :param unknown: whether a build may well do it, and a command that only reads does not look
    """

    exit_code = 5

    def __init__(self, message: str, hint: str = "", *, unknown: bool = False) -> None:
        super().__init__(message, hint)
        self.unknown = unknown


class VerificationError(XxpyError):
    """A file is not a binary for its platform, or cannot be judged."""

    exit_code = 6


class ConfigurationError(XxpyError):
    """``xxpy.toml`` or ``[tool.xxpy]`` has an unknown key or a value of the wrong form."""

    exit_code = 7


class ProjectError(XxpyError):
    """A folder holds no project that xxpy can build, or more than one kind."""

    exit_code = 8


class OutputError(XxpyError):
    """A result cannot be written where it was asked to be."""

    exit_code = 9


class InstallationError(XxpyError):
    """A file that belongs to xxpy itself is not where it was installed."""

    exit_code = 10


class PackageError(XxpyError):
    """A package is unknown, has no such architecture, or cannot go with the others that were asked for.

    :param unknown: the package that is unknown, if one is
    """

    exit_code = 14

    def __init__(self, message: str, hint: str = "", unknown: str = "") -> None:
        super().__init__(message, hint)
        self.unknown = unknown


class IntegrityError(XxpyError):
    """What was downloaded is not what its publisher signed, or holds what must not be unpacked."""

    exit_code = 15


class NetworkError(XxpyError):
    """An archive of packages cannot be reached, and what is cached does not do."""

    exit_code = 16


class DockerfileError(XxpyError):
    """A Dockerfile cannot be read; the message begins with the line and the column.

    :param line: from 1
    """

    exit_code = 20

    def __init__(self, message: str, hint: str = "", line: int = 1) -> None:
        super().__init__(message, hint)
        self.line = line


class InternalError(XxpyError):
    """xxpy itself is at fault: nobody has foreseen what happened."""

    exit_code = 70


class CommandNotRunnableError(XxpyError):
    """The command that xxpy exec is to become is there and cannot be run, as shells say it."""

    exit_code = 126


class CommandNotFoundError(XxpyError):
    """The command that xxpy exec is to become is not there, as shells say it."""

    exit_code = 127


class Interrupted(XxpyError):  # noqa: N818 - it is the user's wish, not a fault
    """The user pressed Ctrl-C; every child has been stopped."""

    exit_code = 130


_NEAR: Final = 0.6
"""How alike two spellings must be, from 0 to 1."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint that offers the known spelling nearest to *word*, or "" if none is near.

    One that begins with *word* is nearer than any other; of those that are as near as each other it
    is the one that begins most like it.

    >>> nearest("win", ["darwin", "windows"])
    'did you mean windows?'
    >>> nearest("arm65", ["arm64", "armv6"])
    'did you mean arm64?'
    >>> nearest("riscv46", ["riscv64", "s390x"])
    'did you mean riscv64?'
    >>> nearest("qqq", ["riscv64"])
    ''
    """
    listed = list(known)
    longer = [name for name in listed if len(word) > 2 and name.startswith(word)]  # noqa: PLR2004 - two letters begin too much
    near = longer or get_close_matches(word, listed, n=max(1, len(listed)), cutoff=_NEAR)
    if not near:
        return ""
    best = max(near, key=lambda name: _likeness(name, word))
    return f"did you mean {best}?"


def _likeness(name: str, word: str) -> tuple[float, int, str]:
    """Return how alike two spellings are, and how many letters they begin with alike; the name makes the order whole."""
    matcher = SequenceMatcher(None, name, word)
    first = matcher.get_matching_blocks()[0]
    return matcher.ratio(), first.size if first.a == first.b == 0 else 0, name
