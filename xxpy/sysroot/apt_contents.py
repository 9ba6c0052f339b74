"""Fetch the indices of a release's contents, with apt or without it, as package lists are."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from xxpy import bounds, tarballs
from xxpy.errors import IntegrityError
from xxpy.machine import programs
from xxpy.sysroot import apt_failure
from xxpy.sysroot.apt import HELPER, Apt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from xxpy.sysroot.description import Progress
    from xxpy.sysroot.release import Source


def by_apt(
    source: Source, names: Sequence[str], folder: Path, progress: Progress
) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield the index of contents of each name (``arm64``, ``all``), unpacked, fetched by apt.

    :param source: only its first suite is read
    :param folder: a state of apt for this alone, whose lists are removed at the end
    :raises IntegrityError: a signature or a hash is wrong
    :raises NetworkError: they cannot be fetched
    """
    tool = Apt(source, folder, progress)
    tool.configure()
    lists = folder / "lists"
    settings = ["Acquire::IndexTargets::deb::Packages::DefaultEnabled=false"]
    for name in names:
        target = f"Acquire::IndexTargets::deb::contents-{name}"
        key = source.archive.contents.format(component="$(COMPONENT)", name=name)
        settings += [
            f"{target}::MetaKey={key}",
            f"{target}::ShortDescription=Contents-{name}",
            f"{target}::Description=$(RELEASE)/$(COMPONENT) {name} Contents",
            f"{target}::KeepCompressed=true",
            f"{target}::PDiffs=false",
        ]
    command = ["apt-get", *tool.options(), *(f"-o{one}" for one in settings), "-q", "update"]
    done = programs.watch(
        command,
        lambda: progress.alive(sum(_size(path) for path in lists.glob("**/*"))),
        environment=tool.environment,
    )
    if done.status:
        what = f"the contents of {source.name} for {source.architecture}"
        raise apt_failure.failure(what, done.errors, lambda _: None)
    try:
        for name in names:
            for path in lists.glob(f"*Contents-{name}*"):
                with _unpacked(path, tool) as file:
                    yield name, file
    finally:
        for path in lists.glob("*Contents-*"):
            path.unlink(missing_ok=True)


@contextmanager
def _unpacked(path: Path, tool: Apt) -> Iterator[IO[bytes]]:
    """Open a list of apt, which may be compressed in any way that apt knows."""
    with subprocess.Popen(
        [HELPER, *tool.options(), "cat-file", str(path)],
        env=tool.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    ) as child:
        assert child.stdout is not None  # noqa: S101 - for the type checker: it was asked for
        yield child.stdout
    if child.returncode:
        raise IntegrityError(f"{path.name} cannot be unpacked", "try another mirror: --mirror")


def by_indices(
    source: Source, names: Sequence[str], folder: Path, progress: Progress
) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield the same as :func:`by_apt`, without apt.

    :raises XxpyError: as :func:`by_apt`
    """
    from xxpy.sysroot.indices import Indices  # noqa: PLC0415 - its libraries are loaded only where apt is missing

    reader = Indices(source, folder, progress)
    folder.mkdir(parents=True, exist_ok=True)
    mirror, suites = source.archives["main"]
    for name in names:
        places = dict.fromkeys(
            source.archive.contents.format(component=component, name=name)
            for component in source.archive.components
        )
        for place in places:
            path = reader.file(f"{mirror}/dists/{suites[0]}", f"{place}.gz")
            if path is None:
                continue
            try:
                with bounds.opened(path) as file:
                    yield name, tarballs.plain(file)
            except tarballs.BROKEN as error:
                raise IntegrityError(
                    f"Contents-{name} of {source.name} cannot be read: {error}",
                    "try another mirror: --mirror",
                ) from error
            finally:
                path.unlink(missing_ok=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # apt has just renamed it
        return 0
