"""``go run`` and ``go generate``: they run on the build machine, if what they run is known to make sources only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dockerfile.faults import APP, BOTH, GO, Fault, examine

if TYPE_CHECKING:
    from xxpy.dockerfile.tools import Tools

BUILD = "go build -o app .\n"
GENERATE = GO + "RUN go generate ./...\nRUN " + BUILD + APP
KNOWN = Fault(GENERATE, ("RUN go generate ./...\n", f"RUN {BOTH} {BUILD}"))
CASES = {
    "a directive that calls a known generator": Fault(
        KNOWN.text, KNOWN.has, files={"main.go": "package main\n\n//go:generate stringer -type=T\n"}
    ),
    "a directive that runs a known generator with go run": Fault(
        KNOWN.text,
        KNOWN.has,
        files={"a/a.go": "package a\n\n//go:generate go run golang.org/x/tools/cmd/stringer -type=T\n"},
    ),
    "no directive": Fault(KNOWN.text, KNOWN.has, files={"main.go": "package main\n"}),
    "a directive in a test is not read": Fault(
        KNOWN.text,
        KNOWN.has,
        files={"main.go": "package main\n", "main_test.go": "//go:generate ./make-it\n"},
    ),
    "a directive that calls what nobody knows": Fault(
        GENERATE,
        left=(5, "go generate runs ./make-it all, which is not known"),
        files={"main.go": "package main\n", "deep/v1.2/x.go": "package er\n\n//go:generate ./make-it all\n"},
    ),
    "a directive that formats": Fault(
        KNOWN.text, KNOWN.has, files={"main.go": "package main\n\n//go:generate go fmt ./...\n"}
    ),
    "a directive that calls a tool of the module": Fault(
        KNOWN.text,
        KNOWN.has,
        files={"main.go": "package main\n\n//go:generate go tool stringer -type=T\n"},
    ),
    "a directive that builds": Fault(
        GENERATE,
        left=(5, "go generate runs go build -o helper ./helper, which is not known"),
        files={"main.go": "package main\n\n//go:generate go build -o helper ./helper\n"},
    ),
    "a directive that runs a script": Fault(
        GENERATE,
        left=(5, "go generate runs sh ./make.sh, which is not known"),
        files={"main.go": "package main\n\n//go:generate sh ./make.sh\n"},
    ),
    "sources that are not there": Fault(
        GENERATE, left=(5, "the sources are not beside the Dockerfile")
    ),
    "go run of a file that is not there": Fault(
        GO + "RUN go run ./gen && " + BUILD + APP,
        left=(5, "its source is not beside the Dockerfile"),
    ),
    "go run of a known module": Fault(
        GO + "RUN go run golang.org/x/tools/cmd/stringer@latest -type=T && " + BUILD + APP,
        (f"-type=T && {BOTH} {BUILD}",),
    ),
    "go run of a module that nobody knows": Fault(
        GO + "RUN go run example.org/cmd/thing@v1 && " + BUILD + APP,
        left=(5, "what go run example.org/cmd/thing@v1 does is not known"),
    ),
    "go run of a program that asks for its machine": Fault(
        GO + "RUN go run ./gen && " + BUILD + APP,
        left=(5, "asks for the machine (runtime.GOARCH)"),
        files={"gen/main.go": "package main\n\nfunc main() { println(runtime.GOARCH) }\n"},
    ),
}  # fmt: skip
"""By what they run."""


@pytest.mark.parametrize("name", CASES)
def test_generators(name: str, rows: Tools, parts: dict[str, str]) -> None:
    examine(CASES[name], rows, parts)
