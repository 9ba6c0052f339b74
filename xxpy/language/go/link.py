"""The words for Go's linker (``-ldflags``): the user's, and those that a build needs besides.

For a Mach-O file that keeps its symbols, Go calls the machine's own ``strip`` and ``dsymutil``,
which do not know the format. So ``-s -w`` come first, where the user can take them back
(``-w=false``). Of ``-extldflags``, which have words for the C linker, Go's linker uses only the
last, so all of them become one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.errors import UsageError
from xxpy.language.go.words import join, split

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xxpy.table.columns import Row

_OUTER: Final = "extldflags"
_MODE: Final = "linkmode"
_EXTERNAL: Final = "external"


def needed(row: Row, *, static: bool, pie: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words for Go's linker and for the C linker that a program with C needs.

    :param static: whether the program must be static
    :param pie: whether it must be position-independent
    """
    own = ("-s", "-w") if row.macho is not None else ()
    if not static or not row.triple.libc:
        return own, ()
    return (*own, f"-{_MODE}={_EXTERNAL}"), ("-static-pie" if pie else "-static",)


def words(user: Iterable[str], own: tuple[str, ...], outer: tuple[str, ...]) -> tuple[str, ...]:
    """Return the user's words with those that are needed.

    >>> words(["-X", "a.b=c", "-extldflags", "-lm"], ("-linkmode=external",), ("-static",))
    ('-linkmode=external', '-X', 'a.b=c', '-extldflags=-lm -static')

    :raises UsageError: the user asks Go's linker to link on its own, which it cannot
    """
    kept: list[str] = []
    further: list[str] = []
    rest = iter(user)
    for word in rest:
        name, equals, value = word.removeprefix("-").removeprefix("-").partition("=")
        if not word.startswith("-") or name not in {_OUTER, _MODE}:
            kept.append(word)
            continue
        text = value if equals else next(rest, "")
        if name == _OUTER:
            further += split(text)
        elif outer and text not in {_EXTERNAL, "auto"}:
            raise UsageError(
                f"-{_MODE}={text} among the words for Go's linker",
                "leave it out: --static with cgo links with the C compiler",
            )
        elif not outer:
            kept.append(f"-{_MODE}={text}")
    further += [word for word in outer if word not in further]
    return (*own, *kept, *([f"-{_OUTER}={join(further)}"] if further else []))
