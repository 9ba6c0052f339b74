"""Whether a command that runs a project's tests has run any."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from xxpy.errors import BuildError

if TYPE_CHECKING:
    from xxpy.runner.plan import Tests


def check(tests: Tests, argv: tuple[str, ...], log: Path, begin: int) -> None:
    """Check that the tests were not none.

    :param argv: the command that has succeeded
    :param begin: where its output begins in the log
    :raises BuildError: it has run no test
    """
    with log.open("rb") as file:
        file.seek(begin)
        output = file.read().decode("utf-8", "replace")
    if not re.search(tests.ran, output, re.MULTILINE):
        raise BuildError(
            f"{shlex.join((Path(argv[0]).name, *argv[1:2]))} found no tests",
            "leave out --run-tests",
        )
