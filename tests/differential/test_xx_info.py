"""``xx-info`` against Python: every platform, every distribution, every query, and the variables that override names."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.differential.roots import IDENTITIES, SHELLS, make
from xxpy.errors import UnsupportedPlatformError
from xxpy.machine import resources
from xxpy.table.platform import Platform, parse
from xxpy.table.resolve import resolve
from xxpy.table.target import QUERIES, further_queries

if TYPE_CHECKING:
    from pathlib import Path

TABLE = resources.table()
KEYS = tuple(TABLE.rows)
UNKNOWN = (
    "foo/bar",
    "linux/foo",
    "foo/amd64",
    "linux/arm/v9",
    "darwin/s390x",
    "windows/arm/v6",
    "linux/amd64/v9",
    "foo/bar/baz",
)
"""Well-formed platforms that no row has."""
NEED_NO_ROW = ("os", "arch", "variant", "os-version", "vendor", "libc")
FURTHER = tuple(name for name, _ in further_queries())
OWN = (*(name for name in QUERIES if name not in FURTHER), "is-cross", "env")
OVERRIDES: tuple[dict[str, str], ...] = (
    {"XX_VENDOR": "unknown"},
    {"XX_VENDOR": "alpine"},
    {"XX_VENDOR": "debian"},
    {"XX_VENDOR": "fedora"},
    {"XX_LIBC": "musl"},
    {"XX_LIBC": "gnu"},
    {"ARM_TARGET_ARCH": "armv7"},
    {"RISCV64_TARGET_ARCH": "riscv64gc"},
    {"MACOSX_VERSION_MIN": "12.3"},
    {
        "XX_VENDOR": "unknown",
        "XX_LIBC": "musl",
        "ARM_TARGET_ARCH": "armv7",
        "RISCV64_TARGET_ARCH": "riscv64gc",
    },
    {
        "XX_VENDOR": "",
        "XX_LIBC": "",
        "ARM_TARGET_ARCH": "",
        "RISCV64_TARGET_ARCH": "",
        "MACOSX_VERSION_MIN": "",
    },
)
Case = tuple[str, str, tuple[tuple[str, str], ...]]
"""A platform, a query, and the variables that are set."""


def expected(case: Case, identity: str, build: str) -> tuple[str, int]:
    """What Python says: the lines and the exit status. A failure prints nothing on stdout."""
    key, query, variables = case
    distribution, version = IDENTITIES[identity]
    if key in UNKNOWN:
        return ("", 1)
    target = resolve(
        TABLE,
        parse(key, TABLE.words),
        distribution,
        os_version=version,
        build=parse(build, TABLE.words),
        variables=dict(variables),
    )
    if query == "is-cross":
        return ("", 0 if target.is_cross else 1)
    if query == "env":
        return ("".join(f"{name}={value}\n" for name, value in target.environment().items()), 0)
    try:
        return (target.name(query) + "\n", 0)
    except UnsupportedPlatformError:
        return ("", 1)


def run_in_one_shell(
    root_folder: Path, shell: str, identity: str, cases: list[Case], machine: str
) -> list[tuple[str, int]]:
    """Run all cases in one shell process: each sources the script in a sub-shell."""
    root = make(root_folder, shell, identity, machine)
    lines = []
    for key, query, variables in cases:
        settings = " ".join(
            f"{name}='{value}'" for name, value in (("TARGETPLATFORM", key), *variables)
        )
        lines.append(f'( {settings}; set -- {query}; . /usr/bin/xx-info ) 2>/errors; echo "=$?"')
    (root.path / "cases").write_text("\n".join(lines))
    output = root.run(f"/bin/{shell}", *(["sh"] if shell == "busybox" else []), "/cases").stdout
    answers: list[tuple[str, int]] = []
    text = ""
    for line in output.splitlines(keepends=True):
        if line[0] == "=":
            answers.append((text, int(line[1:])))
            text = ""
        else:
            text += line
    return answers


@pytest.mark.parametrize("identity", IDENTITIES)
def test_every_platform_and_query_agrees_with_python(identity: str, tmp_path: Path) -> None:
    further = FURTHER if identity in {"debian-12", "alpine"} else ()
    cases: list[Case] = [
        (key, query, ()) for key in (*KEYS, *UNKNOWN) for query in (*OWN, *further)
    ]
    cases = [case for case in cases if case[0] not in UNKNOWN or case[1] not in NEED_NO_ROW]
    answers = run_in_one_shell(tmp_path, "dash", identity, cases, "x86_64")
    wrong = [
        (case, got, want)
        for case, got in zip(cases, answers, strict=True)
        if got != (want := expected(case, identity, "linux/amd64"))
    ]
    assert wrong == []


@pytest.mark.parametrize("identity", ["debian-12", "alpine", "fedora", "none"])
def test_overrides_agree_with_python(identity: str, tmp_path: Path) -> None:
    queries = (
        "triple",
        "vendor",
        "libc",
        "pkg-arch",
        "sysroot",
        "env",
        "is-cross",
        "rust-target",
        "zig-target",
    )
    cases: list[Case] = [
        (key, query, tuple(override.items()))
        for key in KEYS
        for query in queries
        for override in OVERRIDES
    ]
    # Every case would take a minute and a half: each override meets each platform, with queries in turn.
    cases = cases[:: 5 if identity != "alpine" else 4]
    answers = run_in_one_shell(tmp_path, "dash", identity, cases, "aarch64")
    wrong = [
        (case, got, want)
        for case, got in zip(cases, answers, strict=True)
        if got != (want := expected(case, identity, "linux/arm64"))
    ]
    assert wrong == []


@pytest.mark.parametrize("shell", SHELLS)
def test_random_cases_as_real_processes(shell: str, tmp_path: Path) -> None:
    chance = random.Random(20)  # noqa: S311 - a fixed sample
    roots = {identity: make(tmp_path, shell, identity, "riscv64") for identity in IDENTITIES}
    for _ in range(300):
        identity = chance.choice(tuple(IDENTITIES))
        override = tuple(chance.choice((*OVERRIDES, {})).items())
        case = (chance.choice((*KEYS, *UNKNOWN)), chance.choice((*OWN[6:], *FURTHER)), override)
        if case[0] in UNKNOWN and case[1] in NEED_NO_ROW:
            continue
        got = roots[identity].run(
            "/usr/bin/xx-info", case[1], environment={"TARGETPLATFORM": case[0], **dict(override)}
        )
        assert (got.stdout, got.returncode) == expected(case, identity, "linux/riscv64"), (
            case,
            identity,
        )


@pytest.mark.parametrize("key", UNKNOWN)
def test_a_platform_without_row_answers_only_what_needs_none(key: str, tmp_path: Path) -> None:
    root = make(tmp_path, "dash", "debian-12")
    system, architecture, *variant = key.split("/")
    answers = {"os": system, "arch": architecture, "variant": "".join(variant), "os-version": "12"}
    answers |= {
        "vendor": "apple" if system == "darwin" else "debian",
        "libc": "mingw32" if system == "windows" else "gnu",
    }
    for query, answer in answers.items():
        got = root.run("/usr/bin/xx-info", query, environment={"TARGETPLATFORM": key})
        assert (got.stdout, got.returncode) == (f"{answer}\n", 0), query
    failed = root.run("/usr/bin/xx-info", "triple", environment={"TARGETPLATFORM": key})
    first = failed.stderr.splitlines()[0]
    assert (
        first == f"unsupported target: os={system} arch={architecture} variant={''.join(variant)}"
    )
    assert (failed.stdout, failed.returncode) == ("", 1)
    with pytest.raises(UnsupportedPlatformError):
        TABLE.row(Platform(system, architecture, "".join(variant)))


@pytest.mark.parametrize(
    ("environment", "machine", "triple"),
    [
        ({}, "x86_64", "x86_64-linux-gnu"),
        ({"TARGETPLATFORM": ""}, "aarch64", "aarch64-linux-gnu"),
        (
            {"TARGETPLATFORM": "linux/arm64", "TARGETPAIR": "linux-amd64", "TARGETARCH": "386"},
            "x86_64",
            "aarch64-linux-gnu",
        ),
        ({"TARGETPAIR": "linux-armv7", "TARGETARCH": "386"}, "x86_64", "arm-linux-gnueabihf"),
        ({"TARGETPAIR": "linux-arm"}, "x86_64", "arm-linux-gnueabihf"),
        ({"TARGETPAIR": "linux-armv6"}, "x86_64", "arm-linux-gnueabi"),
        ({"TARGETPAIR": "windows-arm64"}, "x86_64", "aarch64-w64-mingw32"),
        ({"TARGETARCH": "arm64"}, "x86_64", "aarch64-linux-gnu"),
        ({"TARGETOS": "windows"}, "x86_64", "x86_64-w64-mingw32"),
        ({"TARGETOS": "darwin"}, "aarch64", "arm64-apple-macos11.0"),
        (
            {"TARGETOS": "linux", "TARGETARCH": "arm", "TARGETVARIANT": "v6"},
            "x86_64",
            "arm-linux-gnueabi",
        ),
        ({"TARGETARCH": "arm", "TARGETVARIANT": "6"}, "x86_64", "arm-linux-gnueabi"),
        ({"TARGETARCH": "arm", "TARGETVARIANT": "v3"}, "x86_64", "arm-linux-gnueabihf"),
        ({"TARGETARCH": "amd64", "TARGETVARIANT": "v7"}, "aarch64", "x86_64-linux-gnu"),
        ({"TARGETVARIANT": "v7"}, "aarch64", "aarch64-linux-gnu"),
        ({"TARGETVARIANT": "v6"}, "armv7l", "arm-linux-gnueabi"),
        ({}, "i386", "i686-linux-gnu"),
        ({}, "i486", "i686-linux-gnu"),
        ({}, "i586", "i686-linux-gnu"),
        ({}, "i686", "i686-linux-gnu"),
        ({}, "armv8l", "arm-linux-gnueabihf"),
        ({}, "armv6l", "arm-linux-gnueabi"),
        ({}, "s390x", "s390x-linux-gnu"),
        ({"TARGETPLATFORM": "linux/arm/6"}, "x86_64", "arm-linux-gnueabi"),
        ({"TARGETPLATFORM": "linux/arm/8"}, "x86_64", "arm-linux-gnueabihf"),
        ({"TARGETPLATFORM": "linux/arm64/v8"}, "x86_64", "aarch64-linux-gnu"),
        ({"TARGETPLATFORM": "linux"}, "aarch64", "aarch64-linux-gnu"),
        ({"TARGETPLATFORM": "riscv64"}, "x86_64", "riscv64-linux-gnu"),
        ({"TARGETPLATFORM": "windows(10.0.17763+win32k)/amd64"}, "x86_64", "x86_64-w64-mingw32"),
    ],
)
@pytest.mark.parametrize("shell", SHELLS)
def test_the_strongest_variable_decides(
    environment: dict[str, str], machine: str, triple: str, shell: str, tmp_path: Path
) -> None:
    got = make(tmp_path, shell, "debian-12", machine).run(
        "/usr/bin/xx-info", environment=environment
    )
    assert (got.stdout, got.stderr, got.returncode) == (f"{triple}\n", "", 0)


@pytest.mark.parametrize(
    ("environment", "machine", "message"),
    [
        ({"TARGETPLATFORM": "/linux"}, "x86_64", "malformed platform: /linux"),
        ({"TARGETPLATFORM": "linux/"}, "x86_64", "malformed platform: linux/"),
        ({"TARGETPLATFORM": "linux//arm64"}, "x86_64", "malformed platform: linux//arm64"),
        ({"TARGETPLATFORM": "linux/arm/v7/x"}, "x86_64", "malformed platform: linux/arm/v7/x"),
        ({"TARGETPLATFORM": "linux/arm 64"}, "x86_64", "malformed platform: linux/arm 64"),
        ({"TARGETPLATFORM": "linux/$(id)"}, "x86_64", "malformed platform: linux/$(id)"),
        ({"TARGETPLATFORM": "linux/*"}, "x86_64", "malformed platform: linux/*"),
        ({"TARGETPAIR": "linux"}, "x86_64", "malformed pair: linux"),
        (
            {"TARGETPAIR": "linux-amd64v3"},
            "x86_64",
            "unsupported target: os=linux arch=amd64v3 variant=",
        ),
        (
            {"TARGETPAIR": "linux-armv9"},
            "x86_64",
            "unsupported target: os=linux arch=armv9 variant=",
        ),
        (
            {"TARGETPLATFORM": "linux/arm/v9"},
            "x86_64",
            "unsupported target: os=linux arch=arm variant=v9",
        ),
        (
            {"TARGETPLATFORM": "linux/foo"},
            "x86_64",
            "unsupported target: os=linux arch=foo variant=",
        ),
        ({}, "pdp11", "unsupported target: os=linux arch=unknown variant="),
    ],
)
@pytest.mark.parametrize("shell", SHELLS)
def test_what_cannot_be_meant_fails(
    environment: dict[str, str], machine: str, message: str, shell: str, tmp_path: Path
) -> None:
    got = make(tmp_path, shell, "debian-12", machine).run(
        "/usr/bin/xx-info", environment=environment
    )
    assert (got.stdout, got.returncode) == ("", 1)
    assert got.stderr.splitlines()[0] == message


def test_the_variants_are_named_when_one_is_unknown(tmp_path: Path) -> None:
    got = make(tmp_path, "dash", "debian-12").run(
        "/usr/bin/xx-info", environment={"TARGETPLATFORM": "linux/arm/v9"}
    )
    assert got.stderr.splitlines()[1] == "hint: the variants of arm are v5, v6, v7, v8"


def test_help_and_unknown_queries(tmp_path: Path) -> None:
    root = make(tmp_path, "dash", "debian-12")
    help_text = root.run("/usr/bin/xx-info", "--help", environment={"TARGETPLATFORM": "foo/bar"})
    assert help_text.returncode == 0
    assert all(f"  {name} " in help_text.stdout for name in (*QUERIES, "is-cross", "env"))
    for arguments in (["nonsense"], [""], ["os", "arch"], ["--unknown"]):
        got = root.run("/usr/bin/xx-info", *arguments)
        assert (got.stdout, got.returncode) == ("", 1), arguments
        assert got.stderr, arguments
