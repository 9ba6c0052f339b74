"""``xxpy dockerfile rule``: explain a code of check."""

from __future__ import annotations

import click

from xxpy.cli import common, printing
from xxpy.dockerfile.check import RULES, Rule, ignore, page
from xxpy.errors import UsageError, nearest


@click.command(epilog="Example: xxpy dockerfile rule XX101")
@click.argument("code", required=False)
@common.json_option
def command(code: str | None, *, as_json: bool) -> None:
    """Explain a code of check; without one list them all."""
    if code is None and as_json:
        printing.print_json([_document(rule) for rule in RULES.values()])
        return
    if code is None:
        width = max(len(rule.severity) for rule in RULES.values())
        for rule in RULES.values():
            printing.show(f"{rule.code}  {rule.severity:<{width}}  {rule.title}")
        return
    known = ignore.code_of(code)
    if known is None:
        hint = nearest(code.upper(), RULES) or f"expected one of: {', '.join(RULES)}"
        raise UsageError(f"there is no code {code}", hint)
    if as_json:
        printing.print_json(_document(RULES[known]))
    else:
        printing.give(page.section(RULES[known]), nl=False)


def _document(rule: Rule) -> dict[str, str]:
    facts = {"code": rule.code, "severity": rule.severity.value, "title": rule.title}
    return {**facts, "buildkit": rule.docker, "text": page.section(rule)}
