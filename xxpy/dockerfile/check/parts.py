"""Generated parts that are stale, and comments that ignore nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.dockerfile.check import ignore
from xxpy.dockerfile.check.finding import RULES, Finding, Severity, rule
from xxpy.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.check.subject import Subject


@rule("XX501", "a generated part is stale", Severity.WARNING)
def stale_parts(subject: Subject) -> Iterator[Finding]:
    """Find parts between `# xxpy: begin` and `# xxpy: end` that are not what xxpy writes today.

    ## Why it is bad

    The templates or the table of platforms changed, usually because something was wrong.

    ## Use instead

    `xxpy dockerfile check --update` renews the part. Or delete its two marker lines, and it is
    yours.
    """
    del subject
    # What writes the parts finds it, and calls :func:`stale`.
    return iter(())


def stale(line: int, name: str) -> Finding:
    """Return the finding about a stale part."""
    return Finding(
        line,
        1,
        "XX501",
        f"the generated part {name} is stale",
        "the template or the table gives another text today",
        "xxpy dockerfile check --update; or delete its marker lines, and it is yours",
        lines=(line,),
    )


@rule("XX502", "a comment ignores a code that does not exist", Severity.WARNING)
def unknown_codes(subject: Subject) -> Iterator[Finding]:
    """Find words in `# xxpy: ignore=…` that are no codes.

    ## Why it is bad

    A typing error, or the code of a rule that is gone: the comment does nothing.

    ## Example

    ```dockerfile
    FROM debian:bookworm-slim
    # xxpy: ignore=XX012
    RUN apt-get update
    ```

    ## Use instead

    ```dockerfile
    FROM debian:bookworm-slim
    # xxpy: ignore=XX102
    RUN apt-get update
    ```
    """
    for line, word in ignore.read(subject.recipe).unknown:
        yield Finding(
            line,
            1,
            "XX502",
            f"{word} is no code, so this comment does not ignore anything for it",
            "the comment names codes or BuildKit's names of checks",
            nearest(word.upper(), RULES) or f"expected one of: {', '.join(RULES)}",
            lines=(line,),
        )
