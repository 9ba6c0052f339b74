"""Follow a build, and complete the hints of its failures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xxpy.language.options import Options
    from xxpy.runner.plan import Plan
    from xxpy.runner.results import Observer, Result
    from xxpy.table.model import Table
    from xxpy.table.platform import Platform


class Advised:
    """Follows a build, and completes the hints of its failures.

    :param observer: gets the results with these hints
    """

    def __init__(self, observer: Observer, plan: Plan, options: Options, table: Table) -> None:
        self._observer = observer
        self._of = (plan, options, table)
        self._known: dict[Platform, Result] = {}

    def started(self, platform: Platform) -> None:
        """Pass it on."""
        self._observer.started(platform)

    def line(self, platform: Platform, text: str) -> None:
        """Pass it on."""
        self._observer.line(platform, text)

    def finished(self, result: Result) -> None:
        """Pass the result on with its hint."""
        if result.error is not None:
            from xxpy.request import advised  # noqa: PLC0415 - 30 ms, only for failures

            result = advised.with_hint(result, *self._of)
        self._known[result.platform] = result
        self._observer.finished(result)

    def results(self, results: Iterable[Result]) -> tuple[Result, ...]:
        """Return the results of a build with their hints."""
        return tuple(self._known.get(result.platform, result) for result in results)
