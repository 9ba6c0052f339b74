"""Go modules and workspaces."""

from __future__ import annotations

from typing import Final

from xxpy import deferred
from xxpy.language.go import project
from xxpy.language.language import Language

LANGUAGE: Final = Language(
    name="go",
    title="Go module",
    markers=(project.MODULE, project.WORKSPACE),
    suffixes=frozenset({project.SUFFIX}),
    calls=project.CALLS,
    patterns=True,
    plan=deferred.function("xxpy.language.go.plan", "plan"),
    examples={"packages": ("./cmd/server",), "arguments": ("-ldflags=-s -w",), "cgo": True},
    programs=project.programs,
    root=project.root,
    parts=project.parts,
    arguments=project.rebased,
    names_parts=project.names_packages,
    variables=deferred.function("xxpy.language.go.variables", "variables"),
    doctor=deferred.function("xxpy.language.go.doctor", "checks"),
    needs=deferred.function("xxpy.language.go.needs", "needs"),
)
