"""Show a build as plain lines, or as JSON events."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol, Self

from xxpy.cli import printing, standing
from xxpy.runner.results import Status
from xxpy.runner.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from xxpy.runner.outputs import Output
    from xxpy.runner.plan import Plan
    from xxpy.runner.results import Result
    from xxpy.table.platform import Platform

_MARKS = {Status.BUILT: "✓", Status.FAILED: "✗", Status.CANCELLED: "–", Status.REFUSED: "✗"}
_ENDS = {Status.REFUSED: "cannot be built"}
"""What a platform's line says besides the names of statuses; the report at the end says why."""
_KILO, _MEGA, _GIGA = 10**3, 10**6, 10**9


class Reporter(Protocol):
    """What :mod:`xxpy.cli.build` reports, besides what the runner reports."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
    def begin(self, jobs: int) -> None:
        """The build begins, with this many platforms at once."""

    def started(self, platform: Platform) -> None:
        """The build of a platform has begun."""

    def line(self, platform: Platform, text: str) -> None:
        """A command has printed a line."""

    def finished(self, result: Result) -> None:
        """The build of a platform has ended."""

    def joined(self, name: str, outputs: Sequence[Output]) -> None:
        """Universal binaries have been made from those of several platforms."""

    def end(self, results: Sequence[Result]) -> None:
        """The build has ended."""


def readable(size: int) -> str:
    """Return a number of bytes as people read it.

    >>> [readable(size) for size in (0, 12_345, 7_600_000, 20_000_000_000, 2_590_000_000)]
    ['0', '12.3 kB', '7.6 MB', '20 GB', '2.6 GB']
    """
    if size >= _GIGA:
        return f"{size / _GIGA:.1f}".removesuffix(".0") + " GB"
    if size >= _MEGA // 10:
        return f"{size / _MEGA:.1f} MB"
    return f"{size / _KILO:.1f} kB" if size else "0"


def relative(path: Path) -> str:
    """Return a path as the user sees it."""
    return standing.seen(path)


def heading(plan: Plan, jobs: int) -> str:
    """Return the first line of a build."""
    count = len(plan.steps) + len(plan.impossible)
    at_once = f", {jobs} at a time" if len(plan.steps) > jobs else ""
    cgo = plan.steps[0].environment.get("CGO_ENABLED") if plan.steps else None
    switch = {"0": " · CGO off", "1": " · CGO on"}.get(cgo or "", "")
    return (
        f"{plan.name} · {plan.tool}{switch} · {count} platform{'s' if count != 1 else ''}{at_once}"
    )


def left_out(plan: Plan) -> str | None:
    """Return the line with the platforms of a glob that are left out, or None."""
    if not plan.left_out:
        return None
    return (
        f"left out because {plan.tool} cannot build for them: {', '.join(map(str, plan.left_out))}"
    )


def rows(result: Result) -> list[tuple[str, str, str, str, str, str]]:
    """Return the lines of the table for one platform: platform, mark, file, size, linkage, time."""
    spent = "reused" if result.reused else f"{result.seconds:.1f} s"
    if not result.outputs:
        return [
            (
                str(result.platform),
                _MARKS[result.status],
                _ENDS.get(result.status, result.status.value),
                "",
                "",
                spent if result.status is Status.FAILED else "",
            )
        ]
    shown = [
        output for output in result.outputs if output.verified and output.role is not Role.DEBUG
    ] or list(result.outputs)
    lines = [
        (
            str(result.platform),
            _MARKS[result.status],
            relative(output.path),
            readable(output.size),
            output.linkage,
            spent,
        )
        for output in shown
    ]
    further = further_files([output for output in result.outputs if output not in shown])
    if further:
        lines.append((str(result.platform), _MARKS[result.status], f"and {further}", "", "", ""))
    return lines


def joined(name: str, outputs: Sequence[Output]) -> list[str]:
    """Return the lines about universal binaries."""
    return [
        f"  {name}  ✓  {relative(output.path)}  {readable(output.size)}"
        for output in outputs
        if output.verified
    ]


def further_files(outputs: Sequence[Output]) -> str:
    """Return the number of further files by role, ``1 debug file, 2 headers``, or ""."""
    parts = []
    for role in (Role.DEBUG, Role.HEADER, None):
        count = sum(
            output.role is role
            if role is not None
            else output.role not in {Role.DEBUG, Role.HEADER}
            for output in outputs
        )
        name = "further file" if role is None else role.value
        parts += [f"{count} {name}{'s' if count > 1 else ''}"] if count else []
    return ", ".join(parts)


def summary(results: Sequence[Result], seconds: float) -> str:
    """Return the last line of a build."""
    built = sum(result.status is Status.BUILT for result in results)
    parts = [f"{built} of {len(results)} built and verified"]
    reused = sum(result.reused for result in results)
    parts += [f"{reused} of them reused"] if reused else []
    parts += ["tests passed"] if any(result.tested for result in results) else []
    for status in (Status.FAILED, Status.REFUSED, Status.CANCELLED):
        count = sum(result.status is status for result in results)
        parts += [f"{count} {status.value}"] if count else []
    return f"{', '.join(parts)} · {seconds:.1f} s"


def removals(results: Sequence[Result]) -> list[str]:
    """Return a line with the files of earlier builds that this one has removed, if any."""
    paths = [relative(path) for result in results for path in result.removed]
    return [f"removed, because this build does not make them: {', '.join(paths)}"] if paths else []


def failures(results: Sequence[Result]) -> list[str]:
    """Return each diagnosis once: the platforms, the cause, the end of the log and the fix."""
    grouped: dict[tuple[object, ...], list[Result]] = {}
    for result in results:
        if result.diagnosis is not None:
            shown = () if result.diagnosis.evidence else result.log_end
            grouped.setdefault((result.status, result.diagnosis, shown), []).append(result)
    return [line for alike in grouped.values() for line in ("", *_failure(alike))]


def _failure(alike: Sequence[Result]) -> Iterator[str]:
    """Yield the lines about platforms that have failed in the same way."""
    first = alike[0]
    if first.diagnosis is None:
        return
    cause, evidence = first.diagnosis.cause, first.diagnosis.evidence
    ended = _ENDS.get(first.status, first.status.value)
    yield f"{', '.join(str(result.platform) for result in alike)} {ended}: {cause}"
    if evidence and not any(evidence in line for line in first.log_end):
        yield f"  {evidence}"
        if first.log_end:
            yield "  …"
    yield from (f"  {line}" for line in first.log_end)
    yield from (f"  full log: {result.log}" for result in alike if result.log is not None)
    yield from (f"  hint: {line}" for line in first.diagnosis.fix.splitlines())


def _output(output: Output) -> dict[str, object]:
    """Return an output for JSON."""
    return {
        "path": str(output.path),
        "role": output.role.value,
        "size": output.size,
        "linkage": output.linkage,
        "verified": output.verified,
    }


class Quiet:
    """Prints failures only."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.since = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def begin(self, jobs: int) -> None:
        """Print nothing."""

    def started(self, platform: Platform) -> None:
        """Print nothing."""

    def line(self, platform: Platform, text: str) -> None:
        """Print nothing."""

    def finished(self, result: Result) -> None:
        """Print nothing."""

    def joined(self, name: str, outputs: Sequence[Output]) -> None:
        """Print nothing."""

    def end(self, results: Sequence[Result]) -> None:
        """Print what failed."""
        for line in failures(results):
            printing.show(line, err=True)


class Events(Quiet):
    """Prints one JSON document per line; docs/build.md describes the keys."""

    def begin(self, jobs: int) -> None:
        """Print the plan."""
        self._print({"event": "begin", "jobs": jobs, **self.plan.document()})

    def started(self, platform: Platform) -> None:
        """Print that a platform has begun."""
        self._print({"event": "start", "platform": str(platform)})

    def finished(self, result: Result) -> None:
        """Print the result for a platform."""
        self._print({
            "event": "finish",
            "platform": str(result.platform),
            "status": result.status.value,
            "seconds": round(result.seconds, 3),
            "reused": result.reused,
            "tested": result.tested,
            "log": None if result.log is None else str(result.log),
            "outputs": [_output(output) for output in result.outputs],
            "removed": [str(path) for path in result.removed],
            "diagnosis": None if result.diagnosis is None else result.diagnosis.document(),
            "error": None if result.error is None else result.error.message,
            "hint": None if result.error is None else result.error.hint,
        })  # fmt: skip

    def joined(self, name: str, outputs: Sequence[Output]) -> None:
        """Print the universal binaries."""
        made = [_output(output) for output in outputs]
        self._print({"event": "universal", "name": name, "outputs": made})

    def end(self, results: Sequence[Result]) -> None:
        """Print the counts."""
        counts = {
            status.value: sum(result.status is status for result in results) for status in Status
        }
        self._print({"event": "end", "seconds": round(time.monotonic() - self.since, 3), **counts})

    @staticmethod
    def _print(event: dict[str, object]) -> None:
        printing.print_json(event, indent=None)
