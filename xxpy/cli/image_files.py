"""Find the files of an image: the output of xxpy build, and the files that --add names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xxpy.binary import is_binary, verify
from xxpy.binary.requirements import Requirements
from xxpy.cli.fleet import IMAGES
from xxpy.errors import ProjectError, UsageError, VerificationError
from xxpy.image import layer, start
from xxpy.machine import resources
from xxpy.request.platforms import Asked
from xxpy.table.platform import parse_folder

if TYPE_CHECKING:
    from xxpy.image.layer import Entry
    from xxpy.table.platform import Platform


def contents_of(
    dist: Path, platforms: tuple[str, ...], directory: str, add: tuple[str, ...]
) -> dict[Platform, tuple[Entry, ...]]:
    """Return the files of each platform.

    :raises ProjectError: nothing was built for a platform
    :raises VerificationError: a program is not for its platform
    """
    if not dist.is_dir():
        raise ProjectError(
            f"no such folder: {dist}", "xxpy build creates it; --dist names another one"
        )
    table = resources.table()
    folders = {
        platform: path
        for path in sorted(dist.iterdir())
        if path.is_dir() and (platform := parse_folder(path.name, table.words))
    }
    chosen = Asked(platforms, variants=True).read(IMAGES)  # a glob matches what was built
    wanted = chosen.platforms
    able = set(Asked(IMAGES, variants=True).read(()).platforms)
    wrong = [str(one) for one in wanted if one in chosen.named and one not in able]
    if wrong:
        raise UsageError(
            f"images are for {', '.join(IMAGES)}, not for {', '.join(wrong)}",
            "name other platforms, or leave --platform out",
        )
    missing = [str(one) for one in wanted if one in chosen.named and one not in folders]
    if missing:
        raise ProjectError(
            f"{dist} has nothing for {', '.join(missing)}",
            f"xxpy build --platform {','.join(missing)}",
        )
    further = tuple(_added(text) for text in add)
    found = {}
    for platform in wanted:
        if platform in folders and platform in able:
            own = _of_platform(folders[platform], platform, directory.rstrip("/"))
            found[platform] = (*own, *further)
    if not found:
        raise ProjectError(
            f"{dist} has nothing for {', '.join(platforms) or 'a container'}",
            "xxpy build --platform linux/amd64,linux/arm64",
        )
    return found


def _of_platform(folder: Path, platform: Platform, root: str) -> list[Entry]:
    """Return the files that were built for a platform, verified.

    :param root: the folder in the image
    :raises VerificationError: a program is not for its platform
    """
    table = resources.table()
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
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
