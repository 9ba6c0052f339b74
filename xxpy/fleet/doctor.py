"""What this machine can do for builds for many platforms, and what to type where it cannot. It looks, and changes nothing.

The facts come from the tools themselves (``docker version``, ``docker info``, ``docker buildx ls``)
and from the kernel (``/proc/sys/fs/binfmt_misc``,
https://docs.kernel.org/admin-guide/binfmt-misc.html).
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from xxpy.compiler.choice import FAMILIES
from xxpy.compiler.compiler import Wanted
from xxpy.errors import ToolError
from xxpy.kit import model
from xxpy.language.registry import LANGUAGES
from xxpy.machine import facts, programs
from xxpy.machine.checks import Check, State
from xxpy.sysroot import store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xxpy.table.load import Table

KERNEL: Final = "4.8"
"""The first Linux with the flag F of binfmt_misc."""
BINFMT_SUPPORT: Final = "2.1.7"
"""The first binfmt-support that sets the flag F."""
BUILDX: Final = "0.13"
"""The first buildx that xxpy's pages are tested with."""
IMAGE_STORE: Final = "io.containerd.snapshotter.v1"
"""The driver type of the image store that holds images for several platforms."""
FIX_BINARY: Final = "F"
"""The flag with which the kernel opens an emulator at once, so that containers need not hold it."""

INSTALL_QEMU: Final = (
    "docker run --privileged --rm tonistiigi/binfmt --install all",
    "apt-get install qemu-user-static",
    "dnf install qemu-user-static",
)
"""The one-line ways to have QEMU handlers: by Docker on any Linux, by Debian and its family, by Fedora and its family."""


@dataclass(frozen=True, slots=True)
class Builder:
    """One builder of buildx, with the platforms of all its nodes."""

    name: str
    driver: str
    status: str
    platforms: tuple[str, ...]


def examine(table: Table) -> tuple[Check, ...]:
    """Look at Docker, the kernel, the emulators, the compilers and the sysroots."""
    return (
        *_docker(),
        *_kernel(),
        _emulators(table),
        *compilers(table),
        _sysroots(table),
    )


def compilers(table: Table) -> tuple[Check, ...]:
    """Look at the compilers of all languages alone."""
    return (*_languages(table), *_compilers(table))


def _ask(command: Sequence[str]) -> str | None:
    """Return what a tool says, or None where it does not answer."""
    try:
        return programs.output(command)
    except ToolError:
        return None


def _newer(version: str, wanted: str) -> bool:
    """Whether a version is *wanted* or later; what is no version is taken to be new."""
    found = [int(part) for part in re.findall(r"\d+", version)[:3]]
    return not found or found >= [int(part) for part in wanted.split(".")]


def _docker() -> Iterator[Check]:
    if programs.which("docker") is None:
        yield Check(
            "docker",
            State.MISSING,
            "not found on PATH",
            "https://docs.docker.com/engine/install, or build without it: xxpy build",
        )
        return
    answer = _ask(["docker", "version", "--format", "{{json .}}"])
    if answer is None:
        yield Check(
            "docker",
            State.MISSING,
            "the client is there, but no daemon answers",
            "systemctl start docker, or set DOCKER_HOST",
        )
        return
    versions = json.loads(answer)
    yield Check(
        "docker",
        State.GOOD,
        f"client {versions['Client']['Version']}, server {versions['Server']['Version']}",
    )
    buildx = _ask(["docker", "buildx", "version"])
    if buildx is None:
        yield Check(
            "buildx",
            State.MISSING,
            "docker buildx does not answer",
            "apt-get install docker-buildx-plugin, or docker-buildx on Debian",
        )
        return
    version = next((word for word in buildx.split() if re.match(r"v?\d", word)), "")
    good = _newer(version, BUILDX)
    yield Check(
        "buildx",
        State.GOOD if good else State.POOR,
        version,
        "" if good else f"install {BUILDX} or later",
    )
    information = json.loads(_ask(["docker", "info", "--format", "{{json .}}"]) or "{}")
    store = IMAGE_STORE in json.dumps(information.get("DriverStatus"))
    yield _image_store(is_containerd=store)
    found = builders()
    yield from (_builder(builder, is_containerd=store) for builder in found)


def _image_store(*, is_containerd: bool) -> Check:
    if is_containerd:
        return Check(
            "image store", State.GOOD, "containerd: images for several platforms under one name"
        )
    mend = 'write {"features": {"containerd-snapshotter": true}} to /etc/docker/daemon.json and restart Docker'
    return Check("image store", State.POOR, "the classic one: one platform an image", mend)


def builders() -> tuple[Builder, ...]:
    """Return the builders that buildx knows, each once."""
    found: dict[str, Builder] = {}
    for line in (_ask(["docker", "buildx", "ls", "--format", "{{json .}}"]) or "").splitlines():
        document: dict[str, Any] = json.loads(line)
        nodes = document.get("Nodes") or ()
        platforms = dict.fromkeys(
            platform for node in nodes for platform in node.get("Platforms") or ()
        )
        status = (
            "running" if any(node.get("Status") == "running" for node in nodes) else "not running"
        )
        found[document["Name"]] = Builder(
            document["Name"], document["Driver"], status, tuple(platforms)
        )
    return tuple(found.values())


_OUTPUTS: Final[Mapping[tuple[str, bool], str]] = {
    ("docker", True): "--load, --push and -o take several platforms",
    ("docker", False): "one platform at a time",
    ("other", True): "--load, --push and -o take several platforms",
    ("other", False): "--push and -o take several platforms, --load one",
}
"""What comes out of a build, by the driver and by whether the image store is containerd's."""


def _builder(builder: Builder, *, is_containerd: bool) -> Check:
    kind = "docker" if builder.driver == "docker" else "other"
    able = kind == "other" or is_containerd
    mend = (
        ""
        if able
        else "xxpy builder prints the commands for a builder that takes several platforms"
    )
    if builder.status != "running":
        mend = f"docker buildx inspect --bootstrap {builder.name}"
    platforms = ", ".join(builder.platforms) or "platforms not known until it runs"
    state = State.GOOD if able and builder.status == "running" else State.POOR
    return Check(
        f"builder {builder.name}",
        state,
        f"{builder.driver}, {builder.status}: {platforms}; {_OUTPUTS[kind, is_containerd]}",
        mend,
    )


def _kernel() -> Iterator[Check]:
    release = facts.kernel()
    good = _newer(release, KERNEL)
    mend = (
        ""
        if good
        else f"Linux {KERNEL} and later start emulators in containers that do not hold them"
    )
    yield Check("kernel", State.GOOD if good else State.POOR, release, mend)
    answer = _ask(["update-binfmts", "--version"])
    if answer is not None:
        version = answer.split()[-1]
        good = _newer(version, BINFMT_SUPPORT)
        yield Check(
            "binfmt-support",
            State.GOOD if good else State.POOR,
            version,
            "" if good else f"install {BINFMT_SUPPORT} or later",
        )


def _emulators(table: Table) -> Check:
    """Which platforms run here through QEMU, in containers too."""
    handlers = facts.handlers()
    usable = {name for name, flags in handlers.items() if FIX_BINARY in flags}
    runs = [
        key
        for key, row in table.rows.items()
        if row.qemu is not None and row.qemu.user in usable and table.is_plain(row)
    ]
    weak = sorted(handlers.keys() - usable)
    ways = "   or   ".join(INSTALL_QEMU)
    if weak and not runs:
        return Check(
            "emulators",
            State.POOR,
            f"without the flag {FIX_BINARY}, so not in containers: {', '.join(weak)}",
            ways,
        )
    if not runs:
        return Check(
            "emulators",
            State.MISSING,
            "no QEMU is registered with the kernel",
            f"{ways}   (not needed to cross-compile)",
        )
    return Check("emulators", State.GOOD, f"programs run for {', '.join(runs)}")


def _languages(table: Table) -> Iterator[Check]:
    for language in LANGUAGES.values():
        yield from language.doctor(table)


def _compilers(table: Table) -> Iterator[Check]:
    """What each C compiler covers; it is tried for every platform that is no variant of another."""
    targets = [
        model.target(table, row.platform, None, os.environ)
        for row in table.rows.values()
        if table.is_plain(row) and row.restriction is None
    ]
    for name, family in FAMILIES.items():
        covered: dict[str, list[str]] = {}
        hint = ""
        for target in targets:
            wanted = Wanted(target, cxx=False)
            try:
                compiler = family.find(wanted, os.environ)
                compiler.tools(wanted)
                covered.setdefault(f"{compiler.version}, {compiler.origin}", []).append(
                    str(target.platform)
                )
            except ToolError:
                hint = hint or family.ways(wanted)
        if covered:
            found = "; ".join(
                f"{version}: {', '.join(platforms)}" for version, platforms in covered.items()
            )
            yield Check(name, State.GOOD, found)
        else:
            yield Check(name, State.MISSING, "covers no platform", hint)


def _sysroots(table: Table) -> Check:
    found = {
        f"{row.platform} {made.name}"
        for row in table.rows.values()
        if table.is_plain(row)
        for made in store.all_of(row)
    }
    if not found:
        return Check(
            "sysroots",
            State.MISSING,
            "none",
            "xxpy sysroot add --platform linux/arm64 libc6-dev   (zig brings its own libc)",
        )
    return Check("sysroots", State.GOOD, ", ".join(sorted(found)))
