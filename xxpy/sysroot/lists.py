"""Read the package lists of an archive: packages, their versions, and what they depend on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from debian_inspector.debcon import get_paragraph_data
from debian_inspector.deps import parse_depends
from debian_inspector.version import Version, eval_constraint

from xxpy.sysroot.description import Package, fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


_NAME: Final = re.compile(r"^Package: *(\S+)", re.MULTILINE)
_PROVIDES: Final = re.compile(r"^Provides: *(.+)", re.MULTILINE)
_QUALIFIER: Final = re.compile(r":(any|native)\b")


@dataclass(slots=True)
class Lists:
    """The paragraphs of all package lists.

    :param versions: maps the name of a package to its paragraphs, each with its archive
    :param providers: maps the name of a virtual package to the packages that provide it
    """

    versions: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    providers: dict[str, list[str]] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    """How many unreadable paragraphs each package has; "" counts those without a name."""

    def read(self, archive: str, text: str) -> None:
        """Add one list.

        A paragraph is parsed only when its package is wanted, because a list has sixty thousand.
        """
        for paragraph in text.split("\n\n"):
            named = _NAME.search(paragraph)
            if named is None:
                if paragraph.strip():
                    self.left_out[""] = self.left_out.get("", 0) + 1
                continue
            self.versions.setdefault(named[1], []).append((archive, paragraph))
            provides = _PROVIDES.search(paragraph)
            for virtual in provides[1].split(",") if provides else ():
                self.providers.setdefault(virtual.split("(")[0].strip(), []).append(named[1])

    def candidates(self, name: str) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield the versions of a package, newest first, each with its archive."""
        parsed = [
            (archive, _paragraph(paragraph)) for archive, paragraph in self.versions.get(name, ())
        ]
        whole = [(archive, data) for archive, data in parsed if data is not None]
        if len(whole) < len(parsed):
            self.left_out.setdefault(name, len(parsed) - len(whole))
        yield from sorted(whole, key=lambda found: _version(found[1]["version"]), reverse=True)


def _version(text: str) -> Any:  # noqa: ANN401 - a Version of debian_inspector
    """Return a version of Debian's form, ready to be compared.

    ``Version.from_string`` refuses versions that end in a tilde, as those of limits do.
    """
    epoch, _, rest = text.rpartition(":")
    upstream, dash, revision = rest.rpartition("-")
    return Version(
        epoch=int(epoch or 0),
        upstream=upstream if dash else rest,
        revision=revision if dash else "0",
    )


def suits(wanted: Any, version: str) -> bool:  # noqa: ANN401 - a relationship of debian_inspector
    """Whether a version satisfies ``name`` or ``name (>= version)``."""
    operator = getattr(wanted, "operator", None)
    return operator is None or bool(
        eval_constraint(_version(version), operator, _version(wanted.version))
    )


def expressions(text: str) -> Iterable[Any]:
    """Return the parsed dependencies in a field such as ``Depends``."""
    found: Iterable[Any] = parse_depends(_QUALIFIER.sub("", " ".join(text.split())))
    return found


def offers(
    wanted: Any,  # noqa: ANN401 - a relationship of debian_inspector, which has no types
    lists: Lists,
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the packages that satisfy ``name (>= version)``, and then those that provide it.

    Packages of that name come first, newest first.
    """
    for archive, data in lists.candidates(wanted.name):
        if suits(wanted, data["version"]):
            yield archive, data
    for name in lists.providers.get(wanted.name, ()):
        for archive, data in lists.candidates(name):
            for provided in expressions(data.get("provides", "")):
                version = getattr(provided, "version", None)
                if (
                    provided.name == wanted.name
                    and (version is not None or not hasattr(wanted, "operator"))
                    and suits(wanted, version or "")
                ):
                    yield archive, data


def _paragraph(text: str) -> dict[str, str] | None:
    """Return the fields of a package, or None if one is missing or malformed."""
    data: dict[str, str] = get_paragraph_data(text)
    try:
        package = package_of("main", data)
        _version(package.version)
    except (KeyError, ValueError):
        return None
    return None if fault(package) else data


def package_of(archive: str, data: Mapping[str, str]) -> Package:
    """Return the package that the fields of a paragraph describe."""
    return Package(
        data["package"],
        data["version"],
        data["architecture"],
        archive,
        data["filename"],
        int(data["size"]),
        data["sha256"],
    )
