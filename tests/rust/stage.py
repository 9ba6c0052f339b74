"""Root folders in which ``xx-cargo`` runs with a cargo that tells what it was given."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.differential.roots import make

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tests.differential.roots import Root

TELLS = """#!/bin/sh
for word; do printf '<%s>' "$word"; done
echo
export -p
"""
"""A program that prints its arguments and what it has in its environment."""

ANSWER = re.compile(
    r"^(?:export|declare -x) (\w+)=(.*?)(?=^(?:export|declare -x) |\Z)", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Told:
    """What became of one run: the arguments of cargo as ``<build><--release>``, its environment, exit status and stderr."""

    status: int
    arguments: str
    environment: Mapping[str, str]
    errors: str
    output: str


@dataclass(frozen=True)
class Stage:
    """A root with a cargo that tells."""

    root: Root

    def tool(self, name: str, text: str = "exit 1", folder: str = "usr/bin") -> None:
        path = self.root.path / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if text.startswith("#!") else f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def without(self, name: str) -> None:
        """Take a program away."""
        (self.root.path / "usr/bin" / name).unlink(missing_ok=True)

    def standard_library(self, target: str, below: str = "usr/lib/rustlib") -> None:
        folder = self.root.path / below / target / "lib"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "libstd-0123456789abcdef.rlib").touch()

    def __call__(self, *arguments: str, **variables: str) -> Told:
        done = self.root.run("/usr/bin/xx-cargo", *arguments, environment=variables)
        words, _, rest = done.stdout.partition("\n")
        found = {match[1]: "".join(shlex.split(match[2])) for match in ANSWER.finditer(rest)}
        return Told(done.returncode, words, found, done.stderr, done.stdout)


def stage(
    folder: Path,
    shell: str,
    identity: str = "debian-12",
    targets: Iterable[str] = (),
    machine: str = "x86_64",
) -> Stage:
    """Make a root with the standard library for *targets*."""
    made = Stage(make(folder, shell, identity, machine))
    (made.root.path / "dev").mkdir()
    (made.root.path / "dev/null").touch()
    made.tool("cargo", TELLS)
    for target in targets:
        made.standard_library(target)
    return made
