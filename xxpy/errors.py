"""Every error that a user can meet, each class with its own exit code.

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
10      InstallationError           a template or table file of xxpy's own is missing
14      PackageError                a package is unknown, lacks the architecture, or conflicts
15      IntegrityError              a signature, a hash or the content of an archive is wrong
16      NetworkError                an archive of packages cannot be reached
17      UnknownCauseError           a log shows no known cause of a failure
20      DockerfileError             a Dockerfile cannot be read
70      InternalError               xxpy has a bug, or memory ran out (sysexits.h: EX_SOFTWARE)
126     CommandNotRunnableError     the command of xxpy exec cannot be run
127     CommandNotFoundError        the command of xxpy exec does not exist
130     Interrupted                 Ctrl-C (128 + SIGINT)
======  ==========================  =====================================================

A message is one line: the value, and what is wrong with it. The hint says what to do.
Only ``xxpy.cli`` prints them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

if TYPE_CHECKING:
    from collections.abc import Iterable


class XxpyError(Exception):
    """The base of all errors that are meant for people.

    :param message: one line with the value and what is wrong with it
    :param hint: what to do about it; may have several lines, or none
    :param evidence: the line of a tool's output that shows what is wrong, or ""
    """

    exit_code: ClassVar[int]

    def __init__(self, message: str, hint: str = "", *, evidence: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.evidence = evidence


class BuildError(XxpyError):
    """A build failed."""

    exit_code = 1


class UsageError(XxpyError):
    """The command line is wrong."""

    exit_code = 2


class UnsupportedPlatformError(XxpyError):
    """A platform is malformed, unknown, or has no name in the ecosystem that was asked for.

    :param item: the item of a list of platforms that the error is about, or ""
    """

    exit_code = 3

    def __init__(self, message: str, hint: str = "", item: str = "") -> None:
        super().__init__(message, hint)
        self.item = item


class TableError(XxpyError):
    """The table is faulty.

    :param faults: a line for each fault: the file, the key, and what is wrong
    """

    exit_code = 4

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        super().__init__(
            f"the table has {count} fault{'' if count == 1 else 's'}", "\n".join(self.faults)
        )


class ToolError(XxpyError):
    """A tool is missing, too old, or does not answer as it should.

    :param unknown: whether a build may succeed all the same, because a command that only reads a
        project did not look
    :param unmade: what has to be made first, which a build of several platforms does for all of
        them together
    :param said: everything that the tool has printed about its failure, for programs
    """

    exit_code = 5

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        unknown: bool = False,
        unmade: object = None,
        said: str = "",
    ) -> None:
        super().__init__(message, hint)
        self.unknown = unknown
        self.unmade = unmade
        self.said = said


class VerificationError(XxpyError):
    """A file is not a binary for its platform, or cannot be read."""

    exit_code = 6


class ConfigurationError(XxpyError):
    """``xxpy.toml`` or ``[tool.xxpy]`` has an unknown key or a value of the wrong form."""

    exit_code = 7


class ProjectError(XxpyError):
    """A folder has no project that xxpy can build, or more than one kind."""

    exit_code = 8


class OutputError(XxpyError):
    """A result cannot be written to its place."""

    exit_code = 9


class InstallationError(XxpyError):
    """A file of xxpy itself is missing."""

    exit_code = 10


class PackageError(XxpyError):
    """A package is unknown, lacks the architecture, or conflicts with the others.

    :param unknown: the package that is unknown, or ""
    """

    exit_code = 14

    def __init__(self, message: str, hint: str = "", unknown: str = "") -> None:
        super().__init__(message, hint)
        self.unknown = unknown


class IntegrityError(XxpyError):
    """An archive or image is not what its publisher signed, is damaged, or must not be unpacked."""

    exit_code = 15


class NetworkError(XxpyError):
    """An archive of packages cannot be reached, and the cache does not have what is needed."""

    exit_code = 16


class UnknownCauseError(XxpyError):
    """A log shows no cause that xxpy knows."""

    exit_code = 17


class DockerfileError(XxpyError):
    """A Dockerfile cannot be read; the message begins with the line and the column.

    :param line: from 1
    """

    exit_code = 20

    def __init__(self, message: str, hint: str = "", line: int = 1) -> None:
        super().__init__(message, hint)
        self.line = line


class InternalError(XxpyError):
    """xxpy has a bug, or memory ran out."""

    exit_code = 70


class CommandNotRunnableError(XxpyError):
    """The command of xxpy exec cannot be run; the exit code is that of shells."""

    exit_code = 126


class CommandNotFoundError(XxpyError):
    """The command of xxpy exec does not exist; the exit code is that of shells."""

    exit_code = 127


class Interrupted(XxpyError):  # noqa: N818 - the user asked for it
    """The user pressed Ctrl-C; all commands have been stopped."""

    exit_code = 130


_PREFIX: Final = 3
"""The letters that a word must have to count as the beginning of another."""
_NEAR: Final = 0.6
"""How similar two spellings must be, from 0 to 1."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint with the known spelling nearest to *word*, or "" if none is near.

    >>> nearest("win", ["darwin", "windows"])
    'did you mean windows?'
    >>> nearest("arm65", ["arm64", "armv6"])
    'did you mean arm64?'
    >>> nearest("riscv46", ["riscv64", "s390x"])
    'did you mean riscv64?'
    >>> nearest("arm46", ["arm64", "armv6", "arm"])
    'did you mean arm64?'
    >>> nearest("qqq", ["riscv64"])
    ''
    """
    best = closest(word, known)
    return f"did you mean {best}?" if best else ""


def closest(word: str, known: Iterable[str]) -> str:
    """Return the known spelling nearest to *word*, or "" if none is near.

    One that begins with *word* is nearer than any other, and then one with the same letters in
    another order. Of equally near ones it is the one with the longest common beginning.

    >>> closest("win", ["darwin", "windows"])
    'windows'
    """
    from difflib import get_close_matches  # noqa: PLC0415 - only for messages

    listed = list(known)
    longer = [name for name in listed if len(word) >= _PREFIX and name.startswith(word)]
    near = longer or get_close_matches(word, listed, n=max(1, len(listed)), cutoff=_NEAR)
    return max(near, key=lambda name: _similarity(name, word), default="")


def _similarity(name: str, word: str) -> tuple[bool, float, int, str]:
    """Return whether two spellings have the same letters, how similar they are, and more.

    That is the length of their common prefix, and the name.
    """
    from difflib import SequenceMatcher  # noqa: PLC0415 - likewise

    matcher = SequenceMatcher(None, name, word)
    first = matcher.get_matching_blocks()[0]
    prefix = first.size if first.a == first.b == 0 else 0
    return sorted(name) == sorted(word), matcher.ratio(), prefix, name
