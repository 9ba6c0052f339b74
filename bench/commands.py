"""What the ``xx-*`` commands cost in a Dockerfile: processes, and time beside the bare tool's."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

from bench.measure import processes, ratio, variables

if TYPE_CHECKING:
    from bench.measure import Result


def results() -> list[Result]:
    """Measure xx-info and xx-go, as sh runs them on this machine."""
    given = variables(TARGETPLATFORM="linux/arm64", XX_GO_PREFER_C_COMPILER="none")
    none = variables()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "xxpy", "wrappers", "export", folder],
            check=True,
            capture_output=True,
        )
        info, go = f"{folder}/usr/bin/xx-info", f"{folder}/usr/bin/xx-go"
        shell = ["sh", "-c", ":"]
        return [
            processes("xx-info triple, target given", [info, "triple"], 0, given),
            processes("xx-info rust-target, target given", [info, "rust-target"], 0, given),
            processes("xx-info triple, for this machine", [info, "triple"], 1, none),
            processes("xx-info is-cross", [info, "is-cross"], 1, given),
            processes("xx-go env GOARCH, besides go", [go, "env", "GOARCH"], 0, given, tool="go"),
            ratio("xx-info triple, against sh -c :", [info, "triple"], shell, 2.5, given),
            ratio("xx-info rust-target, against sh -c :", [info, "rust-target"], shell, 2.5, given),
            ratio(
                "xx-go env GOARCH, against go env GOARCH",
                [go, "env", "GOARCH"],
                ["go", "env", "GOARCH"],
                1.6,
                given,
            ),
        ]
