"""The page about the rules, made of their docstrings."""

from __future__ import annotations

from typing import Final

from xxpy.dockerfile.check.finding import RULES, Rule

_HEAD: Final = """\
# Rules of `xxpy dockerfile check`

[Dockerfiles](dockerfile.md) says how to run it. An **error** is an image that is wrong, or does not
build, for some platform; a **warning** is a slow or fragile build; a **remark** is what could be
better and is often meant so. `--fail-on` says from which severity on the exit status is 1
(`warning` by default).

`xxpy dockerfile rule XX101` prints a section of this page.

| code | severity | finds | BuildKit's name |
| --- | --- | --- | --- |
"""


def page() -> str:
    """Return the whole page."""
    rows = [
        f"| [{rule.code}](#{rule.code.lower()}) | {rule.severity} | {rule.title}"
        f" | {f'`{rule.docker}`' if rule.docker else ''} |\n"
        for rule in RULES.values()
    ]
    sections = [f"\n{section(rule)}" for rule in RULES.values()]
    return _HEAD + "".join(rows) + "".join(sections)


def section(rule: Rule) -> str:
    """Return what the page says of one rule."""
    summary, _, rest = rule.documentation.partition("\n\n")
    docker = f", `{rule.docker}` of BuildKit" if rule.docker else ""
    body = rest.replace("\n## ", "\n### ").removeprefix("## ")
    if rest.startswith("## "):
        body = f"### {body}"
    kind = f"*{rule.severity}{docker}*: {rule.title}."
    return f"## {rule.code}\n\n{kind}\n\n{summary}\n\n{body}\n"
