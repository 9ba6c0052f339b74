"""What every command needs: the vocabulary of the target's parser (``_target.j2``) and the rows' triples (``_triple.j2``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.render.wrappers.branches import Branch, facts_of, folded, given, grouped, values, words_of

if TYPE_CHECKING:
    from xxpy.render.wrappers.branches import Facts
    from xxpy.table.columns import Row
    from xxpy.table.load import Table


def target_block(table: Table) -> dict[str, object]:
    """Return what ``_target.j2`` needs: the vocabulary of the parser."""
    words = table.words
    machines: dict[str, tuple[str, str]] = {}
    for row in table.rows.values():
        for word in (row.uname.machine, *row.uname.also) if row.triple.libc else ():
            machines.setdefault(word, (row.platform.architecture, row.platform.variant))
    variants = [(f"{architecture}/", variant) for architecture, variant in words.default_variant.items()]
    variants += [(f"{name}/{spelled}", variant) for name, known in words.variants.items() for spelled, variant in known.items()]
    return {
        "system_words": tuple(words.systems),
        "system_aliases": values((word, system) for word, system in words.systems.items() if word != system),
        "architecture_aliases": words_of((word, found) for word, found in words.architectures.items() if word != found[0]),
        "variants": [
            Branch(patterns, value=variant)
            for (_, variant), patterns in grouped((word, (word.split("/")[0], variant)) for word, variant in variants)
        ],
        "with_variants": [
            Branch((name,), value=", ".join(dict.fromkeys(filter(None, known.values())))) for name, known in words.variants.items() if known
        ],
        "pairs": words_of(
            (f"{architecture}{variant}", (architecture, variant))
            for architecture in words.default_variant
            for variant in words.variants[architecture].values()
        ),
        "machines": words_of(machines.items()),
    }


def triple_facts(row: Row) -> Facts:
    """Return the words that the triple of a row is made of."""
    parts = row.triple
    return given({
        "xx_system": parts.system,
        "xx_word": parts.word,
        "xx_word_alpine": parts.word_alpine or parts.word,
        "xx_abi": parts.abi,
        "xx_abi_alpine": parts.abi if parts.abi_alpine is None else parts.abi_alpine,
        "xx_version": parts.version,
    })  # fmt: skip


def _system_facts(row: Row) -> Facts:
    parts = row.triple
    return given({
        "xx_system_vendor": parts.vendor,
        "xx_system_vendor_prevails": "1" if parts.vendor_prevails else "",
        "xx_with_libc": "1" if parts.libc else "",
        "xx_libc_name": parts.libc_name,
    })  # fmt: skip


def triple_block(table: Table) -> dict[str, object]:
    """Return what ``_triple.j2`` needs: the words of each row's triple, and what distributions do with them."""
    rows = table.rows.items()
    distributions = table.distributions.items()
    words = ((key, row.triple.word_variable) for key, row in rows if row.triple.libc and row.triple.word_variable)
    versions = ((key, row.triple.version_variable) for key, row in rows if row.triple.version_variable)
    return {
        "with_release": False,
        "with_names": False,
        "row_branches": facts_of(folded(table, ((key, triple_facts(row)) for key, row in rows))),
        "row_systems": [
            branch for branch in facts_of((row.platform.os, _system_facts(row)) for row in table.rows.values()) if branch.facts
        ],
        "word_overrides": values(folded(table, words)),
        "version_overrides": values(folded(table, versions)),
        "libcs": values((name, found.libc) for name, found in distributions),
        "plain_vendors": tuple(name for name, found in distributions if not found.vendor_in_triple),
        "alpine_spelling": tuple(name for name, found in distributions if found.alpine_spelling),
    }


def sysroot_block(table: Table) -> dict[str, object]:
    """Return what ``_sysroot.j2`` needs: the systems with an SDK, and the distributions that keep foreign files apart."""
    return {
        "foreign_roots": tuple(name for name, found in table.distributions.items() if found.foreign_root),
        "sdks": [
            (systems, sdk.pattern, sdk.default)
            for sdk, systems in grouped((row.platform.os, row.sdk) for row in table.rows.values() if row.sdk is not None)
        ],
    }
