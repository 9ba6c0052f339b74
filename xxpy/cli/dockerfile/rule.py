"""``xxpy dockerfile rule``: explain a code of check."""

from __future__ import annotations

import click

from xxpy.cli import printing
from xxpy.dockerfile.check import RULES, ignore, page
from xxpy.errors import UsageError, nearest


@click.command(epilog="Example: xxpy dockerfile rule XX101")
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Explain a code of check; without one list them all."""
    if code is None:
        width = max(len(rule.severity) for rule in RULES.values())
        for rule in RULES.values():
            printing.show(f"{rule.code}  {rule.severity:<{width}}  {rule.title}")
        return
    known = ignore.code_of(code)
    if known is None:
        hint = nearest(code.upper(), RULES) or f"expected one of: {', '.join(RULES)}"
        raise UsageError(f"there is no code {code}", hint)
    printing.give(page.section(RULES[known]), nl=False)
