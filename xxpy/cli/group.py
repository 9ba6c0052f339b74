"""The click group, which loads commands when they run and prints errors with a hint."""

from __future__ import annotations

import io
import os
import shlex
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from xxpy import bounds
from xxpy.cli import printing
from xxpy.cli.lazy import Lazy
from xxpy.errors import InternalError, Interrupted, OutputError, XxpyError, nearest
from xxpy.machine import files, interrupts, temporary
from xxpy.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: Final = {
    "init": "Write an xxpy.toml for a project.",
    "build": "Build a project for many platforms and verify every binary.",
    "run": "Run a program of any platform, under an emulator if needed.",
    "exec": "Run a command in the environment of a platform.",
    "shell": "Start a shell in the environment of a platform.",
    "env": "Print the environment of a platform, for sh, make, GitHub or as JSON.",
    "kit": "Manage kits, the folders with the compilers for a platform.",
    "info": "Print the names of a platform: triple, GOARCH, Debian architecture …",
    "platforms": "List all platforms and their names.",
    "verify": "Check that files are binaries for a platform.",
    "inspect": "Describe binaries: format, architecture, linkage, libraries.",
    "sysroot": "Manage headers and libraries for a platform, without root.",
    "cache": "Show the size of the cache, prune it or clear it.",
    "image": "Make an OCI image of the built programs, without a daemon.",
    "dockerfile": "Check Dockerfiles, convert them to cross-compiling, write new ones.",
    "plan": "Show how each platform is built, and why.",
    "bake": "Write a file for docker buildx bake.",
    "matrix": "Write a matrix or a workflow for a CI service.",
    "builder": "Print the commands that create a builder for many platforms.",
    "diagnose": "Explain the log of a failed build.",
    "doctor": "Check what this machine can do for multi-platform builds.",
    "wrappers": "List, show or export the xx-* commands for Dockerfiles, or make their image.",
    "version": "Print the version, with --verbose also the versions of the compilers.",
    "help": "Show the help of a command.",
    "completion": "Print the completion script for a shell.",
}
"""Each command with its summary, in the order of the help; NAME is in ``xxpy/cli/NAME.py``."""


_NO_THREAD: Final = "can't start new thread"
"""What Python says where the system refuses one."""

_PRINTERS: Final = frozenset({"click", "rich"})
"""The packages that print."""


class Commands(Lazy):
    """The commands of ``xxpy``."""

    package = "xxpy.cli"
    summaries = COMMANDS

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that *args* begin with, or suggest the nearest one."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            ctx.fail(f"no such command: {name}. {nearest(name, COMMANDS).capitalize()}".strip())
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
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

    xxpy knows every tool's names for a platform from one table, builds with the compilers that are
    installed, and verifies every binary.
    """
    del debug  # read by run(), which sees the errors of all commands


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code; errors go to stderr as a line and a hint."""
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
        with suppress(OSError):  # if stderr is full, only the exit code is left
            _show(error, debug="--debug" in arguments[:1])
        return error.exit_code
    except BrokenPipeError:
        # The reader has seen enough (xxpy platforms | head), and nothing more can be said to it.
        return 1
    except Exception as error:  # noqa: BLE001 - whatever it is, a person gets one line
        interrupts.ignore()
        found = _internal(error, arguments)
        with suppress(OSError):
            _show(found, debug="--debug" in arguments[:1])
        return found.exit_code
    finally:
        _let_go()
    return 0


def _internal(error: Exception, arguments: Sequence[str]) -> XxpyError:
    """Return the error for an unexpected exception."""
    found: XxpyError
    if interrupts.was_requested():
        # KeyboardInterrupt was raised in code of C that made another error of it.
        found = Interrupted("interrupted")
    elif isinstance(error, MemoryError) or str(error) == _NO_THREAD:
        found = InternalError(
            "there is not enough memory, or no room for another thread",
            "is it limited (ulimit -v, ulimit -u), or is a file of the project very large?",
        )
    else:
        words = [word for word in arguments if word != "--debug"]
        hint = f"this is a fault of xxpy: report what xxpy --debug {shlex.join(words)} prints"
        found = InternalError(f"internal error: {type(error).__name__}: {error}", hint)
    found.__cause__ = error
    return found


def _main(arguments: Sequence[str]) -> None:
    """Run the command line, turning every error of the system into one of xxpy's."""
    try:
        group.main(list(arguments), prog_name="xxpy", standalone_mode=False, obj=list(arguments))
        if not sys.stdout.closed:  # a language server closes it
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
                f"standard output cannot be written: {error.strerror}", "check where it goes"
            ) from error
        raise files.unwritable(Path(error.filename or temporary.parent()), error) from error


def _is_of_printing(error: OSError) -> bool:
    """Whether printing failed: the error comes from the code that prints, and names no file."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    module = "" if last is None else str(last.tb_frame.f_globals.get("__name__", ""))
    return error.filename is None and (module.partition(".")[0] in _PRINTERS or module == __name__)


def _let_go() -> None:
    """Drop output that could not be written, or the interpreter would complain when it ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)


def _show(error: XxpyError, *, debug: bool) -> None:
    """Print an error and its hint to stderr."""
    if debug:
        traceback.print_exception(error)
    click.echo(
        f"{click.style('error:', fg='red', bold=True)} {bounds.plain(error.message)}", err=True
    )
    for line in error.hint.splitlines():
        click.echo(f"{click.style('hint:', fg='cyan')} {bounds.plain(line)}", err=True)
