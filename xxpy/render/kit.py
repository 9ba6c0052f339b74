"""The files of a kit, as text: the commands in ``bin`` and the files that build tools read. :mod:`xxpy.kit` says what stands in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xxpy.render.engine import environment

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class File:
    """One file of a kit.

    :param path: where it lies below the kit's folder
    :param template: the name of its template, without its ending
    :param facts: what the template prints
    """

    path: str
    template: str
    facts: Mapping[str, object] = field(default_factory=dict)
    executable: bool = False


def render(files: tuple[File, ...], templates: Mapping[str, str]) -> dict[str, str]:
    """Return the path and the text of each file.

    :param templates: the text of every template, by its name below ``templates``
    :raises TableError: a value cannot stand where the template has it
    """
    made = environment(templates)
    return {file.path: made.get_template(f"{file.template}.j2").render(file.facts) for file in files}
