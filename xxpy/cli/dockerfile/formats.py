"""How findings are printed: for people, as JSON, SARIF and commands of a GitHub workflow."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from xxpy import bounds
from xxpy.cli import printing
from xxpy.dockerfile.check import RULES, Rule, Severity
from xxpy.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from xxpy.dockerfile.check import Finding

    Found = Mapping[Path, list[Finding]]

DOCUMENTATION: Final = "docs/dockerfile-rules.md"
"""The page about the rules; each has its code as a heading."""
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.REMARK: "note"}
"""The words of SARIF."""
_COMMANDS: Final = {**_LEVELS, Severity.REMARK: "notice"}
"""The words of GitHub."""


def _text(found: Found, texts: Mapping[Path, str]) -> str:
    lines: list[str] = []
    for path, findings in found.items():
        source = texts[path].split("\n")
        for finding in findings:
            lines += _lines(path, finding, source)
    lines = [bounds.plain(line) for line in [*lines, _summary(found)]]
    return "".join(f"{line}\n" for line in lines)


def _lines(path: Path, finding: Finding, source: list[str]) -> Iterator[str]:
    docker = RULES[finding.code].docker
    name = f" ({docker})" if docker else ""
    yield f"{path}:{finding.line}  {finding.code} {finding.severity}{name}  {finding.message}"
    yield f"  {finding.line:>3} │ {source[finding.line - 1].strip()}"
    others = [str(line) for line in finding.lines if line != finding.line]
    if others:
        yield f"      │ … and line{'s' if len(others) > 1 else ''} {', '.join(others)}"
    yield f"      │ {finding.why}"
    yield f"  fix: {finding.fix}"


def _summary(found: Found) -> str:
    """Return ``2 errors, 1 remark``."""
    counts = Counter(finding.severity for findings in found.values() for finding in findings)
    words = [
        f"{counts[severity]} {severity}{'s' if counts[severity] > 1 else ''}"
        for severity in Severity
        if counts[severity]
    ]
    return ", ".join(words) or "no findings"


def _json(found: Found, texts: Mapping[Path, str]) -> str:
    del texts
    entries = [
        {
            "file": str(path),
            "line": finding.line,
            "column": finding.column,
            "lines": finding.lines,
            "code": finding.code,
            "severity": finding.severity,
            "docker": RULES[finding.code].docker or None,
            "stage": finding.stage or None,
            "message": finding.message,
            "why": finding.why,
            "fix": finding.fix,
        }
        for path, findings in found.items()
        for finding in findings
    ]
    return printing.json_text(entries)


def _github(found: Found, texts: Mapping[Path, str]) -> str:
    """Return commands of a workflow.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    del texts

    def escaped(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    return "".join(
        f"::{_COMMANDS[finding.severity]}"
        f" file={escaped(str(path)).replace(',', '%2C').replace(':', '%3A')},"
        f"line={finding.line},col={finding.column},title={finding.code}"
        f"::{escaped(f'{finding.message}; {finding.why}. Fix: {finding.fix}')}\n"
        for path, findings in found.items()
        for finding in findings
    )


def _sarif(found: Found, texts: Mapping[Path, str]) -> str:
    """Return a log of https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html."""
    codes = list(RULES)
    results = [
        _result(path, finding, codes.index(finding.code), texts[path])
        for path, findings in found.items()
        for finding in findings
    ]
    rules = [_rule(rule) for rule in RULES.values()]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "xxpy", "version": __version__, "rules": rules}},
                "results": results,
            }
        ],
    }
    return printing.json_text(log)


def _rule(rule: Rule) -> dict[str, Any]:
    described: dict[str, Any] = {
        "id": rule.code,
        "shortDescription": {"text": rule.title},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "help": {"text": f"{DOCUMENTATION}, {rule.code}", "markdown": rule.documentation},
    }
    if rule.docker:
        described["name"] = rule.docker
    return described


def _result(path: Path, finding: Finding, index: int, text: str) -> dict[str, Any]:
    line = " ".join(text.split("\n")[finding.line - 1].split())
    known_by = f"{finding.code}\n{finding.stage}\n{line}"
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}; {finding.why}. Fix: {finding.fix}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": path.as_posix()},
                    "region": {"startLine": finding.line, "startColumn": finding.column},
                }
            }
        ],
        "partialFingerprints": {"xxpy/v1": hashlib.sha256(known_by.encode()).hexdigest()},
    }


FORMATS: Final = {"text": _text, "json": _json, "sarif": _sarif, "github": _github}
"""How findings are printed, by the word of ``--format``."""
