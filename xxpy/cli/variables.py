"""The environment variable of each option: ``--platform`` of ``xxpy build`` is XXPY_BUILD_PLATFORM.

The command line wins over the variable, and the variable over the configuration. An empty variable
counts as unset. An option that may be repeated takes words, quoted as in a shell. Errors name the
variables that a command was given, and a variable that is meant for no option is an error, as an
unknown option is.
"""

from __future__ import annotations

import functools
import os
import shlex
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from xxpy.errors import UsageError, XxpyError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PREFIX: Final = "XXPY"
_MOST: Final = 80
"""The most characters of a value that an error repeats."""


def name_of(words: Sequence[str], option: click.Option) -> str:
    """Return the name of the variable of an option.

    :param words: the words of the command, without ``xxpy``

    >>> name_of(["sysroot", "add"], click.Option(["--lock", "lock_file"]))
    'XXPY_SYSROOT_ADD_LOCK'
    """
    long = next((name for name in option.opts if name.startswith("--")), option.opts[0])
    return _joined(*words, long.lstrip("-"))


def _joined(*words: str) -> str:
    """Return the name of a variable of xxpy."""
    return "_".join((_PREFIX, *words)).replace("-", "_").upper()


def _names(parameter: click.Parameter) -> list[str]:
    """Return the variables of a parameter, which click has as one, several or none."""
    given = parameter.envvar
    return [given] if isinstance(given, str) else list(given or ())


class _Open(str):
    """The value of a variable in which a quote is not closed."""

    __slots__ = ()


class _Words(click.types.StringParamType):
    """A value of an option that may be repeated."""

    def split_envvar_value(self, rv: str) -> Sequence[str]:
        """Split the value of the variable."""
        return split(rv)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - click's signature
        """Refuse a value that could not be split."""
        return super().convert(whole(value, param, ctx), param, ctx)


def split(text: str) -> Sequence[str]:
    """Split the value of a variable into words, as a shell does; :func:`whole` checks them.

    >>> split("linux/amd64 'a b'")
    ['linux/amd64', 'a b']
    """
    try:
        return shlex.split(text)
    except ValueError:
        return [_Open(text)]  # click does not know yet where it comes from


def whole(value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - click's signature
    """Return a word of :func:`split`.

    :raises click.BadParameter: a quote is not closed
    """
    if isinstance(value, _Open):
        raise click.BadParameter("a quote is not closed", ctx, param)
    return value


def assign(command: click.Command, words: Sequence[str]) -> None:
    """Give every option of a command its variable."""
    for option in command.params:
        if isinstance(option, click.Option):
            option.envvar = [name_of(words, option), *_names(option)]
            if option.multiple and type(option.type) is click.types.StringParamType:
                option.type = _Words()
    if command.callback is not None:
        command.callback = _guarded(command.callback, words)


def _guarded(callback: Callable[..., Any], words: Sequence[str]) -> Callable[..., Any]:
    """Return a callback that refuses unknown variables, and names those in use in its errors."""

    @functools.wraps(callback)
    def call(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - click's
        ctx = click.get_current_context()
        if ctx.invoked_subcommand is None:
            _refuse_unknown(ctx.command, words)
        try:
            return callback(*arguments, **options)
        except XxpyError as error:
            found = in_use(ctx)
            if found:
                line = f"from the environment: {' '.join(found)}"
                error.hint = "\n".join(filter(None, (error.hint, line)))
            raise

    return call


def in_use(ctx: click.Context) -> list[str]:
    """Return the variables that options of a command, or of those above it, were taken from."""
    found = [] if ctx.parent is None else in_use(ctx.parent)
    return found + [given for one in ctx.command.params if (given := given_by(ctx, one))]


def given_by(ctx: click.Context, parameter: click.Parameter) -> str:
    """Return the variable that a parameter was taken from, with its value, or ""."""
    if ctx.get_parameter_source(parameter.name or "") is not ParameterSource.ENVIRONMENT:
        return ""
    name = next((name for name in _names(parameter) if os.environ.get(name)), "")
    value = os.environ.get(name, "")
    shown = value if len(value) <= _MOST else f"{value[:_MOST]}…"
    return f"{name}={shlex.quote(shown)}"


def _refuse_unknown(command: click.Command, words: Sequence[str]) -> None:
    """Refuse variables that begin as those of a command do, and that none of its options has.

    :raises UsageError: there is one
    """
    if not words:
        return  # everything of xxpy begins with this prefix
    prefix = f"{_joined(*words)}_"
    known = [name_of(words, one) for one in command.params if isinstance(one, click.Option)]
    below = command.commands if isinstance(command, click.Group) else ()
    others = tuple(f"{prefix}{name.upper()}_" for name in below)
    for name in sorted(os.environ):
        if name.startswith(prefix) and name not in known and not name.startswith(others):
            hint = nearest(name, known) or f"expected one of: {', '.join(known)}"
            raise UsageError(f"{name}: xxpy {' '.join(words)} has no such option", hint)
