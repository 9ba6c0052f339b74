"""``xxpy help``: the help of a command, for those who look for it there."""

from __future__ import annotations

import click

from xxpy.cli import common, printing, reference
from xxpy.errors import UsageError, nearest


@click.command(epilog="Example: xxpy help sysroot add")
@click.argument("words", nargs=-1, metavar="[COMMAND]...")
@common.json_option
@click.pass_context
def command(ctx: click.Context, words: tuple[str, ...], *, as_json: bool) -> None:
    """Show the help of COMMAND, as xxpy COMMAND --help does.

    With --json it is everything that the help has, and the variable of each option.
    """
    context = ctx.find_root()
    for word in words:
        found = context.command
        if not isinstance(found, click.Group):
            raise UsageError(
                f"{context.command_path} has no commands of its own",
                f"{context.command_path} --help",
            )
        child = found.get_command(context, word)
        if child is None:
            known = found.list_commands(context)
            hint = nearest(word, known) or f"expected one of: {', '.join(known)}"
            raise UsageError(f"{context.command_path} has no command {word}", hint)
        context = click.Context(child, info_name=word, parent=context)
    if as_json:
        printing.print_json(reference.document(reference.describe(context)))
    else:
        printing.show(context.command.get_help(context))
