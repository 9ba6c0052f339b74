"""How much memory a process of the tests has taken."""

from __future__ import annotations

import re
import resource
from pathlib import Path


def most() -> tuple[int, int]:
    """Return the most memory that this process took, and the most of any process it waited for, in KiB.

    ``ru_maxrss`` of a process is never less than that of the process that started it, and the
    processes of pytest are large; ``VmHWM`` begins anew with the program (proc_pid_status(5)).
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    own = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    assert own
    return int(own[1]), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
