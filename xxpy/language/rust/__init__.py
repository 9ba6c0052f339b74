"""Cargo packages and workspaces."""

from __future__ import annotations

from typing import Final

from xxpy.language.language import Language
from xxpy.language.rust import doctor, plan, project, variables

LANGUAGE: Final = Language(
    name="rust",
    title="Cargo package or workspace",
    markers=(project.MARKER,),
    suffixes=frozenset({project.SUFFIX}),
    calls=project.CALLS,
    examples={"packages": ("server",), "arguments": ("--locked",)},
    plan=plan.plan,
    programs=project.programs,
    root=project.root,
    parts=project.parts,
    variables=variables.variables,
    doctor=doctor.checks,
)
