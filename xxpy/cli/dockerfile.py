"""``xxpy dockerfile``: check Dockerfiles, convert them, write new ones."""

from __future__ import annotations

import difflib
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from xxpy import bounds
from xxpy.cli import common, printing
from xxpy.cli.platform_options import platforms_option
from xxpy.dockerfile import check as judge
from xxpy.dockerfile import convert as converter
from xxpy.dockerfile import project as projects
from xxpy.dockerfile import stages, syntax, tools
from xxpy.errors import DockerfileError, OutputError, UsageError
from xxpy.machine import files, resources
from xxpy.render import dockerfile as render
from xxpy.render import recipe as recipes
from xxpy.table.platform import parse
from xxpy.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.dockerfile.check import Finding
    from xxpy.request.platforms import Asked
    from xxpy.table.platform import Platform

DEFAULT: Final = Path("Dockerfile")
DOCUMENTATION: Final = "docs/dockerfile.md"
_MOST: Final = 4 * syntax.MOST
"""Bytes of a Dockerfile at most, which has fewer characters."""


@click.group(
    epilog="""\b
Examples:
  xxpy dockerfile check Dockerfile --platform linux/amd64,linux/arm64
  xxpy dockerfile convert --diff Dockerfile
  xxpy dockerfile convert --write --mode xx Dockerfile
  xxpy dockerfile new --language go --name server >Dockerfile"""
)
def command() -> None:
    """Check Dockerfiles for what makes multi-platform builds slow or wrong, convert them, and write new ones.

    Needs the extra dockerfile, which has BuildKit's parser: pip install '.[dockerfile]' in a
    checkout.
    """


@command.command(
    epilog="""\b
Examples:
  xxpy dockerfile check
  xxpy dockerfile check --platform linux/amd64,linux/arm64 Dockerfile docker/*.Dockerfile
  xxpy dockerfile check --format sarif Dockerfile >dockerfile.sarif"""
)
@click.argument("dockerfiles", metavar="[FILES]...", nargs=-1, type=click.Path(path_type=Path))
@platforms_option(targets=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    help="How to print the findings.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="CODE",
    type=click.Choice(sorted(judge.CODES)),
    help="Leave a code out. May be repeated.",
)
@click.option("--update", is_flag=True, help="Renew stale generated parts in the files first.")
def check(
    dockerfiles: tuple[Path, ...],
    asked: Asked,
    form: str,
    ignore: tuple[str, ...],
    *,
    update: bool,
) -> None:
    """Say what in FILES makes a build for several platforms slow or wrong.

    Steps that run or compile under emulation, programs of the wrong platform, a missing ARG, steps
    that run once for each platform without need, packages of the wrong architecture, stale
    generated parts. FILE - is the standard input. Without --platform the files are judged for a
    foreign platform. The exit status is 1 with any finding. docs/dockerfile.md explains every code.
    """
    found: dict[Path, list[Finding]] = {}
    texts: dict[Path, str] = {}
    names = _foreign(asked)
    for path in dockerfiles or (DEFAULT,):
        text = _read(path)
        if update:
            renewed = render.renew(_sources(), text)
            if renewed != text and path != Path("-"):
                files.write(path, renewed, keep_mode=True)
            text = renewed
        texts[path] = text
        with _named(path):
            recipe = stages.read(syntax.parse(text))
        findings = judge.check(recipe, _sources().tools, names)
        findings += [_stale(line, name) for line, name in render.stale(_sources(), text)]
        found[path] = sorted(finding for finding in findings if finding.code not in ignore)
    printing.give(FORMATS[form](found, texts), nl=False)
    if any(found.values()):
        sys.exit(1)


@command.command(
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
def convert(
    dockerfile: Path,
    mode: str | None,
    image: str,
    context: Path | None,
    asked: Asked,
    *,
    aggressive: bool,
    diff: bool,
    write: bool,
) -> None:
    """Turn FILE from building under emulation into cross-compiling, with the smallest readable change.

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
    old = _read(dockerfile)
    with _named(dockerfile):
        project = projects.Folder(context or projects.context(dockerfile, _copied(old)))
        done = converter.convert(
            old,
            _sources().tools,
            _parts(asked),
            mode,
            image,
            project=project,
            aggressive=aggressive,
        )
    for note in done.notes:
        printing.show(f"{dockerfile}:{note.line}: {note.message}", err=True)
    if "xx" in done.modes:
        printing.show(
            f"the build needs the commands: xxpy wrappers export xx && docker buildx build --build-context {image}=xx …",
            err=True,
        )
    if "vendored" in done.modes:
        printing.show(
            "the build needs the folder xx beside the Dockerfile: xxpy wrappers export xx", err=True
        )
    if diff:
        lines = difflib.unified_diff(
            _lines(old), _lines(done.text), str(dockerfile), str(dockerfile)
        )
        printing.give(
            "".join(
                line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
                for line in lines
            ),
            nl=False,
        )
    elif not write:
        printing.give(done.text, nl=False)
    elif done.text == old:
        printing.show(f"{dockerfile} stays as it is", err=True)
    else:
        files.write(dockerfile, done.text, keep_mode=True)
        printing.show(f"{dockerfile} is converted", err=True)


@command.command(
    epilog="""\b
Examples:
  xxpy dockerfile new --language go --name server >Dockerfile
  xxpy dockerfile new --language c --build-system cmake --runtime distroless -o Dockerfile
  xxpy dockerfile new --language rust --base alpine --runtime alpine"""
)
@click.option("--language", required=True, metavar="LANGUAGE", help="go, rust, c or c++.")
@click.option(
    "--build-system",
    default="",
    metavar="SYSTEM",
    help="make, cmake, meson or autotools for C; without it the compiler alone.",
)
@click.option(
    "--base",
    default="debian",
    metavar="BASE",
    help="What to build on: debian or alpine.",
    show_default=True,
)
@click.option(
    "--runtime",
    default="scratch",
    metavar="RUNTIME",
    help="scratch, distroless, debian or alpine.",
    show_default=True,
)
@click.option(
    "--mode",
    type=click.Choice(recipes.MODES),
    default="xx",
    help="How the compilers learn the target.",
    show_default=True,
)
@click.option("--name", default="app", help="The name of the program.", show_default=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write to FILE instead of printing.",
)
@click.option("--write", is_flag=True, help="Let --output replace a file that is there.")
def new(
    *,
    language: str,
    build_system: str,
    base: str,
    runtime: str,
    mode: str,
    name: str,
    output: Path | None,
    write: bool,
) -> None:
    """Write a Dockerfile that cross-compiles: a build stage with cache mounts, a verified program, an image without rights.

    Its marker lines let check tell when the templates moved; delete them once you change the file
    by hand.
    """
    text = render.new(_sources(), recipes.Wish(language, build_system, base, runtime, mode, name))
    if output is None:
        printing.give(text, nl=False)
        return
    if output.exists() and not write:
        raise OutputError(f"{output} is there already", "--write replaces it")
    files.write(output, text, keep_mode=True)


@command.command(epilog="Example: xxpy dockerfile snippet cmake")
@click.argument("name", required=False)
def snippet(name: str | None) -> None:
    """Print the snippet NAME; without a name list what there is."""
    if name is None:
        for known, summary in _sources().recipes.snippets.items():
            printing.show(f"{known:<12}{summary}")
        return
    printing.give(render.snippet(_sources(), name), nl=False)


@cache
def _sources() -> render.Sources:
    rows = resources.texts("toolchains", "dockerfile/*.toml")
    templates = resources.texts("templates", "**/*.j2")
    return render.Sources(
        resources.table(), tools.load(rows[tools.FILE]), recipes.load(rows[recipes.FILE]), templates
    )


def _parts(asked: Asked) -> dict[str, str]:
    sources = _sources()
    named = (
        asked.read(()).platforms
        if asked
        else tuple(parse(name, sources.table.words) for name in sources.tools.platforms)
    )
    return {
        "meson-cross": render.meson_cross(sources),
        "inline": render.inline(sources, named),
        **render.tests(sources),
    }


def _copied(text: str) -> list[str]:
    """Return what a Dockerfile copies out of its context."""
    found = syntax.parse(text).instructions
    copies = (part for part in found if part.keyword == "COPY" and part.flag("from") is None)
    return [word for part in copies for word in part.words[:-1]]


def _foreign(asked: Asked) -> str:
    """Return how to call the platforms that are not this machine's; "" when all are."""
    if not asked:
        return "a foreign platform"
    own = common.read_platform(None)
    foreign: list[Platform] = [platform for platform in asked.read(()).platforms if platform != own]
    return ", ".join(str(platform) for platform in foreign)


def _read(path: Path) -> str:
    try:
        if path == Path("-"):
            return bounds.decoded(bounds.read(sys.stdin.buffer, _MOST))
        return bounds.text(path, _MOST)
    except OSError as error:
        raise DockerfileError(
            f"{path}: {error.strerror}", "name the file, or - for the standard input"
        ) from error
    except bounds.Refused as error:
        raise DockerfileError(
            f"{path}: {error}", "save it as UTF-8" if "UTF-8" in str(error) else ""
        ) from error


class _named:  # noqa: N801 - a context manager that is used like a function
    """Puts the name of the file in front of what is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        """Do nothing yet."""

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        """Name the file."""
        if isinstance(error, DockerfileError):
            raise DockerfileError(f"{self.path}: {error.message}", error.hint) from error


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _stale(line: int, name: str) -> Finding:
    return judge.Finding(
        line,
        1,
        "XX501",
        f"the generated part {name} is stale",
        "the template or the table gives another text today",
        "xxpy dockerfile check --update; or delete its marker lines, and it is yours",
    )


def _text(found: Mapping[Path, list[Finding]], texts: Mapping[Path, str]) -> str:
    lines = []
    for path, findings in found.items():
        source = texts[path].split("\n")
        for finding in findings:
            lines.append(f"{path}:{finding.line}  {finding.code}  {finding.message}")
            lines.append(f"  {finding.line:>3} │ {source[finding.line - 1].strip()}")
            lines.append(f"      │ {finding.why}")
            lines.append(f"  mend: {finding.mend}")
    count = sum(len(findings) for findings in found.values())
    lines = [bounds.plain(line) for line in lines]
    return "".join(
        f"{line}\n"
        for line in [
            *lines,
            "no findings" if not count else f"{count} finding{'s' if count > 1 else ''}",
        ]
    )


def _json(found: Mapping[Path, list[Finding]], texts: Mapping[Path, str]) -> str:
    del texts
    entries = [
        {
            "file": str(path),
            "line": finding.line,
            "column": finding.column,
            "code": finding.code,
            "message": finding.message,
            "why": finding.why,
            "mend": finding.mend,
        }
        for path, findings in found.items()
        for finding in findings
    ]
    return printing.json_text(entries)


def _github(found: Mapping[Path, list[Finding]], texts: Mapping[Path, str]) -> str:
    """Return commands of a workflow (https://docs.github.com/actions/reference/workflow-commands-for-github-actions)."""
    del texts

    def escaped(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    return "".join(
        f"::warning file={str(path).replace(',', '%2C').replace(':', '%3A')},line={finding.line},col={finding.column},title={finding.code}"
        f"::{escaped(f'{finding.message}; {finding.why}. Mend: {finding.mend}')}\n"
        for path, findings in found.items()
        for finding in findings
    )


def _sarif(found: Mapping[Path, list[Finding]], texts: Mapping[Path, str]) -> str:
    """Return a log of https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html."""
    del texts
    rules = [
        {
            "id": code,
            "shortDescription": {"text": summary},
            "help": {"text": f"{DOCUMENTATION}, {code}"},
        }
        for code, summary in judge.CODES.items()
    ]
    results = [
        {
            "ruleId": finding.code,
            "ruleIndex": list(judge.CODES).index(finding.code),
            "level": "warning",
            "message": {"text": f"{finding.message}; {finding.why}. Mend: {finding.mend}"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": path.as_posix()},
                        "region": {"startLine": finding.line, "startColumn": finding.column},
                    }
                }
            ],
        }
        for path, findings in found.items()
        for finding in findings
    ]
    driver = {"name": "xxpy", "version": __version__, "rules": rules}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return printing.json_text(log)


FORMATS: Final = {"text": _text, "json": _json, "sarif": _sarif, "github": _github}
"""How findings are printed, by the word of ``--format``."""
