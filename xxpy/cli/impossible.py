"""Refuse platforms that cannot be built, before anything is compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.errors import BuildError, ToolError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.errors import XxpyError
    from xxpy.runner.plan import Plan
    from xxpy.table.platform import Platform


def refuse(plan: Plan, *, keep_going: bool, explained: bool = False) -> None:
    """Refuse a plan with platforms that cannot be built.

    :param keep_going: whether to build the others, so that the plan is only refused if there are
        none
    :param explained: whether the reasons have been printed already
    :raises XxpyError: the reason for the only platform that cannot be built, or one line for all of
        them
    """
    refused = plan.impossible
    if not plan.steps and len(plan.refused) == 1 and not explained:
        raise next(iter(plan.refused.values()))
    if not plan.steps and not refused:
        raise ToolError(
            "none of these platforms can be built", "" if explained else _reasons(plan.refused)
        )
    if not refused or (keep_going and plan.steps):
        return
    if not plan.steps and not explained and len({_parts(error) for error in refused.values()}) == 1:
        raise next(iter(refused.values()))
    kinds = {type(error) for error in refused.values()}
    kind = kinds.pop() if len(kinds) == 1 else BuildError
    hint = [] if explained else [_reasons(refused)]
    known = any(not (isinstance(error, ToolError) and error.unknown) for error in refused.values())
    if plan.steps and known:
        others = (
            str(plan.steps[0].platform)
            if len(plan.steps) == 1
            else f"the other {len(plan.steps)} platforms"
        )
        hint.append(f"xxpy build --keep-going builds {others}")
    what = "cannot be built" if known else "cannot be judged before a build"
    raise kind(f"{', '.join(map(str, refused))} {what}", "\n".join(hint))


def _parts(error: XxpyError) -> tuple[type[XxpyError], str, str]:
    """Return what makes two errors the same."""
    return type(error), error.message, error.hint


def _reasons(refused: Mapping[Platform, XxpyError]) -> str:
    """Return the reason and hint of each platform, each reason only once."""
    lines: dict[tuple[str, str], list[Platform]] = {}
    for platform, error in refused.items():
        lines.setdefault((error.message, error.hint), []).append(platform)
    said: list[str] = []
    for (message, hint), platforms in lines.items():
        said.append(f"{', '.join(map(str, platforms))}: {message}")
        said += [f"  {line}" for line in hint.splitlines()]
    return "\n".join(said)
