"""What the campaign of kills runs: a command, the state before it, and how to see that nothing is half-written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from tests.sysroot.archive import Archive, served

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCKERFILE: Final = "FROM golang AS build\nRUN CGO_ENABLED=0 go build -o /x\nFROM scratch\nCOPY --from=build /x /x\n"


@dataclass
class Scene:
    """A command in a folder of its own.

    :param share: how many of the kills are its, as a part of all shares
    :param known: what kills have left already
    """

    folder: Path
    share: int = 1
    variables: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    asked: tuple[str, ...] = ()
    name: ClassVar[str] = ""
    command: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        self.project.mkdir(parents=True)
        (self.folder / "tmp").mkdir()
        self.prepare()

    @property
    def words(self) -> tuple[str, ...]:
        """The command line."""
        return self.asked or self.command

    @property
    def project(self) -> Path:
        """Where the command runs."""
        return self.folder / "p"

    @property
    def environment(self) -> dict[str, str]:
        """The variables of the command."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name in {"PATH", "HOME", "GOCACHE", "PYTHONPATH"}
        }
        return {
            **kept,
            "XDG_CACHE_HOME": str(self.folder / "c"),
            "TMPDIR": str(self.folder / "tmp"),
            **self.variables,
        }

    def prepare(self) -> None:
        """Make the project."""

    def renew(self) -> None:
        """Make what the next run has to do."""

    def half_written(self) -> list[str]:
        """Return what is neither as it was nor as it is to be."""
        return []

    def unhealed(self) -> list[str]:
        """Return what a run that succeeded has not made right."""
        return self.half_written()

    def sweep(self) -> None:
        """Let xxpy use each folder once: a run removes what a kill has left in those that it uses."""
        self.xxpy("image", "inspect", str(self.folder / "none.tar"))

    def xxpy(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another command of xxpy to its end."""
        line = [sys.executable, "-m", "xxpy", *words]
        return subprocess.run(
            line,
            cwd=self.project,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


class Convert(Scene):
    """A Dockerfile that is written in its place."""

    name: ClassVar[str] = "convert"
    command: ClassVar[tuple[str, ...]] = ("dockerfile", "convert", "--write", "Dockerfile")

    def prepare(self) -> None:
        self.renew()
        self.new = self.xxpy("dockerfile", "convert", "Dockerfile").stdout
        assert self.new != DOCKERFILE

    def renew(self) -> None:
        (self.project / "Dockerfile").write_text(DOCKERFILE)

    def half_written(self) -> list[str]:
        text = (self.project / "Dockerfile").read_text()
        return [] if text in {DOCKERFILE, self.new} else [f"a Dockerfile of {len(text)} characters"]

    def unhealed(self) -> list[str]:
        return (
            []
            if (self.project / "Dockerfile").read_text() == self.new
            else ["the Dockerfile is the old one"]
        )


class Export(Scene):
    """The xx-* commands in a folder."""

    name: ClassVar[str] = "wrappers export"
    command: ClassVar[tuple[str, ...]] = ("wrappers", "export", "xx")

    def prepare(self) -> None:
        done = self.xxpy("wrappers", "export", "whole")
        assert done.returncode == 0, done.stderr
        self.texts = self.read("whole")

    def read(self, name: str) -> dict[str, bytes]:
        """Return the commands in a folder."""
        return {
            path.name: path.read_bytes()
            for path in (self.project / name).rglob("xx-*")
            if path.is_file()
        }

    def renew(self) -> None:
        for path in (self.project / "xx").rglob("xx-*"):
            path.write_text("#!/bin/sh\n")

    def half_written(self) -> list[str]:
        found = self.read("xx").items()
        return [
            f"half a {name}"
            for name, text in found
            if text not in {b"#!/bin/sh\n", self.texts[name]}
        ]

    def unhealed(self) -> list[str]:
        return [] if self.read("xx") == self.texts else ["the commands are others"]


class Image(Scene):
    """An archive of an image."""

    name: ClassVar[str] = "image"
    command: ClassVar[tuple[str, ...]] = ("image", "-o", "x.tar", "-p", "linux/amd64")

    def prepare(self) -> None:
        folder = self.project / "dist/linux_amd64"
        folder.mkdir(parents=True)
        source = self.project / "x.c"
        source.write_text("int main(void) { return 0; }\n")
        subprocess.run(["cc", "-static", "-o", folder / "x", source], check=True)
        self.old = b""

    def renew(self) -> None:
        path = self.project / "x.tar"
        self.old = path.read_bytes() if path.exists() else b""
        (self.project / "dist/linux_amd64/extra").write_text(str(len(self.old)) * 100)

    def half_written(self) -> list[str]:
        path = self.project / "x.tar"
        if not path.exists() or path.read_bytes() == self.old:
            return []
        done = self.xxpy("image", "inspect", "x.tar")
        return [f"an image that cannot be read: {done.stderr}"] if done.returncode else []

    def sweep(self) -> None:
        self.xxpy("image", "inspect", "x.tar")


class Layout(Image):
    """A layout of an image."""

    name: ClassVar[str] = "image layout"
    command: ClassVar[tuple[str, ...]] = ("image", "--layout", "-o", "x.oci", "-p", "linux/amd64")

    def half_written(self) -> list[str]:
        if not (self.project / "x.oci").exists():
            return []
        done = self.xxpy("image", "inspect", "x.oci")
        return [f"a layout that cannot be read: {done.stderr}"] if done.returncode else []


class Kit(Scene):
    """A kit that is made."""

    name: ClassVar[str] = "kit"
    command: ClassVar[tuple[str, ...]] = ("kit", "path", "-p", "linux/amd64")

    def prepare(self) -> None:
        self.whole = self.listed()
        self.kits = self.folder / "c/xxpy/kits"

    def listed(self) -> set[str]:
        """Return the names of all that is in the kit."""
        path = Path(self.xxpy(*Kit.command).stdout.strip())
        return {str(found.relative_to(path)) for found in path.rglob("*")}

    def renew(self) -> None:
        for kit in self.kits.glob("linux*"):
            kit.rename(self.folder / "gone")
            subprocess.run(["rm", "-rf", self.folder / "gone"], check=True)

    def half_written(self) -> list[str]:
        for kit in self.kits.glob("linux*"):
            found = {str(path.relative_to(kit)) for path in kit.rglob("*")}
            if (kit / "kit.json").exists() and found != self.whole:
                return [f"a kit with {len(found)} of {len(self.whole)} files"]
        return []

    def unhealed(self) -> list[str]:
        return [] if self.listed() == self.whole else ["the kit is another one"]


class Remove(Kit):
    """A kit that is removed."""

    name: ClassVar[str] = "kit remove"
    command: ClassVar[tuple[str, ...]] = ("kit", "remove", "--all")

    def renew(self) -> None:
        self.listed()


class Make(Scene):
    """A build of two programs by make."""

    name: ClassVar[str] = "build make"
    command: ClassVar[tuple[str, ...]] = ("build", "-q", "-p", "linux/amd64")

    def prepare(self) -> None:
        self.version = 0
        (self.project / "Makefile").write_text(
            "all: a b\na b: x.c\n\t$(CC) -o $@ x.c\ninstall:\n\tmkdir -p $(DESTDIR)$(PREFIX)/bin\n\tcp a b $(DESTDIR)$(PREFIX)/bin/\n"
        )

    def renew(self) -> None:
        self.before = self.found()
        self.version += 1
        (self.project / "x.c").write_text(f"int main(void) {{ return {self.version % 250}; }}\n")

    def found(self) -> tuple[int, ...]:
        """Return the versions of the programs."""
        folder = self.project / "dist/linux_amd64/bin"
        return tuple(
            subprocess.run([path], check=False).returncode for path in sorted(folder.glob("[ab]"))
        )

    def half_written(self) -> list[str]:
        new = (self.version % 250,) * 2
        return (
            []
            if (found := self.found()) in {self.before, new}
            else [f"{found}, and not {self.before} or {new}"]
        )

    def unhealed(self) -> list[str]:
        new = (self.version % 250,) * 2
        return [] if self.found() == new else [f"{self.found()}, and not {new}"]

    def sweep(self) -> None:
        self.xxpy("image", "inspect", str(self.folder / "none.tar"))
        self.xxpy(*self.words)


class Go(Make):
    """A build of two programs by go."""

    name: ClassVar[str] = "build go"

    def prepare(self) -> None:
        self.version = 0
        (self.project / "go.mod").write_text("module x\n\ngo 1.20\n")
        for name in "ab":
            (self.project / name).mkdir()
            text = (
                'package main\n\nimport (\n\t"os"\n\n\t"x/v"\n)\n\nfunc main() { os.Exit(v.V) }\n'
            )
            (self.project / name / "main.go").write_text(text)
        (self.project / "v").mkdir()

    def renew(self) -> None:
        self.before = self.found()
        self.version += 1
        (self.project / "v/v.go").write_text(f"package v\n\nconst V = {self.version % 250}\n")

    def found(self) -> tuple[int, ...]:
        folder = self.project / "dist/linux_amd64"
        return tuple(
            subprocess.run([path], check=False).returncode for path in sorted(folder.glob("[ab]"))
        )


class Sysroot(Scene):
    """A sysroot of packages."""

    name: ClassVar[str] = "sysroot add"

    def renew(self) -> None:
        self.xxpy("sysroot", "remove", "--platform", "linux/arm64")

    def learn(self, words: tuple[str, ...]) -> None:
        """Add the sysroot once, and note what is in it."""
        self.asked = words
        done = self.xxpy(*words)
        assert done.returncode == 0, done.stderr
        self.whole = self.tree()

    def tree(self) -> dict[str, bytes]:
        """Return the files of the sysroot; none where there is no sysroot."""
        done = self.xxpy("sysroot", "show", "--platform", "linux/arm64", "--json")
        if done.returncode:
            return {}
        root = Path(json.loads(done.stdout)["path"])
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file()
        }

    def half_written(self) -> list[str]:
        found = self.tree()
        return (
            [f"a sysroot with {len(found)} of {len(self.whole)} files"]
            if found and found != self.whole
            else []
        )

    def unhealed(self) -> list[str]:
        return [] if self.tree() == self.whole else ["the sysroot is another one"]


class Without(Sysroot):
    """The same without apt."""

    name: ClassVar[str] = "sysroot add alone"


SCENES: Final[tuple[tuple[type[Scene], int], ...]] = (
    (Convert, 20), (Export, 15), (Image, 15), (Layout, 15), (Kit, 12), (Remove, 12), (Make, 10), (Go, 8), (Sysroot, 12), (Without, 12),
)  # fmt: skip
"""Each scene, with its part of the kills."""


@contextmanager
def scenes(folder: Path, only: str) -> Iterator[list[Scene]]:
    """Yield the scenes whose names begin so, below a folder."""
    chosen = [(kind, share) for kind, share in SCENES if kind.name.startswith(only)]
    cache = subprocess.run(
        ["go", "env", "GOCACHE"], capture_output=True, text=True, check=True
    ).stdout.strip()
    found = [
        kind(folder / str(number), share, {"GOCACHE": cache})
        for number, (kind, share) in enumerate(chosen)
    ]
    packages = [scene for scene in found if isinstance(scene, Sysroot)]
    if not packages:
        yield found
        return
    for name in ("gpgv", "sh"):
        (folder / "bin").mkdir(exist_ok=True)
        (folder / "bin" / name).symlink_to(f"/usr/bin/{name}")
    (folder / "archive").mkdir()
    with served(Archive.make(folder / "archive")) as state:
        for scene in packages:
            if isinstance(scene, Without):
                scene.variables["PATH"] = str(folder / "bin")
            scene.learn(("sysroot", "add", *state.options, "libgood-dev"))
        yield found
