"""What a TAB costs beside a bare interpreter."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.measure import ratio, variables

if TYPE_CHECKING:
    from bench.measure import Result

LINES: Final = ("xxpy ver", "xxpy build --platform linux/amd64,li", "xxpy info rust")


def results() -> list[Result]:
    """Measure the answers for several lines."""
    program = str(Path(sys.executable).with_name("xxpy"))
    return [
        ratio(
            f"{line}, against python -c ''",
            [program],
            [sys.executable, "-c", ""],
            3,
            variables(_XXPY_COMPLETE="bash", _XXPY_LINE=line),
            rounds=4,
        )
        for line in LINES
    ]
