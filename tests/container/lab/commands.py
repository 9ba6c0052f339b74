"""Runs the tools of the lab; what they say is shown only when they fail."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class LabError(Exception):
    """Something that the lab needs is missing or fails."""


def run(
    *command: str | Path,
    environment: Mapping[str, str] | None = None,
    stdin: str = "",
    timeout: float | None = None,
    with_errors: bool = False,
) -> str:
    """Return what a command prints on stdout, and on stderr as well when *with_errors*.

    :raises LabError: it cannot be started, takes longer than *timeout* seconds or fails, with the end of what it said
    """
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            env=environment,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if with_errors else subprocess.PIPE,
            text=True,
            check=False,
            timeout=timeout,
        )
    except OSError as error:
        raise LabError(
            f"{words[0]}: {error.strerror}; tests/packages.txt lists what the tests need"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise LabError(f"{' '.join(words)}: not done after {timeout} s") from error
    if done.returncode != 0:
        said = "\n".join((done.stdout + (done.stderr or "")).splitlines()[-40:])
        raise LabError(f"{' '.join(words)}: exit status {done.returncode}\n{said}")
    return done.stdout
