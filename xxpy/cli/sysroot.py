"""``xxpy sysroot``: headers and libraries for a platform."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from xxpy import sysroot
from xxpy.cli import common, printing
from xxpy.cli.platform_options import platforms_option
from xxpy.errors import UsageError, VerificationError
from xxpy.machine import facts as machine
from xxpy.machine import resources
from xxpy.request.platforms import Asked
from xxpy.sysroot import check, lock, release, store, transfer
from xxpy.sysroot.description import document
from xxpy.table.platform_list import ALL
from xxpy.table.target import resolve

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from xxpy.sysroot import Sysroot
    from xxpy.table.target import Target


_SHOWN: Final = 20
"""How many faults are shown."""

_EVERY: Final = 10.0
"""Seconds after which a line says that something still goes on, where there is no terminal."""

_NAME: Final = re.compile(r"[^A-Za-z0-9_-]+")


class Shown:
    """Shows what happens on stderr: a bar on a terminal, else a line a step."""

    def __init__(self) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
        )
        self.console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        self.bars = Bars(
            *columns, console=self.console, transient=True, disable=not self.console.is_terminal
        )
        self.task = self.bars.add_task("downloading", total=None, visible=False)
        self.since = self.told = time.monotonic()

    def __enter__(self) -> Self:
        self.bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.bars.stop()

    def step(self, text: str) -> None:
        """Print a line."""
        self.since = self.told = time.monotonic()
        self.bars.update(self.task, visible=False)
        self.console.print(printing.plain(text), style="dim")

    def bytes(self, done: int, total: int) -> None:
        """Move the bar."""
        self.bars.update(self.task, completed=done, total=total, visible=done < total)

    def alive(self, done: int) -> None:
        """Move the bar, or print a line now and then, so that nobody takes it for dead."""
        self.bars.update(self.task, completed=done, total=None, visible=True)
        now = time.monotonic()
        if not self.console.is_terminal and now - self.told >= _EVERY:
            self.told = now
            self.console.print(f"… {now - self.since:.0f} s, {done / 1e6:.1f} MB", style="dim")

    def warning(self, text: str) -> None:
        """Print a line that is seen."""
        self.console.print(printing.plain(f"warning: {text}"), style="yellow")


def target_of(platform: str | None) -> Target:
    """Return the target that a platform is on the distribution that packages come from."""
    table = resources.table()
    own = machine.release()
    return resolve(
        table, common.read_platform(platform), own.id, build=machine.platform(table.words)
    )


@click.group(
    epilog="""\b
Examples:
  xxpy sysroot add --platform linux/arm64 zlib1g-dev libssl-dev
  xxpy sysroot add --platform linux/arm/v7 --distribution debian:bookworm
  xxpy sysroot list"""
)
def command() -> None:
    """Headers and libraries for a platform, in a folder of yours: no root, no Docker, no emulation.

    Packages of Debian and Ubuntu are found by apt, checked against the distribution's keys, and
    unpacked; none of their scripts runs, and nothing of the machine's own packages changes.
    """


@command.command(
    epilog="""\b
Examples:
  xxpy sysroot add --platform linux/arm64 zlib1g-dev libssl-dev
  xxpy sysroot add --platform linux/s390x --distribution debian:bookworm
  xxpy sysroot add --platform linux/arm64 --locked"""
)
@click.argument("packages", nargs=-1)
@common.platform_option
@click.option(
    "--distribution",
    metavar="NAME[:RELEASE]",
    help="Whose packages: debian:bookworm, debian:12 … Without it this machine's.",
)
@click.option(
    "--updates/--no-updates",
    default=True,
    help="Whether updates of the release are taken, which mirrors have late at times.",
)
@click.option(
    "--mirror",
    metavar="URL",
    help="Another address of the archive; no other archive is then asked.",
)
@click.option("--keyring", metavar="FILE", help="Another file with the keys that sign it.")
@click.option(
    "--lock",
    "lock_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    default=lock.FILE,
    show_default=True,
    help="The lock file.",
)
@click.option("--locked", is_flag=True, help="Take exactly the versions of the lock file.")
@common.json_option
def add(
    packages: tuple[str, ...],
    platform: str | None,
    distribution: str | None,
    *,
    updates: bool,
    mirror: str | None,
    keyring: str | None,
    lock_file: Path,
    locked: bool,
    as_json: bool,
) -> None:
    """Add PACKAGES to a platform's sysroot.

    What every C and C++ program needs is always in it. NAME=VERSION asks for a version. The lock
    file gets every package with its version and hash; with --locked they are taken from it. The
    path of the sysroot is printed.
    """
    table = resources.table()
    target = target_of(platform)
    wanted = distribution or release.default(table)
    if locked and not packages:
        packages = lock.requested(lock_file, release.source(wanted, target.row, table))
    spec = sysroot.Spec(wanted, packages, updates)
    begin = time.monotonic()
    with Shown() as shown:
        made = sysroot.add(
            spec, target, table, sysroot.Options(mirror, keyring, lock_file, locked, shown)
        )
        shown.step(
            f"{made.distribution} for {target.platform}: {len(made.packages)} packages, {time.monotonic() - begin:.1f} s"
        )
    if as_json:
        printing.print_json(_document(made, target))
    else:
        printing.give(made.path)


@command.command(name="list", epilog="Example: xxpy sysroot list -p 'linux/*'")
@platforms_option(targets=False)
@common.json_option
def list_(asked: Asked, *, as_json: bool) -> None:
    """List the sysroots of all platforms.

    Platforms that share their packages share their sysroots; the first of them is shown.
    """
    targets = [
        target_of(str(platform))
        for platform in (asked or Asked(variants=True)).read((ALL,)).platforms
    ]
    chosen = {store.path(target.row): target for target in reversed(targets)}
    found = [
        (target, made) for target in reversed(chosen.values()) for made in store.all_of(target.row)
    ]
    if as_json:
        printing.print_json([_document(made, target) for target, made in found])
        return
    for target, made in found:
        floor = f"glibc {made.glibc}" if made.glibc else "imported" if made.imported else ""
        printing.show(
            f"{target.platform!s:<16}{made.name:<28}{floor:<14}{' '.join(made.requested) or made.path}"
        )


@command.command(epilog="Example: xxpy sysroot show --platform linux/arm64 debian:bookworm")
@click.argument("name", required=False)
@common.platform_option
@common.json_option
def show(name: str | None, platform: str | None, *, as_json: bool) -> None:
    """Show what is in a sysroot: the one with this NAME, or the one that was added last.

    Where none was added, the newest of those that were made for projects is shown.
    """
    target = target_of(platform)
    made = _chosen(target, name)
    if as_json:
        printing.print_json(_document(made, target))
        return
    facts = {
        "platform": str(target.platform),
        "path": str(made.path),
        "distribution": made.distribution or "imported",
        "triple": made.debian_triple,
        "glibc": made.glibc or "",
        "requested": " ".join(made.requested),
    }
    for key, value in facts.items():
        if value:
            printing.show(f"{key:<14}{value}")
    for package in made.packages:
        printing.show(f"  {package.name:<28}{package.version:<28}{package.architecture}")


@command.command(epilog="Example: xxpy sysroot remove --platform linux/arm64 debian:bookworm")
@click.argument("name")
@common.platform_option
def remove(name: str, platform: str | None) -> None:
    """Remove the sysroot NAME.

    Packages that were downloaded stay in the cache; an imported folder stays as it is.
    """
    target = target_of(platform)
    gone = store.remove(target.row, name)
    printing.show(f"removed {gone.name} for {target.platform}", err=True)


@command.command(epilog="Example: xxpy sysroot verify --platform linux/arm64 debian:bookworm")
@click.argument("name", required=False)
@common.platform_option
def verify(name: str | None, platform: str | None) -> None:
    """Check that a sysroot is as it was made, and is one for its platform.

    Every file is compared with its hash. The oldest glibc that programs linked against it run on is
    shown.
    """
    target = target_of(platform)
    made = _chosen(target, name)
    verdict = check.verify(made, target.row, resources.table())
    for fault in verdict.faults[:_SHOWN]:
        printing.show(f"{made.name}: {fault}")
    if len(verdict.faults) > _SHOWN:
        printing.show(f"{made.name}: and {len(verdict.faults) - _SHOWN} more")
    if verdict.faults:
        hint = (
            "make it anew"
            if made.imported
            else f"xxpy sysroot remove {made.name}, and add it again"
        )
        raise VerificationError(f"{made.name} for {target.platform} is not what it should be", hint)
    floor = f", programs run on glibc {made.glibc} and later" if made.glibc else ""
    printing.show(f"{made.name} for {target.platform}: {verdict.files} files{floor}")


@command.command(
    epilog="Example: xxpy sysroot export --platform linux/arm64 debian:bookworm sysroot.tar.xz"
)
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
@common.platform_option
def export(name: str, file: Path, platform: str | None) -> None:
    """Write the sysroot NAME into the archive FILE: .tar, .tar.gz or .tar.xz.

    The same sysroot gives the same bytes.
    """
    transfer.export(_chosen(target_of(platform), name), file)
    printing.show(f"{file} {file.stat().st_size / 1e6:.1f} MB", err=True)


@command.command(
    name="import",
    epilog="""\b
Examples:
  xxpy sysroot import --platform linux/arm64 ~/buildroot/output/host
  xxpy sysroot import --platform darwin/arm64 ~/MacOSX11.1.sdk
  xxpy sysroot import --platform linux/arm64 sysroot.tar.xz""",
)
@click.argument("path", type=click.Path(path_type=Path))
@common.platform_option
@click.option("--name", metavar="NAME", help="What it is called; without it like the folder.")
def import_(path: Path, platform: str | None, name: str | None) -> None:
    """Take a folder as a platform's sysroot: an SDK of Apple, of a device's vendor, of Buildroot or Yocto.

    The folder stays where it is and as it is. In an SDK the sysroot is looked for. A file is an
    archive of xxpy sysroot export.
    """
    target = target_of(platform)
    made = transfer.take(
        path,
        _NAME.sub("-", name or path.resolve().name).strip("-.") or "sdk",
        target,
        resources.table(),
    )
    printing.give(made.path)


def _chosen(target: Target, name: str | None) -> Sysroot:
    if name is not None:
        return store.named(target.row, name)
    found = sysroot.find(target) or next(iter(store.all_of(target.row)), None)
    if found is None:
        raise UsageError(
            f"{target.platform} has no sysroot",
            f"xxpy sysroot add --platform {target.platform} libc6-dev",
        )
    return found


def _document(made: Sysroot, target: Target) -> dict[str, Any]:
    return {
        "platform": str(target.platform),
        "name": made.name,
        "path": str(made.path),
        **document(made),
    }
