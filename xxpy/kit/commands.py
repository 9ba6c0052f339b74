"""The commands in the folder ``bin`` of a kit."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from xxpy.compiler.compiler import RESOURCE_COMPILER
from xxpy.kit import linking, native
from xxpy.kit.model import RESOURCES, STUB_ENDINGS, STUBS, WINDRES, Kit
from xxpy.machine import resources
from xxpy.templates import File

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xxpy.compiler.compiler import Tools, Wanted

_PLAIN: Final[Mapping[str, object]] = {
    "dropped": (),
    "ignored": (),
    "judged": False,
    "processors": (),
    "foreign": False,
    "static": False,
}
"""The facts of ``kit/command`` for tools that are not compilers."""
_RANLIB: Final = "ranlib"


def _flags(kit: Kit, wanted: Wanted) -> Iterator[str | File]:
    """Yield the flags of the compilers, and the files that these flags name."""
    yield from kit.tools.flags
    stubs = tuple(_stubs(wanted))
    if stubs and kit.tools.own_libraries:
        yield from stubs
        yield f"-L{kit.folder}/{STUBS}/lib"
        yield f"-F{kit.folder}/{STUBS}/Frameworks"
    yield from linking.flags(wanted, kit.tools, kit.folder)


def command_files(kit: Kit, wanted: Wanted, own: native.Own) -> Iterator[File]:
    """Yield the commands of a kit: compilers and tools, with the triple before their names.

    Tools that handle the files of both machines have plain names as well.
    """
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
        compilers |= {"c++": tools.cxx, tools.word_cxx: tools.cxx}
    commands = {name: (*words, *flags) for name, words in compilers.items()} | dict(tools.others)
    commands |= linking.command(tools, kit.target, kit.folder)
    if kit.emulator:
        commands["run"] = kit.emulator
    if tools.resources:
        yield from _resource_tools(tools, platform)
        commands[RESOURCE_COMPILER] = _windres(kit)
    for name, words in commands.items():
        facts = {"title": f"{name} for {platform}", "words": words, **_PLAIN}
        if name in compilers:
            facts |= _compiler_facts(kit)
        elif name == _RANLIB and kit.target.row.linker is not None:
            facts["ignored"] = kit.target.row.linker.ranlib_ignored
        template = "kit/windres" if tools.resources and name == RESOURCE_COMPILER else "kit/command"
        yield File(f"bin/{triple}-{name}", template, facts, executable=True)
        if name in native.PLAIN:
            yield File(f"bin/{name}", template, facts, executable=True)
        elif name in native.ON_FILES and kit.target.is_cross:
            yield native.on_files(name, facts, own)


def _windres(kit: Kit) -> tuple[str, ...]:
    """Return the command that compiles Windows resources."""
    triple = kit.target.triple
    return (
        str(kit.folder / RESOURCES / WINDRES),
        f"--target={triple}",
        f"--preprocessor={kit.binaries}/{triple}-cc",
        "--preprocessor-arg=-fuse-line-directives",
    )


def _compiler_facts(kit: Kit) -> dict[str, object]:
    """Return the facts of ``kit/command`` for compilers."""
    tools = kit.tools
    return {
        "dropped": tools.dropped,
        "ignored": tools.ignored,
        "judged": bool(tools.processors) or kit.target.is_cross,
        "processors": sorted((tools.processors or {}).items()),
        "foreign": kit.target.is_cross,
        "static": tools.static,
    }


def _resource_tools(tools: Tools, platform: str) -> Iterator[File]:
    """Yield ``xx-windres`` and the programs that it runs from its own folder."""
    from xxpy import wrappers  # noqa: PLC0415 - only for Windows

    sources = resources.texts("templates", "commands/*.sh")
    script = wrappers.render(WINDRES, resources.table(), sources)
    yield File(f"{RESOURCES}/{WINDRES}", text=script, executable=True)
    for name, (template, words) in tools.resources.items():
        about = {"title": f"{name} for {platform}", "words": words, **_PLAIN}
        yield File(f"{RESOURCES}/{name}", f"kit/{template}", about, executable=True)


def _stubs(wanted: Wanted) -> Iterator[File]:
    """Yield stubs for the libraries of a system without an SDK or a sysroot."""
    row = wanted.target.row
    if (
        row.stubs is None
        or row.stubs.system
        or wanted.sdk is not None
        or wanted.sysroot is not None
    ):
        return
    for library, symbols in row.stubs.libraries.items():
        name = PurePosixPath(library).name
        ending = STUB_ENDINGS[row.file.format]
        path = (
            f"lib/{name.partition('.')[0]}{ending}"
            if "." in name
            else f"Frameworks/{name}.framework/{name}{ending}"
        )
        facts = {
            "target": f"{row.triple.word}-{row.triple.system}",
            "library": library,
            "symbols": sorted(symbols.split()),
        }
        yield File(f"{STUBS}/{path}", f"kit/stub{ending}", facts)
