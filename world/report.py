"""The table for people, ``docs/world.md``, and the one for programs, ``docs/world.json``."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from world.entries import KINDS
from world.pairs import LINUX, SYSTEMS, Goal
from world.records import BUILT, FAILED, LACKING, PAGE, RAN, TABLE, UNTRIED, Record, dump
from xxpy.machine import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from world.entries import Entry
    from world.pairs import Pair
    from world.records import Records

MARKS: Final = {RAN: "▶", BUILT: "✓", FAILED: "✗", LACKING: "–", UNTRIED: "·"}
COLUMNS: Final = (*(Goal(platform) for platform in LINUX + SYSTEMS), Goal("linux/*", "musl"))
"""The columns of the table; musl of any architecture is one."""
_INTRODUCTION: Final = """\
# The world

<!-- made by python -m world; see world/README.md -->

Projects that others wrote, built by `xxpy build` from the sources that their authors released. Most
need no configuration. ▶ was built, verified and run (natively, under QEMU or wine), ✓ was built and
verified, – only lacks libraries of that platform, ✗ failed, · has not been tried. An empty cell is
not part of the sample, and says nothing about the project. [How to add a
project](../CONTRIBUTING.md#add-a-project-to-the-world).
"""

_STATUS: Final = re.compile(r"failed with exit status \d+$")
"""A cause that does not say why."""


def rows(every: Iterable[Pair], records: Records) -> list[Record]:
    """Return one record for each pair of the corpus, in its order."""
    found = []
    for pair in every:
        name, goal, entry = pair.entry.name, str(pair.goal), pair.entry.digest
        if pair.lacking:
            found.append(Record(name, goal, LACKING, entry, cause=pair.lacking))
        else:
            found.append(records.find(pair) or Record(name, goal, UNTRIED, entry))
    return found


def write(corpus: Sequence[Entry], every: Sequence[Pair], records: Records) -> None:
    """Write both tables."""
    made = rows(every, records)
    files.write(TABLE, dump(made))
    files.write(PAGE, page(corpus, made))
    print(totals(made))


def totals(made: Sequence[Record]) -> str:
    """Return the numbers in one paragraph."""
    counts = Counter(record.verdict for record in made)
    tried = counts[RAN] + counts[BUILT] + counts[FAILED]
    linux = [row for row in made if row.goal.startswith("linux/") and row.verdict in MARKS]
    tried_linux = sum(row.verdict in {RAN, BUILT, FAILED} for row in linux)
    ran_linux = sum(row.verdict == RAN for row in linux)
    good = counts[RAN] + counts[BUILT]
    versions = sorted({row.xxpy.partition(" ")[0] for row in made if row.xxpy})
    parts = (
        f"{good} of {tried} pairs are built and verified{_percent(good, tried)}.",
        f"{ran_linux} of {tried_linux} for Linux were also run{_percent(ran_linux, tried_linux)}.",
        f"{counts[LACKING]} more lack libraries of their platform only.",
        f"{counts[UNTRIED]} have not been tried." if counts[UNTRIED] else "",
        f"xxpy {', '.join(versions)}." if versions else "",
    )
    return " ".join(part for part in parts if part)


def _percent(part: int, whole: int) -> str:
    return f" ({100 * part / whole:.1f} %)" if whole else ""


def page(corpus: Sequence[Entry], made: Sequence[Record]) -> str:
    """Return the page."""
    results = {(row.project, row.goal): row for row in made}
    lines = [_INTRODUCTION, totals(made), "", '<div class="filterable" markdown>', ""]
    titles = [str(goal).removeprefix("linux/").replace("*:", "") for goal in COLUMNS]
    lines += [f"| project | version | kind | {' | '.join(titles)} |"]
    lines += ["| --- " * (3 + len(COLUMNS)) + "|"]
    for kind in KINDS:
        for entry in sorted(corpus, key=lambda each: each.name.lower()):
            if entry.kind == kind:
                cells = [_cell(entry, column, results) for column in COLUMNS]
                head = f"| {entry.name} | {entry.version} | {kind} | "
                lines.append(head + " | ".join(cells) + " |")
    lines += ["", "</div>", "", *_failures(corpus, made)]
    return "\n".join(lines) + "\n"


def _cell(entry: Entry, column: Goal, results: Mapping[tuple[str, str], Record]) -> str:
    marks = []
    for goal in entry.goals:
        if goal.matches(str(column)):
            row = results.get((entry.name, str(goal)))
            mark = MARKS[row.verdict if row else UNTRIED]
            name = f" {goal.platform.removeprefix('linux/')}" if "*" in column.platform else ""
            marks.append(mark + name)
    return ", ".join(marks)


def _failures(corpus: Sequence[Entry], made: Sequence[Record]) -> list[str]:
    by_name = {entry.name: entry for entry in corpus}
    lines = ["## What failed, and why", "", '<div class="filterable" markdown>', ""]
    lines += ["| project | platform | whose | reason |", "| --- | --- | --- | --- |"]
    for row in made:
        if row.verdict == FAILED:
            owner, reason = explained(by_name[row.project], row)
            lines.append(f"| {row.project} | {row.goal} | {owner} | {reason} |")
    return [*lines, "", "</div>"]


def explained(entry: Entry, row: Record) -> tuple[str, str]:
    """Return whose a failure is and why, by the entry or else by what xxpy said."""
    platform, _, libc = row.goal.partition(":")
    told = entry.reason(Goal(platform, libc))
    said = f"{row.cause}: {row.evidence}" if _STATUS.search(row.cause) else row.cause
    owner, _, reason = told.partition(": ") if told else ("not known", "", said)
    return owner, reason.replace("|", "\\|").replace("<", "&lt;")


def broken(
    chosen: Iterable[Pair], records: Records, before: Mapping[tuple[str, str], Record]
) -> list[str]:
    """Return a line for each pair that was good and has failed."""
    found = []
    for pair in chosen:
        was = before.get((pair.entry.name, str(pair.goal)))
        now = records.find(pair)
        if was and was.good and now and now.verdict == FAILED:
            found.append(f"{pair}: was {was.verdict}, now: {now.cause}")
    return found
