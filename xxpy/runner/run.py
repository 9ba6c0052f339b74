"""Run a plan: several platforms at once, each with a log, and verify the results.

A step writes to a stage beside the output. When all its commands have succeeded and every file has
been verified, the platform's folder is exchanged for the new one. So a build that fails, is
cancelled or is killed leaves earlier output unchanged. Object files and copies of sources are in a
work folder in the user's cache. :mod:`xxpy.runner.workspace` makes these folders, and
:mod:`xxpy.machine.processes` starts and stops the commands.
"""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from xxpy.runner import record, workspace
from xxpy.runner.places import share
from xxpy.runner.results import Result, Status
from xxpy.runner.steps import Work

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xxpy.binary.requirements import Requirements
    from xxpy.runner.kept import Kept
    from xxpy.runner.plan import Plan
    from xxpy.runner.results import Observer
    from xxpy.table.model import Table
    from xxpy.table.platform import Platform


def run(
    plan: Plan,
    table: Table,
    observer: Observer,
    *,
    environment: Mapping[str, str],
    logs: Path,
    work: Path,
    jobs: int,
    keep_going: bool,
    requirements: Mapping[Platform, Requirements],
    kept: Kept,
    going: Mapping[Platform, str],
) -> tuple[Result, ...]:
    """Run all steps of a plan and return the results in the order of the plan.

    The platforms that cannot be built come first.

    :param environment: the variables of the commands, to which a step adds its own
    :param logs: the folder for the logs
    :param work: the folder for the work folders of this project
    :param jobs: how many platforms are built at once
    :param keep_going: whether to build the others when one fails; otherwise they are cancelled
    :param requirements: the requirements for the files of each platform
    :param kept: results of earlier builds that may be used again
    :param going: the keys of the work folders in which builds go on, by platform
    :raises OutputError: the output folder cannot be made
    :raises KeyboardInterrupt: after all commands have been stopped
    """
    refused = _refused(plan, observer)
    if not plan.steps:
        return refused
    cores = share(min(jobs, len(plan.steps)))
    with workspace.stage(plan.output) as stage:
        shared = Work(
            plan,
            table,
            observer,
            dict(environment),
            logs,
            stage,
            work,
            cores,
            requirements,
            kept,
            going,
        )
        built = _run_all(shared, jobs, keep_going=keep_going)
        good = (one.platform for one in built.values() if one.status is Status.BUILT)
        kept.keep(frozenset(platform.folder for platform in good))
    results = (*refused, *(built[step.platform] for step in plan.steps))
    record.fail(plan.output, results)
    return results


def _refused(plan: Plan, observer: Observer) -> tuple[Result, ...]:
    """Report the platforms that cannot be built, and return their results."""
    refused = tuple(
        Result(platform, Status.REFUSED, 0.0, None, error=error)
        for platform, error in plan.impossible.items()
    )
    for result in refused:
        observer.finished(result)
    return refused


def _run_all(shared: Work, jobs: int, *, keep_going: bool) -> dict[Platform, Result]:
    """Run all steps of a plan, several at once, and return the results by platform."""
    results: dict[Platform, Result] = {}
    pool = ThreadPoolExecutor(max_workers=jobs)
    try:
        waiting: set[Future[Result]] = {
            pool.submit(shared.build, step) for step in shared.plan.steps
        }
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                result = future.result()
                results[result.platform] = result
                if result.status is Status.FAILED and not keep_going:
                    shared.children.cancel()
    except BaseException:
        shared.children.cancel()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return results
