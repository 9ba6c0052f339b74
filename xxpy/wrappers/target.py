"""The tables of ``target.sh``: the words that the parser of the target knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy import shell
from xxpy.wrappers.tables import Facts, branch, branches, given, grouped, values

if TYPE_CHECKING:
    from xxpy.shell import Tables
    from xxpy.table.model import Table


def tables(table: Table) -> Tables:
    """Return the tables of ``target.sh``."""
    words = table.words
    architectures = (
        (word, found) for word, found in words.architectures.items() if word != found[0]
    )
    return {
        "machines": branches(_machines(table).items()),
        "system-aliases": values(
            "xx_os", ((word, system) for word, system in words.systems.items() if word != system)
        ),
        "architecture-aliases": [
            branch(aliases, _architecture(*found)) for found, aliases in grouped(architectures)
        ],
        "variants": _variants(table),
        "systems": [branch(words.systems, "xx_system_alone")],
        "pairs": branches(_pairs(table)),
        "known-variants": [
            branch(
                (name,),
                f"xx_known={shell.quote(', '.join(dict.fromkeys(filter(None, known.values()))))}",
            )
            for name, known in words.variants.items()
            if known
        ],
    }


def _machines(table: Table) -> dict[str, Facts]:
    found: dict[str, Facts] = {}
    for row in table.rows.values():
        for word in (row.uname.machine, *row.uname.also) if row.triple.libc else ():
            found.setdefault(
                word,
                given({
                    "xx_machine_arch": row.platform.architecture,
                    "xx_machine_variant": row.platform.variant,
                }),
            )  # fmt: skip
    return found


def _architecture(architecture: str, variant: str) -> str:
    """Return the code for an architecture under another name; a variant that was given stays."""
    code = f"xx_arch={shell.name(architecture)}"
    return f"{code} xx_variant=${{xx_variant:-{shell.name(variant)}}}" if variant else code


def _variants(table: Table) -> list[str]:
    """Return the branches from ``architecture/variant`` as people spell it to the variant."""
    words = table.words
    pairs = [
        (f"{architecture}/", variant) for architecture, variant in words.default_variant.items()
    ]
    for name, known in words.variants.items():
        pairs += [(f"{name}/{spelled}", variant) for spelled, variant in known.items()]
    found = grouped((word, (word.split("/")[0], variant)) for word, variant in pairs)
    return [
        branch(spelled, f"xx_variant={shell.quote(variant)}") for (_, variant), spelled in found
    ]


def _pairs(table: Table) -> list[tuple[str, Facts]]:
    words = table.words
    return [
        (f"{architecture}{variant}", (("xx_arch", architecture), ("xx_variant", variant)))
        for architecture in words.default_variant
        for variant in words.variants[architecture].values()
    ]
