"""The parts of the documentation that come from the site's navigation and from the Python API."""

from __future__ import annotations

import dataclasses
import enum
import inspect
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docs.site import build
from xxpy import api

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
KINDS: Final = ("Tutorial", "How-to", "Reference", "Explanation", "Project")


def pages() -> list[str]:
    """Return the pages of the documentation, by kind, as a Markdown list."""
    configuration = tomllib.loads((ROOT / "docs/site" / build.CONFIGURATION).read_text("utf-8"))
    sections = {
        kind: entries
        for section in configuration["project"]["nav"]
        for kind, entries in section.items()
    }
    return [f"- **{kind}**: {', '.join(_links(sections[kind]))}" for kind in KINDS]


def _links(entries: list[dict[str, Any]]) -> Iterator[str]:
    for entry in entries:
        for title, target in entry.items():
            if isinstance(target, str):
                yield f"[{title}]({target})"


def api_reference() -> str:
    """Return the page of the Python API: the signature and the docstring of every public name."""
    lines = [
        "# Python API reference",
        "",
        "Every name that `from xxpy import …` provides. [The Python API](api.md) shows how to use",
        "them and says what is stable. This page is generated from the docstrings.",
    ]
    for name in api.__all__:
        found = getattr(api, name)
        lines += ["", f"## {name}", "", *_described(name, found)]
        if inspect.isclass(found):
            for member, value in _members(found):
                lines += ["", f"### {name}.{member}", "", *_described(member, value)]
    return "\n".join(lines) + "\n"


def _described(name: str, found: object) -> list[str]:
    return [*_declaration(name, found), *_prose(inspect.getdoc(found) or "")]


def _declaration(name: str, found: object) -> list[str]:
    """Return how a name is declared, as a block of Python."""
    if isinstance(found, property):
        returned = inspect.signature(found.fget).return_annotation if found.fget else "object"
        text = f"{name}: {returned}"
    elif inspect.isclass(found) and dataclasses.is_dataclass(found):
        fields = [field for field in dataclasses.fields(found) if not field.name.startswith("_")]
        lines = [f"    {field.name}: {field.type}" for field in fields]
        text = "\n".join([f"class {name}:", *(lines or ["    ..."])])
    elif inspect.isclass(found) and issubclass(found, enum.Enum):
        values = [f"    {member.name} = {member.value!r}" for member in found]
        text = "\n".join([f"class {name}:", *values])
    elif inspect.isclass(found):
        text = f"class {name}"
    else:
        assert callable(found)
        text = f"{name}{_signature(found)}"
    return ["```python", text, "```", ""]


class _Annotation(str):
    """An annotation that is printed as it is written in the source, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _signature(found: Callable[..., object]) -> inspect.Signature:
    """Return the signature that a caller sees."""
    signature = inspect.signature(found)
    parameters = [
        parameter.replace(annotation=_Annotation(parameter.annotation))
        if isinstance(parameter.annotation, str)
        else parameter
        for name, parameter in signature.parameters.items()
        if name not in {"self", "cls"}
    ]
    returned = _Annotation(signature.return_annotation)
    return signature.replace(parameters=parameters, return_annotation=returned)


def _prose(text: str) -> list[str]:
    """Return a docstring as Markdown: examples become blocks, roles and literals become code."""
    lines: list[str] = []
    example = False
    for line in text.splitlines():
        if line.startswith(">>> ") and not example:
            lines.append("```pycon")
            example = True
        if example and not line:
            lines += ["```", ""]
            example = False
            continue
        lines.append(line if example else _plain(line))
    return [*lines, "```"] if example else lines


def _plain(line: str) -> str:
    line = line.replace("``", "`")
    for field in ("param", "raises"):
        if line.startswith(f":{field} "):
            name, _, meaning = line.removeprefix(f":{field} ").partition(":")
            verb = "raises " if field == "raises" else ""
            return f"- {verb}`{name}`:{meaning}"
    for role in ("class", "func", "mod", "meth", "data"):
        line = line.replace(f":{role}:", "")
    return line


def _members(found: type) -> Iterator[tuple[str, Any]]:
    """Yield the documented methods and properties that a class defines itself."""
    for name, value in vars(found).items():
        member = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value
        if name.startswith("_") or not (inspect.isfunction(member) or isinstance(member, property)):
            continue
        if inspect.getdoc(member):
            yield name, member
