"""What is asked of binaries besides their platform: each demand on a description made for it, and how the layers of it are laid."""

from __future__ import annotations

from dataclasses import replace

import pytest

from xxpy.binary.description import Description, GoBuild
from xxpy.binary.requirements import Requirements
from xxpy.binary.verify import demands
from xxpy.configuration import Verification, requirements
from xxpy.errors import ConfigurationError
from xxpy.machine import resources
from xxpy.table.platform import parse
from xxpy.versions import dotted

TABLE = resources.table()
ROW = TABLE.row(parse("linux/amd64", TABLE.words))
PROGRAM = Description(
    name="server",
    format="elf",
    kind="executable",
    machine=62,
    bits=64,
    byte_order="little",
    linkage="dynamic",
    interpreter="/lib64/ld-linux-x86-64.so.2",
    needed=("libm.so.6", "libc.so.6"),
    level=3,
    float_abi="hard",
    glibc="2.34",
    run_path=("/opt/lib", "$ORIGIN"),
)
LIBRARY = replace(PROGRAM, kind="shared library", interpreter=None, libc="gnu", level=None)
APPLE = Description(
    "server",
    "macho",
    "executable",
    0x01000007,
    64,
    "little",
    minimum_os="12.3",
    needed=("/usr/lib/libSystem.B.dylib",),
)
GO = replace(
    LIBRARY,
    linkage="static",
    kind="executable",
    libc=None,
    go=GoBuild("go1.26", settings=(("GOAMD64", "v3"),)),
)


@pytest.mark.parametrize(
    ("found", "wanted", "reasons"),
    [
        (PROGRAM, Requirements(), []),
        (PROGRAM, Requirements(static=True), ["is not statically linked"]),
        (APPLE, Requirements(static=True), []),
        (PROGRAM, Requirements(libc="gnu"), []),
        (
            PROGRAM,
            Requirements(libc="musl"),
            [
                "the interpreter /lib64/ld-linux-x86-64.so.2 is not that of musl, /lib/ld-musl-x86_64.so.1"
            ],
        ),
        (LIBRARY, Requirements(libc="musl"), ["needs the libc gnu, not musl"]),
        (LIBRARY, Requirements(libc="gnu"), []),
        (PROGRAM, Requirements(glibc_max="2.28"), ["needs glibc 2.34, newer than 2.28"]),
        (PROGRAM, Requirements(glibc_max="2.34"), []),
        (PROGRAM, Requirements(glibc_max="2.4"), ["needs glibc 2.34, newer than 2.4"]),
        (replace(PROGRAM, glibc=None), Requirements(glibc_max="2.4"), []),
        (APPLE, Requirements(macos_max="11.0"), ["needs macOS 12.3, newer than 11.0"]),
        (APPLE, Requirements(macos_max="12.3.0"), []),
        (replace(APPLE, minimum_os=None), Requirements(macos_max="11.0"), []),
        (PROGRAM, Requirements(float="soft"), ["hard float, not soft float"]),
        (PROGRAM, Requirements(float="hard"), []),
        (replace(PROGRAM, float_abi=None), Requirements(float="soft"), []),
        (PROGRAM, Requirements(x86_64_level=2), ["needs x86-64-v3, more than x86-64-v2"]),
        (PROGRAM, Requirements(x86_64_level=3), []),
        (GO, Requirements(x86_64_level=1), ["needs x86-64-v3, more than x86-64-v1"]),
        (GO, Requirements(x86_64_level=3), []),
        (replace(PROGRAM, machine=40, level=7), Requirements(x86_64_level=1), []),
        (PROGRAM, Requirements(no_rpath=True), ["has the run path /opt/lib:$ORIGIN"]),
        (
            LIBRARY,
            Requirements(needed_allow=("libc.so.*",)),
            ["needs libm.so.6, which is not among the libraries allowed"],
        ),
        (LIBRARY, Requirements(needed_allow=("lib?.so.*",)), []),
        (APPLE, Requirements(needed_allow=("libSystem*",)), []),
        (
            APPLE,
            Requirements(needed_allow=()),
            ["needs /usr/lib/libSystem.B.dylib, which is not among the libraries allowed"],
        ),
        (
            PROGRAM,
            Requirements(static=True, glibc_max="2.28", float="soft", no_rpath=True),
            [
                *(
                    "is not statically linked",
                    "needs glibc 2.34, newer than 2.28",
                    "hard float, not soft float",
                ),
                "has the run path /opt/lib:$ORIGIN",
            ],
        ),
    ],
)
def test_demands(found: Description, wanted: Requirements, reasons: list[str]) -> None:
    assert list(demands(found, ROW, wanted)) == [f"server: {reason}" for reason in reasons]


@pytest.mark.parametrize(
    ("text", "same"),
    [("2.28", "2.28"), ("11", "11.0"), ("2.17.0", "2.17"), ("0", "0.0")],
)
def test_versions(text: str, same: str) -> None:
    assert dotted(text) == dotted(same)


@pytest.mark.parametrize(
    "text", ["", ".", "2.", ".28", "2.x", "v2", "2..1", "2.²", "1!2", "1.0rc1", " 2", "2\n"]
)
def test_what_is_no_version(text: str) -> None:
    with pytest.raises(ValueError, match="is not a version"):
        dotted(text)


def test_layers_are_laid_key_by_key() -> None:
    every = Verification(static=True, glibc_max="2.28", x86_64_level="v2")
    own = Verification(static=False, needed_allow=())
    assert requirements(every, None, own, Verification()) == Requirements(
        glibc_max="2.28", x86_64_level=2, needed_allow=()
    )
    assert requirements() == Requirements()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (Verification(libc="uclibc"), "libc is 'uclibc'"),
        (Verification(float="double"), "float is 'double'"),
        (Verification(x86_64_level="3"), "x86-64-level is '3'"),
        (Verification(glibc_max="new"), "glibc-max: 'new' is not a version"),
        (Verification(macos_max="11.x"), "macos-max: '11.x' is not a version"),
    ],
)
def test_wrong_values_are_named(wrong: Verification, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        requirements(wrong)
