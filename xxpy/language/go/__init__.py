"""Go modules and workspaces."""

from __future__ import annotations

from typing import Final

from xxpy.language.go import doctor, needs, plan, project, variables
from xxpy.language.language import Language

LANGUAGE: Final = Language(
    name="go",
    title="Go module",
    markers=(project.MODULE, project.WORKSPACE),
    suffixes=frozenset({project.SUFFIX}),
    calls=project.CALLS,
    patterns=True,
    examples={"packages": ("./cmd/server",), "arguments": ("-ldflags=-s -w",), "cgo": True},
    plan=plan.plan,
    programs=project.programs,
    root=project.root,
    parts=project.parts,
    arguments=project.rebased,
    names_parts=project.names_packages,
    variables=variables.variables,
    doctor=doctor.checks,
    needs=needs.needs,
)
