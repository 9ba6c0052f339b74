"""The names of what the ``xx-*`` commands make aside: who makes it, and where."""

from __future__ import annotations

from pathlib import Path


def start(process: int) -> int:
    """Return when a process was started, in ticks since the boot of the machine."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()[19])


def life() -> str:
    """Return what tells this machine, its boot and its mount of /proc from others."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().partition("-")[0]
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    mounts = [line.split()[2] for line in lines if line.split()[4] == "/proc"]
    return f"{boot}-{mounts[-1].partition(':')[2]}"


def name(process: int, begun: int = 0, where: str = "") -> str:
    """Return the name for a process that was started then, by default the one that runs now."""
    return f".xxpy-{process}-{begun or start(process)}-{where or life()}"
