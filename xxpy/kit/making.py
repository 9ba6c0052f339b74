"""Make the kit for a target if it does not exist."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from xxpy.compiler import choice
from xxpy.compiler.base.store import silent
from xxpy.compiler.registry import AUTO
from xxpy.errors import ToolError
from xxpy.kit import config_site, emulation, linking, naming, native
from xxpy.kit.commands import command_files
from xxpy.kit.environment import kit_variables, launcher, pkg_config, pkg_config_program
from xxpy.kit.model import NAMED, PACKAGES, RECORD, TARGET, Kit
from xxpy.kit.store import FOLDER, write
from xxpy.kit.tool_files import tool_files
from xxpy.machine import facts as machine
from xxpy.machine import files, holding, resources
from xxpy.templates import File

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from xxpy.compiler.base.store import Tell
    from xxpy.compiler.choice import Choice
    from xxpy.compiler.compiler import Wanted
    from xxpy.kit.emulation import Seen

_DIGITS: Final = 12
"""Digits of the digest in the name of a kit."""


def make(
    wanted: Wanted,
    environment: Mapping[str, str],
    family: str = AUTO,
    tell: Tell | None = silent,
    first: str = "",
    *,
    waits: bool = False,
) -> Kit:
    """Return the kit for a target, which is made if it does not exist.

    :param environment: the variables by which compilers are found
    :param family: the name of a C compiler, or auto
    :param tell: called with one line when something slow begins; None if the kit is only shown, so
        that neither it nor a missing base sysroot is made
    :param first: the family that is tried before the others
    :param waits: whether a missing base sysroot is an error with the base as ``unmade``
    :raises ToolError: no compiler can build for the target
    :raises OutputError: the kit cannot be written
    """
    wanted, environment = _relevant(wanted), native.outside(environment)
    chosen = choice.choose(wanted, environment, family, first)
    base = chosen.tools.base
    if base is not None and tell is not None:
        if waits and not base.made:
            raise ToolError(f"the base sysroot {base.order.name} is not made yet", unmade=base)
        base.ensure(environment, tell)
    ready = base is None or base.made
    seen = emulation.seen(wanted, chosen.tools, environment) if ready else emulation.Seen(None)
    texts = resources.texts("templates", "kit/**/*.j2")
    own = native.own(environment, machine.platform(resources.table().words), resources.table())
    root = resources.cache_folder(FOLDER)
    folder = root / f"{wanted.target.platform.folder}-{'0' * _DIGITS}"
    draft = _draft(folder, wanted, chosen, seen, environment)
    record = {**_record(draft, wanted, chosen), "native": own.record}
    files_of = tuple(_files(draft, wanted, own))
    digest = naming.digest(files_of, texts, record)
    folder = root / f"{wanted.target.platform.folder}-{digest[:_DIGITS]}"
    kit = replace(draft, folder=folder, root=linking.root(wanted, chosen.tools, folder))
    while ready and not ((folder / RECORD).is_file() and holding.hold(folder)):
        with files.lock(root / f".{folder.name}.lock"):
            if not (folder / RECORD).is_file():
                merged = linking.merged(wanted, chosen.tools)
                links = () if merged is None else merged.links()
                listed = tuple(_files(kit, wanted, own))
                write(folder, {**naming.rendered(listed, texts), **naming.recorded(record)}, links)
    return kit


def _draft(
    folder: Path, wanted: Wanted, chosen: Choice, seen: Seen, environment: Mapping[str, str]
) -> Kit:
    """Return a kit in *folder* before its name is known."""
    return Kit(
        folder,
        wanted.target,
        f"{chosen.compiler.name} {chosen.compiler.version}",
        None if wanted.sysroot is None else wanted.sysroot.path,
        kit_variables(wanted, chosen, seen.command, environment),
        seen.command,
        chosen.lines,
        chosen.tools,
        launcher(chosen.tools, environment),
        pkg_config_program(environment),
        seen.fault,
        linking.root(wanted, chosen.tools, folder),
        chosen.compiler.name,
    )


def _relevant(wanted: Wanted) -> Wanted:
    """Return what is wanted, without a glibc, an NDK or an SDK if the target's system has none.

    An SDK may have been imported as a sysroot.
    """
    row = wanted.target.row
    sdk = (
        None
        if row.sdk is None
        else wanted.sdk or (None if wanted.sysroot is None else wanted.sysroot.path)
    )
    return replace(
        wanted,
        floor=wanted.floor if row.triple.libc else None,
        sysroot=wanted.sysroot if row.sdk is None else None,
        sdk=sdk,
        ndk=wanted.ndk if row.android is not None else None,
    )


def _record(draft: Kit, wanted: Wanted, chosen: Choice) -> dict[str, object]:
    """Return the record of a kit's parts for ``kit.json``."""
    sysroot = wanted.sysroot
    tools = chosen.tools
    return {
        "platform": str(wanted.target.platform),
        "triple": wanted.target.triple,
        "libc": wanted.target.libc,
        "compiler": {
            "name": chosen.compiler.name,
            "version": chosen.compiler.version,
            "program": chosen.compiler.program,
        },
        "flags": list(tools.flags),
        "dropped": list(tools.dropped),
        "base": None if tools.base is None else str(tools.base.folder),
        "tools": {
            "cc": list(tools.cc),
            "c++": list(tools.cxx or ()),
            **{name: list(words) for name, words in tools.others.items()},
        },
        "resources": {name: list(words) for name, (_template, words) in tools.resources.items()},
        "sysroot": None if sysroot is None else str(sysroot.path),
        "sdk": None if wanted.sdk is None else str(wanted.sdk),
        "emulator": None if draft.emulator is None else list(draft.emulator),
        "pkg_config": draft.pkg_config,
        "launcher": draft.launcher,
        "environment": dict(draft.environment),
        "answers": config_site.answers(wanted.target, resources.table()),
    }


def _files(kit: Kit, wanted: Wanted, own: native.Own) -> Iterator[File]:
    """Yield the files of a kit."""
    yield from command_files(kit, wanted, own)
    for name, message in kit.tools.missing.items():
        facts = {"title": f"{name} for {kit.target.platform}", "message": message}
        yield File(f"bin/{kit.target.triple}-{name}", "kit/missing", facts, executable=True)
    about: dict[str, object] = {
        "platform": str(kit.target.platform),
        "variables": pkg_config(wanted, kit.root),
        "program": kit.pkg_config,
        "packages": False,
    }
    yield File(f"bin/{kit.target.triple}-pkg-config", "kit/pkg-config", about, executable=True)
    yield File(f"{TARGET}/pkg-config", "kit/pkg-config", about, executable=True)
    yield from _uname(kit)
    managed = {**about, "packages": kit.pkg_config is not None}
    yield File(f"{PACKAGES}/pkg-config", "kit/pkg-config", managed, executable=True)
    yield from tool_files(kit, wanted)


def _uname(kit: Kit) -> Iterator[File]:
    """Yield ``uname`` for scripts and Makefiles that choose what to build by its output."""
    row = kit.target.row
    if row.uname is None or row.cmake is None:
        return
    system, machine = row.uname.system or row.cmake.system, row.uname.machine
    facts = {
        "platform": str(kit.target.platform),
        "system": system,
        "machine": machine,
        "both": f"{system} {machine}",
        "all": f"{system} localhost 0 0 {machine}",
    }
    yield File(f"{NAMED}/uname", "kit/uname", facts, executable=True)
