"""Kinds of makefiles with rules that functions make: which goals they concern, as far as their text says."""

from __future__ import annotations

from tests.dockerfile.faults import APP, GO, Fault

TOLD = ("RUN GOOS=$TARGETOS GOARCH=$TARGETARCH make app\n",)
EVAL = "rules that eval or call makes are not read"
BUILD = "app:\n\tgo build -o app .\n"
TOOL = (
    "define tool_rule\n$(1)_BINARY := $(BIN)/$(1)\n\n# A tool.\n$(BIN)/$(1):\n"
    "\tGOBIN=$(BIN) go install example.com/$(1)\nendef\n"
)
CALL = "$(foreach one,$(TOOLS),$(eval $(call tool_rule,$(one))))\n"


def make(text: str) -> dict[str, str]:
    return {"Makefile": text}


FAULTS = {
    "rules for tools in a folder of their own": Fault(
        GO + "RUN make app\n" + APP, TOLD, files=make(f"BIN := bin\n{BUILD}{TOOL}{CALL}")
    ),
    "names of targets that begin otherwise": Fault(
        GO + "RUN make app\n" + APP,
        TOLD,
        files=make(
            BUILD + "define image\nimage-$(1): $(1)\n\tdocker build .\nendef\n"
            "$(eval $(call image,a))\n"
        ),
    ),
    "the goal is one of those targets": Fault(
        GO + "RUN make bin/app\n" + APP,
        left=(5, EVAL),
        files=make(f"BIN := bin\n{BUILD}{TOOL}{CALL}"),
    ),
    "the goal needs one of those targets": Fault(
        GO + "RUN make app\n" + APP,
        left=(5, EVAL),
        files=make(f"BIN := bin\napp: bin/gen\n\tgo build -o app .\n{TOOL}{CALL}"),
    ),
    "the goal needs what only a run shows": Fault(
        GO + "RUN make app\n" + APP,
        left=(5, EVAL),
        files=make(f"BIN := bin\napp: $(shell ls)\n\tgo build -o app .\n{TOOL}{CALL}"),
    ),
    "targets of any name": Fault(
        GO + "RUN make app\n" + APP,
        left=(5, EVAL),
        files=make(BUILD + "define rule\n$(1):\n\tgo build .\nendef\n$(eval $(call rule,a))\n"),
    ),
    "the command is set by such a rule": Fault(
        GO + "RUN make app\n" + APP,
        left=(5, "starts a program whose name only a run of make shows"),
        files=make(
            "app:\n\t$(go_BINARY) build -o app .\n" + f"BIN := bin\n{TOOL}$(eval $(call tool_rule,go))\n"
        ),
    ),
    "the first rule is such a one": Fault(
        GO + "RUN make\n" + APP,
        left=(5, EVAL),
        files=make(f"BIN := bin\n{TOOL}{CALL}{BUILD}"),
    ),
    "a text that evals another": Fault(
        GO + "RUN make app\n" + APP,
        left=(5, EVAL),
        files=make(BUILD + "define one\nx-$(1): ; $(eval $(call two,$(1)))\nendef\n$(eval $(call one,a))\n"),
    ),
    "a text that is not there": Fault(
        GO + "RUN make app\n" + APP,
        left=(5, EVAL),
        files=make(BUILD + "$(eval $(call nothing,a))\n"),
    ),
    "a call among what a rule needs": Fault(
        GO + "RUN make app\n" + APP,
        TOLD,
        files=make(
            "all = $(foreach d,$(wildcard $1*),$(call all,$d/,$2) $(wildcard $1$2))\n"
            "$(PREFIX)app: $(call all,,*.go)\n\tgo build -o app .\n"
        ),
    ),
    "a call in the name of a target": Fault(
        GO + "RUN make app\n" + APP,
        left=(5, EVAL),
        files=make("app:\n\tgo build -o app .\n$(call names,a): app\n\tgo build -o app2 .\n"),
    ),
}  # fmt: skip
"""By what is the matter."""
