"""``xxpy sysroot``: headers and libraries for a platform."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Final

import click

from xxpy import sysroot
from xxpy.cli import common, installed, printing
from xxpy.cli.platform_options import platforms_option
from xxpy.cli.report.progress import Shown
from xxpy.errors import VerificationError
from xxpy.machine import resources
from xxpy.request.platforms import Asked
from xxpy.sysroot import check, lock, release, store, transfer
from xxpy.table.platform_list import ALL

_NAME: Final = re.compile(r"[^A-Za-z0-9_-]+")


@click.group(
    epilog="""\b
Examples:
  xxpy sysroot add --platform linux/arm64 zlib1g-dev libssl-dev
  xxpy sysroot add --platform linux/arm/v7 --distribution debian:bookworm
  xxpy sysroot list"""
)
def command() -> None:
    """Manage headers and libraries for a platform, without root, Docker or emulation.

    Apt finds the packages of Debian and Ubuntu, and xxpy checks them against the distribution's
    keys and unpacks them into a folder of yours. Package scripts do not run, and the machine's own
    packages do not change.
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
    help="Distribution and release, such as debian:12.  [default: this machine's]",
)
@click.option(
    "--updates/--no-updates",
    default=True,
    help="Whether to include updates of the release, which some mirrors have late.",
)
@click.option(
    "--mirror",
    metavar="URL",
    help="Address of the only archive to use.",
)
@click.option("--keyring", metavar="FILE", help="File with the keys that sign the archive.")
@click.option(
    "--lock",
    "lock_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    default=lock.FILE,
    show_default=True,
    help="Lock file.",
)
@click.option("--locked", is_flag=True, help="Use exactly the versions in the lock file.")
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
    """Add PACKAGES to a platform's sysroot, and print its path.

    The packages that every C and C++ program needs are always included. NAME=VERSION asks for a
    version. The lock file records every package with its version and hash; with --locked, packages
    are taken from it.
    """
    table = resources.table()
    target = installed.target_of(platform)
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
            f"{made.distribution} for {target.platform}: {len(made.packages)} packages,"
            f" {time.monotonic() - begin:.1f} s"
        )
    if as_json:
        printing.print_json(installed.document(made, target))
    else:
        printing.give(made.path)


@command.command(name="list", epilog="Example: xxpy sysroot list -p 'linux/*'")
@platforms_option(targets=False)
@common.json_option
def list_(asked: Asked, *, as_json: bool) -> None:
    """List the sysroots of all platforms.

    Platforms that share their packages share their sysroots, which are listed once.
    """
    targets = [
        installed.target_of(str(platform))
        for platform in (asked or Asked(variants=True)).read((ALL,)).platforms
    ]
    chosen = {store.path(target.row): target for target in reversed(targets)}
    found = [
        (target, made) for target in reversed(chosen.values()) for made in store.all_of(target.row)
    ]
    if as_json:
        printing.print_json([installed.document(made, target) for target, made in found])
        return
    for target, made in found:
        floor = f"glibc {made.glibc}" if made.glibc else "imported" if made.imported else ""
        requested = " ".join(made.requested) or made.path
        printing.show(f"{target.platform!s:<16}{made.name:<28}{floor:<14}{requested}")


@command.command(epilog="Example: xxpy sysroot show --platform linux/arm64 debian:bookworm")
@click.argument("name", required=False)
@common.platform_option
@common.json_option
def show(name: str | None, platform: str | None, *, as_json: bool) -> None:
    """Show what is in the sysroot NAME, or in the one that was added last.

    If none was added, show the newest one that a project uses.
    """
    target = installed.target_of(platform)
    made = installed.chosen(target, name)
    if as_json:
        printing.print_json(installed.document(made, target))
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
@common.json_option
def remove(name: str, platform: str | None, *, as_json: bool) -> None:
    """Remove the sysroot NAME.

    Downloaded packages stay in the cache, and an imported folder stays as it is.
    """
    target = installed.target_of(platform)
    gone = store.remove(target.row, name)
    if as_json:
        printing.print_json({"platform": str(target.platform), "name": gone.name})
    else:
        printing.say(f"removed {gone.name} for {target.platform}", err=True)


@command.command(epilog="Example: xxpy sysroot verify --platform linux/arm64 debian:bookworm")
@click.argument("name", required=False)
@common.platform_option
@common.json_option
def verify(name: str | None, platform: str | None, *, as_json: bool) -> None:
    """Check that a sysroot is unchanged, and is for its platform.

    Every file is compared with its hash. The output names the oldest glibc on which programs linked
    against it run.
    """
    target = installed.target_of(platform)
    made = installed.chosen(target, name)
    verdict = check.verify(made, target.row, resources.table())
    if as_json:
        facts = {"files": verdict.files, "faults": list(verdict.faults), "glibc": made.glibc}
        printing.print_json({"platform": str(target.platform), "name": made.name, **facts})
    else:
        installed.show(verdict, made, target)
    if verdict.faults:
        hint = (
            "import it again"
            if made.imported
            else f"xxpy sysroot remove {made.name}, and add it again"
        )
        raise VerificationError(f"{made.name} for {target.platform} has faults", hint)


@command.command(
    epilog="Example: xxpy sysroot export --platform linux/arm64 debian:bookworm sysroot.tar.xz"
)
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
@common.platform_option
@common.json_option
def export(name: str, file: Path, platform: str | None, *, as_json: bool) -> None:
    """Write the sysroot NAME to the archive FILE, .tar or .tar.xz.

    The same sysroot gives the same bytes.
    """
    transfer.export(installed.chosen(installed.target_of(platform), name), file)
    size = file.stat().st_size
    if as_json:
        printing.print_json({"path": str(file), "size": size})
    else:
        printing.say(f"{file} {size / 1e6:.1f} MB", err=True)


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
@click.option("--name", metavar="NAME", help="Name of the sysroot.  [default: that of the folder]")
@common.json_option
def import_(path: Path, platform: str | None, name: str | None, *, as_json: bool) -> None:
    """Use a folder as a platform's sysroot: from Apple's or a vendor's SDK, Buildroot or Yocto.

    The folder stays where it is and as it is. In an SDK, xxpy searches for the sysroot. PATH can
    also be an archive from xxpy sysroot export.
    """
    target = installed.target_of(platform)
    made = transfer.take(
        path,
        _NAME.sub("-", name or path.resolve().name).strip("-.") or "sdk",
        target,
        resources.table(),
    )
    if as_json:
        printing.print_json(installed.document(made, target))
    else:
        printing.give(made.path)
