"""What a build reads, as digests: the keys of results that ``--reuse`` may use again.

A key covers the content of every file of the project and its repository, and of the folders outside
that its manifests name; the state of the repository, which programs are stamped with; the commands,
their whole environment and the requirements; the kit with the tools that it names, the sysroot, the
other programs on PATH as the folders and the package manager list them; and xxpy itself.

A script that reads anything else, such as a file in the user's home folder or the network, is why
this is only done on request.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, fields
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.compiler.trial import INSTALLED
from xxpy.errors import ToolError
from xxpy.kit.model import RECORD
from xxpy.machine import aside, programs, remembered, resources
from xxpy.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xxpy.binary.requirements import Requirements
    from xxpy.machine.remembered import Stamp
    from xxpy.runner.plan import Plan, Step
    from xxpy.table.platform import Platform

    _Add = Callable[[bytes], object]

_GIT: Final = ".git"
_MANIFESTS: Final = re.compile(
    r"go\.mod|go\.work|Cargo\.toml|config\.toml|CMakeLists\.txt|CMakePresets\.json|meson\.build"
    r"|(?:GNUm|M|m)akefile(?:\..*)?|.*\.(?:mk|cmake|am|ac)|configure|build\.rs"
)
"""Files that name folders outside of the project."""
_OUTSIDE: Final = re.compile(rb"(?:\.\./)+[A-Za-z0-9_][A-Za-z0-9_./+-]*|(?:\.\./)*\.\.(?![\w.])")
_ABSOLUTE: Final = re.compile(
    rb"""(?:=>[ \t]*|^[ \t]*(?:use[ \t]+)?|\bpath[ \t]*=[ \t]*["'])(/[A-Za-z0-9_./@+-]+)""",
    re.MULTILINE,
)
"""The absolute path of a module or a crate."""
_MODULES: Final = frozenset({"go.mod", "go.work", "Cargo.toml"})
"""Manifests in which absolute paths name sources, not folders of the system."""
_MOST: Final = 1 << 20
_PATH: Final = re.compile(r"/[^\s:;,=\"'\\<>|&()]+")
"""An absolute path in a command or a variable."""
_SETTINGS: Final = (
    ".cargo/config.toml",
    ".cargo/config",
    ".config/go/env",
    ".rustup/settings.toml",
    ".rustup/toolchains",
)
"""Files in the home folder that build tools read."""


class Inputs:
    """What the steps of a plan read.

    :param environment: the variables of the commands, to which a step adds its own
    """

    def __init__(
        self,
        plan: Plan,
        environment: Mapping[str, str],
        requirements: Mapping[Platform, Requirements],
    ) -> None:
        self._plan = plan
        self._environment = environment
        self._requirements = requirements

    @cached_property
    def _tree(self) -> str:
        return self._read()

    def unchanged(self) -> bool:
        """Return whether the project is still as it was when the build began."""
        return self._read() == self._tree

    def keys(self) -> dict[Platform, str]:
        """Return the key of each step, by platform."""
        return {step.platform: self._key(step, self._tree) for step in self._plan.steps}

    def known(self, trees: Mapping[Platform, str]) -> dict[Platform, str]:
        """Return the key of each step whose tool tells what it reads, by platform."""
        steps = (step for step in self._plan.steps if step.platform in trees)
        return {step.platform: self._key(step, trees[step.platform]) for step in steps}

    def settings(self) -> dict[Platform, str]:
        """Return a key of everything but the project for each step, by platform."""
        return {step.platform: self._key(step, "") for step in self._plan.steps}

    def _key(self, step: Step, tree: str) -> str:
        """Return the key of a step.

        :param tree: the digest of the project, or "" if the key does not cover it
        """
        requirements = self._requirements[step.platform]
        variables = {**self._environment, **step.environment}
        words = [word for command in step.commands for word in command]
        facts = [
            __version__,
            _own(),
            tree,
            self._plan.tool,
            self._plan.language,
            str(self._plan.folder),
            str(step.platform),
            {item.name: getattr(step, item.name) for item in fields(step) if item.compare},
            asdict(requirements),
            remembered.environment(variables),
            _tools(frozenset((*words, *step.environment.values()))),
            _machine(variables.get("PATH", ""), variables.get("HOME", "")),
        ]
        text = json.dumps(facts, default=_plain, sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def _read(self) -> str:
        """Return a digest of the project, of its repository and of what it names outside."""
        left_out = frozenset(
            os.path.realpath(path) for path in (self._plan.output, resources.cache_path(""))
        )
        repository = _repository(self._plan.folder)
        todo = [os.path.realpath(repository or self._plan.folder)]
        done: list[str] = []
        found = hashlib.sha256()
        while todo:
            root = todo.pop()
            if any(root == known or root.startswith(f"{known}/") for known in done):
                continue
            done.append(root)
            found.update(f"\0root {root}\0".encode("utf-8", "surrogatepass"))
            todo += sorted(_digest(root, left_out, found.update))
        found.update(_state(repository))
        return found.hexdigest()


def _digest(root: str, left_out: frozenset[str], add: _Add) -> set[str]:
    """Add the content of everything below *root*; return the paths outside that it names."""
    outside: set[str] = set()
    for path, status in _walk(root, left_out):
        name = os.path.relpath(path, root)
        add(f"\0{name}\0{status.st_mode:o}\0".encode("utf-8", "surrogatepass"))
        if stat.S_ISLNK(status.st_mode):
            add(os.fsencode(os.readlink(path)))  # noqa: PTH115 - quick
            outside.add(os.path.realpath(path))
        elif stat.S_ISREG(status.st_mode):
            data = Path(path).read_bytes()
            add(hashlib.sha256(data).digest())
            folder, base = os.path.split(path)
            if _MANIFESTS.fullmatch(base) and len(data) < _MOST:
                outside |= set(_named(data, folder, base))
    return {path for path in outside if not f"{path}/".startswith(f"{root}/")}


def _named(data: bytes, folder: str, name: str) -> Iterator[str]:
    """Yield the existing files and folders that a manifest names by ``../`` or absolutely."""
    words = set(_OUTSIDE.findall(data))
    if name in _MODULES:
        words |= set(_ABSOLUTE.findall(data))
    for word in words:
        path = os.path.realpath(os.path.join(folder, os.fsdecode(word)))  # noqa: PTH118 - quick
        if os.path.lexists(path) and path.count("/") > 1:
            yield path


def _walk(root: str, left_out: frozenset[str]) -> Iterator[tuple[str, os.stat_result]]:
    """Yield every file and link below a folder, in a fixed order; *root* may be a file."""
    if not os.path.isdir(root):  # noqa: PTH112 - quick
        with suppress(OSError):
            yield root, os.lstat(root)
        return
    with os.scandir(root) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        if entry.is_dir(follow_symlinks=False):
            skipped = entry.name == _GIT or entry.name.startswith(aside.PREFIX)
            if not skipped and entry.path not in left_out:
                yield from _walk(entry.path, left_out)
        else:
            yield entry.path, entry.stat(follow_symlinks=False)


def _repository(folder: Path) -> Path | None:
    """Return the folder of the git repository that a project is in, or None."""
    return next((place for place in (folder, *folder.parents) if (place / _GIT).exists()), None)


def _state(repository: Path | None) -> bytes:
    """Return what describes the state of a repository: its commit, its tags and its index."""
    if repository is None:
        return b""
    commands = (
        ("rev-parse", "HEAD"),
        ("symbolic-ref", "-q", "HEAD"),
        ("for-each-ref",),
        ("ls-files", "--stage"),
        ("config", "--list"),
        ("stash", "list"),
    )
    said = []
    for words in commands:
        try:
            said.append(
                programs.output(
                    ["git", "-C", str(repository), *words],
                    environment={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
                )
            )
        except ToolError as error:
            said.append(f"failed: {error.message}")
    return "\0".join(said).encode("utf-8", "surrogateescape")


def _plain(value: object) -> object:
    """Return a fact as JSON can write it, always in the same order."""
    if isinstance(value, Mapping):
        return dict(value)
    return sorted(value) if isinstance(value, frozenset | set) else str(value)


@cache
def _own() -> list[Stamp]:
    """Return the stamps of xxpy's own files."""
    package = Path(__file__).resolve().parents[1]
    texts = [resources.folder(name) for name in ("toolchains", "templates")]
    sources = [path for root in (package, *texts) for path in sorted(root.rglob("*.*"))]
    return remembered.stamps(str(path) for path in sources if path.suffix != ".pyc")


@cache
def _tools(words: frozenset[str]) -> list[Stamp]:
    """Return the stamps of the programs and folders that words name, and of those in kits."""
    found = sorted({path for word in words for path in _PATH.findall(word)})
    kits = {
        str(record)
        for path in found
        for folder in (Path(path), *Path(path).parents)
        if (record := folder / RECORD).is_file()
    }
    for kit in sorted(kits):
        text = Path(kit).read_text("utf-8", "replace")
        found += sorted(set(_PATH.findall(text)))
    return [one for path in dict.fromkeys(found) for one in _stamped(path)]


@cache
def _stamped(path: str) -> tuple[Stamp, ...]:
    """Return the stamps of a path and of the file that it leads to.

    A folder of libraries that is not in the cache, where nothing changes, is looked through.
    """
    real = os.path.realpath(path)
    cache_folder = os.path.realpath(resources.cache_path(""))
    own = (remembered.stamp(path), remembered.stamp(real))
    inner = f"{real}/usr/lib" if os.path.isdir(f"{real}/usr/lib") else ""  # noqa: PTH112
    if not inner or real.startswith(cache_folder) or real == "/":
        return own if not os.path.isdir(real) else (None,)  # noqa: PTH112 - its time says nothing
    return (*own, *(remembered.stamp(file) for file, _status in _walk(real, frozenset())))


@cache
def _machine(path: str, home: str) -> list[Stamp]:
    """Return the stamps of what scripts may run: the lists of programs on PATH and of packages."""
    folders = [folder for folder in path.split(os.pathsep) if folder.startswith("/")]
    return remembered.stamps((*folders, *INSTALLED, *(f"{home}/{name}" for name in _SETTINGS)))
