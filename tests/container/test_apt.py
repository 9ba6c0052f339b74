"""``xx-apt-get`` with the real apt: what it installs links and runs, what it asks for, what it says when apt cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from bench import packages
from tests.container import reader
from tests.container.example import EXAMPLE
from tests.container.lab import images
from tests.container.lab.commands import run
from tests.container.test_pages import follow
from xxpy.machine import resources
from xxpy.table.platform import parse

if TYPE_CHECKING:
    from pathlib import Path

    from tests.container.lab.daemon import Docker

TABLE = resources.table()
PAGE: Final = EXAMPLE.parents[1] / "docs/packages.md"
SUITES: Final = {"12": "bookworm", "13": "trixie"}
WITHOUT_LLD: Final = ("linux/arm/v7", "linux/ppc64le")
"""The platforms for which nothing that links is installed before."""
C: Final = '#include <stdio.h>\n#include <zlib.h>\nint main(void) { printf("zlib %s\\n", zlibVersion()); return 0; }\n'
CXX: Final = "#include <iostream>\n#include <zlib.h>\nint main() { std::cout << zlibVersion() << std::endl; }\n"
SHELLS: Final = {"dash": "dash", "busybox": "busybox sh", "bash": "bash"}


def context(folder: Path, **files: str) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    return folder


def machine_of(platform: str) -> str:
    """Return what ``readelf -h`` calls the machine of a platform."""
    row = TABLE.row(parse(platform, TABLE.words))
    assert row.debian is not None
    names = {
        "arm64": "AArch64",
        "armhf": "ARM",
        "armel": "ARM",
        "i386": "Intel 80386",
        "amd64": "Advanced Micro Devices X86-64",
    }
    return (
        names.get(row.debian.arch)
        or {"ppc64el": "PowerPC64", "s390x": "IBM S/390"}[row.debian.arch]
    )


def cases() -> list[tuple[str, str]]:
    """Every release and platform that the mirror has whole."""
    platforms = (
        "linux/arm64",
        "linux/arm/v7",
        "linux/arm/v6",
        "linux/386",
        "linux/ppc64le",
        "linux/s390x",
    )
    return [*(("12", platform) for platform in platforms), ("13", "linux/arm64")]


@pytest.mark.slow
@pytest.mark.parametrize(("release", "platform"), cases())
def test_what_is_installed_links_and_runs(
    release: str,
    platform: str,
    docker: Docker,
    qemu: None,  # noqa: ARG001 - the built programs run
    xx: Path,
    tmp_path: Path,
) -> None:
    base = images.whole_debian(docker, release, SUITES[release], with_apt=True)
    # Where lld is missing, or cannot link for the platform, the essentials bring what does.
    lld = "" if platform in WITHOUT_LLD else "lld"
    text = (
        f"FROM --platform=$BUILDPLATFORM {base} AS build\n"
        "ENV DEBIAN_FRONTEND=noninteractive\n"
        f"RUN echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/unsafe && apt-get update && apt-get install -y --no-install-recommends clang {lld}\n"
        "COPY --from=xx / /\nCOPY c.c cxx.cc /src/\n"
        "ARG TARGETPLATFORM\n"
        "RUN xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials zlib1g-dev 2>/first && mkdir /out\n"
        "RUN xx-clang -o /out/c /src/c.c -lz && xx-clang++ -o /out/cxx /src/cxx.cc -lz\n"
        "RUN /out/c >/out/said && /out/cxx >>/out/said\n"
        "RUN xx-apt-get install -y zlib1g-dev >/out/again 2>/out/asked && cp /first /out/first\n"
        "FROM scratch\nCOPY --from=build /out /\n"
    )
    folder = context(tmp_path / "context", Dockerfile=text, c_c=C, cxx_cc=CXX)
    docker.build(
        folder,
        "--platform",
        platform,
        "--output",
        tmp_path / "out",
        contexts={"xx": xx},
        timeout=1200,
    )
    for name, needed in {
        "c": ("libz.so.1", "libc.so.6"),
        "cxx": ("libz.so.1", "libstdc++.so.6", "libc.so.6"),
    }.items():
        read = run("readelf", "--wide", "--file-header", "--dynamic", tmp_path / "out" / name)
        assert f"Machine:                           {machine_of(platform)}" in read
        assert all(f"Shared library: [{library}]" in read for library in needed)
    said = (tmp_path / "out/said").read_text().split()
    assert said[0] == "zlib"
    assert said[1] == said[2]
    shown = [
        line for line in (tmp_path / "out/first").read_text().splitlines() if line.startswith("+")
    ]
    brought = {
        "linux/s390x": " binutils-s390x-linux-gnu ",
        **dict.fromkeys(WITHOUT_LLD, " lld "),
    }.get(platform)
    assert (brought or " install ") in shown[2]
    row = TABLE.row(parse(platform, TABLE.words))
    assert row.debian is not None
    assert shown[:2] == [f"+ dpkg --add-architecture {row.debian.arch}", "+ apt-get update"]
    # Nothing is new the second time.
    assert (
        tmp_path / "out/asked"
    ).read_text() == f"+ apt-get install -y zlib1g-dev:{row.debian.arch}\n"
    assert "is already the newest version" in (tmp_path / "out/again").read_text()


@pytest.mark.slow
def test_the_page(docker: Docker, qemu: None, tmp_path: Path) -> None:  # noqa: ARG001 - the built program runs
    base = images.whole_debian(docker, "12", SUITES["12"], with_apt=True)
    folder = context(tmp_path / "source", main_c=C)
    reader.commands(tmp_path / "commands", docker, {"debian:12": base})
    assert follow(PAGE, folder, docker) == [{"bin/out"}]
    assert "Shared library: [libz.so.1]" in run("readelf", "--dynamic", folder / "bin/out")


NAMES: Final[dict[str, tuple[dict[str, str], str, str]]] = {
    "library": ({}, "zlib1g-dev", "zlib1g-dev:arm64"),
    "cross compiler": ({}, "gcc g++", "gcc-aarch64-linux-gnu g++-aarch64-linux-gnu"),
    "dashes": ({"TARGETPLATFORM": "linux/386"}, "gcc", "gcc-i686-linux-gnu"),
    "kept": ({}, "zlib1g=1:1.2.13.dfsg-1 zlib1g/bookworm zlib1g+ zlib1g- zlib1g:i386 zlib1g:any", "zlib1g=1:1.2.13.dfsg-1 zlib1g/bookworm zlib1g+ zlib1g- zlib1g:i386 zlib1g:any"),
    "patterns": ({}, "^zlib.*$ zlib1g*", "^zlib.*$ zlib1g*"),
    "options": ({}, "-yt bookworm --no-install-recommends zlib1g -o X=zlib1g", "-yt bookworm --no-install-recommends zlib1g:arm64 -o X=zlib1g"),
    "essentials": ({}, "xx-c-essentials xx-cxx-essentials", "libc6-dev:arm64 libgcc-12-dev:arm64 libstdc++-12-dev:arm64"),
    "cross essentials": ({"XX_APT_PREFER_CROSS": "1"}, "xx-c-essentials zlib1g", "libc6-dev-arm64-cross libgcc-12-dev-arm64-cross zlib1g:arm64"),
    "native": ({"TARGETPLATFORM": ""}, "gcc zlib1g xx-c-essentials xx-cxx-essentials", "gcc zlib1g libc6-dev libgcc-12-dev libstdc++-12-dev"),
    "native variant": ({"TARGETPLATFORM": "linux/amd64/v3"}, "zlib1g", "zlib1g"),
    "windows": ({"TARGETPLATFORM": "windows/amd64"}, "gcc zlib1g libz-mingw-w64-dev", "gcc-mingw-w64-x86-64 libz-mingw-w64-dev"),
    "windows 386": ({"TARGETPLATFORM": "windows/386"}, "xx-c-essentials xx-cxx-essentials", "mingw-w64-i686-dev gcc-mingw-w64-i686 g++-mingw-w64-i686"),
}  # fmt: skip
"""The variables, the words behind ``remove -s``, and what apt-get is given for them; the target is linux/arm64."""


@pytest.fixture(scope="module")
def machine(docker: Docker, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An image of Debian 12 with the lists of three further architectures, Python, and the shells."""
    base = images.whole_debian(docker, "12", SUITES["12"], with_apt=True)
    text = (
        f"FROM {base}\nENV DEBIAN_FRONTEND=noninteractive\n"
        "RUN echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/unsafe && for name in arm64 i386 s390x; do dpkg --add-architecture $name; done && apt-get update && \\\n"
        "    apt-get install -y --no-install-recommends busybox python3-minimal strace\n"
    )
    folder = context(tmp_path_factory.mktemp("machine") / "context", Dockerfile=text)
    docker.make_image("xxpy-lab/apt:12", folder)
    return "xxpy-lab/apt:12"


def inside(docker: Docker, image: str, xx: Path, script: str) -> str:
    """Return what a script says in a container that has the commands and no network."""
    mounts = [
        word
        for path in sorted((xx / "usr/bin").iterdir())
        for word in ("--volume", f"{path}:/usr/bin/{path.name}:ro")
    ]
    return docker.run(
        "run", "--rm", "--network", "none", *mounts, image, "sh", "-c", script, timeout=600
    )


def test_names(docker: Docker, machine: str, xx: Path) -> None:
    lines = ["set -f"]
    for name, (variables, words, _) in NAMES.items():
        for shell in SHELLS.values() if name in {"kept", "essentials", "windows"} else ("dash",):
            given = " ".join(
                f"{key}={value}"
                for key, value in ({"TARGETPLATFORM": "linux/arm64"} | variables).items()
            )
            lines.append(
                f"echo \"= $({given} {shell} /usr/bin/xx-apt-get remove -s {words} 2>&1 | grep '^+')\""
            )
    answers = inside(docker, machine, xx, "\n".join(lines)).splitlines()
    wanted = []
    for name, (_, _, expected) in NAMES.items():
        wanted += [f"= + apt-get remove -s {expected}"] * (
            3 if name in {"kept", "essentials", "windows"} else 1
        )
    assert answers == wanted


def test_verbs_that_look(docker: Docker, machine: str, xx: Path) -> None:
    script = (
        "export TARGETPLATFORM=linux/arm64; xx-apt list zlib1g-dev; xx-apt show zlib1g-dev; xx-apt info gcc; xx-apt search '^zlib1g-dev$'; "
        "TARGETPLATFORM=windows/arm64 xx-apt show gcc"
    )
    said = inside(docker, machine, xx, f"exec 2>&1; {script}")
    assert (
        "zlib1g-dev/oldstable 1:1.2.13.dfsg-1 arm64" in said
        or "zlib1g-dev/stable 1:1.2.13.dfsg-1 arm64" in said
    )
    assert "binary-arm64" in said or "bookworm/main arm64 Packages" in said
    assert "Package: gcc-aarch64-linux-gnu" in said
    assert "compression library - development" in said
    assert "no gcc for windows/arm64: left out" in said


CLANG: Final = """echo 'Debian clang version {0}.0.6' >&2; echo 'Target: none' >&2; echo ' "/usr/lib/llvm-{0}/bin/clang" "-cc1"' >&2"""
"""Answers like a clang of some version."""
LLD: Final = "echo 'Debian LLD 14.0.6 (compatible with GNU linkers)'"
LINKERS: Final[dict[str, tuple[str, dict[str, str], str]]] = {
    "lld": ("linux/arm64", {"clang": CLANG.format(14)}, "lld"),
    "the lld of a newer clang": ("linux/arm64", {"clang-16": CLANG.format(16)}, "lld-16"),
    "a clang whose lld is not there": ("linux/arm64", {"clang": CLANG.format(99)}, "lld"),
    "an lld that is too old": ("linux/s390x", {"clang": CLANG.format(14)}, "binutils-s390x-linux-gnu"),
    "an lld that is too old and installed": ("linux/s390x", {"clang": CLANG.format(14), "ld.lld": LLD}, "binutils-s390x-linux-gnu"),
    "lld is there": ("linux/arm64", {"clang": CLANG.format(14), "ld.lld": LLD}, ""),
    "binutils are there": ("linux/s390x", {"clang": CLANG.format(14), "s390x-linux-gnu-ld": "exit 1"}, ""),
    "this machine's ld knows its sibling": ("linux/386", {"clang": CLANG.format(14), "ld": "echo elf_x86_64 elf_i386"}, ""),
    "this machine's ld knows no other": ("linux/386", {"clang": CLANG.format(14), "ld": "echo elf_x86_64"}, "lld"),
    "no clang": ("linux/arm64", {}, ""),
    "something else called clang": ("linux/arm64", {"clang": "exit 0"}, ""),
    "native": ("", {"clang": CLANG.format(14)}, "lld"),
}  # fmt: skip
"""The target, the programs that are on PATH, and the linker's package among those that apt-get is asked for."""


@pytest.mark.parametrize(
    "names",
    [
        ("the lld of a newer clang", "an lld that is too old", "binutils are there", "native"),
        pytest.param(tuple(LINKERS), marks=pytest.mark.slow),
    ],
    ids=len,
)
def test_the_essentials_bring_a_linker(
    names: tuple[str, ...], docker: Docker, machine: str, xx: Path
) -> None:
    script = ["exec 2>&1"]
    for number, (platform, tools, _) in enumerate(LINKERS[name] for name in names):
        script.append(f"mkdir /tools{number}")
        for tool, text in tools.items():
            script.append(
                f"cat >/tools{number}/{tool} <<'END'\n#!/bin/sh\n{text}\nEND\nchmod 755 /tools{number}/{tool}"
            )
        words = ("xx-cxx-essentials", "xx-c-essentials", "xx-cxx-essentials xx-c-essentials")[
            number % 3
        ]
        asked = f"xx-apt-get install -s {words}"
        script.append(
            f"PATH=/tools{number}:$PATH TARGETPLATFORM={platform} {asked} | grep '^+ apt-get install'"
        )
    answers = inside(docker, machine, xx, "\n".join([*script, "true"])).splitlines()
    assert len(answers) == len(names), answers
    for name, answer in zip(names, answers, strict=True):
        brought = [word for word in answer.split()[3:] if word.startswith(("lld", "binutils"))]
        assert brought == LINKERS[name][2].split(), (name, answer)


FAILURES: Final[dict[str, tuple[str, int, list[str]]]] = {
    "unknown": ("xx-apt-get install -y zlib-dev", 100, ["E: Unable to locate package zlib-dev:arm64", "hint: for zlib-dev, did you mean zlib1g-dev?"]),
    "not of that architecture": ("xx-apt-get install -y cpuid", 100, ["cpuid is a package for this machine, but not for arm64"]),
    "a release without it": ("TARGETPLATFORM=linux/loong64 xx-apt-get install -y zlib1g", 1, ["debian 12 has no packages for linux/loong64 (loong64)", "hint: "]),
    "never released": ("TARGETPLATFORM=linux/ppc64 xx-apt-get install -y zlib1g", 1, ["debian 12 has no packages for linux/ppc64"]),
    "passed over": ("TARGETPLATFORM=linux/riscv64 xx-apt-get install -y zlib1g", 0, ["skipping packages installation on linux/riscv64"]),
    "tried": ("XX_APT_FORCE_RISCV64=1 TARGETPLATFORM=linux/riscv64 xx-apt-get install -y zlib1g", 1, ["+ dpkg --add-architecture riscv64", "+ apt-get update", "the lists of packages for riscv64 cannot be fetched"]),
    "program of the machine": ("xx-apt-get install -y python3-minimal", 1, ["installing for arm64 would remove programs of this machine: python3-minimal", "hint: install the libraries", "if the machine's own may go, say so: apt-get install python3-minimal:arm64 python3-minimal-"]),
    "as it was said": ("xx-apt-get install -s -y python3-minimal:arm64 python3-minimal-", 0, ["+ apt-get install -s -y python3-minimal:arm64 python3-minimal-"]),
    "essential": ("xx-apt-get install -y bash", 100, ["What apt says above stands in the way", "hint: install libraries"]),
    "versions": (
        "sed -i '/^Package: libc6$/,/^$/s/^Version: .*/Version: 2.99-1/; s/^Package: gcc-12-base$/&/' /var/lib/dpkg/status; xx-apt-get install -y zlib1g",
        100,
        ["libc6: this machine has 2.99-1, for arm64 there is 2.36-", "A library can be installed for two architectures only in one and the same version.", "hint: bring the machine to that version"],
    ),
}  # fmt: skip
"""What is asked, the exit status, and what is said; the last one leaves the container's database changed."""


@pytest.mark.slow
def test_failures_are_explained(docker: Docker, machine: str, xx: Path) -> None:
    lines = ["export TARGETPLATFORM=linux/arm64", "exec 2>&1"]
    lines += [
        f"echo '@@'; ({command}); echo \"status $?\"; dpkg --print-foreign-architectures"
        for command, _, _ in FAILURES.values()
    ]
    answers = inside(docker, machine, xx, "\n".join(lines)).split("@@\n")[1:]
    for (name, (_, status, messages)), answer in zip(FAILURES.items(), answers, strict=True):
        assert f"status {status}\n" in answer, f"{name}: {answer}"
        assert [message for message in messages if message not in answer] == [], f"{name}: {answer}"
        # dpkg is touched only where it is tried.
        assert "loong64\n" not in answer.partition("status")[2], name


@pytest.mark.slow
def test_few_processes(docker: Docker, machine: str, xx: Path) -> None:
    calls = {
        "next": "TARGETPLATFORM=linux/arm64 xx-apt-get install -s -y zlib1g-dev gcc g++ make xx-c-essentials",
        "native": "TARGETPLATFORM= xx-apt-get install -s zlib1g-dev",
        "passed through": "TARGETPLATFORM=linux/arm64 xx-apt-get --version",
    }
    assert packages.count(docker, machine, xx, calls) == {
        "next": ["uname", "dpkg", "dpkg", "apt-get", "apt-cache", "apt-get", "apt-get"],
        "native": ["uname", "dpkg", "apt-get", "apt-get"],
        "passed through": ["apt-get"],
    }


UBUNTU_SOURCES: Final = """\
Types: deb deb-src
URIs: http://archive.ubuntu.com/ubuntu/
Suites: noble noble-updates
Components: main universe
Signed-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg

Types: deb
URIs: http://security.ubuntu.com/ubuntu/
Suites: noble-security
Components: main
Signed-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg
"""
UBUNTU_LIST: Final = """\
deb http://archive.ubuntu.com/ubuntu jammy main
# deb-src http://archive.ubuntu.com/ubuntu jammy main
deb [signed-by=/k] http://security.ubuntu.com/ubuntu jammy-security universe
"""


@pytest.mark.parametrize(
    ("version", "file", "text"),
    [
        ("24.04", "sources.list.d/ubuntu.sources", UBUNTU_SOURCES),
        ("22.04", "sources.list", UBUNTU_LIST),
    ],
)
def test_the_ports_of_ubuntu(version: str, file: str, text: str, docker: Docker, xx: Path) -> None:
    base = images.whole_debian(docker, "12", SUITES["12"], with_apt=True)
    ask = 'apt-get -o APT::Get::List-Cleanup=0 update --print-uris 2>/dev/null | cut -d"\'" -f2'
    script = (
        f"rm -f /etc/os-release /etc/apt/sources.list; printf 'ID=ubuntu\\nVERSION_ID=\"{version}\"\\n' >/etc/os-release\n"
        f"cat >/etc/apt/{file} <<'END'\n{text}END\n"
        "exec 2>&1\nexport TARGETPLATFORM=linux/arm64\n"
        f"xx-apt-get --print-source-file\n"
        "xx-apt-get -o Acquire::Retries=0 install -y zlib1g-dev | tail -n 1; xx-apt-get -o Acquire::Retries=0 install -y zlib1g-dev | tail -n 1\n"
        f"{ask}\ncat /etc/apt/sources.list.d/xx-arm64.*\n"
        "TARGETPLATFORM=linux/386 xx-apt-get -o Acquire::Retries=0 install -y zlib1g-dev | tail -n 1\n"
        "cat /etc/apt/sources.list.d/xx-i386.*\n"
        "TARGETPLATFORM=linux/arm/v6 xx-apt-get install -y zlib1g-dev; echo $?\n"
    )
    said = inside(docker, base, xx, script).splitlines()
    assert said[0] == f"/etc/apt/{file}"
    uris = [
        line
        for line in said
        if line.startswith("http://") and "binary-" in line and "binary-all" not in line
    ]
    assert uris
    for uri in uris:
        assert ("binary-arm64" in uri) == uri.startswith(
            "http://ports.ubuntu.com/ubuntu-ports/dists/"
        ), uri
        assert ("binary-amd64" in uri) == uri.startswith(
            ("http://archive.ubuntu.com/", "http://security.ubuntu.com/")
        ), uri
    if file.endswith(".sources"):
        assert said.count("URIs: http://ports.ubuntu.com/ubuntu-ports") == 2
        assert said.count("Architectures: arm64") == 2
        assert said.count("Architectures: i386") == 2
        assert "URIs: http://security.ubuntu.com/ubuntu/" in said
    else:
        assert "deb [arch=arm64] http://ports.ubuntu.com/ubuntu-ports jammy main" in said
        assert (
            "deb [arch=arm64 signed-by=/k] http://ports.ubuntu.com/ubuntu-ports jammy-security universe"
            in said
        )
        assert "deb [arch=i386] http://archive.ubuntu.com/ubuntu jammy main" in said
        assert not [line for line in said if "deb-src" in line]
    assert f"ubuntu {version} has no packages for linux/arm/v6 (armel)" in said
    assert said[-1] == "1"
