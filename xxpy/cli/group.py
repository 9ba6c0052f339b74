"""The click group, which loads commands when they run and prints errors with a hint."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from xxpy import posix
from xxpy.cli import failures, printing
from xxpy.cli.finish import finish
from xxpy.cli.lazy import Lazy
from xxpy.cli.report import pulse
from xxpy.errors import Interrupted, OutputError, UsageError, XxpyError, nearest
from xxpy.machine import activity, files, interrupts, temporary

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


_DEBUG: Final = "XXPY_DEBUG"
_TRUE: Final = {"1", "true", "t", "yes", "y", "on"}
"""What click takes for true."""

_HELP: Final = {"-h", "--help"}
_PRINTERS: Final = frozenset({"click", "rich"})
"""The packages that print."""


NOT_ON_WINDOWS: Final = frozenset(
    [
        "build",
        "run",
        "exec",
        "shell",
        "env",
        "kit",
        "sysroot",
        "cache",
        "image",
        "plan",
        "bake",
        "matrix",
        "doctor",
    ]
)
"""The commands that start programs, or keep locks, links and modes of files."""


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
            raise UsageError(f"no such command: {name}", nearest(name, COMMANDS) or "xxpy --help")
        if name in NOT_ON_WINDOWS and not ctx.resilient_parsing and _HELP.isdisjoint(args):
            posix.require(f"xxpy {name}")
        return super().resolve_command(ctx, args)

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - click's signature
    ) -> click.Context:
        """Begin a command line: how it prints does not depend on an earlier one."""
        printing.MANNER.reset()
        activity.trace(None)
        activity.step(None)
        return super().make_context(info_name, args, parent, **extra)


@click.group(
    cls=Commands,
    invoke_without_command=True,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  xxpy build --platform linux/amd64,linux/arm64,windows/amd64
  xxpy info triple --platform linux/arm/v7
  xxpy verify --platform linux/arm64 --static dist/linux_arm64/server
  xxpy wrappers export ./xx && docker buildx build --build-context xx=./xx .""",
)
@click.option(
    "--version", is_flag=True, help="Show the version, with --verbose also those of the compilers."
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def group(ctx: click.Context, *, version: bool, debug: bool) -> None:
    """Cross-compile one program for many platforms.

    xxpy knows every tool's names for a platform from one table, builds with the compilers that are
    installed, and verifies every binary.

    Each option has an environment variable: that of xxpy build --platform is XXPY_BUILD_PLATFORM.
    """
    del debug  # read by run(), which sees the errors of all commands
    if version:
        from xxpy.cli.version import facts  # noqa: PLC0415 - its imports are heavy

        for name, found in facts(verbose=printing.MANNER.verbose).items():
            printing.show(f"{name} {found}")
        ctx.exit()
    if ctx.invoked_subcommand is None:
        raise UsageError("no command is given", "xxpy --help lists them")


finish(group, ())


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code; errors go to stderr as a line and a hint."""
    try:
        return _run(arguments)
    except KeyboardInterrupt as error:  # it came before the command began, or as it ended
        stopped = Interrupted("interrupted")
        stopped.__cause__ = error
        return _failed(stopped, arguments)


def _run(arguments: Sequence[str]) -> int:
    """Run the command line, and turn each error into an exit code."""
    try:
        printing.stand_by()
        interrupts.listen()
        with pulse.Command():
            _main(arguments)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        return _failed(failures.of_usage(error), arguments)
    except XxpyError as error:
        return _failed(error, arguments)
    except BrokenPipeError:
        # The reader has seen enough (xxpy platforms | head), and nothing more can be said to it.
        return 1
    except Exception as error:  # noqa: BLE001 - whatever it is, a person gets one line
        return _failed(failures.internal(error, arguments), arguments)
    finally:
        _let_go()
    return 0


def _failed(error: XxpyError, arguments: Sequence[str]) -> int:
    """Print an error, with its traceback if the user wants to see it; return its exit code."""
    interrupts.ignore()
    with suppress(OSError):  # if stderr is full, only the exit code is left
        if _debugs(arguments):
            traceback.print_exception(error)
        failures.show(error)
    return error.exit_code


def _debugs(arguments: Sequence[str]) -> bool:
    """Whether --debug is among the options before the command, or its variable is set."""
    before = list(takewhile(lambda word: word.startswith("-"), arguments))
    return "--debug" in before or os.environ.get(_DEBUG, "").lower() in _TRUE


def _main(arguments: Sequence[str]) -> None:
    """Run the command line, turning every error of the system into one of xxpy's."""
    try:
        group.main(list(arguments), prog_name="xxpy", standalone_mode=False, obj=list(arguments))
        if not sys.stdout.closed:  # a language server closes it
            sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        printing.show(error.format_message(), err=True)
        raise click.exceptions.Exit(error.exit_code) from error
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
