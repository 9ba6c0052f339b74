"""The names of the table against the tools that own them, as they are on this machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from elftools.elf.enums import ENUM_E_MACHINE, ENUM_EI_OSABI
from packaging.tags import Tag, parse_tag, platform_tags
from packaging.version import Version

from xxpy.machine import resources
from xxpy.table.names import go_environment

if TYPE_CHECKING:
    from xxpy.table.columns import Row

TABLE = resources.table()
ROWS = TABLE.rows


def output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def targets(row: Row, group: str) -> list[str]:
    """Return every target that a group names, whatever the libc."""
    found = getattr(row, group)
    keys = ("target", "gnu", "musl", "msvc")
    return [] if found is None else [value for key in keys if (value := getattr(found, key, None))]


@pytest.fixture(scope="module")
def go_version() -> Version:
    return Version(output("go", "env", "GOVERSION").strip().removeprefix("go").split()[0])


def test_go_has_every_port_and_the_table_every_port_of_go(go_version: Version) -> None:
    ports = set(output("go", "tool", "dist", "list").split())
    ours = {
        f"{row.go.os}/{row.go.arch}"
        for row in ROWS.values()
        if row.go
        and Version(row.go.since) <= go_version
        and (row.go.until is None or go_version.release[:2] <= Version(row.go.until).release[:2])
    }
    assert ours - ports == set()
    # No compiler of the table but Go's knows these, and no tool but Go names them.
    assert ports - ours == {
        "aix/ppc64",
        "ios/amd64",
        "js/wasm",
        "plan9/386",
        "plan9/amd64",
        "plan9/arm",
    }


def test_go_knows_every_setting(go_version: Version) -> None:
    for row in ROWS.values():
        if (
            row.go
            and row.go.settings
            and Version(row.go.settings_since or row.go.since) <= go_version
        ):
            given = go_environment(row)
            answer = subprocess.run(
                ["go", "env", *row.go.settings],
                env={**os.environ, **given},
                capture_output=True,
                text=True,
                check=True,
            )
            assert answer.stdout.split() == list(row.go.settings.values()), row.platform


def test_rustc_knows_every_target() -> None:
    version = Version(re.search(r"rustc (\d+\.\d+)", output("rustc", "--version")).group(1))  # type: ignore[union-attr]
    known = set(output("rustc", "--print", "target-list").split())
    unknown = {
        target
        for row in ROWS.values()
        for target in targets(row, "rust")
        if target not in known
        and (row.rust is None or row.rust.since is None or Version(row.rust.since) <= version)
    }
    assert unknown == set()


def test_rustc_agrees_on_width_and_byte_order() -> None:
    known = set(output("rustc", "--print", "target-list").split())
    for row in ROWS.values():
        for target in targets(row, "rust")[:1]:
            if target in known and not row.platform.variant:
                printed = output("rustc", "--print", "cfg", "--target", target)
                assert f'target_pointer_width="{row.data.bits}"' in printed, target
                assert f'target_endian="{row.data.byte_order}"' in printed, target


def test_dpkg_knows_every_debian_name() -> None:
    known = set(output("dpkg-architecture", "-L").split())
    for row in ROWS.values():
        if row.debian is None:
            continue
        assert row.debian.arch in known, row.platform
        if row.debian.triple is not None:
            printed = output(
                "dpkg-architecture", "-a", row.debian.arch, "-q", "DEB_HOST_MULTIARCH", "-f"
            ).strip()
            assert printed == row.debian.triple, row.platform
            bits, order = (
                output(
                    "dpkg-architecture", "-a", row.debian.arch, "-q", f"DEB_HOST_ARCH_{key}", "-f"
                ).strip()
                for key in ("BITS", "ENDIAN")
            )
            assert (int(bits), order) == (row.data.bits, row.data.byte_order)


def test_clang_has_every_back_end_and_takes_every_target() -> None:
    version = int(re.search(r"clang version (\d+)", output("clang", "--version")).group(1))  # type: ignore[union-attr]
    printed = {
        line.split()[0] for line in output("clang", "-print-targets").splitlines() if " - " in line
    }
    for row in ROWS.values():
        if row.clang is None or (row.clang.since or 0) > version:
            continue
        assert row.clang.backend in printed, row.platform
        for target in targets(row, "clang"):
            flags = [f"-march={row.clang.march}"] if row.clang.march else []
            done = subprocess.run(
                ["clang", f"--target={target}", *flags, "-fsyntax-only", "-x", "c", "-"],
                input=f'_Static_assert(sizeof(void *) * 8 == {row.data.bits}, "width");\n_Static_assert(__BYTE_ORDER__ == __ORDER_{row.data.byte_order.upper()}_ENDIAN__, "order");\n',
                capture_output=True,
                text=True,
                check=False,
            )
            known = row.clang.march is None or (
                "argument to '-march='" not in done.stderr
                and "does not support '-march" not in done.stderr
            )
            assert done.returncode == 0 or not known, (row.platform, target, done.stderr)


def test_rustc_has_the_same_tiers() -> None:
    if Version(re.search(r"rustc (\d+\.\d+)", output("rustc", "--version"))[1]) < Version("1.95"):  # type: ignore[index]
        return  # tiers change, and older releases do not tell them
    command = ["rustc", "-Z", "unstable-options", "--print", "all-target-specs-json"]
    # Stable releases print this only when they are told to behave like the compiler that builds them.
    done = subprocess.run(
        command,
        env={**os.environ, "RUSTC_BOOTSTRAP": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    tiers = {
        name: str(found["metadata"]["tier"]) for name, found in json.loads(done.stdout).items()
    }
    for row in ROWS.values():
        if row.rust is not None:
            main = row.rust.target or row.rust.gnu or row.rust.msvc
            assert main is None or row.rust.tier == tiers[main], row.platform
            assert row.rust.musl is None or row.rust.musl_tier == tiers[row.rust.musl], row.platform


def test_zig_has_every_target() -> None:
    printed = output(sys.executable, "-m", "ziglang", "targets")
    libcs = set(re.findall(r'"([a-z0-9_]+-[a-z]+-[a-z0-9]+)"', printed))
    systems = set(re.findall(r'"([a-z0-9_]+)"', printed))
    for row in ROWS.values():
        for target in targets(row, "zig"):
            architecture, system, *abi = target.split("-")
            assert {architecture, system} <= systems, target
            if system == "ios":
                continue  # zig compiles for it and has no libc of it
            whole = f"{architecture}-{system}-{abi[0] if abi else 'none'}"
            assert whole in libcs or f"{architecture}-{system}-musl" in libcs, target
    for row in ROWS.values():
        if row.zig is not None and row.zig.cpu is not None:
            assert f".{row.zig.cpu}" in printed or f'"{row.zig.cpu}"' in printed, row.zig.cpu


def loaders(group: str) -> list[tuple[str, Row, str, str]]:
    """Return ``(libc, row, target, path)`` for every loader of a row that *group* has a target for."""
    found = []
    for row in ROWS.values():
        for libc in ("gnu", "musl", "system"):
            path = row.loader and getattr(row.loader, libc)
            target = getattr(getattr(row, group), "target" if libc == "system" else libc, None)
            if path and target:
                found.append((libc, row, target, path))
    return found


def test_zig_names_the_same_loader() -> None:
    different = set()
    checked = loaders("zig")
    for target, path in {(target, path) for _, _, target, path in checked}:
        printed = output(
            sys.executable,
            "-m",
            "ziglang",
            "build-exe",
            "--show-builtin",
            "-target",
            target,
            "-dynamic",
            "-lc",
        )
        answer = re.search(r'\.dynamic_linker = \.init\("([^"]+)"', printed)
        if answer is None or answer[1] != path:
            different.add((target, path, answer and answer[1]))
    assert different == set()
    assert {row.platform.os for _, row, _, _ in checked} == {
        "linux",
        "darwin",
        "ios",
        "freebsd",
        "netbsd",
        "openbsd",
    }


def test_clang_passes_the_same_loader() -> None:
    different = set()
    version = int(re.search(r"clang version (\d+)", output("clang", "--version")).group(1))  # type: ignore[union-attr]
    for libc, row, target, path in loaders("clang"):
        # clang names none for Apple's systems and Solaris, and knows nothing of musl on MIPS with soft float.
        if row.platform.os in {"darwin", "ios", "solaris", "illumos"} or (
            libc == "musl" and row.platform.variant == "softfloat"
        ):
            continue
        if row.clang is None or (row.clang.since or 0) > version:
            continue
        done = subprocess.run(
            ["clang", f"--target={target}", "-###", "-x", "c", "/dev/null"],
            capture_output=True,
            text=True,
            check=False,
        )
        answer = re.search(r'"-?-dynamic-linker" "([^"]+)"', done.stderr)
        if answer is None or answer[1] != path:
            different.add((target, path, answer and answer[1]))
    assert different == set()


def test_config_sub_prints_every_gnu_triple_as_it_is() -> None:
    given = {target for row in ROWS.values() for target in targets(row, "gnu")}
    assert {
        target for target in given if output("/usr/share/misc/config.sub", target).strip() != target
    } == set()


def test_the_history_of_go_agrees_on_the_oldest_ports() -> None:
    """Go's own list of what each release added names the ports that 1.0 and 1.1 had."""
    history = next(Path("/usr/share").glob("go-*/api"))
    for file, release in (("go1.txt", "1.0"), ("go1.1.txt", "1.1")):
        named = re.findall(
            r"^pkg syscall \((\w+)-(\w+)(?:-cgo)?\)", (history / file).read_text(), re.MULTILINE
        )
        # Go dropped darwin/386 with 1.15; an early file put netbsd/arm64, a port of 1.13, into the list of 1.1.
        ports = {f"{system}/{architecture}" for system, architecture in named} - {
            "darwin/386",
            "netbsd/arm64",
        }
        ours = {
            f"{row.go.os}/{row.go.arch}"
            for row in ROWS.values()
            if row.go and Version(row.go.since) <= Version(release)
        }
        assert ours == ports, release


def test_qemu_has_every_emulator() -> None:
    missing = {
        row.qemu.user
        for row in ROWS.values()
        if row.qemu and not Path(f"/usr/bin/qemu-{row.qemu.user}-static").exists()
    }
    assert missing == set()


def test_pyelftools_knows_the_numbers() -> None:
    machines = {value for value in ENUM_E_MACHINE.values() if isinstance(value, int)}
    systems = {value for value in ENUM_EI_OSABI.values() if isinstance(value, int)}
    for row in ROWS.values():
        if row.elf is not None:
            assert row.elf.machine in machines
            assert row.elf.osabi in systems
    names = {
        "linux/amd64": "EM_X86_64",
        "linux/arm64": "EM_AARCH64",
        "linux/s390x": "EM_S390",
        "linux/loong64": "EM_LOONGARCH",
        "linux/mips64": "EM_MIPS",
    }
    for key, name in names.items():
        elf = ROWS[key].elf
        assert elf is not None
        assert elf.machine == ENUM_E_MACHINE[name]


def test_packaging_reads_every_wheel_tag() -> None:
    for row in ROWS.values():
        for tag in (row.python.tag, row.python.musl_tag) if row.python else ():
            assert tag is None or parse_tag(f"cp311-cp311-{tag}") == {Tag("cp311", "cp311", tag)}


def test_packaging_gives_this_machine_the_tag_of_its_row() -> None:
    machine = output("uname", "-m").strip()
    row = next(
        row
        for row in ROWS.values()
        if row.triple.libc and machine in {row.uname.machine, *row.uname.also}
    )
    assert row.python is not None
    assert row.python.tag in set(platform_tags())


def test_wheels_on_musl_are_for_the_same_architecture() -> None:
    for row in ROWS.values():
        if row.python is not None and row.triple.libc:
            assert row.python.musl_tag == row.python.tag.replace("linux_", "musllinux_1_2_", 1), (
                row.platform
            )


def test_this_machine_is_in_the_table() -> None:
    machine = output("uname", "-m").strip()
    assert [
        row.platform.architecture
        for row in ROWS.values()
        if machine in {row.uname.machine, *row.uname.also} and row.triple.libc
    ]


def test_clang_asks_its_linker_for_the_format() -> None:
    version = re.search(r"version (\d+)", output("clang", "--version"))
    assert version is not None
    for row in ROWS.values():
        known = row.clang is not None and (row.clang.since or 0) <= int(version.group(1))
        if row.linker is None or row.linker.emulation is None or row.clang is None or not known:
            continue
        target = row.clang.target or row.clang.gnu or row.clang.musl
        said = subprocess.run(
            ["clang", f"--target={target}", "-###", "-x", "c", "/dev/null"],
            capture_output=True,
            text=True,
            check=True,
        ).stderr
        assert f'"-m" "{row.linker.emulation}"' in said, row.platform
