"""Write the pages of man(1) from the commands: one for ``xxpy``, and one for each of its commands.

The commands below a command, such as ``xxpy sysroot add``, are sections of its page. The format is
that of man(7): https://man7.org/linux/man-pages/man7/man.7.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.cli import reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

    from xxpy.cli.reference import Description, Option


def pages() -> dict[str, str]:
    """Return the text of each page, by the name of its file."""
    top, *others = reference.every()
    found = {"xxpy.1": _page([top])}
    for ctx in others:
        if ctx.parent is not None and ctx.parent.parent is None:
            found[f"{ctx.command_path.replace(' ', '-')}.1"] = _page(list(reference.every(ctx)))
    return found


def escape(text: str) -> str:
    r"""Return text that roff prints as it is.

    >>> print(escape(".5 --a\\b"))
    \&.5 \-\-a\eb
    """
    found = text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...").replace("→", "->")
    return f"\\&{found}" if found.startswith((".", "'")) else found


def _page(contexts: list[click.Context]) -> str:
    """Return a page about a command and those below it."""
    first, *below = map(reference.describe, contexts)
    name = "-".join(first.words)
    summary, *rest = first.paragraphs
    lines = [
        f'.TH "{escape(name.upper())}" 1 "" "xxpy" "User Commands"',
        ".SH NAME",
        f"{escape(name)} \\- {escape(summary.rstrip('.'))}",
        ".SH SYNOPSIS",
        *_synopsis(first),
        ".SH DESCRIPTION",
        "\n.PP\n".join(map(escape, rest or [summary])),
    ]
    lines += _options(first)
    if first.commands:
        lines.append(".SH COMMANDS")
        for command, meaning in first.commands:
            lines += [".TP", f".B {escape(command)}", escape(meaning)]
    lines += _examples(first, ".SH EXAMPLES")
    for one in below:
        lines += _section(one)
    lines += [*_ends(first)]
    return "\n".join(lines) + "\n"


def _section(found: Description) -> Iterator[str]:
    """Yield the section about a command below that of the page."""
    yield f".SH {escape(' '.join(found.words).upper())}"
    yield from _synopsis(found)
    for text in found.paragraphs:
        yield f".PP\n{escape(text)}"
    yield from _options(found, ".SS Options")
    yield from _examples(found, ".SS Examples")


def _synopsis(found: Description) -> list[str]:
    return [f".B {escape(' '.join(found.words))}", escape(found.usage)]


def _options(found: Description, title: str = ".SH OPTIONS") -> Iterator[str]:
    yield title
    for option in found.options:
        yield ".TP"
        yield _names(option)
        yield escape(f"{option.help.rstrip('.')}. Variable: {option.variable}.")


def _names(option: Option) -> str:
    names = ", ".join(f"\\fB{escape(name)}\\fR" for name in option.names)
    return f"{names} \\fI{escape(option.value)}\\fR" if option.value else names


def _examples(found: Description, title: str) -> Iterator[str]:
    if found.examples:
        yield from (title, ".nf", *map(escape, found.examples), ".fi")


def _ends(found: Description) -> Iterator[str]:
    """Yield what every page ends with, and the exit status on the first one."""
    if len(found.words) == 1:
        yield ".SH EXIT STATUS"
        for code, meaning, _ in reference.exit_codes():
            yield from (".TP", f".B {code}", escape(meaning))
        others = [f".BR xxpy\\-{escape(name)} (1)" for name, _ in found.commands]
        yield from (".SH SEE ALSO", *(f"{one}," for one in others[:-1]), *others[-1:])
    else:
        yield from (".SH SEE ALSO", ".BR xxpy (1)")
