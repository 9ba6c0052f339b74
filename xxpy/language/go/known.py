"""What Go has said about a project before, which it would say again.

A second build asks Go three times for each platform: for its variables, for the packages, and to
build. If nothing that Go reads has changed (:mod:`xxpy.language.go.state`), the first two answers
are those of the last time, and the results of the last build are used again, once they have been
verified. This is only done for programs without C and with flags whose effect is known: cgo reads
headers and libraries that Go does not key either.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xxpy.errors import ToolError
from xxpy.language.go import plain, state
from xxpy.language.go.packages import Found, Main
from xxpy.machine import programs, remembered, resources, trust
from xxpy.runner.plan import Known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from xxpy.language.go.flags import Place
    from xxpy.language.go.toolchain import Go
    from xxpy.language.options import Options
    from xxpy.table.platform import Platform

_FOLDER: Final = "go"
_FORM: Final = 1
_SAME: Final = (*state.SETTINGS, "HOME", "XDG_CONFIG_HOME", "PATH")
"""Variables that the settings depend on, so those of a platform must be those of the build."""
_OTHERS: Final = (".hg", ".svn", ".bzr", ".fslckout", "_FOSSIL_")
"""What other kinds of version control have in a repository."""


@dataclass(slots=True)
class Memory:
    """The answers about one project.

    :param go: what answers
    :param entry: the file with the answers, or None if none are remembered
    :param key: a digest of Go and its settings
    :param before: the digest of the project's files before Go was asked
    """

    go: Go
    entry: Path | None = None
    key: str = ""
    before: str = ""
    _begin: int = 0
    _paths: tuple[str, ...] = ()
    _output: str = ""
    _environment: Mapping[str, str] = field(default_factory=dict)
    _stamps: state.Stamps = field(default_factory=lambda: state.Stamps(0))
    _answers: dict[str, Any] = field(default_factory=dict)
    _fresh: bool = False
    _read: dict[Platform, tuple[list[str], str]] = field(default_factory=dict)

    def variables(
        self, names: Iterable[str], environment: Mapping[str, str], folder: Path
    ) -> dict[str, str]:
        """Return Go's variables for a build, as :meth:`Go.variables` does."""
        asked = tuple(names)
        question = _digest("variables", asked, _seen(environment))
        if not self._remembers(environment):
            return self.go.variables(asked, environment, folder)
        if question not in self._answers:
            self._answers[question] = self.go.variables(asked, environment, folder)
            self._fresh = True
        answer: dict[str, str] = self._answers[question]
        return dict(answer)

    def found(
        self,
        platform: Platform,
        places: Sequence[Place],
        environment: Mapping[str, str],
        question: Sequence[object],
        ask: Callable[[], Found],
    ) -> Found:
        """Return the packages of a platform.

        :param places: the flags of the build
        :param environment: its variables
        :param question: everything else that the answer depends on
        :param ask: asks Go
        """
        if not self._remembers(environment) or not plain.are_plain(places):
            return ask()
        words = [flag.word for place in places for flag in place.flags]
        variables = _seen(environment)
        name = _digest("found", str(platform), words, variables, question)
        answer = self._answers.get(name)
        if answer is not None and self._is_same(answer):
            self._read[platform] = (answer["folders"], answer["stamps"])
            return _decoded(answer["found"])
        found = ask()
        folders = sorted(state.outside(found.folders, self._paths))
        stamps = self._of(found, folders)
        if stamps:
            self._answers[name] = {"found": asdict(found), "folders": folders, "stamps": stamps}
            self._fresh = True
            self._read[platform] = (folders, stamps)
        return found

    def _remembers(self, environment: Mapping[str, str]) -> bool:
        """Whether answers are remembered for a platform, whose variables may name another Go."""
        return self.entry is not None and all(
            environment.get(name) == self._environment.get(name) for name in _SAME
        )

    def _is_same(self, answer: Mapping[str, Any]) -> bool:
        try:
            same = self._stamps.of(answer["folders"])
        except state.Unknown:
            return False
        return bool(same == answer["stamps"])

    def _of(self, found: Found, folders: Iterable[str]) -> str:
        """Return the digest of the folders that Go has read for an answer, or ""."""
        try:
            if not found.whole or found.with_c:
                return ""
            state.check_output(self._output, found.folders, found.patterns)
            return self._stamps.of(folders)
        except state.Unknown:
            return ""

    def close(self, folder: Path, environment: Mapping[str, str]) -> Known | None:
        """Keep the answers, and return what the results depend on, if that is known.

        :param environment: the variables of the build
        """
        if self.entry is None or (self._fresh and self._content() != self.before):
            return None
        if self._fresh:
            document = {"form": _FORM, "key": self._keyed(), "answers": self._answers}
            remembered.keep(self.entry, json.dumps(document).encode())
        # A repository's configuration names programs that git runs.
        repository = None if trust.is_reading() else _repository(folder, environment)
        if repository is None:
            return None
        facts = (self.key, self.before, repository)

        def unchanged() -> bool:
            try:
                now = (
                    _key(self.go, folder),
                    self._content(),
                    _repository(folder, environment),
                )
                again = state.Stamps(self._begin)
                return now == facts and all(
                    again.of(folders) == stamps for folders, stamps in self._read.values()
                )
            except state.Unknown:
                return False

        trees = {platform: _digest(facts, stamps) for platform, (_, stamps) in self._read.items()}
        return Known(trees, unchanged)

    def _content(self) -> str:
        try:
            return state.Content(self._output).of(self._paths)
        except state.Unknown:
            return ""

    def _keyed(self) -> str:
        return _digest(self.key, self.before, self._paths, self._output)

    def recall(self) -> None:
        """Read the answers, if they are about the same files."""
        data = None if self.entry is None else remembered.recall(self.entry)
        try:
            document = json.loads(data or b"{}")
            if document.get("form") == _FORM and document["key"] == self._keyed():
                self._answers = document["answers"]
        except (ValueError, KeyError, AttributeError, TypeError):
            self._answers = {}


def memory(go: Go, folder: Path, options: Options) -> Memory:
    """Return the answers about a project; none are remembered if it has C.

    Go says other things about a project that is only looked at, so those answers are kept apart.
    """
    shown = trust.is_reading()
    if options.cgo or options.run_tests or options.shown != shown or os.name != "posix":
        return Memory(go)
    begin = time.time_ns()
    try:
        key = _key(go, folder)
        paths = state.roots(_settings(go, folder))
        output = os.path.realpath(options.output)
        before = state.Content(output).of(paths)
    except state.Unknown:
        return Memory(go)
    name = f"{resources.name_of(folder)}{'-shown' if shown else ''}.json"
    entry = resources.cache_folder(_FOLDER) / name
    stamps, variables = state.Stamps(begin), options.environment
    made = Memory(go, entry, key, before, begin, paths, output, variables, stamps)
    made.recall()
    return made


def _seen(environment: Mapping[str, str]) -> list[object]:
    """Return the variables that answers may depend on: those of a build, and those that Go gets."""
    given = trust.environment(environment)
    return [remembered.environment(one) for one in (environment, given or environment)]


def _settings(go: Go, folder: Path) -> Mapping[str, str]:
    """Return Go's settings, with the module of a folder if Go was asked outside of it.

    :raises Unknown: another Go than the one that was asked builds the project
    """
    if not go.settings:
        raise state.Unknown
    return state.placed(go.settings, folder) if trust.is_reading() else go.settings


def _key(go: Go, folder: Path) -> str:
    """Return a digest of Go, its settings and the code that reads its answers.

    :raises Unknown: it is started by a script, or there is no module
    """
    own = remembered.stamps(str(path) for path in sorted(Path(__file__).parent.glob("*.py")))
    return _digest(state.general(_settings(go, folder), go.program), own)


def _repository(folder: Path, environment: Mapping[str, str]) -> str | None:
    """Return what Go stamps programs with; None if that is not known.

    Go asks ``git status`` whether there are changes, and reads the commit and the tags.
    """
    places = [folder, *folder.parents]
    if any((place / name).exists() for place in places for name in _OTHERS):
        return None
    if not any((place / ".git").exists() for place in places):
        return None if environment.get("GIT_DIR") else ""
    git = programs.which("git", environment)
    said = []
    for words in (("status", "--porcelain=v2", "--branch"), ("for-each-ref",)):
        if git is None:
            return None
        try:
            command = [git, "-C", str(folder), *words]
            given = {**environment, "GIT_OPTIONAL_LOCKS": "0"}
            said.append(programs.output(command, environment=given))
        except ToolError:
            return None
    return "\0".join(said)


def _decoded(raw: Mapping[str, Any]) -> Found:
    return Found(
        tuple(Main(**main) for main in raw["mains"]),
        raw["left_out"],
        tuple(raw["with_c"]),
        tuple(raw["c_files"]),
        tuple(raw["folders"]),
        tuple((folder, pattern) for folder, pattern in raw["patterns"]),
        whole=raw["whole"],
    )


def _digest(*facts: object) -> str:
    text = json.dumps(facts, default=str, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
