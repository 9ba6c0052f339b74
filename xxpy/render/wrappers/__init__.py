"""The ``xx-*`` commands: which there are, and the facts that their templates print.

Every decision is made here, in Python; a template only loops over what it is given. Each module of this package makes the facts of one
template; :data:`WRAPPERS` says which command takes which.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from xxpy.errors import UsageError, nearest
from xxpy.render.wrappers import apk, apt, cargo, clang, dnf, go, info, verify, windres
from xxpy.render.wrappers.target import sysroot_block, target_block, triple_block
from xxpy.templates import environment

if TYPE_CHECKING:
    from jinja2 import Environment

    from xxpy.table.load import Table

Block = Callable[["Table"], Mapping[str, object]]
"""What makes the facts of a template, or of a part that templates share."""

FOLDER: Final = "usr/bin"
"""Where the commands lie in the image and in an exported tree."""


@dataclass(frozen=True, slots=True)
class Wrapper:
    """One command.

    :param summary: what it does, in one line
    :param template: the template in ``templates/wrappers`` without its ending; several commands may share one
    :param blocks: what makes the facts that the template needs
    """

    summary: str
    template: str
    blocks: tuple[Block, ...]


_CLANG: Final = (target_block, triple_block, sysroot_block, clang.block)
_CC: Final = (*_CLANG, clang.triple_block)
_APT: Final = (target_block, triple_block, clang.linker_block, apt.block)

WRAPPERS: Final[Mapping[str, Wrapper]] = {
    "xx-info": Wrapper("prints the names of the target", "xx-info", (target_block, triple_block, sysroot_block, info.block)),
    "xx-go": Wrapper("runs go for the target", "xx-go", (*_CLANG, go.block)),
    "xx-cargo": Wrapper("runs cargo for the target", "xx-cargo", (*_CLANG, cargo.block)),
    "xx-cc": Wrapper("runs clang for the target", "xx-cc", _CC),
    "xx-c++": Wrapper("runs clang++ for the target", "xx-cc", _CC),
    "xx-clang": Wrapper("runs clang for the target", "xx-cc", _CC),
    "xx-clang++": Wrapper("runs clang++ for the target", "xx-cc", _CC),
    "xx-apt": Wrapper("runs apt for the target", "xx-apt", _APT),
    "xx-apt-get": Wrapper("runs apt-get for the target", "xx-apt", _APT),
    "xx-apk": Wrapper("runs apk on the target's root", "xx-apk", (target_block, triple_block, apk.block)),
    "xx-dnf": Wrapper("runs dnf on the target's root", "xx-dnf", (target_block, triple_block, dnf.block)),
    "xx-yum": Wrapper("runs yum on the target's root", "xx-dnf", (target_block, triple_block, dnf.block)),
    "xx-microdnf": Wrapper("runs microdnf on the target's root", "xx-dnf", (target_block, triple_block, dnf.block)),
    "xx-windres": Wrapper("compiles Windows resources for the target", "xx-windres", (target_block, triple_block, windres.block)),
    "xx-verify": Wrapper("checks that files are binaries for the target", "xx-verify", (target_block, verify.block)),
}
"""Each command, in the order in which they are listed."""


def render(name: str, table: Table, templates: Mapping[str, str]) -> str:
    """Return the text of one command.

    :param templates: the text of everything below ``templates/``, by its path there
    :raises UsageError: there is no such command
    """
    if name not in WRAPPERS:
        raise UsageError(f"there is no command {name}", nearest(name, WRAPPERS) or "xxpy wrappers list names them")
    return _render(name, environment(templates), lambda block: block(table))


def facts(name: str, table: Table) -> Mapping[str, object]:
    """Return what the template of a command prints."""
    return _facts(name, lambda block: block(table))


def render_all(table: Table, templates: Mapping[str, str]) -> dict[str, str]:
    """Return the text of every command, by its path in the exported tree (``usr/bin/xx-info``)."""
    templates_read = environment(templates)
    facts_made = cache(lambda block: block(table))
    return {f"{FOLDER}/{name}": _render(name, templates_read, facts_made) for name in WRAPPERS}


def _render(name: str, templates: Environment, make: Callable[[Block], Mapping[str, object]]) -> str:
    """Return the text of one command; *make* makes the facts of a block, once for all commands that share it."""
    return templates.get_template(f"{template(name)}.j2").render(_facts(name, make))


def template(name: str) -> str:
    """Return the name of a command's template, below ``templates/`` and without its ending."""
    return f"wrappers/{WRAPPERS[name].template}"


def _facts(name: str, make: Callable[[Block], Mapping[str, object]]) -> Mapping[str, object]:
    wrapper = WRAPPERS[name]
    made: dict[str, object] = {
        "name": name,
        "template": wrapper.template,
        "summary": wrapper.summary,
        "debug_variable": "XX_DEBUG_" + wrapper.template.removeprefix("xx-").upper(),
    }
    for block in wrapper.blocks:
        made.update(make(block))
    return made
