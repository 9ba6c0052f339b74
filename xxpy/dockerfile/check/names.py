"""Names that are almost those of a stage."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.check.finding import Severity, at, at_stage, rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xxpy.dockerfile.check.finding import Finding
    from xxpy.dockerfile.check.subject import Subject

_PLAIN: Final = re.compile(r"[a-z][a-z0-9_-]{3,}")
"""A name without a registry, a tag or a variable, and long enough to be misspelt."""
_NEAR: Final = 0.79
"""How similar a name must be to that of a stage, from 0 to 1: of five letters, two may swap."""


@rule("XX209", "a name is almost that of a stage", Severity.WARNING)
def misspelt(subject: Subject) -> Iterator[Finding]:
    """Find `--from` and `FROM` with a name that is almost the name of a stage.

    Names of official images and of images that the file also names in full are left alone.

    ## Why it is bad

    A name that is no stage is an image. So BuildKit looks for `docker.io/library/asets`, which does
    not exist, or is somebody else's.

    ## Example

    ```dockerfile
    FROM alpine AS assets
    FROM alpine
    COPY --from=asets /etc/motd /etc/motd
    ```

    ## Use instead

    ```dockerfile
    FROM alpine AS assets
    FROM alpine
    COPY --from=assets /etc/motd /etc/motd
    ```
    """
    names = [stage.name for stage in subject.recipe.stages if stage.name]
    images = {stage.base.partition(":")[0] for stage in subject.recipe.stages if ":" in stage.base}
    for stage in subject.recipe.stages:
        before = [each.name for each in subject.recipe.stages[: stage.number] if each.name]
        near = "" if stage.parent else _near(stage.base, before, images, subject)
        if near:
            yield at_stage(stage, "XX209", *_texts(stage.base, near, "FROM"))
    for copy in subject.recipe.copies():
        if isinstance(copy.origin, str) and (near := _near(copy.origin, names, images, subject)):
            yield at(copy.stage, copy.step, 0, "XX209", *_texts(copy.origin, near, "--from"))


def _near(name: str, names: Iterable[str], images: set[str], subject: Subject) -> str:
    """Return the stage that a name almost is, or ""."""
    if not _PLAIN.fullmatch(name) or name in images or subject.tools.language_in(name):
        return ""
    return next(iter(get_close_matches(name, list(names), 1, _NEAR)), "")


def _texts(name: str, near: str, where: str) -> tuple[str, str, str]:
    return (
        f"no stage is named {name}",
        f"{where} then takes it for an image, docker.io/library/{name}",
        f"write {near}, which is a stage",
    )
