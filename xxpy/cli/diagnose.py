"""``xxpy diagnose``: explain the log of a failed build."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from xxpy import bounds
from xxpy.cli import common, printing
from xxpy.errors import UnknownCauseError, UsageError
from xxpy.language import project
from xxpy.machine import files, resources
from xxpy.runner import causes


@click.command(
    epilog="""\b
Examples:
  xxpy diagnose
  xxpy diagnose build.log
  make 2>&1 | tee build.log; xxpy diagnose --json build.log
  ninja -C build 2>&1 | xxpy diagnose -"""
)
@click.argument("log", type=click.Path(path_type=Path, readable=False), required=False)
@common.json_option
def command(log: Path | None, *, as_json: bool) -> None:
    """Explain the log of a failed build: the cause, the line that shows it, and the fix.

    LOG is a file, or - for standard input; by default it is the newest log of xxpy build, of this
    project if it has one. It may come from any build tool. Of a log larger than
    40 MiB the first 8 MiB and the last 32 MiB are searched. The exit status is 17 if no cause is
    known.
    """
    if log is None:
        log = _newest()
        printing.note(f"the newest log: {log}")
    report = _read(log)
    if as_json:
        printing.print_json({
            "lines": report.lines,
            "skipped": report.skipped,
            "found": [found.document() for found in report.found],
        })  # fmt: skip
    else:
        for found in report.found:
            printing.show(f"{log}:{found.line}: {found.diagnosis.cause}")
            printing.show(f"  {found.diagnosis.evidence}")
            printing.show(f"  fix: {found.diagnosis.fix}")
    if not report.found:
        if str(log) != "-" and not log.stat().st_size:
            raise UnknownCauseError(f"{log} is empty", "name the log of a failed build")
        searched = f" in {report.lines - report.skipped} lines of {report.lines}"
        raise UnknownCauseError(
            f"{log}: no known cause{searched if report.skipped else ''}",
            "the first line with an error is often the cause; the lines after it follow from it",
        )


def _newest() -> Path:
    """Return the newest log of the builds of xxpy.

    :raises UsageError: there is none
    """
    root = project.locate(Path()).root.resolve()
    for folder in (resources.name_of(root), "*"):
        logs = resources.cache_path("logs").glob(f"{folder}/*.log")
        found = max(logs, key=lambda path: path.stat().st_mtime, default=None)
        if found is not None:
            return found
    raise UsageError("no log of a build in the cache", "name one: xxpy diagnose LOG, or -")


def _read(log: Path) -> causes.Report:
    """Return the causes that a log shows.

    :raises UsageError: it cannot be read
    """
    try:
        if str(log) == "-":
            return causes.read(sys.stdin.buffer)
        with bounds.opened(log) as file:
            return causes.read(file)
    except bounds.Refused as error:
        raise UsageError(f"{log} cannot be read: {error}", "xxpy diagnose LOG, or -") from error
    except OSError as error:
        raise UsageError(f"{log}: {files.reason(error)}", "xxpy diagnose LOG, or -") from error
