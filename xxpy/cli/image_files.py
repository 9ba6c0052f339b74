"""Find the files of an image: the output of xxpy build, and the files that --add names."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.binary import is_binary, verify
from xxpy.binary.requirements import Requirements
from xxpy.cli.fleet import IMAGES
from xxpy.errors import ProjectError, UsageError, VerificationError
from xxpy.image import layer, start
from xxpy.language import project
from xxpy.machine import resources
from xxpy.request.platforms import Asked
from xxpy.runner import record
from xxpy.table.platform import parse_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.image.layer import Entry
    from xxpy.table.platform import Platform

_SHOWN: Final = 5
"""How many files are named."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for.

    :param dist: the output folder of builds
    :param platforms: the values of ``--platform``
    :param directory: the folder in the image
    :param all_files: whether to take files that are not from the last build
    :param notes: gets lines for people about what is left out
    """

    dist: Path
    platforms: tuple[str, ...]
    directory: str
    all_files: bool
    notes: list[str] = field(default_factory=list)


def contents_of(wanted: Wanted, add: tuple[str, ...]) -> dict[Platform, tuple[Entry, ...]]:
    """Return the files of each platform.

    :raises ProjectError: nothing was built for a platform, or its files are not as they were built
    :raises VerificationError: a program is not for its platform
    """
    dist = wanted.dist
    if not dist.is_dir():
        raise ProjectError(
            f"no such folder: {dist}", "xxpy build creates it; --dist names another one"
        )
    words = resources.table().words
    folders = {
        platform: path
        for path in sorted(dist.iterdir())
        if path.is_dir() and (platform := parse_folder(path.name, words))
    }
    platforms = _platforms(wanted, folders)
    further = tuple(_added(text) for text in add)
    left_out: list[Path] = []
    found = {}
    for platform in platforms:
        paths, others = _chosen(folders[platform], platform, wanted)
        left_out += others
        own = _verified(folders[platform], paths, platform, wanted.directory.rstrip("/"))
        found[platform] = (*own, *further)
    if not found:
        raise ProjectError(
            f"{dist} has nothing for {', '.join(wanted.platforms) or 'a container'}",
            "xxpy build --platform linux/amd64,linux/arm64",
        )
    if left_out:
        wanted.notes.append(
            f"left out, because the last build did not write them: {_several(left_out)};"
            " --all-files takes them"
        )
    return found


def _platforms(wanted: Wanted, folders: Mapping[Platform, Path]) -> list[Platform]:
    """Return the platforms of the image that have a folder.

    :raises ProjectError: one that was written out has none
    :raises UsageError: one is not for images
    """
    able = set(Asked(IMAGES, variants=True).read(()).platforms)
    configured: tuple[str, ...] = ()
    if not wanted.platforms:
        configured = project.locate(Path()).whole().settings().platforms
    chosen = Asked(wanted.platforms, variants=True).read(configured or IMAGES)
    wrong = [str(one) for one in chosen.platforms if one in chosen.named and one not in able]
    if wrong and not configured:
        raise UsageError(
            f"images are for {', '.join(IMAGES)}, not for {', '.join(wrong)}",
            "name other platforms, or leave --platform out",
        )
    suitable = [one for one in chosen.platforms if one in able]
    missing = [str(one) for one in suitable if one in chosen.named and one not in folders]
    if missing:
        names = ", ".join(missing)
        rest = ",".join(str(one) for one in suitable if one in folders)
        smaller = f", or leave them out: --platform {rest}" if configured and rest else ""
        raise ProjectError(
            f"{wanted.dist} has nothing for {names}{' of xxpy.toml' if configured else ''}",
            f"xxpy build --platform {','.join(missing)}{smaller}",
        )
    if configured:
        others = [str(one) for one in folders if one in able and one not in suitable]
        if others:
            wanted.notes.append(
                f"left out, because xxpy.toml does not name them: {', '.join(others)}"
            )
    return [one for one in suitable if one in folders]


def _chosen(folder: Path, platform: Platform, wanted: Wanted) -> tuple[list[Path], list[Path]]:
    """Return the files for the image and those that are left out.

    A folder without a record is not from xxpy build, and all of it is taken.

    :raises ProjectError: the last build failed, or its files were changed or removed
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    known = () if wanted.all_files else record.builds(wanted.dist, platform)
    if not known:
        return paths, []
    last = known[-1]
    hint = f"xxpy build --platform {platform}, or add --all-files to take the files as they are"
    if last.failed:
        raise ProjectError(
            f"the last build for {platform} failed, and {folder} is from an earlier one", hint
        )
    for name, digest in last.files.items():
        path = folder / name
        if not path.exists() and not path.is_symlink():
            raise ProjectError(f"{path} is missing, which the last build wrote", hint)
        if record.digest(path) != digest:
            raise ProjectError(f"{path} was changed after the last build", hint)
    own = {folder / name for name in last.files}
    return [path for path in paths if path in own], [path for path in paths if path not in own]


def _several(paths: list[Path]) -> str:
    """Return the first few paths, and the number of the others."""
    others = len(paths) - _SHOWN
    names = [str(path) for path in paths[:_SHOWN]]
    return ", ".join(names) + (f" and {others} more" if others > 0 else "")


def _verified(folder: Path, paths: list[Path], platform: Platform, root: str) -> list[Entry]:
    """Return the entries for the files of a platform, verified.

    :param root: the folder in the image
    :raises VerificationError: a program is not for its platform
    """
    table = resources.table()
    for path in paths:
        if not is_binary(path):
            continue
        for reason in verify.check(path, table.row(platform), table, Requirements()):
            raise VerificationError(
                f"{path} is not a binary for {platform}: {reason}", "build it again: xxpy build"
            )
    return [layer.entry(f"{root}/{path.relative_to(folder).as_posix()}", path) for path in paths]


def _added(text: str) -> Entry:
    """Return the file that ``--add FILE:PATH`` puts into the image.

    :raises UsageError: the path is missing, or there is no such file
    """
    source, separator, place = text.rpartition(":")
    if not separator:
        raise UsageError(
            f"--add {text}: the path in the image is missing",
            "write FILE:PATH, such as ./ca.crt:/etc/ssl/certs/ca-certificates.crt",
        )
    if not Path(source).is_file():
        raise UsageError(f"--add {text}: no such file: {source}", "name a file of this machine")
    return layer.entry(place, Path(source))


def only_program(contents: dict[Platform, tuple[Entry, ...]]) -> tuple[str, ...]:
    """Return the entrypoint if all platforms have one program, the same for all."""
    programs = {start.programs(entries) for entries in contents.values()}
    if len(programs) == 1 and len(only := next(iter(programs))) == 1:
        return only
    return ()
