"""The click group: commands are loaded when they are asked for, and every error becomes one line and a hint."""

from __future__ import annotations

import io
import os
import sys
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from xxpy import bounds
from xxpy.cli import printing
from xxpy.cli.finish import finish
from xxpy.errors import Interrupted, OutputError, XxpyError, nearest
from xxpy.machine import files, interrupts, temporary
from xxpy.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: Final = {
    "init": "Write an xxpy.toml for the project in this folder.",
    "build": "Cross-build a project for many platforms and verify every binary.",
    "run": "Run a program of any platform, under an emulator where one is needed.",
    "exec": "Run a command with one platform's environment.",
    "shell": "Start a shell with one platform's environment.",
    "env": "Print one platform's environment, for sh, make, GitHub or as JSON.",
    "kit": "Make, show and remove the folders with the compilers for a platform.",
    "info": "Print the names of a platform: triple, GOARCH, Debian architecture …",
    "platforms": "List all platforms and their names.",
    "verify": "Check that files are binaries for a platform.",
    "inspect": "Describe binaries: format, architecture, linkage, needs.",
    "sysroot": "Headers and libraries for a platform, without root.",
    "cache": "Show the size of the cache, prune it or clear it.",
    "image": "Make an OCI image of what was built, for many platforms, without a daemon.",
    "dockerfile": "Check Dockerfiles, convert them to cross-compiling, write new ones.",
    "plan": "Say which way each platform is built, and why.",
    "bake": "Write the file for docker buildx bake.",
    "matrix": "Write the matrix or the workflow of a CI service.",
    "builder": "Print the commands that make a builder for many platforms.",
    "doctor": "Say what this machine can do for builds for many platforms.",
    "wrappers": "List, show and export the xx-* commands for Dockerfiles, or make their image.",
    "version": "Print the version, with --verbose those of the compilers too.",
    "help": "Show the help of a command.",
    "completion": "Print the completion script for a shell.",
}
"""Each command, in the order of the help, with its summary; command NAME lives in ``xxpy/cli/NAME.py`` as ``command``."""


_PRINTERS: Final = frozenset({"click", "rich"})
"""The packages that print."""


class LazyGroup(click.Group):
    """A group whose commands are imported only when they run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import a command, or return None for a name that is none."""
        if cmd_name not in COMMANDS:
            return None
        return finish(import_module(f"xxpy.cli.{cmd_name}").command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that *args* begin with; for an unknown one name the nearest."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            ctx.fail(f"no such command: {name}. {nearest(name, COMMANDS).capitalize()}".strip())
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write the summaries without importing a command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  xxpy build --platform linux/amd64,linux/arm64,windows/amd64
  xxpy info triple --platform linux/arm/v7
  xxpy verify --platform linux/arm64 --static dist/linux_arm64/server
  xxpy wrappers export ./xx && docker buildx build --build-context xx=./xx .""",
)
@click.version_option(__version__, prog_name="xxpy", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def group(*, debug: bool) -> None:
    """Cross-compile one program for many platforms.

    One table of platforms gives every tool the name it wants, builds with the compilers that are
    there, and verifies every binary.
    """
    del debug  # read by run(), which sees the errors of all commands


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code; errors go to stderr as one line and a hint."""
    printing.stand_by()
    interrupts.listen()
    try:
        _main(arguments)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        interrupts.ignore()
        text = io.StringIO()
        error.show(text)
        with suppress(OSError):
            printing.show(text.getvalue().rstrip("\n"), err=True)
        return error.exit_code
    except XxpyError as error:
        interrupts.ignore()
        with suppress(OSError):  # where stderr is full nobody can be told, except by the exit code
            _show(error, debug="--debug" in arguments[:1])
        return error.exit_code
    except BrokenPipeError:
        # The reader has seen enough (xxpy platforms | head). Nothing is left to say to it.
        return 1
    finally:
        _let_go()
    return 0


def _main(arguments: Sequence[str]) -> None:
    """Run the command line; whatever the system says is wrong is an error of xxpy's."""
    try:
        group.main(list(arguments), prog_name="xxpy", standalone_mode=False, obj=list(arguments))
        sys.stdout.flush()
    except (KeyboardInterrupt, click.Abort) as error:
        raise Interrupted("interrupted") from error
    except SystemExit as error:
        if isinstance(
            error.__context__, BrokenPipeError
        ):  # click's answer to a reader that is gone
            raise BrokenPipeError from error
        raise
    except BrokenPipeError:
        raise
    except OSError as error:
        if _is_of_printing(error):
            raise OutputError(
                f"standard output cannot be written: {error.strerror}", "look at where it goes"
            ) from error
        raise files.unwritable(Path(error.filename or temporary.parent()), error) from error


def _is_of_printing(error: OSError) -> bool:
    """Whether something could not be printed: the error comes from what prints, and no file has a part in it."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    module = "" if last is None else str(last.tb_frame.f_globals.get("__name__", ""))
    return error.filename is None and (module.partition(".")[0] in _PRINTERS or module == __name__)


def _let_go() -> None:
    """Let what could not be written go nowhere, lest the interpreter tries again when it ends and complains."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)


def _show(error: XxpyError, *, debug: bool) -> None:
    if debug:
        traceback.print_exception(error)
    click.echo(
        f"{click.style('error:', fg='red', bold=True)} {bounds.plain(error.message)}", err=True
    )
    for line in error.hint.splitlines():
        click.echo(f"{click.style('hint:', fg='cyan')} {bounds.plain(line)}", err=True)
