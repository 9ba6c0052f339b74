"""What a new Dockerfile is asked to be, and how a marker line says that."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, fields
from typing import Final

from xxpy.errors import UsageError, nearest

MODES: Final = ("xx", "vendored", "args", "inline")
_PROGRAM: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*")
_PACKAGE: Final = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.+/-]*")
_PORT: Final = re.compile(r"(?P<number>[1-9][0-9]{0,4})(?:/(?:tcp|udp|sctp))?")
_LAST_PORT: Final = 65535
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Request:
    """What a new Dockerfile shall be.

    :param system: the build system; "" for the first of the language
    :param mode: how the compilers learn the target
    :param name: the name of the program
    :param package: the package of Go or Cargo that is the program; "" for the one at the top
    :param layer: whether dependencies get a layer of their own, from the manifest alone
    :param certificates: whether the image has certificates of authorities
    :param zones: whether it has time zones
    :param health: the words behind the program in its health check; none means no health check
    :param ports: what the program listens on, such as ``8080`` or ``53/udp``
    """

    language: str
    system: str = ""
    base: str = "debian"
    runtime: str = "scratch"
    mode: str = "xx"
    name: str = "app"
    package: str = ""
    layer: bool = True
    certificates: bool = True
    zones: bool = True
    health: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()

    def words(self) -> str:
        """Return the words of a marker line, for :func:`read`; defaults only for ``_ALWAYS``."""
        pairs = []
        for each in fields(self):
            value = getattr(self, each.name)
            if (each.name in _ALWAYS and value) or value != each.default:
                pairs.append(f"{each.name}={_written(value)}")
        return shlex.join(pairs)


_ALWAYS: Final = frozenset({"language", "system", "base", "runtime", "mode", "name"})
"""What a marker line says even where it is the default."""


def read(words: str) -> Request:
    """Return the request that a marker line names.

    :raises UsageError: it names something else
    """
    error = UsageError(
        f"a marker line cannot be read: {words.strip()}", "delete it, and the part is yours"
    )
    try:
        pairs = dict(word.partition("=")[::2] for word in shlex.split(words))
    except ValueError as reason:
        raise error from reason
    kinds = {each.name: each.type for each in fields(Request)}
    if not pairs.get("language") or pairs.keys() - kinds.keys():
        raise error
    values = {name: _read(text, str(kinds[name])) for name, text in pairs.items()}
    if None in values.values():
        raise error
    return Request(**values)  # type: ignore[arg-type]


def _written(value: str | bool | tuple[str, ...]) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    return value if isinstance(value, str) else shlex.join(value)


def _read(text: str, kind: str) -> str | bool | tuple[str, ...] | None:
    if kind == "bool":
        return {YES: True, NO: False}.get(text)
    if kind == "str":
        return text
    try:
        return tuple(shlex.split(text))
    except ValueError:
        return None


def check(request: Request) -> None:
    """Refuse what cannot be written into a Dockerfile.

    :raises UsageError: with the reason
    """
    if not _PROGRAM.fullmatch(request.name):
        raise UsageError(
            f"{request.name!r} cannot be the name of a program",
            "letters, digits and ._+- without a path",
        )
    if request.package and not _PACKAGE.fullmatch(request.package):
        raise UsageError(
            f"{request.package!r} cannot be a package",
            "./cmd/server for Go, the name of a package for Cargo",
        )
    for port in request.ports:
        found = _PORT.fullmatch(port)
        if found is None or int(found["number"]) > _LAST_PORT:
            raise UsageError(
                f"{port!r} is no port", f"a number up to {_LAST_PORT}, as in 8080 or 53/udp"
            )
    if any(_CONTROL.search(word) for word in request.health):
        raise UsageError(
            "the health check has control characters",
            "the arguments of the program, such as health",
        )


def known(what: str, word: str, names: tuple[str, ...]) -> None:
    """Refuse a word that is none of the names.

    :raises UsageError: with the names
    """
    if word not in names:
        hint = nearest(word, names) or f"expected one of: {', '.join(names)}"
        raise UsageError(f"there is no {what} {word}", hint)
