"""Check what this machine can do for multi-platform builds, and suggest fixes; changes nothing.

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

from xxpy.compiler.compiler import Wanted
from xxpy.compiler.registry import FAMILIES
from xxpy.errors import ToolError
from xxpy.kit import model
from xxpy.language.registry import LANGUAGES
from xxpy.machine import advice, facts, programs
from xxpy.machine.checks import Check, State, counted
from xxpy.sysroot import store
from xxpy.versions import at_least

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xxpy.table.model import Table

KERNEL: Final = "4.8"
"""The first Linux whose binfmt_misc has the flag F."""
BINFMT_SUPPORT: Final = "2.1.7"
"""The first binfmt-support that sets the flag F."""
BUILDX: Final = "0.13"
"""The first buildx that xxpy's pages are tested with."""
IMAGE_STORE: Final = "io.containerd.snapshotter.v1"
"""The driver type of the image store that can hold images for several platforms."""
FIX_BINARY: Final = "F"
"""The flag that makes the kernel open an emulator at once, so containers need no copy of it."""

BINFMT_IMAGE: Final = "docker run --privileged --rm tonistiigi/binfmt --install all"
"""The command that registers QEMU with Docker on any Linux."""


@dataclass(frozen=True, slots=True)
class Builder:
    """One buildx builder, with the platforms of all its nodes."""

    name: str
    driver: str
    status: str
    platforms: tuple[str, ...]


def examine(table: Table) -> tuple[Check, ...]:
    """Check Docker, the kernel, the emulators, the compilers and the sysroots."""
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
    """Return the output of a tool, or None if it fails."""
    try:
        return programs.output(command)
    except ToolError:
        return None


def _docker() -> Iterator[Check]:
    """Check Docker and what comes with it: buildx, the image store and the builders."""
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
            "the client is installed, but no daemon answers",
            "systemctl start docker, or set DOCKER_HOST",
        )
        return
    versions = json.loads(answer)
    yield Check(
        "docker",
        State.GOOD,
        f"client {versions['Client']['Version']}, server {versions['Server']['Version']}",
    )
    yield from _buildx()


def _buildx() -> Iterator[Check]:
    """Check buildx, and what it builds with: the image store and the builders."""
    answer = _ask(["docker", "buildx", "version"])
    if answer is None:
        yield Check(
            "buildx",
            State.MISSING,
            "docker buildx does not answer",
            advice.install("buildx"),
        )
        return
    version = next((word for word in answer.split() if re.match(r"v?\d", word)), "")
    good = at_least(version, BUILDX)
    yield Check(
        "buildx",
        State.GOOD if good else State.POOR,
        version,
        "" if good else f"install {BUILDX} or later",
    )
    information = json.loads(_ask(["docker", "info", "--format", "{{json .}}"]) or "{}")
    store = IMAGE_STORE in json.dumps(information.get("DriverStatus"))
    yield _image_store(is_containerd=store)
    for builder in builders():
        yield _builder(builder, is_containerd=store)


def _image_store(*, is_containerd: bool) -> Check:
    """Check that the image store can hold images for several platforms."""
    if is_containerd:
        return Check(
            "image store", State.GOOD, "containerd: one name can hold images for several platforms"
        )
    fix = (
        'write {"features": {"containerd-snapshotter": true}} to /etc/docker/daemon.json'
        " and restart Docker"
    )
    return Check("image store", State.POOR, "classic: one platform for each image", fix)


def builders() -> tuple[Builder, ...]:
    """Return the builders that buildx knows."""
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
"""What a build can output, by the driver and by whether the image store is containerd's."""


def _builder(builder: Builder, *, is_containerd: bool) -> Check:
    """Check that a builder runs, and that its builds can have several platforms."""
    kind = "docker" if builder.driver == "docker" else "other"
    able = kind == "other" or is_containerd
    fix = (
        ""
        if able
        else "xxpy builder prints the commands that create a builder for several platforms"
    )
    if builder.status != "running":
        fix = f"docker buildx inspect --bootstrap {builder.name}"
    unknown = "its platforms are unknown until it runs"
    state = State.GOOD if able and builder.status == "running" else State.POOR
    found, brief = (
        f"{builder.driver}, {builder.status}: {told(builder.platforms) or unknown};"
        f" {_OUTPUTS[kind, is_containerd]}"
        for told in (", ".join, counted)
    )
    return Check(f"builder {builder.name}", state, found, fix, brief)


def _kernel() -> Iterator[Check]:
    """Check that the kernel and binfmt-support start emulators in containers."""
    release = facts.kernel()
    good = at_least(release, KERNEL)
    fix = "" if good else f"containers need a copy of each emulator before Linux {KERNEL}"
    yield Check("kernel", State.GOOD if good else State.POOR, release, fix)
    answer = _ask(["update-binfmts", "--version"])
    if answer is not None:
        version = answer.split()[-1]
        good = at_least(version, BINFMT_SUPPORT)
        yield Check(
            "binfmt-support",
            State.GOOD if good else State.POOR,
            version,
            "" if good else f"install {BINFMT_SUPPORT} or later",
        )


def _emulators(table: Table) -> Check:
    """Check which platforms this machine runs through QEMU, also in containers."""
    handlers = facts.handlers()
    usable = {name for name, flags in handlers.items() if FIX_BINARY in flags}
    runs = [
        key
        for key, row in table.rows.items()
        if row.qemu is not None and row.qemu.user in usable and table.is_plain(row)
    ]
    weak = sorted(handlers.keys() - usable)
    fixes = f"{BINFMT_IMAGE}   or   {advice.install('qemu')}"
    if weak and not runs:
        return Check(
            "emulators",
            State.POOR,
            f"registered without the flag {FIX_BINARY}, so containers cannot use them:"
            f" {', '.join(weak)}",
            fixes,
        )
    if not runs:
        return Check(
            "emulators",
            State.MISSING,
            "no QEMU emulator is registered with the kernel",
            f"{fixes}   (not needed to cross-compile)",
        )
    found, brief = (f"this machine runs programs for {told(runs)}" for told in (", ".join, counted))
    return Check("emulators", State.GOOD, found, brief=brief)


def _languages(table: Table) -> Iterator[Check]:
    for language in LANGUAGES.values():
        yield from language.doctor(table)


def _compilers(table: Table) -> Iterator[Check]:
    """Check what each C compiler covers, by trying every platform that is no variant of another."""
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
                hint = hint or family.remedy(wanted)
        if covered:
            found, brief = (
                "; ".join(f"{version}: {told(names)}" for version, names in covered.items())
                for told in (", ".join, counted)
            )
            yield Check(name, State.GOOD, found, brief=brief)
        else:
            yield Check(name, State.MISSING, "covers no platform", hint)


def _sysroots(table: Table) -> Check:
    """Check which sysroots exist."""
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
    listed = sorted(found)
    return Check("sysroots", State.GOOD, ", ".join(listed), brief=counted(listed, "sysroots"))
