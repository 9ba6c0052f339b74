"""Rust as rustup installs it, in folders of the lab: the toolchains of this machine stay as they are.

``xxpy-lab/rust:VERSION-ARCHITECTURE-RECIPE``
    Debian with a C compiler and Rust; stands for ``rust``. That for this machine has rustup and clang too
``xxpy-lab/libc:RECIPE``
    the C library of Debian and nothing else, for every platform that is asked for; stands for ``debian`` to run programs in
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.container.lab import bases, debian, images
from tests.container.lab.commands import LabError, run
from tests.container.lab.place import folder, one_at_a_time
from xxpy.machine import resources
from xxpy.sysroot import download
from xxpy.table.platform import Platform
from xxpy.table.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.container.lab.daemon import Docker

VERSION: Final = "1.95.0"
"""Newer than Debian's, whose cargo reads the index of crates by git alone."""
RECIPE: Final = images.HERE / "rust.Dockerfile"
LIBC: Final = images.HERE / "libc.Dockerfile"
NEWER: Final = {"riscv64": "trixie"}
"""The suite of architectures that the lab's own does not have."""
CERTIFICATES: Final = Path("/etc/ssl/certs/ca-certificates.crt")
MAKERS: Final = "https://static.rust-lang.org/rustup/dist/{target}/rustup-init"
"""Where rustup comes from: https://rust-lang.github.io/rustup/installation/other.html"""
PROXIES: Final = ("cargo", "rustc")
"""The names under which rustup runs a tool of the toolchain."""


@one_at_a_time
def rustup() -> Path:
    """Return the program: the machine's, or else its makers', which fits any Linux.

    :raises LabError: it cannot be downloaded, or its checksum is wrong
    """
    program = shutil.which("rustup")
    if program is not None:
        return Path(program).resolve()
    made = folder() / "rust/maker/rustup"
    if not made.is_file():
        made.parent.mkdir(parents=True, exist_ok=True)
        target = resolve(resources.table(), Platform("linux", images.native())).name("rust-target")
        part, address = made.with_suffix(".part"), MAKERS.format(target=target)
        download.fetch(address, part, lambda: None)
        download.fetch(f"{address}.sha256", made.with_suffix(".sha256"), lambda: None)
        if (
            hashlib.sha256(part.read_bytes()).hexdigest()
            != made.with_suffix(".sha256").read_text().split()[0]
        ):
            raise LabError(f"{address}: the checksum is wrong")
        part.chmod(0o755)
        part.rename(made)
    return made


@one_at_a_time
def home(name: str = "rustup") -> Path:
    """Return a RUSTUP_HOME with Rust :data:`VERSION` for this machine and no other target, unless who uses it under that name adds one."""
    made = folder() / "rust" / name
    if not made.is_dir():
        part = made.with_name(f"{name}.part")
        shutil.rmtree(part, ignore_errors=True)
        if name == "rustup":
            variables = {**os.environ, "RUSTUP_HOME": str(part)}
            run(
                rustup(),
                "toolchain",
                "install",
                VERSION,
                "--profile",
                "minimal",
                "--no-self-update",
                environment=variables,
            )
        else:
            shutil.copytree(home(), part, symlinks=True)
        part.rename(made)
    return made


@one_at_a_time
def programs() -> Path:
    """Return a folder with rustup, and with cargo and rustc, which it runs."""
    made = folder() / "rust" / "bin"
    if not made.is_dir():
        part = made.with_name("bin.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        shutil.copy(rustup(), part / "rustup")
        for name in PROXIES:
            (part / name).symlink_to("rustup")
        part.rename(made)
    return made


@one_at_a_time
def image(docker: Docker) -> str:
    """Return the name of an image with Rust for this machine, made if it is missing."""
    local = {"rustup": home(), "cargo/bin": programs()}
    return _image(docker, images.native(), local, lambda: bases.stage(docker, "gcc"))


@one_at_a_time
def foreign_image(docker: Docker) -> str:
    """Return the name of an image whose Rust and C compiler are programs of the foreign architecture, which QEMU must run."""
    target = resolve(resources.table(), Platform("linux", images.foreign())).name("rust-target")
    toolchain = f"{VERSION}-{target}"
    made = folder() / "rust" / "foreign"
    if not made.is_dir():
        part = made.with_name("foreign.part")
        shutil.rmtree(part, ignore_errors=True)
        options = ("--profile", "minimal", "--no-self-update", "--force-non-host")
        run(
            rustup(),
            "toolchain",
            "install",
            toolchain,
            *options,
            environment={**os.environ, "RUSTUP_HOME": str(part)},
        )
        part.rename(made)
    return _image(
        docker,
        images.foreign(),
        {"cargo": made / "toolchains" / toolchain},
        lambda: f"docker-image://{_foreign_debian(docker)}",
    )


def _image(
    docker: Docker, architecture: str, local: dict[str, Path], base: Callable[[], str]
) -> str:
    """Return the name of an image with Rust for an architecture, made if it is missing.

    :param local: what lies below ``/usr/local``
    :param base: returns the context that it is made from
    """
    name = f"xxpy-lab/rust:{VERSION}-{architecture}-{hashlib.sha256(RECIPE.read_bytes()).hexdigest()[:8]}"
    if not docker.has_image(name):
        with tempfile.TemporaryDirectory(dir=folder()) as scratch:
            for place, source in local.items():
                shutil.copytree(source, Path(scratch) / "local" / place, symlinks=True)
            certificates = Path(scratch) / "certificates"
            certificates.mkdir()
            shutil.copy(CERTIFICATES, certificates)
            contexts: dict[str, Path | str] = {
                f"debian-{architecture}": base(),
                f"rust-{architecture}": Path(scratch) / "local",
                "certificates": certificates,
            }
            docker.make_image(
                name,
                images.HERE,
                "--file",
                RECIPE,
                "--platform",
                f"linux/{architecture}",
                contexts=contexts,
            )
    return name


def _foreign_debian(docker: Docker) -> str:
    """Return the name of an image with a C compiler of the foreign architecture: packages are unpacked, and none of their scripts run."""
    name = f"xxpy-lab/debian:12-gcc-{images.foreign()}"
    if not docker.has_image(name):
        with tempfile.TemporaryDirectory() as scratch:
            archive = Path(scratch) / "root.tar"
            source = f"deb [signed-by={debian.KEYRING}] {debian.mirror()} {images.SUITE} main\n"
            options = (
                "--variant=extract",
                "--mode=chrootless",
                f"--architectures={images.foreign()}",
                "--include=coreutils,dash,gcc,libc6-dev",
            )
            run("mmdebstrap", "--quiet", *options, images.SUITE, archive, "-", stdin=source)
            docker.run("import", "--platform", f"linux/{images.foreign()}", archive, name)
    return name


@one_at_a_time
def root(architecture: str) -> Path:
    """Return the folder with Debian's C library for an architecture, as Debian names it: what QEMU needs to run programs that are linked with it."""
    made = folder() / "libc" / architecture
    if not made.is_dir():
        part, state = (
            made.with_name(f"{architecture}.{ending}") for ending in ("part", "part.apt")
        )
        for place in (part, state):
            shutil.rmtree(place, ignore_errors=True)
        debian.unpack(
            NEWER.get(architecture, images.SUITE), architecture, ("libc6", "libgcc-s1"), part
        )
        shutil.rmtree(state)
        if not (
            part / "lib"
        ).exists():  # as the package of newer suites expects the system to have it
            (part / "lib").symlink_to("usr/lib")
        part.rename(made)
    return made


@one_at_a_time
def libc(docker: Docker, architectures: tuple[str, ...]) -> str:
    """Return the name of an image with Debian's C library for these architectures, made if it is missing."""
    name = f"xxpy-lab/libc:{hashlib.sha256(LIBC.read_bytes() + ','.join(architectures).encode()).hexdigest()[:8]}"
    if not docker.has_image(name):
        roots: dict[str, Path | str] = {
            f"root-{architecture}": root(architecture) for architecture in architectures
        }
        platforms = ",".join(f"linux/{architecture}" for architecture in architectures)
        docker.make_image(
            name, images.HERE, "--file", LIBC, "--platform", platforms, contexts=roots
        )
    return name
