"""Which files are generated, and what they should hold."""

from __future__ import annotations

import difflib
import json
from contextlib import suppress
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.dockerfile.exams import EXAM, converted, exams, sources
from tests.golden import badges, lists, site
from tests.recipes import recipes
from xxpy import configuration, wrappers
from xxpy.cli import man, reference
from xxpy.cli.complete import index
from xxpy.cli.group import group
from xxpy.compiler.registry import CHOICES
from xxpy.configuration import Image
from xxpy.dockerfile import convert
from xxpy.dockerfile.check import page
from xxpy.dockerfile.write import parts as dockerfile
from xxpy.dockerfile.write.request import MODES, Request
from xxpy.errors import UsageError
from xxpy.fleet import matrix
from xxpy.fleet.strategy import Decision, Strategy
from xxpy.language.registry import LANGUAGES
from xxpy.machine import resources
from xxpy.table.platform import parse
from xxpy.table.resolve import resolve

if TYPE_CHECKING:
    from xxpy.table.columns import Row
    from xxpy.table.model import Table
    from xxpy.table.target import Target

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests/golden/files"
WORKFLOWS = ("github", "gitlab")
WORKFLOW_PLATFORMS = ("linux/amd64", "linux/arm64", "linux/arm/v7", "linux/riscv64")
END = "<!-- end -->"
MANY = 4
HEAD = """\
# Commands

Made from the help texts.

Each option has an environment variable, which is listed below each command. Its name is `XXPY`, the
words of the command and the long name of the option: that of `xxpy build --platform` is
`XXPY_BUILD_PLATFORM`. The command line wins over the variable, and the variable over `xxpy.toml`.

- A switch takes `1` or `0`. `XXPY_BUILD_CGO=0` is `--no-cgo`.
- An option that may be repeated takes words, quoted as in a shell:
  `XXPY_IMAGE_LABEL="version=1.0 'title=My server'"`.
- An empty variable counts as unset.
- `XXPY_QUIET`, `XXPY_VERBOSE`, `XXPY_NO_COLOR` and `XXPY_DEBUG` are for every command. `NO_COLOR` is
  respected too.
- A variable that begins as those of a command do, such as `XXPY_BUILD_PLATFROM`, is an error.

Three variables are for no option: `XXPY_CACHE_SIZE` ([The cache](cache.md)), `XXPY_TOOLCHAINS` (a
folder with a table of your own), and `XXPY_PLATFORM`, which `xxpy shell` sets.
"""
EMULATED = "examples/go-server/Dockerfile.emulated"
FULL = Request(
    "go",
    "cgo",
    runtime="debian",
    name="server",
    package="./cmd/server",
    layer=False,
    zones=False,
    health=("health", "--url", "a b"),
    ports=("8080", "53/udp"),
)
"""A request that says everything."""
DISTRIBUTIONS = ("debian", "alpine", "fedora", "unknown")


@cache
def generated() -> dict[Path, str]:
    """Return the path and the text of every generated file."""
    table = resources.table()
    files = {
        GOLDEN / "wrappers" / Path(path).name: text
        for path, text in wrappers.render_all(
            table, resources.texts("templates", "commands/*.sh")
        ).items()
    }
    files[GOLDEN / "names.txt"] = "\n".join(_names(table, row) for row in table.rows.values())
    files |= conversions() | badges.badges()
    for name in WORKFLOWS:
        files[ROOT / f"docs/ci/{name}.yml"] = _workflow(name)
    files[ROOT / "docs/platforms.md"] = _output(["platforms", "--markdown"])
    files[ROOT / "docs/commands.md"] = _reference()
    files[ROOT / "docs/api-reference.md"] = site.api_reference()
    files |= {ROOT / "docs/man" / name: text for name, text in man.pages().items()}
    files[ROOT / "xxpy/cli/complete/index.txt"] = index.text()
    files[ROOT / "docs/dockerfile-rules.md"] = page.page()
    files[ROOT / "docs/xxpy.schema.json"] = (
        json.dumps(configuration.schema(LANGUAGES, CHOICES), indent=2) + "\n"
    )
    readme, keys = ROOT / "README.md", ROOT / "docs/configuration.md"
    front = _filled(readme.read_text(), "platforms", _systems(table))
    files[readme] = _filled(_filled(front, "conversion", _conversion()), "pages", site.pages())
    files[keys] = _filled(keys.read_text(), "keys", _keys(configuration.schema(LANGUAGES, CHOICES)))
    for name, lines in (("exit-codes", lists.exit_codes()), ("diagnose", lists.causes())):
        path = ROOT / f"docs/{name}.md"
        files[path] = _filled(path.read_text(), name, lines)
    programs = ROOT / recipes.PAGES / "README.md"
    files[programs] = _filled(programs.read_text(), "recipes", recipes.index())
    files |= {
        programs.with_name(f"{name}.md"): recipes.page(recipe)
        for name, recipe in recipes.load().items()
    }
    return files


def _names(table: Table, row: Row) -> str:
    """Return every name of a platform, one a line; where a distribution has another one, it says whose it is."""
    first, *others = DISTRIBUTIONS
    found = {
        distribution: _flat(resolve(table, row.platform, distribution))
        for distribution in DISTRIBUTIONS
    }
    lines = [f"{row.platform}"]
    for name, value in found[first].items():
        lines.append(f"  {name:24} {value}")
        lines += [
            f"    {distribution:22} {own}"
            for distribution in others
            if (own := found[distribution].get(name)) != value
        ]
    return "\n".join(lines) + "\n"


def _flat(target: Target) -> dict[str, object]:
    return {**target.names(), **{f"${name}": value for name, value in target.environment().items()}}


def conversions() -> dict[Path, str]:
    """Return what each mode makes of every Dockerfile of the exam, and the notes about what it left."""
    files = {}
    for name in exams():
        text = (EXAM / name / "Dockerfile").read_text()
        for mode in (None, *convert.MODES):
            done = converted(name, mode)
            notes = "".join(f"# note, line {note.line}: {note.message}\n" for note in done.notes)
            if mode is None or done.text != text:
                files[GOLDEN / "dockerfile" / (mode or "auto") / f"{name}.Dockerfile"] = (
                    notes + done.text
                )
    for name in sources().recipes.snippets:
        files[GOLDEN / "dockerfile/snippets" / f"{name}.Dockerfile"] = dockerfile.snippet(
            sources(), name
        )
    files[GOLDEN / "dockerfile/new/full.Dockerfile"] = dockerfile.new(sources(), FULL)
    for language in sources().recipes.languages:
        files[GOLDEN / f"dockerfile/new/{language}.dockerignore"] = dockerfile.ignore(
            sources(), language
        )
    for request in requests():
        name = "-".join(
            filter(
                None,
                (request.language, request.system, request.base, request.runtime, request.mode),
            )
        )
        files[GOLDEN / "dockerfile/new" / f"{name}.Dockerfile"] = dockerfile.new(sources(), request)
    return files


def requests() -> list[Request]:
    """Return every request that can be meant."""
    known = sources().recipes
    found = []
    for language, system, base, runtime, mode in product(
        known.languages, known.systems, known.bases, known.runtimes, MODES
    ):
        if language in known.systems[system].languages:
            request = Request(language, system, base, runtime, mode)
            with suppress(UsageError):
                dockerfile.new(sources(), request)
                found.append(request)
    return found


def orphans() -> list[Path]:
    """Return the golden files that nothing generates any more."""
    return sorted({path for path in GOLDEN.rglob("*") if path.is_file()} - generated().keys())


def _workflow(service: str) -> str:
    """Return the example of a workflow: for an image that takes the commands from the folder xx."""
    table = resources.table()
    decisions = [
        Decision(parse(key, table.words), Strategy.CROSS, "") for key in WORKFLOW_PLATFORMS
    ]
    jobs = matrix.jobs(service, decisions, table, None, images=True)
    return matrix.workflow(
        service, jobs, Image(contexts={"xx": "xx"}), resources.texts("templates", "**/*.j2")
    )


def _output(arguments: list[str]) -> str:
    from click.testing import CliRunner  # noqa: PLC0415 - only the generated pages need it

    return CliRunner().invoke(group, arguments, prog_name="xxpy", catch_exceptions=False).stdout


def _reference() -> str:
    """Return the page of all commands: the help of each, as it is printed, and its variables."""
    lines = [HEAD]
    for ctx in reference.every():
        words = ctx.command_path.split()[1:]
        lines += [f"{'#' * (1 + len(words))} {ctx.command_path}", ""] if words else []
        lines += ["```text", _help(words), "```", ""]
        options = reference.describe(ctx).options
        names = [f"`{option.variable}`" for option in options]
        lines += [f"Variables: {', '.join(names)}", ""]
    return "\n".join(lines).rstrip() + "\n"


def _help(words: list[str]) -> str:
    return _output([*words, "--help"]).rstrip()


def _filled(page: str, name: str, lines: list[str]) -> str:
    """Return a page with *lines* between its marks of that name."""
    begin = f"<!-- {name}: made by make update -->"
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(END)
    return "\n".join((before + begin, *lines, END + after))


def _conversion() -> list[str]:
    """Return all that a conversion with the ``xx-*`` commands changes in the example."""
    before = (ROOT / EMULATED).read_text().splitlines()
    command = ["dockerfile", "convert", "--mode", "xx", str(ROOT / EMULATED)]
    shown = difflib.unified_diff(before, _output(command).splitlines(), n=0, lineterm="")
    return [
        "```diff",
        *(line for line in shown if not line.startswith(("---", "+++", "@@"))),
        "```",
    ]


def _systems(table: Table) -> list[str]:
    """Return the table of all systems and the architectures of each."""
    found: dict[str, list[str]] = {}
    for row in table.rows.values():
        found.setdefault(row.platform.os, []).append(row.platform.architecture)
    lines = ["| OS | architectures |", "| --- | --- |"]
    lines += [f"| {system} | {', '.join(dict.fromkeys(of))} |" for system, of in found.items()]
    return lines


def _keys(schema: dict[str, Any]) -> list[str]:
    """Return the table of all keys of the configuration."""
    return ["| key | value | meaning |", "| --- | --- | --- |", *_key_rows(schema, "")]


def _key_rows(schema: dict[str, Any], prefix: str) -> list[str]:
    lines = []
    for key, found in schema["properties"].items():
        inner = found.get("additionalProperties")
        table_of_tables = isinstance(inner, dict) and inner["type"] == "object"
        kind = {"array": "list of strings", "object": "table"}.get(found["type"], found["type"])
        words = f" One of: {', '.join(found['enum'])}." if "enum" in found else ""
        lines.append(f"| `{prefix}{key}` | {kind} | {found['description']}{words} |")
        if "properties" in found:
            lines += _key_rows(found, f"{prefix}{key}.")
        elif table_of_tables:
            lines += _key_rows(inner, f"{prefix}{key}.NAME.")
    return lines
