"""A kit: one folder with everything that builds for one target, as any build tool wants to have it.

::

    bin/aarch64-linux-gnu-clang … -clang++ -ar -pkg-config -run    and plain ar nm strip …, which serve this machine's files too
    target/pkg-config                                              for Makefiles that know no other name
    aarch64-linux-gnu.cfg   toolchain.cmake   meson-cross.ini   cargo-config.toml   go.env   env.sh
    kit.json                what it was made of

The compilers and pkg-config have no plain names: what a project builds to run on this machine is built with ``cc``
(:mod:`xxpy.kit.native`). A kit is in the user's cache under a digest of the files themselves, so nothing that ends up in a kit can be left
out of its name, a kit is never changed, and two processes that make the same one make the same bytes. It is written aside and renamed,
under a lock.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from xxpy.compiler import choice
from xxpy.compiler.base.store import silent
from xxpy.compiler.compiler import RESOURCE_COMPILER, by_libc
from xxpy.errors import ToolError
from xxpy.kit import config_site, emulation, linking, native
from xxpy.machine import aside, files, programs, resources
from xxpy.machine import facts as machine
from xxpy.render import wrappers
from xxpy.table.target import LIBC_VARIABLE, QUERIES, build_environment, cargo_variable, resolve
from xxpy.templates import File, render

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from xxpy.compiler.base.store import Tell
    from xxpy.compiler.choice import Choice
    from xxpy.compiler.compiler import Tools, Wanted
    from xxpy.table.load import Table
    from xxpy.table.platform import Platform
    from xxpy.table.target import Target

RECORD: Final = "kit.json"
NAMES_OF: Final = "debian"
"""The distribution whose spelling of triples the commands of a kit have, on every machine."""
_FOLDER: Final = "kits"
_DIGITS: Final = 12
"""Digits of the digest that names a kit."""
_STUBS: Final = "stubs"
_STUB_ENDINGS: Final = {"macho": ".tbd", "elf": ".so"}
"""What ends the names of files that linkers read for a library, by the format of binaries."""
_RESOURCES: Final = "resources"
_TARGET: Final = "target"
_WINDRES: Final = "xx-windres"
_VARIABLES: Final = {
    "AR": "ar",
    "RANLIB": "ranlib",
    "NM": "nm",
    "STRIP": "strip",
    "OBJCOPY": "objcopy",
    "OBJDUMP": "objdump",
    "RC": "windres",
    "WINDRES": "windres",
}
_PLAIN: Final[Mapping[str, object]] = {"dropped": (), "judged": False, "processors": (), "foreign": False, "static": False}
"""What ``kit/command`` does besides running a tool: nothing, where it is no compiler."""
_LAUNCHERS: Final = ("ccache", "sccache")
_CMAKE_TOOLS: Final = ("AR", "RANLIB", "NM", "STRIP", "OBJCOPY", "OBJDUMP")
_CMAKE_LAUNCHED: Final = frozenset({"C", "CXX"})
_MESON_COMPILERS: Final = frozenset({"c", "cpp"})
_MESON_TOOLS: Final = ("ar", "ranlib", "nm", "strip", "objcopy", "windres")


@dataclass(frozen=True, slots=True)
class Kit:
    """One kit that lies ready.

    :param folder: the folder of the kit
    :param compiler: the compiler and its version, for people: ``zig 0.17.1``
    :param sysroot: the folder that stands for the target's ``/``, or None
    :param environment: what build tools read: CC, CXX, AR, PKG_CONFIG, CC_FOR_BUILD …; the commands are bare names in :attr:`binaries`
    :param emulator: the command with which programs of the target were seen to run here, or None; empty where they run as they are
    :param unseen: why none was seen to run although there is an emulator, for people, or ""
    :param lines: why this compiler, for people
    :param launcher: the compiler cache that builds put before the compiler (ccache, sccache), or None
    :param pkg_config: this machine's program that the kit's ``pkg-config`` runs, or None where there is none
    :param root: where build tools look for headers and libraries: the sysroot, or one folder of links to the base sysroot and to it
    """

    folder: Path
    target: Target
    compiler: str
    sysroot: Path | None
    environment: Mapping[str, str]
    emulator: tuple[str, ...] | None
    lines: tuple[str, ...]
    tools: Tools
    launcher: str | None
    pkg_config: str | None
    unseen: str = ""
    root: Path | None = None

    @property
    def binaries(self) -> Path:
        """The folder of the commands, which comes first on PATH."""
        return self.folder / "bin"

    @property
    def plain(self) -> Path:
        """The folder of the target's commands under names that are this machine's elsewhere, for a build tool that knows no others."""
        return self.folder / _TARGET

    def variables(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Return *environment* with what the kit adds; flags that the user set are kept."""
        path = os.pathsep.join(filter(None, (str(self.binaries), environment.get("PATH", ""))))
        return {**environment, **self.environment, **config_site.variables(self.folder, environment), "PATH": path}


def target(table: Table, platform: Platform, libc: str | None, environment: Mapping[str, str]) -> Target:
    """Return the target that a kit is made for.

    :param libc: ``gnu`` or ``musl``, or None for that of this machine's distribution
    :param environment: whose variables for the version of the system count, the standard ones (``MACOSX_DEPLOYMENT_TARGET``) too
    """
    own = table.distribution(machine.release().id).libc
    row = table.row(platform)
    names = row.triple
    asked = environment.get(names.version_common or "", "")
    version = {names.version_variable: asked} if asked and names.version_variable is not None else {}
    variables = {**version, **environment, LIBC_VARIABLE: (libc or own) if names.libc else ""}
    return resolve(table, platform, NAMES_OF, build=machine.platform(table.words), variables=variables)


def make(wanted: Wanted, environment: Mapping[str, str], family: str = choice.AUTO, tell: Tell | None = silent, first: str = "") -> Kit:
    """Return the kit for what is wanted, made if it is not there.

    :param environment: where the compilers are looked for
    :param family: clang, gcc, zig, or auto
    :param tell: is told, in one line, that something slow has begun; None where the kit is only spoken of, so that a base sysroot which is
        not there is not made for it, and neither is the kit
    :param first: the family that is tried before the others
    :raises ToolError: no compiler can build for the target
    :raises OutputError: the kit cannot be written
    """
    wanted, environment = _concerning(wanted), native.outside(environment)
    chosen = choice.choose(wanted, environment, family, first)
    base = chosen.tools.base
    if base is not None and tell is not None:
        base.ensure(environment, tell)
    ready = base is None or base.made
    emulator, unseen = emulation.seen(wanted, chosen.tools, environment) if ready else emulation.Seen(None)
    texts = {
        **resources.texts("templates", "kit/*.j2"),
        **(resources.texts("templates", "wrappers/*.j2") if chosen.tools.resources else {}),
    }
    own = native.own(environment, machine.platform(resources.table().words), resources.table())
    record = {**_record(wanted, chosen, emulator, environment), "native": own.record}
    root = resources.cache_folder(_FOLDER)
    place = root / f"{wanted.target.platform.folder}-{'0' * _DIGITS}"
    draft = Kit(
        place,
        wanted.target,
        f"{chosen.compiler.name} {chosen.compiler.version}",
        None if wanted.sysroot is None else wanted.sysroot.path,
        _environment(wanted, chosen, emulator, environment),
        emulator,
        chosen.lines,
        chosen.tools,
        _launcher(chosen.tools, environment),
        _pkg_config_program(environment),
        unseen,
        linking.root(wanted, chosen.tools, place),
    )
    rendered = {**_rendered(draft, wanted, own, texts), RECORD: (json.dumps(record, indent=2) + "\n", False)}
    digest = hashlib.sha256(json.dumps(rendered, sort_keys=True).encode()).hexdigest()
    folder = root / f"{wanted.target.platform.folder}-{digest[:_DIGITS]}"
    kit = replace(draft, folder=folder, root=linking.root(wanted, chosen.tools, folder))
    if ready and not (folder / RECORD).is_file():
        with files.lock(root / f".{folder.name}.lock"):
            if not (folder / RECORD).is_file():
                merged = linking.merged(wanted, chosen.tools)
                links = () if merged is None else merged.links()
                _write(folder, {**_rendered(kit, wanted, own, texts), RECORD: rendered[RECORD]}, links)
    return kit


def _rendered(kit: Kit, wanted: Wanted, own: native.Own, texts: Mapping[str, str]) -> dict[str, tuple[str, bool]]:
    """Return the text of each file of a kit, and whether it is executable."""
    listed = tuple(_files(kit, wanted, own))
    made = render(listed, texts)
    return {file.path: (made[file.path], file.executable) for file in listed}


def _concerning(wanted: Wanted) -> Wanted:
    """Return what is wanted without what the target's system does not have: a glibc, an NDK, an SDK; an SDK may have been imported."""
    row = wanted.target.row
    sdk = None if row.sdk is None else wanted.sdk or (None if wanted.sysroot is None else wanted.sysroot.path)
    return replace(
        wanted,
        floor=wanted.floor if row.triple.libc else None,
        sysroot=wanted.sysroot if row.sdk is None else None,
        sdk=sdk,
        ndk=wanted.ndk if row.android is not None else None,
    )


def _launcher(tools: Tools, environment: Mapping[str, str]) -> str | None:
    """Return the compiler cache that is there: for clang and gcc, unless they are called through it already."""
    if (tools.own_libraries and tools.base is None) or Path(tools.cc[0]).resolve().name in _LAUNCHERS:
        return None
    return next((program for name in _LAUNCHERS if (program := programs.which(name, environment)) is not None), None)


def _environment(wanted: Wanted, chosen: Choice, emulator: tuple[str, ...] | None, environment: Mapping[str, str]) -> dict[str, str]:
    triple, tools = wanted.target.triple, chosen.tools
    return {
        **build_environment(wanted.target),
        "CC": f"{triple}-{tools.word}",
        **({"CXX": f"{triple}-{_cxx(tools)}"} if tools.cxx is not None else {}),
        **{name: f"{triple}-{tool}" for name, tool in _VARIABLES.items() if tool in tools.names},
        **({"LD": f"{triple}-ld"} if "ld" in tools.others or tools.base is not None else {}),
        "PKG_CONFIG": f"{triple}-pkg-config",
        **native.variables(environment),
        **_cargo(wanted.target, chosen, runs=bool(emulator)),
        **_emulated(wanted),
    }


def _cargo(target: Target, chosen: Choice, *, runs: bool) -> dict[str, str]:
    """Return what cargo reads of a target under its name: the linker, which is ``cc`` otherwise, and what runs its programs."""
    name = QUERIES["rust-target"].value(target)
    rust = target.row.rust
    if rust is None or name is None or not target.is_cross or rust.own_linker:
        return {}
    runner = {cargo_variable(name, "RUNNER"): f"{target.triple}-run"} if runs else {}
    return {cargo_variable(name, "LINKER"): f"{target.triple}-{chosen.tools.word}", **runner}


def _emulated(wanted: Wanted) -> dict[str, str]:
    """Return what an emulator needs that the kernel starts by itself (binfmt_misc), and the ending of programs."""
    row = wanted.target.row
    root = emulation.library_root(wanted) if wanted.target.is_cross and row.qemu is not None else None
    suffix = row.file.program_suffix
    return {
        **({"QEMU_LD_PREFIX": str(root)} if root is not None else {}),
        **({"EXEEXT": suffix, "EXE": suffix} if suffix else {}),
        **emulation.quieting(wanted.target),
    }


def _cxx(tools: Tools) -> str:
    """Return what the C++ compiler is called behind the triple."""
    return {"clang": "clang++", "gcc": "g++"}[tools.word]


def _pkg_config(wanted: Wanted, merged: Path | None = None) -> tuple[tuple[str, str], ...]:
    """Return the variables that let pkg-config see the target's files only; without a sysroot it sees none.

    :param merged: the folder that stands for the target's ``/`` where that is not the sysroot's own
    """
    root = merged or wanted.sysroot.path if wanted.sysroot is not None else emulation.library_root(wanted)
    if not wanted.target.is_cross and wanted.sysroot is None:
        return ()
    if root is None:
        return (("PKG_CONFIG_LIBDIR", "/nonexistent"),)
    if wanted.sysroot is None:
        return (("PKG_CONFIG_LIBDIR", f"{root}/lib/pkgconfig"),)
    words = wanted.sysroot.debian_triple
    places = [*([f"usr/lib/{words}/pkgconfig"] if words else []), "usr/lib/pkgconfig", "usr/share/pkgconfig"]
    return (("PKG_CONFIG_LIBDIR", os.pathsep.join(f"{root}/{place}" for place in places)), ("PKG_CONFIG_SYSROOT_DIR", str(root)))


def _pkg_config_program(environment: Mapping[str, str]) -> str | None:
    """Return the pkg-config of this machine, by which the one of the kit reads the target's files."""
    return native.native_programs(environment).get("PKG_CONFIG")


def _record(wanted: Wanted, chosen: Choice, emulator: tuple[str, ...] | None, environment: Mapping[str, str]) -> dict[str, object]:
    """Return what a kit was made of, as ``kit.json`` has it."""
    sysroot = wanted.sysroot
    tools = chosen.tools
    return {
        "platform": str(wanted.target.platform),
        "triple": wanted.target.triple,
        "libc": wanted.target.libc,
        "compiler": {"name": chosen.compiler.name, "version": chosen.compiler.version, "program": chosen.compiler.program},
        "flags": list(tools.flags),
        "dropped": list(tools.dropped),
        "base": None if tools.base is None else str(tools.base.folder),
        "tools": {"cc": list(tools.cc), "c++": list(tools.cxx or ()), **{name: list(words) for name, words in tools.others.items()}},
        "resources": {name: list(words) for name, (_template, words) in tools.resources.items()},
        "sysroot": None if sysroot is None else str(sysroot.path),
        "sdk": None if wanted.sdk is None else str(wanted.sdk),
        "emulator": None if emulator is None else list(emulator),
        "pkg_config": _pkg_config_program(environment),
        "launcher": _launcher(tools, environment),
        "environment": _environment(wanted, chosen, emulator, environment),
        "answers": config_site.answers(wanted.target, resources.table()),
    }


def _write(folder: Path, rendered: Mapping[str, tuple[str, bool]], links: Iterable[tuple[str, Path]]) -> None:
    """Write the files and the links of the merged root aside and rename the folder."""

    def fill(whole: Path) -> None:
        for path, (text, executable) in rendered.items():
            files.write(whole / path, text, executable=executable, settle=False)
        for name, place in links:
            link = whole / linking.MERGED / name
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(place)
        whole.chmod(0o755)

    try:
        aside.make(folder, fill)
    except OSError as error:
        raise files.unwritable(folder, error, "set XDG_CACHE_HOME") from error


def _files(kit: Kit, wanted: Wanted, own: native.Own) -> Iterator[File]:
    yield from _commands(kit, wanted, own)
    for name, message in kit.tools.missing.items():
        facts = {"title": f"{name} for {kit.target.platform}", "message": message}
        yield File(f"bin/{kit.target.triple}-{name}", "kit/missing", facts, executable=True)
    about: dict[str, object] = {
        "platform": str(kit.target.platform),
        "variables": _pkg_config(wanted, kit.root),
        "program": kit.pkg_config,
    }
    yield File(f"bin/{kit.target.triple}-pkg-config", "kit/pkg-config", about, executable=True)
    yield File(f"{_TARGET}/pkg-config", "kit/pkg-config", about, executable=True)
    yield from _tool_files(kit, wanted)


def _flags(kit: Kit, wanted: Wanted) -> Iterator[str | File]:
    """Yield what the compilers are told, and the files that this names."""
    yield from kit.tools.flags
    stubs = tuple(_stubs(wanted))
    if stubs and kit.tools.own_libraries:
        yield from stubs
        yield f"-L{kit.folder}/{_STUBS}/lib"
        yield f"-F{kit.folder}/{_STUBS}/Frameworks"
    yield from linking.flags(wanted, kit.tools, kit.folder)


def _commands(kit: Kit, wanted: Wanted, own: native.Own) -> Iterator[File]:
    triple, tools, platform = kit.target.triple, kit.tools, str(kit.target.platform)
    found = tuple(_flags(kit, wanted))
    yield from (file for file in found if isinstance(file, File))
    flags = tuple(word for word in found if isinstance(word, str))
    if tools.configured:
        configuration = f"{triple}.cfg"
        yield File(configuration, "kit/clang.cfg", {"platform": platform, "flags": flags})
        flags = ("--config", str(kit.folder / configuration))
    compilers = {"cc": tools.cc, tools.word: tools.cc}
    if tools.cxx is not None:
        compilers |= {"c++": tools.cxx, _cxx(tools): tools.cxx}
    commands = {name: (*words, *flags) for name, words in compilers.items()} | dict(tools.others)
    if tools.base is not None:
        commands["ld"] = (str(kit.folder / linking.LINKER),)
    if kit.emulator:
        commands["run"] = kit.emulator
    if tools.resources:
        yield from _resource_tools(tools, platform)
        commands[RESOURCE_COMPILER] = (
            str(kit.folder / _RESOURCES / _WINDRES),
            f"--target={triple}",
            f"--preprocessor={kit.binaries}/{triple}-cc",
            "--preprocessor-arg=-fuse-line-directives",
        )
    for name, words in commands.items():
        facts = {"title": f"{name} for {platform}", "words": words, **_PLAIN}
        if name in compilers:
            facts |= {
                "dropped": tools.dropped,
                "judged": bool(tools.processors) or kit.target.is_cross,
                "processors": sorted((tools.processors or {}).items()),
                "foreign": kit.target.is_cross,
                "static": tools.static,
            }
        template = "kit/windres" if tools.resources and name == RESOURCE_COMPILER else "kit/command"
        yield File(f"bin/{triple}-{name}", template, facts, executable=True)
        if name in native.PLAIN:
            yield File(f"bin/{name}", template, facts, executable=True)
        elif name in native.ON_FILES and kit.target.is_cross:
            yield native.on_files(name, facts, own)


def _resource_tools(tools: Tools, platform: str) -> Iterator[File]:
    """Yield ``xx-windres`` and the programs that it finds beside itself."""
    facts = wrappers.facts(_WINDRES, resources.table())
    yield File(f"{_RESOURCES}/{_WINDRES}", wrappers.template(_WINDRES), facts, executable=True)
    for name, (template, words) in tools.resources.items():
        about = {"title": f"{name} for {platform}", "words": words, **_PLAIN}
        yield File(f"{_RESOURCES}/{name}", f"kit/{template}", about, executable=True)


def _stubs(wanted: Wanted) -> Iterator[File]:
    """Yield the files that stand for libraries of a system whose SDK or sysroot is not there."""
    row = wanted.target.row
    if row.stubs is None or row.stubs.system or wanted.sdk is not None or wanted.sysroot is not None:
        return
    for library, symbols in row.stubs.libraries.items():
        name = PurePosixPath(library).name
        ending = _STUB_ENDINGS[row.file.format]
        path = f"lib/{name.partition('.')[0]}{ending}" if "." in name else f"Frameworks/{name}.framework/{name}{ending}"
        facts = {"target": f"{row.triple.word}-{row.triple.system}", "library": library, "symbols": sorted(symbols.split())}
        yield File(f"{_STUBS}/{path}", f"kit/stub{ending}", facts)


def _tool_files(kit: Kit, wanted: Wanted) -> Iterator[File]:
    """Yield the files that build tools read."""
    row, platform = kit.target.row, str(kit.target.platform)
    yield config_site.file(kit.target, resources.table())
    runner = str(kit.binaries / f"{kit.target.triple}-run") if kit.emulator else None
    yield File("toolchain.cmake", "kit/toolchain.cmake", {
        "platform": platform,
        "system": row.cmake.system if kit.target.is_cross else None,
        "processor": row.cmake.processor,
        "settings": tuple(_cmake(kit, wanted, runner)),
        "pkg_config": str(kit.binaries / kit.environment["PKG_CONFIG"]),
        "roots": _roots(kit, wanted),
    })  # fmt: skip
    binaries = {"c": kit.environment["CC"], "cpp": kit.environment.get("CXX")}
    binaries |= {name: f"{kit.target.triple}-{name}" for name in _MESON_TOOLS if name in kit.tools.names}
    binaries |= {"pkgconfig": kit.environment["PKG_CONFIG"], "pkg-config": kit.environment["PKG_CONFIG"]}
    launched = {name: (kit.launcher,) for name in _MESON_COMPILERS if kit.launcher is not None}
    listed = [(name, (*launched.get(name, ()), str(kit.binaries / value))) for name, value in binaries.items() if value is not None]
    properties = [("sys_root", str(kit.root))] if kit.sysroot is not None else []
    properties += [(name.lower(), value) for name, value in _pkg_config(wanted, kit.root) if name == "PKG_CONFIG_LIBDIR"]
    yield File("meson-cross.ini", "kit/meson-cross.ini", {
        "platform": platform,
        "binaries": [*listed, *([("exe_wrapper", (runner,))] if runner else [])],
        "needs_wrapper": "true" if kit.target.is_cross else "false",
        "properties": properties,
        "system": row.meson.system,
        "cpu_family": row.meson.cpu_family,
        "cpu": row.meson.cpu,
        "endian": row.data.byte_order,
    })  # fmt: skip
    rust = None if row.rust is None else by_libc(row.rust, kit.target)
    if rust is not None:
        facts = {"platform": platform, "rust": rust, "linker": str(kit.binaries / kit.environment["CC"]), "runner": runner}
        archiver = str(kit.binaries / kit.environment["AR"]) if "AR" in kit.environment else None
        yield File("cargo-config.toml", "kit/cargo-config.toml", {**facts, "archiver": archiver})
    if row.go is not None:
        paths = {name: str(kit.binaries / kit.environment[name]) for name in ("CC", "CXX", "AR", "PKG_CONFIG") if name in kit.environment}
        settings = {name: value for name, value in build_environment(kit.target).items() if name.startswith("GO")}
        yield File("go.env", "kit/go.env", {"variables": sorted({**settings, **paths, "CGO_ENABLED": "1"}.items())})
    yield File("env.sh", "kit/env.sh", {
        "platform": platform,
        "binaries": str(kit.binaries),
        "variables": sorted(kit.environment.items()),
    })  # fmt: skip


def _cmake(kit: Kit, wanted: Wanted, runner: str | None) -> Iterator[tuple[str, str]]:
    """Yield the variables of the CMake toolchain file."""
    compilers = {"C": kit.environment["CC"], "CXX": kit.environment.get("CXX"), "ASM": kit.environment["CC"]}
    for language, command in compilers.items():
        if command is not None:
            yield f"CMAKE_{language}_COMPILER", str(kit.binaries / command)
            if kit.launcher is not None and language in _CMAKE_LAUNCHED:
                yield f"CMAKE_{language}_COMPILER_LAUNCHER", kit.launcher
    for name in _CMAKE_TOOLS:
        if name in kit.environment:
            yield f"CMAKE_{name}", str(kit.binaries / kit.environment[name])
    if "RC" in kit.environment:
        yield "CMAKE_RC_COMPILER", str(kit.binaries / kit.environment["RC"])
    if kit.sysroot is not None and (kit.tools.base is not None or not kit.tools.own_libraries):
        yield "CMAKE_SYSROOT", str(kit.root)
    if wanted.sysroot is not None and wanted.sysroot.debian_triple:
        yield "CMAKE_LIBRARY_ARCHITECTURE", wanted.sysroot.debian_triple
    if runner is not None:
        yield "CMAKE_CROSSCOMPILING_EMULATOR", runner


def _roots(kit: Kit, wanted: Wanted) -> tuple[str, ...]:
    """Return where CMake looks for libraries; a folder that holds nothing keeps it from the build machine's own."""
    if not kit.target.is_cross and wanted.sysroot is None:
        return ()
    places = (kit.root, wanted.sdk, None if kit.root is not None else emulation.library_root(wanted))
    return tuple(str(place) for place in places if place is not None) or (str(kit.folder / "nothing"),)


def kits(platform: Platform | None = None) -> list[dict[str, object]]:
    """Return the records of all kits in the cache, or of those for one platform, each with its folder, sorted by it."""
    found = []
    for path in sorted(resources.cache_path(_FOLDER).glob(f"[!.]*/{RECORD}")):
        try:
            record = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ToolError(f"{path} cannot be read: {error}", "remove that folder; it is made again") from error
        if platform is None or record["platform"] == str(platform):
            found.append({"folder": str(path.parent), **record})
    return found


def remove(platform: Platform | None = None) -> list[str]:
    """Remove all kits, or those for one platform, and return their folders."""
    folders = [str(record["folder"]) for record in kits(platform)]
    for folder in folders:
        with files.lock(Path(folder).parent / f".{Path(folder).name}.lock"):
            aside.remove(Path(folder))
    aside.sweep(resources.cache_path(_FOLDER))
    return folders
