"""Linker scripts: the sources in ``templates/linkers`` with the facts of one base sysroot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy import shell
from xxpy.machine import resources

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCES: Final = "linkers"
"""The folder of the sources below ``templates/``."""


def linker(name: str, target: str, facts: Mapping[str, str]) -> str:
    """Return the script that clang calls as its linker.

    :param name: the name of its source, without ``.sh``
    :param target: the target, for a comment
    :param facts: the variables that the source gets
    """
    texts = resources.texts("templates", f"{SOURCES}/*.sh")
    sources = {path.removeprefix(f"{SOURCES}/"): text for path, text in texts.items()}
    tables = {name: {"facts": [shell.setting(facts.items())]}}
    script = shell.assemble(f"{name}.sh", sources, lambda file: tables.get(file, {}))
    origin = f"Made by xxpy, do not edit. Source: templates/{SOURCES}/{name}.sh."
    return shell.headed(script, f"The linker for {target}, as clang calls it.", origin)
