"""``xxpy dockerfile convert``: from building under emulation to cross-compiling."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xxpy.cli import common, printing
from xxpy.cli.dockerfile import sources
from xxpy.cli.dockerfile.sources import DEFAULT
from xxpy.cli.platform_options import platforms_option
from xxpy.dockerfile import convert as converter
from xxpy.dockerfile import syntax
from xxpy.errors import UsageError
from xxpy.machine import files, source_tree

if TYPE_CHECKING:
    from xxpy.request.platforms import Asked


@click.command(
    epilog="""\b
Examples:
  xxpy dockerfile convert --diff Dockerfile
  xxpy dockerfile convert --write Dockerfile
  xxpy dockerfile convert --mode inline --platform linux/amd64,linux/arm/v6 Dockerfile"""
)
@click.argument("dockerfile", metavar="[FILE]", default=DEFAULT, type=click.Path(path_type=Path))
@click.option("--diff", is_flag=True, help="Print the difference instead of the new file.")
@click.option("--write", is_flag=True, help="Put the new file in the place of the old one.")
@click.option(
    "--mode",
    type=click.Choice(converter.MODES),
    help="How the compilers learn the target; without it args where that does, else xx.",
)
@click.option(
    "--image",
    default="xx",
    metavar="NAME",
    help="What COPY --from names for the xx-* commands.",
    show_default=True,
)
@click.option(
    "--context",
    metavar="DIRECTORY",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Where the files are that COPY takes; without it beside FILE, or above it.",
)
@click.option(
    "--aggressive",
    is_flag=True,
    help="Convert stages with steps that are not understood too, with a comment above each.",
)
@platforms_option(targets=False)
@common.json_option
def command(
    dockerfile: Path,
    *,
    mode: str | None,
    image: str,
    context: Path | None,
    asked: Asked,
    aggressive: bool,
    diff: bool,
    write: bool,
    as_json: bool,
) -> None:
    """Make FILE cross-compile instead of emulate, with the smallest readable change.

    A stage is converted only if every command in it is understood: makefiles, scripts and CMake's
    lists that it calls are read (never run) in the context. Any other stage stays as it is, and a
    line on stderr says which step is not understood, why, and what you could change.

    args uses BuildKit's variables (Go without C), xx and vendored the xx-* commands, from a build
    context or from a folder xx, inline names of the platforms of --platform in the file itself (Go
    without C). The result is printed; nothing is written without --write. Converting twice is the
    same as once.
    """
    if diff and write:
        raise UsageError(
            "--diff and --write exclude each other", "--diff shows what --write would do"
        )
    old = sources.read(dockerfile)
    with sources.named(dockerfile):
        done = convert(old, dockerfile, asked, mode, image, context, aggressive=aggressive)
    if write and done.text != old:
        files.write(dockerfile, done.text, keep_mode=True)
    if as_json:
        printing.print_json({
            "path": str(dockerfile),
            "changed": done.text != old,
            "modes": list(done.modes),
            "notes": [{"line": note.line, "message": note.message} for note in done.notes],
            "text": _difference(dockerfile, old, done.text) if diff else done.text,
        })  # fmt: skip
        return
    _tell(dockerfile, done, image)
    if diff:
        printing.give(_difference(dockerfile, old, done.text), nl=False)
    elif not write:
        printing.give(done.text, nl=False)
    else:
        what = "is unchanged" if done.text == old else "is converted"
        printing.say(f"{dockerfile} {what}", err=True)


def _tell(path: Path, done: converter.Conversion, image: str) -> None:
    """Print what was left as it is, and what the build needs."""
    for note in done.notes:
        printing.show(f"{path}:{note.line}: {note.message}", err=True)
    if "xx" in done.modes:
        printing.say(
            "the build needs the commands: xxpy wrappers export xx && docker buildx build"
            f" --build-context {image}=xx …",
            err=True,
        )
    if "vendored" in done.modes:
        printing.say(
            "the build needs the folder xx beside the Dockerfile: xxpy wrappers export xx", err=True
        )


def _difference(path: Path, old: str, new: str) -> str:
    """Return the difference between two texts, as diff -u prints it."""
    lines = difflib.unified_diff(_lines(old), _lines(new), str(path), str(path))
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def convert(  # noqa: PLR0917 - one for each option
    text: str,
    path: Path,
    asked: Asked,
    mode: str | None = None,
    image: str = "xx",
    context: Path | None = None,
    *,
    aggressive: bool = False,
) -> converter.Conversion:
    """Return a Dockerfile converted, with the files beside it or in its context.

    :raises XxpyError: it cannot be read
    """
    root = context or source_tree.context(path, *_read(text))
    folder = source_tree.Folder(root)
    tools, rendered = sources.sources().tools, sources.rendered(asked)
    return converter.convert(
        text, tools, rendered, mode, image, project=folder, aggressive=aggressive
    )


def _read(text: str) -> tuple[list[str], str]:
    """Return what a Dockerfile copies out of its context, and what its steps run."""
    parts = syntax.parse(text).instructions
    copying = (part for part in parts if part.keyword in {"ADD", "COPY"})
    copied = [word for part in copying if part.flag("from") is None for word in part.words[:-1]]
    ran = "\n".join(part.flat for part in parts if part.keyword == "RUN")
    return [word for word in copied if "://" not in word], ran


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
