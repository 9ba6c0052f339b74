"""``xxpy dockerfile check``: what makes builds for several platforms slow or wrong."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from xxpy import bounds
from xxpy.cli import common, printing
from xxpy.cli.dockerfile import sources
from xxpy.cli.dockerfile.formats import FORMATS
from xxpy.cli.dockerfile.sources import DEFAULT, STANDARD_INPUT
from xxpy.cli.platform_options import platforms_option
from xxpy.dockerfile import check as judge
from xxpy.dockerfile import syntax
from xxpy.dockerfile.check import Severity, baseline, ignore
from xxpy.dockerfile.write import parts
from xxpy.errors import ConfigurationError, UsageError, nearest
from xxpy.machine import files

if TYPE_CHECKING:
    from xxpy.dockerfile.check import Finding
    from xxpy.dockerfile.syntax import Document
    from xxpy.request.platforms import Asked
    from xxpy.table.platform import Platform

NEVER: Final = "never"
_MOST: Final = 1 << 24
"""Bytes of a baseline at most."""


def codes(context: click.Context, parameter: click.Parameter, words: tuple[str, ...]) -> set[str]:
    """Return the codes that ``--ignore`` means: codes, or names of BuildKit's checks."""
    del context, parameter
    found = {word: ignore.code_of(word) for word in words}
    for word, code in found.items():
        if code is None:
            known = ", ".join(judge.RULES)
            hint = nearest(word.upper(), judge.RULES) or f"expected one of: {known}"
            raise UsageError(f"there is no code {word}", hint)
    return {code for code in found.values() if code}


@click.command(
    epilog="""\b
Examples:
  xxpy dockerfile check
  xxpy dockerfile check --platform linux/amd64,linux/arm64 Dockerfile docker/*.Dockerfile
  xxpy dockerfile check --fail-on error --format sarif Dockerfile >dockerfile.sarif
  xxpy dockerfile check --baseline dockerfile-baseline.json --write-baseline"""
)
@click.argument("dockerfiles", metavar="[FILES]...", nargs=-1, type=click.Path(path_type=Path))
@platforms_option(targets=False)
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="How to print the findings.",
)
@click.option(
    "--fail-on",
    type=click.Choice([*(severity.value for severity in Severity), NEVER]),
    default=Severity.WARNING.value,
    show_default=True,
    help="The least severity that makes the exit status 1.",
)
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    metavar="CODE",
    callback=codes,
    help="Leave out a code, or a check by BuildKit's name. May be repeated.",
)
@click.option(
    "--baseline",
    "known",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Leave out the findings that FILE has.",
)
@click.option(
    "--write-baseline", is_flag=True, help="Write all findings to the file of --baseline."
)
@click.option("--update", is_flag=True, help="Renew stale generated parts in the files first.")
@common.json_option
def command(
    dockerfiles: tuple[Path, ...],
    *,
    asked: Asked,
    format_: str,
    fail_on: str,
    ignored: set[str],
    known: Path | None,
    write_baseline: bool,
    update: bool,
    as_json: bool,
) -> None:
    """Say what in FILES makes a build for several platforms slow or wrong.

    An error is an image that is wrong for some platform, a warning a slow or fragile build, a
    remark what could be better. FILE - is the standard input. Without --platform the files are
    judged for a foreign platform. xxpy dockerfile rule CODE explains a code.
    """
    if write_baseline and known is None:
        raise UsageError("--write-baseline needs --baseline FILE", "name the file to write")
    texts: dict[Path, str] = {}
    documents: dict[Path, Document] = {}
    found: dict[Path, list[Finding]] = {}
    names = foreign(asked)
    for path in dockerfiles or (DEFAULT,):
        texts[path] = _text(path, update=update)
        with sources.named(path):
            documents[path] = syntax.parse(texts[path])
            findings = sources.findings(documents[path], texts[path], names, path.name)
        found[path] = [finding for finding in findings if finding.code not in ignored]
    if known is not None and write_baseline:
        _write(known, found, documents)
        return
    if known is not None:
        found = _fresh(known, found, documents)
    printing.give(FORMATS[common.format_of(format_, as_json=as_json)](found, texts), nl=False)
    severities = [finding.severity for findings in found.values() for finding in findings]
    if fail_on != NEVER and any(severity.reaches(Severity(fail_on)) for severity in severities):
        sys.exit(1)


def _text(path: Path, *, update: bool) -> str:
    """Return the text of a file, with its generated parts renewed."""
    text = sources.read(path)
    if not update:
        return text
    renewed = parts.renew(sources.sources(), text)
    if renewed != text and path != STANDARD_INPUT:
        files.write(path, renewed, keep_mode=True)
    return renewed


def _entries(
    place: Path, found: dict[Path, list[Finding]], documents: dict[Path, Document]
) -> dict[Path, list[tuple[baseline.Entry, Finding]]]:
    """Return the findings with what they are known by in a baseline at a place."""
    return {
        path: [
            (baseline.entry(_relative(path, place), finding, documents[path]), finding)
            for finding in findings
        ]
        for path, findings in found.items()
    }


def _write(place: Path, found: dict[Path, list[Finding]], documents: dict[Path, Document]) -> None:
    entries = [
        known_by for pairs in _entries(place, found, documents).values() for known_by, _ in pairs
    ]
    files.write(place, baseline.text(entries), keep_mode=True)
    count = f"{len(entries)} finding{'' if len(entries) == 1 else 's'}"
    printing.say(f"{place} has {count}", err=True)


def _fresh(
    place: Path, found: dict[Path, list[Finding]], documents: dict[Path, Document]
) -> dict[Path, list[Finding]]:
    """Return the findings that the baseline does not have; say what it has in vain."""
    try:
        document = json.loads(bounds.text(place, _MOST))
    except FileNotFoundError as error:
        raise ConfigurationError(f"{place}: no such file", "--write-baseline writes it") from error
    except (ValueError, OSError) as error:
        raise ConfigurationError(
            f"{place} cannot be read: {error}", "--write-baseline writes it again"
        ) from error
    left = baseline.read(document, str(place))
    fresh = {}
    for path, pairs in _entries(place, found, documents).items():
        fresh[path], left = baseline.fresh(pairs, left)
    checked = {_relative(path, place) for path in found}
    gone = sum(count for known_by, count in left.items() if known_by[0] in checked)
    if gone:
        what = "finding of it is" if gone == 1 else "findings of it are"
        printing.say(
            f"{place}: {gone} {what} no longer there; --write-baseline renews it", err=True
        )
    return fresh


def _relative(path: Path, place: Path) -> str:
    """Return the path of a Dockerfile from the folder of a baseline."""
    if path == STANDARD_INPUT:
        return str(path)
    return Path(os.path.relpath(path, place.parent)).as_posix()


def foreign(asked: Asked) -> str:
    """Return how to call the platforms that are not this machine's; "" when all are."""
    if not asked:
        return "a foreign platform"
    own = common.read_platform(None)
    chosen: tuple[Platform, ...] = asked.read(()).platforms
    return ", ".join(str(platform) for platform in chosen if platform != own)
