"""Targets: platforms on a distribution, fully resolved, with every name that a tool may need.

Names differ by distribution and libc, not only by platform: ``linux/arm/v7`` is
``arm-linux-gnueabihf`` in Debian and ``armv7-alpine-linux-musleabihf`` in Alpine. A triple is
composed of the words of the row::

    WORD [-VENDOR] -SYSTEM [-LIBC ABI] [VERSION]

    aarch64-linux-gnu, x86_64-w64-mingw32, arm64-apple-macos11.0

:data:`QUERIES` is the one list of names; ``xx-info`` and the documentation are rendered from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.errors import UnsupportedPlatformError, UsageError, nearest
from xxpy.table import libc as c_library
from xxpy.table.names import go_environment, package_arch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from xxpy.table.columns import Row
    from xxpy.table.distributions import Distribution
    from xxpy.table.platform import Platform


VENDOR_VARIABLE: Final = "XX_VENDOR"
LIBC_VARIABLE: Final = "XX_LIBC"
DEFAULT_DISTRIBUTION: Final = "debian"
"""The distribution whose spelling of names counts where none is asked for."""

NO_DISTRIBUTION: Final = "unknown"
"""The vendor in triples on a system without ``/etc/os-release``."""


@dataclass(frozen=True, slots=True)
class Target:
    """One platform on one distribution, resolved.

    :param row: the row of the platform
    :param distribution: the distribution that the build runs on and takes libraries from
    :param named_as: the distribution whose spellings are used; it differs only with ``XX_VENDOR``
    :param os_version: ``VERSION_ID`` of os-release, or ""
    :param vendor: the output of ``xx-info vendor``
    :param libc: ``gnu``, ``musl``, ``mingw32`` … without the ABI
    :param triple: the triple in the spelling of the ``xx-*`` commands
    :param sysroot: the folder that stands for the target's ``/``, with a slash at its end
    :param is_cross: whether the build machine has another triple
    """

    row: Row
    distribution: Distribution
    named_as: Distribution
    os_version: str
    vendor: str
    libc: str
    triple: str
    sysroot: str
    is_cross: bool

    @property
    def platform(self) -> Platform:
        """The platform, in canonical spelling."""
        return self.row.platform

    @property
    def package_arch(self) -> str:
        """The architecture in the names of packages; OCI's name on a distribution without a row."""
        return package_arch(self.row, self.named_as)

    def name(self, query: str) -> str:
        """Return the answer to one query of :data:`QUERIES`.

        :raises UsageError: there is no such query
        :raises UnsupportedPlatformError: the query's ecosystem does not have the platform
        """
        if query not in QUERIES:
            raise UsageError(
                f"unknown query {query!r}", nearest(query, QUERIES) or "xxpy info prints all names"
            )
        answer = QUERIES[query].value(self)
        if answer is None:
            raise UnsupportedPlatformError(
                f"{self.platform} has no {query}", "xxpy info prints the names that it has"
            )
        return answer

    def names(self) -> dict[str, str]:
        """Return every name that the target has, by query, in the order of :data:`QUERIES`."""
        answers = {name: query.value(self) for name, query in QUERIES.items()}
        return {name: answer for name, answer in answers.items() if answer is not None}

    def environment(self) -> dict[str, str]:
        """Return the variables of ``xx-info env``, in its order."""
        lines = {
            "XX_OS": self.platform.os,
            "XX_OS_VERSION": self.os_version,
            "XX_ARCH": self.platform.architecture,
            "XX_MARCH": self.row.uname.machine,
            "XX_VENDOR": self.vendor,
            "XX_PKG_ARCH": self.package_arch,
            "XX_TRIPLE": self.triple,
            "XX_LIBC": self.libc,
            "TARGETOS": self.platform.os,
            "TARGETARCH": self.platform.architecture,
            "TARGETVARIANT": self.platform.variant,
        }
        if not self.row.triple.libc:
            del lines["XX_PKG_ARCH"]
        return lines


@dataclass(frozen=True, slots=True)
class Query:
    """One name that ``xx-info`` and ``xxpy info`` answer with.

    :param help: what the answer is, for people
    :param value: the answer for a target, None if its ecosystem does not have the platform
    :param own: whether the answer depends on more than the row and the libc
    """

    help: str
    value: Callable[[Target], str | None]
    own: bool = False


def _of(group: str, key: str) -> Callable[[Target], str | None]:
    """Return a query that reads one key of one group."""

    def value(target: Target) -> str | None:
        found = getattr(target.row, group)
        answer = None if found is None else getattr(found, key)
        return None if answer is None else str(answer)

    return value


def _by_libc(group: str) -> Callable[[Target], str | None]:
    """Return a query that reads the key of a group for the target's libc, or for all libcs."""

    def value(target: Target) -> str | None:
        """Return the answer."""
        found = getattr(target.row, group)
        if found is None:
            return None
        answers = (
            getattr(found, key, None) for key in (c_library.of(target.libc), "target", "system")
        )
        return next((str(answer) for answer in answers if answer is not None), None)

    return value


def _plain_or_musl(group: str, key: str, musl_key: str) -> Callable[[Target], str | None]:
    """Return a query that reads *key* of a group, or *musl_key* on musl."""

    def value(target: Target) -> str | None:
        return _of(group, musl_key if target.row.triple.libc and is_musl(target) else key)(target)

    return value


def is_musl(target: Target) -> bool:
    """Return whether the target's C library is musl."""
    return c_library.is_musl(target.libc)


def build_environment(target: Target) -> dict[str, str]:
    """Return the variables of every build for *target*: BuildKit's and Go's."""
    platform = target.platform
    return {
        "TARGETPLATFORM": platform.key,
        "TARGETOS": platform.os,
        "TARGETARCH": platform.architecture,
        "TARGETVARIANT": platform.variant,
        **go_environment(target.row),
    }


def _go_environment(target: Target) -> str | None:
    return " ".join(f"{name}={value}" for name, value in go_environment(target.row).items()) or None


QUERIES: Final[Mapping[str, Query]] = {
    "os": Query("operating system in OCI spelling", lambda target: target.platform.os, own=True),
    "arch": Query(
        "architecture in OCI spelling", lambda target: target.platform.architecture, own=True
    ),
    "variant": Query(
        "variant in OCI spelling; empty if there is none",
        lambda target: target.platform.variant,
        own=True,
    ),
    "os-version": Query(
        "VERSION_ID of /etc/os-release", lambda target: target.os_version, own=True
    ),
    "march": Query(
        "machine name that uname -m prints on the target",
        lambda target: target.row.uname.machine,
        own=True,
    ),
    "alpine-arch": Query("architecture name in Alpine packages", _of("alpine", "arch"), own=True),
    "debian-arch": Query("architecture name in Debian packages", _of("debian", "arch"), own=True),
    "rhel-arch": Query("architecture name in RPM packages", _of("rpm", "arch"), own=True),
    "pkg-arch": Query(
        "architecture name in packages of this distribution",
        lambda target: target.package_arch,
        own=True,
    ),
    "triple": Query(
        "triple for clang and gcc on this distribution", lambda target: target.triple, own=True
    ),
    "vendor": Query(
        "ID of /etc/os-release, or the vendor of the target's system",
        lambda target: target.vendor,
        own=True,
    ),
    "libc": Query("C library in the triple, without its ABI", lambda target: target.libc, own=True),
    "sysroot": Query(
        "directory that stands for the target's /", lambda target: target.sysroot, own=True
    ),
    "gnu-triple": Query("full GNU triple, as config.sub prints it", _by_libc("gnu")),
    "clang-target": Query("clang's --target", _by_libc("clang")),
    "rust-target": Query("rustc's --target", _by_libc("rust")),
    "zig-target": Query("zig's -target", _by_libc("zig")),
    "go-env": Query("GOOS, GOARCH and the variable of the variant, such as GOARM", _go_environment),
    "debian-triple": Query("Debian's multiarch tuple", _of("debian", "triple")),
    "qemu-arch": Query("NAME in qemu-NAME", _of("qemu", "user")),
    "cmake-system": Query("CMAKE_SYSTEM_NAME", _of("cmake", "system")),
    "cmake-processor": Query("CMAKE_SYSTEM_PROCESSOR", _of("cmake", "processor")),
    "meson-system": Query("Meson's host_machine.system", _of("meson", "system")),
    "meson-cpu-family": Query("Meson's host_machine.cpu_family", _of("meson", "cpu_family")),
    "meson-cpu": Query("Meson's host_machine.cpu", _of("meson", "cpu")),
    "conan-os": Query("Conan's setting os", _of("conan", "os")),
    "conan-arch": Query("Conan's setting arch", _of("conan", "arch")),
    "vcpkg-system": Query("VCPKG_CMAKE_SYSTEM_NAME", _of("vcpkg", "system")),
    "vcpkg-arch": Query("VCPKG_TARGET_ARCHITECTURE", _of("vcpkg", "arch")),
    "bazel-os": Query("constraint value in @platforms//os", _of("bazel", "os")),
    "bazel-cpu": Query("constraint value in @platforms//cpu", _of("bazel", "cpu")),
    "byte-order": Query("little or big", _of("data", "byte_order")),
    "bits": Query("pointer width in bits", _of("data", "bits")),
    "loader": Query("path of the dynamic loader", _by_libc("loader")),
    "python-tag": Query(
        "platform tag of Python wheels", _plain_or_musl("python", "tag", "musl_tag")
    ),
    "node-platform": Query("Node's process.platform", _of("node", "platform")),
    "node-arch": Query("Node's process.arch", _of("node", "arch")),
    "dotnet-rid": Query(".NET runtime identifier", _plain_or_musl("dotnet", "rid", "musl_rid")),
    "jvm-arch": Query("Java's os.arch", _of("jvm", "arch")),
    "conda-subdir": Query("conda's subdir", _of("conda", "subdir")),
    "homebrew-arch": Query("architecture in Homebrew's bottle tags", _of("homebrew", "arch")),
    "lipo-arch": Query("architecture name that lipo uses", _of("lipo", "arch")),
    "github-runner": Query("label of GitHub's hosted runner", _of("github", "runner")),
    "android-abi": Query("Android ABI", _of("android", "abi")),
    "program-suffix": Query("file name extension of programs", _of("file", "program_suffix")),
    "pair": Query("TARGETPAIR, such as linux-armv7", lambda target: target.platform.pair, own=True),
    "folder": Query(
        "directory that BuildKit's local exporter writes to",
        lambda target: target.platform.folder,
        own=True,
    ),
}
"""Every name that ``xx-info`` and ``xxpy info`` answer with, in the order of output."""


SPECIAL_QUERIES: Final[Mapping[str, str]] = {
    "is-cross": "prints nothing; exits with 0 if the target is not this machine",
    "env": "the names that scripts use, as NAME=value lines",
}
"""Further queries, whose answers are not names."""


def further_queries() -> Iterator[tuple[str, Query]]:
    """Yield the queries that depend only on the row and the libc; scripts look them up."""
    return ((name, query) for name, query in QUERIES.items() if not query.own)
