"""Cargo packages and workspaces."""

from __future__ import annotations

from typing import Final

from xxpy import deferred
from xxpy.language.language import Language
from xxpy.language.rust import project

LANGUAGE: Final = Language(
    name="rust",
    title="Cargo package or workspace",
    markers=(project.MARKER,),
    suffixes=frozenset({project.SUFFIX}),
    calls=project.CALLS,
    plan=deferred.function("xxpy.language.rust.plan", "plan"),
    examples={"packages": ("server",), "arguments": ("--locked",)},
    programs=project.programs,
    root=project.root,
    parts=project.parts,
    variables=deferred.function("xxpy.language.rust.variables", "variables"),
    doctor=deferred.function("xxpy.language.rust.doctor", "checks"),
)
