"""Find the main packages of a module for a platform, and the names of their programs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from xxpy import bounds
from xxpy.errors import ProjectError, ToolError, UnsupportedPlatformError, UsageError
from xxpy.language.go import listing
from xxpy.language.go.toolchain import SWITCH
from xxpy.machine import programs, shortage, trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from xxpy.language.go.toolchain import Go
    from xxpy.table.columns import Row

EVERY: Final = ("./...",)
"""The pattern of all packages of a module."""

_FILES: Final = "command-line-arguments"
"""Go's name for the package that single files make."""

_NO_STAMP: Final = "-buildvcs=false"
"""Keeps Go from asking git, because a repository's configuration names programs that git runs."""

_MOST: Final = 1 << 20
"""The maximum size of ``go.mod`` in bytes."""

_REQUIRES: Final = re.compile(
    r"(?P<what>\S+) requires go >= (?P<version>\S+) \(running go (?P<own>[^\s;)]+)"
)
"""What Go says if it is older than a module needs, and may not run another version."""

_VERSION: Final = re.compile(r"v[2-9]\d*|v1\d+")
_UNLISTED: Final = frozenset({"v", "x", "n", "json", "work", "a", "toolexec"})
"""Flags of ``go build`` that change what ``go list`` prints or runs, but not what it finds."""


@dataclass(frozen=True, slots=True)
class Main:
    """A main package.

    :param path: the argument for ``go build``: the import path, or the first file
    :param program: Go's name for its program, without an ending
    """

    path: str
    program: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a module has for a platform.

    :param mains: the main packages
    :param left_out: main packages that import a package without files for the platform, each with
        what Go says about that
    :param with_c: the imported packages that contain C
    :param c_files: the files of the module itself that contain C, relative to its folder
    :param folders: the folders of all packages, and of the files that they embed
    :param patterns: the patterns of files to embed, each with the folder of its package
    :param whole: whether Go has reported no error about any package
    """

    mains: tuple[Main, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)
    with_c: tuple[str, ...] = ()
    c_files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    patterns: tuple[tuple[str, str], ...] = ()
    whole: bool = False


def find(  # noqa: PLR0917 - what one go list depends on
    go: Go,
    folder: Path,
    patterns: tuple[str, ...],
    flags: tuple[str, ...],
    environment: Mapping[str, str],
    row: Row,
) -> Found:
    """Return the main packages that patterns match on a platform.

    Without patterns, a main package that imports one without files for the platform is left out,
    as Go leaves out a main package without such files.

    :param flags: the flags of ``go build``, some of which decide what is in a package (``-tags``,
        ``-mod``)
    :param environment: the environment of the build
    :raises XxpyError: there is none, a named one does not exist, or a module needs a newer Go
    """
    asked = patterns or EVERY
    for pattern in asked:
        _is_folder(pattern, folder)
    try:
        listed = _listed(go, folder, asked, flags, environment)
    except ToolError as error:
        _check_version(error, environment)
        if trust.is_reading() and not patterns:
            return Found(_unlisted(folder))
        said = error.said.splitlines()[-1] if error.said else error.message
        foreign = row.go is not None and f"{row.go.os}/{row.go.arch}" in said
        kind = UnsupportedPlatformError if foreign else ProjectError
        raise kind(f"go list fails for {row.platform}: {said}") from error
    matched = [package for package in listed if not package.get("DepOnly")]
    _check_errors(matched, row, named=bool(patterns))
    programs_found = [package for package in matched if listing.is_program(package)]
    if not programs_found:
        raise UnsupportedPlatformError(
            f"no main package for {row.platform} in {' '.join(patterns) if patterns else folder}",
            "xxpy build makes programs; name packages after --: xxpy build -- ./cmd/server",
        )
    left_out = {} if patterns else listing.without_files(programs_found)
    found = tuple(
        _main(package["ImportPath"], asked)
        for package in programs_found
        if package["ImportPath"] not in left_out
    )
    if not found:
        path, reason = next(iter(left_out.items()))
        raise UnsupportedPlatformError(f"{path} cannot be built for {row.platform}: {reason}")
    _alike(found)
    return _described(found, left_out, listed, folder)


def _described(
    mains: tuple[Main, ...],
    left_out: Mapping[str, str],
    listed: list[dict[str, Any]],
    folder: Path,
) -> Found:
    """Return what a module has, by what ``go list`` says."""
    return Found(
        mains,
        left_out,
        listing.with_c(listed),
        tuple(listing.c_files(listed, folder)),
        tuple(dict.fromkeys(listing.folders(listed))),
        tuple(listing.patterns(listed)),
        whole=not any(package.get("Error") or package.get("DepsErrors") for package in listed),
    )


def without_c(found: Iterable[Found]) -> Iterator[str]:
    """Yield a note on what is built without its C, because the user has not said that it should."""
    listed = list(found)
    files = tuple(dict.fromkeys(name for one in listed for name in one.c_files))
    others = tuple(dict.fromkeys(name for one in listed if not one.c_files for name in one.with_c))
    if files:
        need = "need C and are" if len(files) > 1 else "needs C and is"
        yield f"{', '.join(files)} {need} left out; add --cgo, or --no-cgo to agree"
    elif others:
        yield f"{', '.join(others)} built without C; add --cgo, or --no-cgo to agree"


def _check_version(error: ToolError, environment: Mapping[str, str]) -> None:
    """Look whether Go has failed as it is too old; a build may run another Go than a dry run.

    :raises ToolError: it has
    """
    found = _REQUIRES.search(error.said)
    final = not trust.is_reading() or environment.get(SWITCH) == "local"
    if found is not None and final:
        raise ToolError(
            f"{found['what']} requires Go {found['version']}; this is {found['own']}",
            f"install it, or set {SWITCH}=auto",
        ) from error


def _listed(
    go: Go,
    folder: Path,
    asked: tuple[str, ...],
    flags: tuple[str, ...],
    environment: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return what ``go list`` says about packages.

    :raises ToolError: it fails
    """
    kept = [flag for flag in flags if flag.removeprefix("-").partition("=")[0] not in _UNLISTED]
    outside = ("-C", str(folder), _NO_STAMP) if trust.is_reading() else ()
    what = "ImportPath,Name,Error,GoFiles,CgoFiles"
    options = (
        ("-e", "-find", f"-json={what},Dir")
        if trust.is_reading()
        else ("-e", "-deps", f"-json={what},{listing.WHAT}")
    )
    command = [go.program, "list", *outside, *options, *kept, "--", *asked]
    answer = programs.output(command, environment=dict(environment), folder=str(folder))
    return list(listing.documents(answer))


def _check_errors(listed: list[dict[str, Any]], row: Row, *, named: bool) -> None:
    """Refuse packages that cannot be listed, if they are named or the machine lacks room.

    :raises XxpyError: there is one
    """
    for said in (package.get("Error", {}).get("Err", "") for package in listed):
        short = shortage.of_text(said)
        if short is not None:
            raise shortage.error(
                short, f"for go list: {said}", ["Go's cache (go env GOCACHE)", "TMPDIR"]
            )
    wrong = next(
        (
            package["Error"]["Err"]
            for package in listed
            if not package.get("Name") and "Error" in package
        ),
        None,
    )
    if wrong is not None and named:
        kind = UnsupportedPlatformError if listing.NO_FILES in wrong else ProjectError
        raise kind(
            f"a package cannot be built for {row.platform}: {wrong}",
            "xxpy build accepts the same packages as go build",
        )


def _unlisted(folder: Path) -> tuple[Main, ...]:
    """Return a placeholder for main packages that only the Go that will build them can list."""
    return (Main(EVERY[0], folder.name),)


def _is_folder(pattern: str, folder: Path) -> None:
    """Refuse a pattern that means a package of Go's library but is also a project folder."""
    plain = pattern.removesuffix("/...")
    first = plain.split("/")[0]
    if (
        plain != "..."
        and first
        and "." not in first
        and (folder / plain).is_dir()
        and not (folder / plain / "go.mod").exists()
    ):
        module = _module(folder)
        if module != plain and not plain.startswith(f"{module}/"):
            raise UsageError(
                f"{pattern} is a package of Go itself",
                f"for the project's folder, write ./{pattern}",
            )


def _module(folder: Path) -> str:
    """Return the path of the module from its ``go.mod``, or ""."""
    try:
        text = bounds.text(folder / "go.mod", _MOST)
    except (OSError, bounds.Refused):
        return ""
    found = re.search(r'^module\s+"?([^\s"]+)', text, re.MULTILINE)
    return found[1] if found else ""


def _main(path: str, patterns: tuple[str, ...]) -> Main:
    """Return a main package, whose program is named after its path without a version, or a file."""
    if path == _FILES:
        files = [pattern for pattern in patterns if pattern.endswith(".go")]
        return Main(_FILES, PurePosixPath(files[0]).stem if files else path)
    *before, word = path.split("/")
    return Main(path, before[-1] if before and _VERSION.fullmatch(word) else word)


def _alike(found: tuple[Main, ...]) -> None:
    """Refuse two programs of the same name, of which Go overwrites one.

    :raises UsageError: there are two
    """
    paths: dict[str, str] = {}
    for main in found:
        other = paths.setdefault(main.program.casefold(), main.path)
        if other != main.path:
            both = f"{other} and {main.path}"
            raise UsageError(
                f"{both} both make a program {main.program}, so one would overwrite the other",
                f"build them one after the other: xxpy build --output … -- {main.path}",
            )
