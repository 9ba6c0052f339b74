"""``xxpy image``: an OCI image of the built programs, without a daemon."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from xxpy.cli import common, printing
from xxpy.cli.image_files import Wanted, contents_of, only_program
from xxpy.cli.image_options import pairs_of, port_of, words_of
from xxpy.cli.report.text import megabytes
from xxpy.errors import UsageError
from xxpy.image import build, describe, loading, start
from xxpy.image.build import Settings
from xxpy.machine import resources

if TYPE_CHECKING:
    from xxpy.image.build import Content

EPOCH: Final = "SOURCE_DATE_EPOCH"
"""The variable with the time for everything that is built.

See https://reproducible-builds.org/specs/source-date-epoch.
"""


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  xxpy image --output app.oci.tar --tag app:1.0 --user 65532 --port 8080
  xxpy image --base debian.oci.tar --directory /usr/local/bin -o app.oci.tar
  docker load --input app.oci.tar
  skopeo copy --all oci-archive:app.oci.tar docker://registry.example/app:1.0
  xxpy image inspect app.oci.tar""",
)
@click.option(
    "--dist",
    type=click.Path(path_type=Path),
    default="dist",
    show_default=True,
    metavar="DIR",
    help="Folder with one folder per platform, as xxpy build writes it.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Archive to write, or folder with --layout.",
)
@click.option(
    "--layout",
    "as_layout",
    is_flag=True,
    help="Write an OCI layout, which is a folder, instead of an archive.",
)
@click.option(
    "--platform",
    "-p",
    "platforms",
    multiple=True,
    metavar="LIST",
    help="Platforms of the image.  [default: those of xxpy.toml, or linux/*]",
)
@click.option(
    "--all-files",
    is_flag=True,
    help="Take every file of the folders, not only those of the last build.",
)
@click.option(
    "--base",
    default="scratch",
    show_default=True,
    metavar="BASE",
    help="scratch, or an OCI layout or archive with an image for each platform.",
)
@click.option(
    "--directory",
    default="/",
    show_default=True,
    metavar="PATH",
    help="Folder in the image for the files.",
)
@click.option(
    "--add",
    multiple=True,
    metavar="FILE:PATH",
    help="Add a file of this machine at PATH in every image. May be repeated.",
)
@click.option(
    "--entrypoint",
    metavar="COMMAND",
    help="Program and its arguments.  [default: the program, if there is only one]",
)
@click.option(
    "--command",
    "arguments",
    metavar="WORDS",
    help="Arguments that users of the image can replace.",
)
@click.option(
    "--user",
    default="",
    metavar="USER",
    help="User that containers run as, optionally with a group: USER:GROUP.",
)
@click.option("--workdir", default="", metavar="PATH", help="Folder in which containers start.")
@click.option(
    "--port",
    "ports",
    multiple=True,
    metavar="PORT",
    help="Port on which containers listen. May be repeated.",
)
@click.option(
    "--env",
    "environment",
    multiple=True,
    metavar="NAME=VALUE",
    help="Environment variable of containers. May be repeated.",
)
@click.option(
    "--label",
    "labels",
    multiple=True,
    metavar="NAME=VALUE",
    help="Label of the image. May be repeated.",
)
@click.option(
    "--annotation",
    "annotations",
    multiple=True,
    metavar="NAME=VALUE",
    help="Annotation of the index and its manifests. May be repeated.",
)
@click.option(
    "--tag", "-t", "tags", multiple=True, metavar="NAME", help="Name of the image. May be repeated."
)
@common.json_option
@click.pass_context
def command(  # noqa: PLR0917 - one parameter an option
    ctx: click.Context,
    dist: Path,
    output: Path | None,
    platforms: tuple[str, ...],
    base: str,
    directory: str,
    add: tuple[str, ...],
    entrypoint: str | None,
    arguments: str | None,
    user: str,
    workdir: str,
    ports: tuple[str, ...],
    environment: tuple[str, ...],
    labels: tuple[str, ...],
    annotations: tuple[str, ...],
    tags: tuple[str, ...],
    *,
    all_files: bool,
    as_layout: bool,
    as_json: bool,
) -> None:
    """Make an OCI image from the programs in dist/: one name for all platforms, without Docker.

    Of each folder, the image gets the files that the last build wrote there; files of earlier
    builds and your own are named and left out, unless you add --all-files. Every program is
    verified for its platform first. An image that cannot start is refused: the entrypoint must be
    in the image, and so must the loader and the libraries of every dynamic program, either in the
    base or among the files. The same files give the same bytes and thus the
    same digest. SOURCE_DATE_EPOCH sets the time of everything; without it, that is 1970. docker
    load, skopeo and oras can read the result.
    """
    if ctx.invoked_subcommand is not None:
        return
    if output is None:
        raise UsageError("--output is missing", "xxpy image --output app.oci.tar")
    chosen = None if base == "scratch" else _base(base)
    wanted = Wanted(dist, platforms, directory, all_files=all_files)
    contents = contents_of(wanted, add)
    for note in wanted.notes:
        printing.note(note)
    settings = Settings(
        entrypoint=words_of("--entrypoint", entrypoint) if entrypoint else only_program(contents),
        command=words_of("--command", arguments or ""),
        user=user,
        workdir=workdir,
        ports=tuple(map(port_of, ports)),
        environment=tuple("=".join(pair) for pair in pairs_of("--env", environment).items()),
        labels=pairs_of("--label", labels),
        annotations=pairs_of("--annotation", annotations),
        created=created(),
        tags=tags,
    )
    table = resources.table()

    def check(made: Content) -> None:
        asked = bool(settings.entrypoint or settings.command)
        start.check(
            loading.Image(table.row(made.platform), made.tree, made.entries, made.config, asked),
            table,
        )

    digest = build.write(
        output, contents, settings, table.words, base=chosen, archive=not as_layout, check=check
    )
    names = list(map(str, contents))
    if as_json:
        printing.print_json({"path": str(output), "digest": digest, "platforms": names})
    else:
        printing.show(f"{output}  {digest}  {', '.join(names)}")


def _base(text: str) -> Path:
    """Return the layout or archive of a base.

    :raises UsageError: there is no such file; an image of a registry is not fetched
    """
    path = Path(text)
    if not path.exists():
        name = re.split(r"[:@/]", text.rpartition("/")[2])[0] or "base"
        archive = f"{name}.oci.tar"
        source, target = shlex.quote(f"docker://{text}"), shlex.quote(f"oci-archive:{archive}")
        raise UsageError(
            f"--base {text}: no such layout or archive",
            f"xxpy reads files only; of an image in a registry skopeo makes one:\n"
            f"skopeo copy --all {source} {target} && xxpy image --base {shlex.quote(archive)} …",
        )
    return path


def created() -> int:
    """Return the time for everything, in seconds since 1970.

    :raises UsageError: ``SOURCE_DATE_EPOCH`` is not a number
    """
    text = os.environ.get(EPOCH) or "0"
    if not text.isascii() or not text.isdigit():
        raise UsageError(
            f"{EPOCH}={text} is not a number of seconds",
            "git log -1 --format=%ct prints that of a commit",
        )
    return int(text)


@command.command(epilog="Example: xxpy image inspect app.oci.tar")
@click.argument("image", type=click.Path(path_type=Path))
@common.json_option
def inspect(image: Path, *, as_json: bool) -> None:
    """Show the index, manifests, platforms and layers in IMAGE, an OCI archive or layout."""
    found = describe.describe(image)
    if as_json:
        keys = ("name", "index", "digest", "platform", "config")
        printing.print_json(
            [
                {
                    **{key: getattr(one, key) for key in keys},
                    "layers": [{"digest": digest, "size": size} for digest, size in one.layers],
                }
                for one in found
            ]
        )
        return
    above = None
    for one in found:
        if (one.name, one.index) != above:
            printing.show(f"{one.name or 'image without a name'}  {one.index}".rstrip())
            above = (one.name, one.index)
        start = shlex.join([*(one.config.get("Entrypoint") or ()), *(one.config.get("Cmd") or ())])
        printing.show(f"  {one.platform}  {one.digest}")
        for digest, size in one.layers:
            printing.show(f"    layer  {digest}  {megabytes(size)}")
        if start:
            printing.show(f"    starts {start}")
