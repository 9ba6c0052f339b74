"""A platform on a distribution becomes a target: fully resolved, with every name that a tool may ask for.

The names differ by distribution and libc, not only by platform: ``linux/arm/v7`` is
``arm-linux-gnueabihf`` to Debian and ``armv7-alpine-linux-musleabihf`` to Alpine. A triple is
composed of the words of the row::

    WORD [-VENDOR] -SYSTEM [-LIBC ABI] [VERSION]      aarch64-linux-gnu, x86_64-w64-mingw32, arm64-apple-macos11.0

:data:`QUERIES` is the one list of names; ``xx-info`` and the documentation are rendered from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.errors import UnsupportedPlatformError, UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.table.columns import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from xxpy.table.columns import Row
    from xxpy.table.distributions import Distribution
    from xxpy.table.load import Table
    from xxpy.table.platform import Platform

VENDOR_VARIABLE: Final = "XX_VENDOR"
LIBC_VARIABLE: Final = "XX_LIBC"
NO_DISTRIBUTION: Final = "unknown"
"""The vendor word of a system without ``/etc/os-release``, as triples spell it."""


@dataclass(frozen=True, slots=True)
class Target:
    """One platform on one distribution, resolved.

    :param row: the row of the platform
    :param distribution: the system that the build runs on and takes libraries from
    :param named_as: the distribution whose spellings are used; another one only with ``XX_VENDOR``
    :param os_version: ``VERSION_ID`` of os-release, or ""
    :param vendor: what ``xx-info vendor`` prints
    :param libc: ``gnu``, ``musl``, ``mingw32`` … without the ABI
    :param triple: the triple as the ``xx-*`` commands spell it
    :param sysroot: the directory that stands for the target's ``/``, with a slash at its end
    :param is_cross: whether the build machine is something else
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
        """The architecture as the distribution's packages name it; where no row knows the distribution, OCI's."""
        return package_arch(self.row, self.named_as)

    def name(self, query: str) -> str:
        """Answer one query of :data:`QUERIES`.

        :raises UsageError: there is no such query
        :raises UnsupportedPlatformError: the ecosystem that was asked for does not know the
            platform
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
        """Return the variables that ``xx-info env`` prints, in its order."""
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


def variables(table: Table) -> list[str]:
    """Return the variables that change names: those of every target, and those that rows name."""
    parts = [row.triple for row in table.rows.values()]
    named = {
        name
        for part in parts
        for name in (part.word_variable, part.version_variable)
        if name is not None
    }
    return [VENDOR_VARIABLE, LIBC_VARIABLE, *sorted(named)]


def package_arch(row: Row, distribution: Distribution) -> str:
    """Return the architecture as the packages of *distribution* name it (``armhf``, ``armv7``, ``armv7hl``)."""
    names = None if distribution.names is None else getattr(row, distribution.names)
    return row.platform.architecture if names is None else str(names.arch)


def _triple(
    row: Row, libc: str, system: Distribution, named_as: Distribution, variables: Mapping[str, str]
) -> str:
    parts = row.triple
    word = parts.word
    abi = parts.abi
    if parts.libc:
        if named_as.alpine_spelling:
            word = parts.word_alpine or word
        if system.alpine_spelling:
            abi = parts.abi if parts.abi_alpine is None else parts.abi_alpine
        word = variables.get(parts.word_variable or "", "") or word
    version = variables.get(parts.version_variable or "", "") or parts.version
    vendor = parts.vendor or (named_as.id if parts.libc and named_as.vendor_in_triple else "")
    ending = f"{libc}{abi}" if parts.libc else ""
    return "-".join(filter(None, (word, vendor, f"{parts.system}{version}", ending)))


def resolve(
    table: Table,
    platform: Platform,
    distribution: str = NO_DISTRIBUTION,
    *,
    os_version: str = "",
    build: Platform | None = None,
    variables: Mapping[str, str] | None = None,
    sdk: str = "",
) -> Target:
    """Resolve *platform* on *distribution*.

    :param distribution: the ``ID`` of os-release, ``unknown`` without one
    :param os_version: its ``VERSION_ID``
    :param build: the build machine; None is a machine that no row knows
    :param variables: what overrides names: ``XX_VENDOR``, ``XX_LIBC`` and those that rows name;
        empty means unset
    :param sdk: the SDK folder that was found, for systems that have one; "" is the row's default
    :raises UnsupportedPlatformError: no row has the platform
    """
    given = variables or {}
    row = table.row(platform)
    system = table.distribution(distribution)
    parts = row.triple
    vendor = (
        parts.vendor
        if parts.vendor and parts.vendor_prevails
        else given.get(VENDOR_VARIABLE, "") or distribution
    )
    named_as = table.distribution(vendor)
    libc = given.get(LIBC_VARIABLE, "") or parts.libc_name or system.libc
    triple = _triple(row, libc, system, named_as, given)
    is_cross = build is None or build.os != platform.os or build.key not in table.rows
    if not is_cross and build is not None:
        is_cross = _triple(table.row(build), libc, system, named_as, given) != triple
    sysroot = "/"
    if row.sdk is not None:
        sysroot = sdk or row.sdk.default
    elif system.foreign_root and is_cross:
        sysroot = f"/{triple}/"
    return Target(row, system, named_as, os_version, vendor, libc, triple, sysroot, is_cross)


@dataclass(frozen=True, slots=True)
class Query:
    """One name that can be asked for.

    :param help: what the answer is, for people
    :param value: the answer for a target, None where its ecosystem does not know the platform
    :param own: whether ``xx-info`` computes it from more than the row and the libc (the contract's
        queries)
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
    """Return a query that reads the key of a group that goes with the target's libc, or the one for all."""

    def value(target: Target) -> str | None:
        found = getattr(target.row, group)
        if found is None:
            return None
        answers = (
            getattr(found, key, None)
            for key in ("musl" if is_musl(target) else "gnu", "target", "system")
        )
        return next((str(answer) for answer in answers if answer is not None), None)

    return value


def _plain_or_musl(group: str, key: str, musl_key: str) -> Callable[[Target], str | None]:
    """Return a query that reads *key* of a group, or *musl_key* on musl."""

    def value(target: Target) -> str | None:
        return _of(group, musl_key if target.row.triple.libc and is_musl(target) else key)(target)

    return value


def is_musl(target: Target) -> bool:
    """Whether the target's C library is musl."""
    return target.libc.startswith("musl")


def go_environment(row: Row) -> dict[str, str]:
    """Return Go's variables for a platform (https://pkg.go.dev/cmd/go#hdr-Environment_variables); empty without Go."""
    if row.go is None:
        return {}
    return {"GOOS": row.go.os, "GOARCH": row.go.arch, **(row.go.settings or {})}


RUSTUP_TIERS: Final = ("1", "2")
"""The tiers of Rust's targets whose standard library rustup has (https://doc.rust-lang.org/rustc/platform-support.html)."""


def rust_package(row: Row) -> str | None:
    """Return Debian's package with Rust's standard library for a platform, ``libstd-rust-dev:arm64``, or None where there is none."""
    if row.rust is None or row.rust.debian is None:
        return None
    names = row.debian
    return (
        row.rust.debian
        if names is None or names.triple is None
        else f"{row.rust.debian}:{names.arch}"
    )


def build_environment(target: Target) -> dict[str, str]:
    """Return the variables that a build for *target* sees, whatever its tools: BuildKit's and Go's."""
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
"""Every name that ``xx-info`` and ``xxpy info`` answer with, in the order in which they are shown."""


SPECIAL_QUERIES: Final[Mapping[str, str]] = {
    "is-cross": "prints nothing; exits with 0 if the target is not this machine",
    "env": "the names that scripts use, as NAME=value lines",
}
"""What can be asked besides, that is no name."""


def further_queries() -> Iterator[tuple[str, Query]]:
    """Yield the queries that depend on nothing but the row and the libc, so that they can be rendered as lookups."""
    return ((name, query) for name, query in QUERIES.items() if not query.own)


def cargo_variable(name: str, what: str) -> str:
    """Return the variable in which cargo reads a setting of a target.

    >>> cargo_variable("thumbv8m.main-none-eabi", "LINKER")
    'CARGO_TARGET_THUMBV8M_MAIN_NONE_EABI_LINKER'
    """
    return f"CARGO_TARGET_{name.replace('-', '_').replace('.', '_').upper()}_{what}"
