"""The keys of ``xxpy.toml``, each with its description in the schema."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field
from typing import Any


def _key(
    text: str,
    default: Any = None,  # noqa: ANN401
    *,
    factory: Any = MISSING,  # noqa: ANN401
    shorthand: bool = False,
) -> Any:  # noqa: ANN401
    """Return a field with its description in the schema.

    :param shorthand: whether a mere string in place of the table means this key
    """
    metadata = {"description": text, "shorthand": shorthand}
    return (
        field(default=default, metadata=metadata)
        if factory is MISSING
        else field(default_factory=factory, metadata=metadata)
    )


@dataclass(frozen=True, slots=True)
class Verification:
    """What ``xxpy build`` and ``xxpy verify`` require of a binary besides its platform."""

    static: bool | None = _key("Whether programs for Linux and the BSDs must be static.")
    libc: str | None = _key("The libc that programs for Linux must use: gnu or musl.")
    glibc_max: str | None = _key("The newest glibc that binaries may need, such as 2.28.")
    macos_max: str | None = _key("The newest macOS that binaries may need, such as 11.0.")
    float: str | None = _key("The float ABI, if binaries state one: hard or soft.")
    x86_64_level: str | None = _key("The highest level of x86-64 that binaries may need: v1 to v4.")
    no_rpath: bool | None = _key("Whether to refuse binaries with a run path.")
    needed_allow: tuple[str, ...] | None = _key(
        "Patterns of the libraries that binaries may need, such as libc.so.*."
    )


@dataclass(frozen=True, slots=True)
class Sysroot:
    """Headers and libraries of the targets: a :class:`xxpy.sysroot.Spec` or ``Added``."""

    name: str | None = _key(
        "Existing sysroot, instead of the other keys: a name in xxpy sysroot list, or a folder; "
        "auto finds out the packages, besides those of the other keys.",
        shorthand=True,
    )
    distribution: str | None = _key(
        "Release that the packages come from, such as debian:bookworm; by default this machine's."
    )
    packages: tuple[str, ...] = _key(
        "Packages with headers and libraries, by the distribution's names, such as libssl-dev.",
        (),
    )
    updates: bool | None = _key(
        "Whether to use updates of the release, including security updates; true by default."
    )


@dataclass(frozen=True, slots=True)
class PerPlatform:
    """Settings for one platform."""

    arguments: tuple[str, ...] = _key(
        "Further arguments for the build tool, after those of all platforms.", ()
    )
    environment: dict[str, str] = _key("Further variables.", factory=dict)
    sysroot: Sysroot | None = _key(
        "Headers and libraries of this platform, instead of those of all platforms."
    )
    strategy: str | None = _key(
        "How to build this platform: native, cross, node or emulation; chosen by default."
    )
    verify: Verification | None = _key(
        "Requirements for its binaries, which override those of all platforms."
    )


@dataclass(frozen=True, slots=True)
class Node:
    """A machine with BuildKit that builds its own platforms."""

    endpoint: str = _key(
        "Its address: ssh://user@machine, tcp://machine:1234, or a Docker context.", ""
    )
    platforms: tuple[str, ...] = _key("Platforms that it builds.", ())


@dataclass(frozen=True, slots=True)
class Image:
    """How BuildKit builds the image of the project."""

    context: str = _key("Build context: the folder that the Dockerfile sees.", ".")
    dockerfile: str = _key("The Dockerfile, below the context.", "Dockerfile")
    target: str | None = _key("Stage to build; by default the last one.")
    tags: tuple[str, ...] = _key("Names of the image, such as ghcr.io/me/app:1.0.", ())
    cache: str | None = _key("Image in a registry that keeps the build cache.")
    contexts: dict[str, str] = _key("Named contexts, such as xx for the commands.", factory=dict)
    arguments: dict[str, str] = _key("Build arguments.", factory=dict)
    attest: bool = _key("Whether to attach provenance and an SBOM.", default=True)


@dataclass(frozen=True, slots=True)
class Configuration:
    """All keys; each is optional."""

    platforms: tuple[str, ...] = _key(
        "Platforms to build for: os/architecture[/variant], globs such as linux/*, "
        "exclusions such as !linux/386, or all.",
        (),
    )
    output: str | None = _key("Folder for the results, with one folder for each platform.")
    language: str | None = _key("Kind of project, if its files do not tell.")
    packages: tuple[str, ...] = _key(
        "Packages to build, such as ./cmd/server; by default every main package.", ()
    )
    arguments: tuple[str, ...] = _key("Further arguments for the build tool.", ())
    environment: dict[str, str] = _key("Further variables.", factory=dict)
    cgo: bool | None = _key("Whether Go may use C.")
    static: bool | None = _key("Whether programs for Linux and the BSDs must be static.")
    cc: str | None = _key("The C compiler; by default the first one that can build for the target.")
    libc: str | None = _key(
        "The C library: gnu, musl, or gnu.2.28 for the oldest glibc that programs run on."
    )
    outputs: tuple[str, ...] = _key(
        "Globs of the results in the build folder, for projects without an install step.", ()
    )
    run_tests: bool | None = _key("Whether to run the project's own tests after the build.")
    jobs: int | None = _key("How many platforms to build at once.")
    keep_going: bool | None = _key("Whether to build the other platforms when one fails.")
    reuse: bool | None = _key(
        "Whether to use the results of the last build again if nothing that it read has changed."
    )
    incremental: bool | None = _key(
        "Whether C and C++ projects compile only what has changed since the last build."
    )
    strategy: str | None = _key(
        "How to build foreign platforms: cross, node or emulation; chosen by default."
    )
    node: dict[str, Node] = _key("Machines that build their own platforms, by name.", factory=dict)
    image: Image = _key("How BuildKit builds the image of the project.", factory=Image)
    verify: Verification | None = _key("Requirements for every binary besides its platform.")
    sysroot: Sysroot | None = _key(
        "Headers and libraries of the targets, from a distribution's packages."
    )
    platform: dict[str, PerPlatform] = _key(
        "Settings for single platforms, by platform.", factory=dict
    )
