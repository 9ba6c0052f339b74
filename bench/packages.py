"""How many processes the commands for packages start, beside those of the package manager itself.

It counts in containers of Debian 12 with the real apt, and with the real dnf over an empty
repository.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.measure import Result
from tests.container.lab import daemon, images
from tests.container.lab.commands import run

if TYPE_CHECKING:
    from tests.container.lab.daemon import Docker

LIMIT: Final = 6
MANAGERS: Final = frozenset(
    {"apt", "apt-cache", "apt-config", "apt-get", "dpkg", "dnf", "dnf-3", "apk"}
)
CALLS: Final = {
    "first call": "TARGETPLATFORM=linux/arm64 xx-apt-get install -s -y zlib1g-dev",
    "next call": (
        "TARGETPLATFORM=linux/arm64 xx-apt-get install -s -y zlib1g-dev gcc g++ make"
        " xx-c-essentials"
    ),
    "native": "TARGETPLATFORM= xx-apt-get install -s -y zlib1g-dev",
    "windows": "TARGETPLATFORM=windows/amd64 xx-apt-get install -s -y gcc",
    "dnf": "TARGETPLATFORM=linux/arm64 xx-dnf list",
}
_EXEC: Final = re.compile(r'^(\d+) +execve\("([^"]+)"')
_FORK: Final = re.compile(r"^(\d+) +(?:<\.\.\. )?(?:v?fork|clone3?)\b.*= (\d+)$")


def started(trace: str, script: str) -> list[str]:
    """Return the programs that a script itself started, from the log of ``strace -f``.

    What is started by a process that is a program of its own by then is that program's affair.

    :param script: the path of the script, or of the shell that reads it, as it was started
    """
    calls: dict[str, list[tuple[int, str, str]]] = {}
    for number, line in enumerate(trace.splitlines()):
        if fork := _FORK.match(line):
            calls.setdefault(fork[1], []).append((number, "fork", fork[2]))
        elif found := _EXEC.match(line):
            calls.setdefault(found[1], []).append((number, "exec", found[2]))
    programs: list[tuple[int, str]] = []
    # A child may be logged before the call that made it returns, so each process is read by itself.
    shells = [(process, script) for process in [*calls][:1]]
    while shells:
        process, awaited = shells.pop()
        for number, call, value in calls.get(process, ()):
            if call == "fork" and not awaited:
                shells.append((value, ""))
            elif call == "exec" and not awaited:
                programs.append((number, value))
                break
            elif call == "exec" and value.endswith(awaited):
                awaited = ""
    return [Path(program).name for _, program in sorted(programs)]


def count(
    docker: Docker, image: str, wrappers: Path, calls: dict[str, str]
) -> dict[str, list[str]]:
    """Return what each call starts, one after the other in one container."""
    mounts = [
        word
        for path in sorted((wrappers / "usr/bin").iterdir())
        for word in ("--volume", f"{path}:/usr/bin/{path.name}:ro")
    ]
    lines = []
    for call in calls.values():
        lines.append(
            f"env {call.split()[0]} strace -f -qq -e trace=execve,fork,vfork,clone,clone3"
            " -e status=successful -e signal=none -o /trace"
        )
        lines[-1] += (
            f" sh /usr/bin/{' '.join(call.split()[1:])} >/dev/null 2>&1; cat /trace; echo @@"
        )
    said = docker.run(
        "run",
        "--rm",
        "--network",
        "host",
        *mounts,
        image,
        "sh",
        "-c",
        "\n".join(lines),
        timeout=900,
    )
    return {
        name: started(trace, "/sh") for name, trace in zip(calls, said.split("@@\n"), strict=False)
    }


def image_with_tools(docker: Docker) -> str:
    """Return the name of an image of Debian with strace and dnf."""
    base = images.whole_debian(docker, "12", "bookworm", with_apt=True)
    with tempfile.TemporaryDirectory() as scratch:
        recipe = (
            f"FROM {base}\nRUN apt-get update && DEBIAN_FRONTEND=noninteractive"
            " apt-get install -y --no-install-recommends strace dnf\n"
        )
        (Path(scratch) / "Dockerfile").write_text(recipe)
        docker.make_image("xxpy-lab/packages:12", Path(scratch))
    return "xxpy-lab/packages:12"


def results() -> list[Result]:
    """Count what each call starts besides the package manager's own programs."""
    with daemon.running() as docker, tempfile.TemporaryDirectory() as scratch:
        run(sys.executable, "-m", "xxpy", "wrappers", "export", scratch)
        found = count(docker, image_with_tools(docker), Path(scratch), dict(CALLS))
    counted = []
    for name, programs in found.items():
        if not programs:
            raise RuntimeError(f"{name}: strace noted nothing")
        others = [program for program in programs if program not in MANAGERS]
        counted.append(Result(f"{name}: {' '.join(programs)}", len(others), LIMIT, "besides"))
    return counted
