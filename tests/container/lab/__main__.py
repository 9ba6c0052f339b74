"""The lab by hand: ``python -m tests.container.lab start``, ``stop`` or ``env``.

``start`` leaves a Docker running and prints what to ``eval`` to use it; the tests find it then and do not stop it.
"""

from __future__ import annotations

import shlex
import sys

from tests.container.lab import daemon
from tests.container.lab.commands import LabError


def main(arguments: list[str]) -> int:
    """Do what the arguments ask for and return the exit status."""
    try:
        match arguments:
            case ["start"]:
                variables = daemon.start().variables
            case ["env"]:
                variables = daemon.own().variables
            case ["stop"]:
                daemon.stop()
                return 0
            case _:
                sys.stderr.write(f"{__doc__}\n")
                return 2
    except LabError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    for name in ("DOCKER_HOST", "DOCKER_CONFIG", "PATH"):
        sys.stdout.write(f"export {name}={shlex.quote(variables[name])}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
