"""Base images of the lab, made of packages from registries: no container registry is asked.

``xxpy-lab/go:VERSION-RECIPE``
    busybox and Go, for this machine and for a foreign one, as one image index; stands for ``golang``
``xxpy-lab/debian:RELEASE``
    a whole small Debian for this machine; stands for ``debian``
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import stat
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from tests.container.lab import debian
from tests.container.lab.commands import run
from tests.container.lab.place import folder, one_at_a_time

if TYPE_CHECKING:
    from tests.container.lab.daemon import Docker

HERE: Final = Path(__file__).resolve().parent
SUITE: Final = "bookworm"
UNUSED: Final = ("api", "doc", "misc", "test")
"""Folders of a Go that no build reads."""


def native() -> str:
    """Return this machine's architecture; Debian and Go agree on the names of those that the lab runs on."""
    return debian.machine()


def foreign() -> str:
    """Return the architecture that stands for all that need QEMU to run a compiler."""
    return "amd64" if native() == "arm64" else "arm64"


@one_at_a_time
def go(docker: Docker) -> str:
    """Return the name of an image with Go for this machine and for the foreign one, made if it is missing.

    The foreign half runs a program while it is made, so QEMU must be registered.
    """
    version = run("go", "env", "GOVERSION").split()[0].removeprefix("go")
    recipe = HERE / "go.Dockerfile"
    name = f"xxpy-lab/go:{version}-{hashlib.sha256(recipe.read_bytes()).hexdigest()[:8]}"
    if not docker.has_image(name):
        contexts = {}
        for architecture in (native(), foreign()):
            contexts[f"go-{architecture}"] = _go_root(version, architecture)
            contexts[f"busybox-{architecture}"] = _busybox(architecture)
        platforms = f"linux/{native()},linux/{foreign()}"
        docker.make_image(name, HERE, "--file", recipe, "--platform", platforms, contexts=contexts)
    return name


@one_at_a_time
def whole_debian(docker: Docker, release: str, suite: str, *, with_apt: bool = False) -> str:
    """Return the name of an image with a small Debian of this machine's architecture, made if it is missing."""
    name = f"xxpy-lab/debian:{release}{'-apt' if with_apt else ''}"
    if not docker.has_image(name):
        with tempfile.TemporaryDirectory() as scratch:
            archive = Path(scratch) / "root.tar"
            source = f"deb [signed-by={debian.KEYRING}] {debian.mirror()} {suite} main\n"
            run(
                "mmdebstrap",
                "--quiet",
                f"--variant={'apt' if with_apt else 'essential'}",
                suite,
                archive,
                "-",
                stdin=source,
            )
            docker.run("import", "--platform", f"linux/{native()}", archive, name)
    return name


@one_at_a_time
def go_root() -> Path:
    """Return the folder of a Go for this machine, the ``GOROOT`` that images get."""
    return _go_root(run("go", "env", "GOVERSION").split()[0].removeprefix("go"), native())


@one_at_a_time
def busybox() -> Path:
    """Return the folder of a static busybox for this machine."""
    return _busybox(native())


def _busybox(architecture: str) -> Path:
    home = folder() / "busybox" / architecture
    if not home.is_dir():
        part = home.with_name(home.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        debian.unpack(SUITE, architecture, ("busybox-static",), part)
        part.rename(home)
    return home


def _go_root(version: str, architecture: str) -> Path:
    """Return a Go for an architecture, from the module proxy, as the go command itself gets other versions of Go."""
    home = folder() / "go" / f"{version}-{architecture}"
    if home.is_dir():
        return home
    module = f"golang.org/toolchain@v0.0.1-go{version}.linux-{architecture}"
    archive = json.loads(run("go", "mod", "download", "-json", module))["Zip"]
    part = home.with_name(home.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    with zipfile.ZipFile(archive) as files:
        for entry in files.infolist():
            path = PurePosixPath(entry.filename.removeprefix(f"{module}/"))
            if path.parts[0] in UNUSED:
                continue
            # A module cannot hold files named go.mod, so they are renamed in it.
            target = part / (path.with_name("go.mod") if path.name == "_go.mod" else path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(files.read(entry))
            if re.match(r"bin/|pkg/tool/", str(path)):
                target.chmod(target.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    part.rename(home)
    return home
