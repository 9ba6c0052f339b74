"""The keys of ``xxpy.toml``, each with the sentence that the schema and the docs show."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field
from typing import Any


def _key(text: str, default: Any = None, *, factory: Any = MISSING) -> Any:  # noqa: ANN401 - a field of any type
    """Return a field with the text that the schema shows."""
    metadata = {"description": text}
    return (
        field(default=default, metadata=metadata)
        if factory is MISSING
        else field(default_factory=factory, metadata=metadata)
    )


@dataclass(frozen=True, slots=True)
class Verification:
    """What ``xxpy build`` and ``xxpy verify`` ask of a binary besides that it is one for its platform."""

    static: bool | None = _key("Whether programs for Linux and the BSDs must be static.")
    libc: str | None = _key("gnu or musl: whose interpreter programs for Linux must ask for.")
    glibc_max: str | None = _key("The newest glibc that may be needed, such as 2.28.")
    macos_max: str | None = _key("The newest macOS that may be asked for, such as 11.0.")
    float: str | None = _key("hard or soft: the float ABI, where it is stated.")
    x86_64_level: str | None = _key("The highest level of x86-64 that may be asked for: v1 to v4.")
    no_rpath: bool | None = _key("Whether a run path is refused.")
    needed_allow: tuple[str, ...] | None = _key(
        "The libraries that may be needed, as patterns such as libc.so.*; others are refused."
    )


@dataclass(frozen=True, slots=True)
class Sysroot:
    """Headers and libraries that the targets have: :class:`xxpy.sysroot.Spec`, or :class:`xxpy.sysroot.Added`."""

    name: str | None = _key(
        "A sysroot that is there already: as xxpy sysroot list shows it, or a folder; instead of the other keys."
    )
    distribution: str | None = _key(
        "Release whose packages they are, such as debian:bookworm; without it this machine's."
    )
    packages: tuple[str, ...] = _key(
        "Packages with headers and libraries, such as libssl-dev, as the distribution names them.",
        (),
    )
    updates: bool | None = _key(
        "Whether updates of the release are taken, those of its security among them; without it they are."
    )


@dataclass(frozen=True, slots=True)
class PerPlatform:
    """What is different for one platform."""

    arguments: tuple[str, ...] = _key(
        "Further arguments for the build tool, after those of all platforms.", ()
    )
    environment: dict[str, str] = _key("Further variables.", factory=dict)
    sysroot: Sysroot | None = _key(
        "Headers and libraries of this platform, instead of those of all."
    )
    strategy: str | None = _key(
        "How this platform is built: here, cross, node or emulation; without it xxpy plan chooses."
    )
    verify: Verification | None = _key(
        "What is asked of its binaries instead of what is asked of all."
    )


@dataclass(frozen=True, slots=True)
class Node:
    """A machine with a BuildKit, which builds its own platforms."""

    endpoint: str = _key(
        "Where it is: ssh://user@machine, tcp://machine:1234, or a Docker context.", ""
    )
    platforms: tuple[str, ...] = _key("Platforms that it builds for.", ())


@dataclass(frozen=True, slots=True)
class Image:
    """How the image of the project is built by BuildKit."""

    context: str = _key("Folder that the Dockerfile sees.", ".")
    dockerfile: str = _key("The Dockerfile, below the context.", "Dockerfile")
    target: str | None = _key("Stage to build; without it the last one.")
    tags: tuple[str, ...] = _key("Names of the image, such as ghcr.io/me/app:1.0.", ())
    cache: str | None = _key("Name of an image in a registry that keeps the build cache.")
    contexts: dict[str, str] = _key("Named contexts, such as xx for the commands.", factory=dict)
    arguments: dict[str, str] = _key("Build arguments.", factory=dict)
    attest: bool = _key("Whether provenance and an SBOM are attached.", True)  # noqa: FBT003 - the default of a key


@dataclass(frozen=True, slots=True)
class Configuration:
    """All keys, none of which need be there."""

    platforms: tuple[str, ...] = _key(
        "Platforms to build for: os/architecture[/variant], globs such as linux/*, exclusions such as !linux/386, or all.",
        (),
    )
    output: str | None = _key("Folder for the results, one folder a platform.")
    language: str | None = _key("Kind of project, where it is not clear from the files.")
    packages: tuple[str, ...] = _key(
        "Packages to build, such as ./cmd/server; without it every main package.", ()
    )
    arguments: tuple[str, ...] = _key("Further arguments for the build tool.", ())
    environment: dict[str, str] = _key("Further variables.", factory=dict)
    cgo: bool | None = _key("Whether Go may use C.")
    static: bool | None = _key("Whether programs for Linux and the BSDs must be static.")
    cc: str | None = _key("The C compiler: auto, clang, gcc or zig.")
    libc: str | None = _key(
        "The C library: gnu, musl, or gnu.2.28 for the oldest glibc that programs run on."
    )
    outputs: tuple[str, ...] = _key(
        "Globs of the results, below the folder of the build, where the project has no install step.",
        (),
    )
    run_tests: bool | None = _key("Whether the project's own tests run after the build.")
    jobs: int | None = _key("How many platforms are built at once.")
    keep_going: bool | None = _key("Whether the other platforms go on when one fails.")
    strategy: str | None = _key(
        "How foreign platforms are built: cross, node or emulation; without it xxpy plan chooses for each."
    )
    node: dict[str, Node] = _key(
        "Machines that build their own platforms, by a name.", factory=dict
    )
    image: Image = _key("How the image of the project is built by BuildKit.", factory=Image)
    verify: Verification | None = _key(
        "What is asked of every binary besides that it is one for its platform."
    )
    sysroot: Sysroot | None = _key(
        "Headers and libraries that the targets have: a distribution's packages."
    )
    platform: dict[str, PerPlatform] = _key(
        "What is different for one platform, by its name.", factory=dict
    )
