"""The loader: what a row is laid together from, and every kind of fault, all of them at once."""

from __future__ import annotations

import dataclasses

import pytest

from tests.unit.table_copy import NEW_ROW, texts
from xxpy.errors import TableError, UnsupportedPlatformError
from xxpy.machine import resources
from xxpy.table.columns import FORMATS, GROUPS, Row
from xxpy.table.load import load
from xxpy.table.platform import Platform, parse

TABLE = resources.table()


def faults(**changes: tuple[str, str]) -> tuple[str, ...]:
    """Return the faults of the table after replacing text in files: ``linux=(old, new)``; "" as *old* appends."""
    files = texts()
    for name, (old, new) in changes.items():
        file = f"{name}.toml"
        assert old in files[file]
        files[file] = files[file].replace(old, new, 1) if old else files[file] + new
    with pytest.raises(TableError) as error:
        load(files)
    return error.value.faults


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("linux", 'go.since = "1.0"', 'go.sinse = "1.0"', "linux.toml: platform.'linux/amd64'.go.sinse: unknown key; did you mean since?"),
        ("linux", 'go.since = "1.0"', "go.since = 1", "linux.toml: platform.'linux/amd64'.go.since: 1 is not a string"),
        ("architectures", "elf = { machine = 62, level = 1 }", 'elf = { machine = "62" }', "architectures.toml: architecture.amd64.elf.machine: '62' is not an integer"),
        ("architectures", 'cmake.processor = "s390x"\n', "", "linux.toml: platform.'linux/s390x'.cmake.processor: missing"),
        ("architectures", 'title = "IBM Z"', 'titel = "IBM Z"', "architectures.toml: architecture.s390x.titel: unknown key; did you mean title?"),
        ("systems", "[os.linux]", "[oss.linux]", "systems.toml: oss: unknown section; did you mean os?"),
        ("linux", "", "\n[platform.linux]\n", "linux.toml: platform.linux: the key of a platform is os/architecture[/variant]"),
        ("linux", "", '\n[platform."beos/amd64"]\n', "linux.toml: platform.'beos/amd64': there is no section os.beos"),
        ("linux", "", '\n[platform."linux/arm/v9"]\n', "linux.toml: platform.'linux/arm/v9': v9 is not among the variants of platform.'linux/arm'"),
        ("windows", "", '\n[platform."linux/amd64"]\n', "windows.toml: platform.'linux/amd64': is defined twice, also in linux.toml"),
        ("linux", "", '\n[platform."Linux/amd64"]\n', "linux.toml: platform.'Linux/amd64': not a table with a lower-case key"),
        ("linux", "", "\n[", "linux.toml: "),
        ("architectures", 'aliases = ["i386"]', 'aliases = ["i386", "aarch64"]', "architectures.toml: architecture.arm64: 'aarch64' already means ('386', '')"),
        ("columns", "[column.jvm]", "[column.jwm]", "columns.toml: column.jwm: no such group; did you mean jvm?"),
        ("columns", 'keys = { arch = "os.arch" }', 'keys = { ark = "os.arch" }', "columns.toml: column.jvm.keys.arch: missing"),
        ("systems", 'aliases = ["macos"]', 'aliases = "macos"', "systems.toml: os.darwin.aliases: 'macos' is not a list of strings"),
        ("systems", 'aliases = ["macos"]', 'aliases = ["macOS"]', "systems.toml: os.darwin.aliases: 'macOS' is not a lower-case word"),
        ("linux", 'variants = ["v5", "v6", "v7", "v8"]', "variants = 5", "linux.toml: platform.'linux/arm'.variants: 5 is not a list of strings"),
        ("linux", 'variants = ["v5", "v6", "v7", "v8"]', 'variants = ["V5"]', "linux.toml: platform.'linux/arm'.variants: 'V5' is not a lower-case word"),
        ("architectures", 'title = "IBM Z"', "title = 5", "architectures.toml: architecture.s390x.title: 5 is not a string"),
        ("architectures", 'rpm.arch = "s390x"', "rpm = 5", "architectures.toml: architecture.s390x.rpm: 5 is not a table"),
        ("architectures", 'default = "v7"', 'default = "v9"', "architectures.toml: architecture.arm.default: there is no section architecture.'arm/v9'"),
        ("architectures", 'like = "arm/v7"', 'like = "arm/v9"', "architectures.toml: architecture.'arm/v8'.like: there is no section architecture.'arm/v9'"),
        ("architectures", 'runs = ["386"]', 'runs = ["i386"]', "architectures.toml: architecture.amd64.runs: there is no section architecture.i386"),
        ("apple", "[platform.", "sdk = 5\n[platform.", "apple.toml: sdk: unknown section"),
        ("apple", "[platform.", "os = 5\n[platform.", "apple.toml: os: 5 is not a table"),
        ("android", "executable = false", 'executable = "no"', "android.toml: platform.'android/arm'.go.executable: 'no' is not true or false"),
        ("architectures", 'settings = { GOAMD64 = "v2" }', "settings = { GOAMD64 = 2 }", "architectures.toml: architecture.'amd64/v2'.go.settings: {'GOAMD64': 2} is not a table of strings"),
        ("architectures", 'also = ["amd64"]', "also = [64]", "architectures.toml: architecture.amd64.uname.also: [64] is not a list of strings"),
        ("columns", "[column.jvm]", "[column.jvm]\nother = 5", "columns.toml: column.jvm.other: unknown key"),
        ("columns", 'keys = { arch = "os.arch" }', 'keys = { arch = "os.arch", x = "" }', "columns.toml: column.jvm.keys.x: no such key"),
        ("distributions", "", "\n[distribution.x]\nrelease = 5\n", "distributions.toml: distribution.x.release: 5 is not a table"),
        ("distributions", "", "\n[distribution.x]\nrelease.5 = 5\n", "distributions.toml: distribution.x.release.5: 5 is not a table"),
        ("distributions", 'names = "debian"', 'names = "deb"', "distributions.toml: distribution.debian.names: 'deb' is not a group"),
        ("distributions", 'codename = "bookworm"', 'code = "bookworm"', "distributions.toml: distribution.debian.release.12.code: unknown key; did you mean codename?"),
    ],
)  # fmt: skip
def test_a_fault_names_file_key_and_what_is_wrong(
    file: str, old: str, new: str, fault: str
) -> None:
    found = faults(**{file: (old, new)})
    assert any(line.startswith(fault) for line in found), found


def test_every_fault_is_reported_at_once() -> None:
    found = faults(
        linux=('go.since = "1.0"', 'go.sinse = "1.0"'),
        windows=('github.runner = "windows-2025"', "github.runner = 2025"),
        systems=('title = "Windows"', 'titel = "Windows"'),
    )
    assert {line.split(":")[0] for line in found} == {"linux.toml", "windows.toml", "systems.toml"}


def test_a_fault_of_a_layer_is_reported_once_and_where_it_stands() -> None:
    assert faults(
        architectures=("elf = { machine = 62, level = 1 }", "elf = { machin = 62, machine = 62 }")
    ) == ("architectures.toml: architecture.amd64.elf.machin: unknown key; did you mean machine?",)


def test_a_missing_group_names_every_row_that_lacks_it() -> None:
    found = faults(
        architectures=(
            'data = { bits = 64, byte_order = "big" }\ntriple.word = "s390x"',
            'triple.word = "s390x"',
        )
    )
    assert found == ("linux.toml: platform.'linux/s390x'.data: missing",)


def test_a_new_platform_is_one_new_row() -> None:
    files = texts()
    files["linux.toml"] += NEW_ROW
    row = load(files).row(Platform("linux", "sparc64"))
    assert (row.title, row.elf and row.elf.machine, row.go and row.go.os) == (
        "Linux on 64-bit SPARC",
        43,
        "linux",
    )


def test_layers_are_laid_over_each_other() -> None:
    row = TABLE.row(Platform("linux", "amd64", "v3"))
    assert row.go is not None
    assert (row.go.os, row.go.arch, dict(row.go.settings or {}), row.go.since) == (
        "linux",
        "amd64",
        {"GOAMD64": "v3"},
        "1.0",
    )
    assert row.clang is not None
    assert (row.clang.backend, row.clang.march) == ("x86-64", "x86-64-v3")


def test_like_takes_the_names_of_another_variant() -> None:
    seventh, eighth = (TABLE.row(Platform("linux", "arm", variant)) for variant in ("v7", "v8"))
    own = {"elf", "conan", "bazel"}  # what tells the two apart
    for group in GROUPS:
        if group not in own:
            assert getattr(seventh, group) == getattr(eighth, group), group


def test_an_empty_string_takes_back() -> None:
    hard, soft = (TABLE.row(Platform("linux", "mips64", variant)) for variant in ("", "softfloat"))
    assert hard.rust is not None
    assert soft.rust is None


def test_a_group_that_only_lower_layers_begin_is_absent() -> None:
    assert TABLE.row(Platform("freebsd", "riscv64")).go is None
    assert TABLE.row(Platform("openbsd", "amd64")).node is None


@pytest.mark.parametrize("row", TABLE.rows.values(), ids=TABLE.rows)
def test_a_row_has_what_its_binaries_and_its_system_need(row: Row) -> None:
    """The format of its files and no other, a path of the loader for each libc it has, an emulator only on Linux."""
    assert [name for name in FORMATS if getattr(row, name) is not None] == (
        [row.file.format] if row.file.format != "wasm" else []
    )
    assert (row.qemu is not None) == (row.platform.os == "linux")
    assert (row.sdk is not None) == (row.platform.os == "darwin")
    if row.triple.libc:
        assert row.loader is not None
        assert row.loader.gnu is not None
        assert row.loader.musl is not None
    assert {row.debian, row.alpine, row.rpm} != {None} or row.file.format == "wasm"


def test_a_row_without_the_format_of_its_files_is_refused() -> None:
    assert faults(architectures=("elf.machine = 22\n", "")) == (
        "linux.toml: platform.'linux/s390x'.elf.machine: missing",
    )
    found = faults(
        architectures=(
            'pe = { machine = 0x014C, cvtres = "X86", dlltool = "i386", underscore = "_", bfd = ["pe-i386", "pei-i386"] }\n',
            "",
        )
    )
    assert found == ("windows.toml: platform.'windows/386'.pe: missing",)


def test_every_name_of_an_architecture_in_words_leads_to_a_section() -> None:
    for key, others in TABLE.words.runs.items():
        for other in (key, *others):
            assert parse(f"linux/{other}", TABLE.words).key == f"linux/{other}"


def test_rows_are_frozen() -> None:
    row = TABLE.row(Platform("linux", "amd64"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        row.title = "x"  # type: ignore[misc]
    assert row.go is not None
    with pytest.raises(TypeError):
        TABLE.row(Platform("linux", "arm", "v7")).go.settings["GOARM"] = "5"  # type: ignore[index, union-attr]


def test_a_combination_that_no_row_has_names_the_nearest() -> None:
    with pytest.raises(UnsupportedPlatformError) as error:
        TABLE.row(Platform("darwin", "arm64e"))
    assert (error.value.message, error.value.hint) == (
        "no row of the table is darwin/arm64e",
        "did you mean darwin/arm64?",
    )


def test_the_platforms_that_the_design_asks_for_are_there() -> None:
    wanted = """
    linux/amd64 linux/amd64/v2 linux/amd64/v3 linux/amd64/v4 linux/386 linux/arm/v5 linux/arm/v6 linux/arm/v7 linux/arm/v8 linux/arm64 linux/riscv64
    linux/ppc64le linux/ppc64 linux/s390x linux/loong64 linux/mips linux/mipsle linux/mips64 linux/mips64le linux/mips/softfloat linux/mipsle/softfloat
    linux/mips64/softfloat linux/mips64le/softfloat windows/amd64 windows/386 windows/arm64 windows/arm/v7 darwin/amd64 darwin/arm64 freebsd/amd64
    freebsd/arm64 freebsd/386 netbsd/amd64 netbsd/arm64 openbsd/amd64 openbsd/arm64 wasi/wasm android/arm64 ios/arm64
    """.split()  # noqa: SIM905 - a list of forty words
    assert set(wanted) <= TABLE.rows.keys()


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_says_where_its_values_come_from(group: str) -> None:
    column = TABLE.columns[group]
    assert column.source.startswith("https://")
    assert column.title
    assert all(column.keys.values())
    assert any(getattr(row, group) is not None for row in TABLE.rows.values())
