"""The groups of commands of `sojourn`, and the options of all."""

from typing import Annotated

import typer

from app.cli import database, record, serve, show_settings
from app.cli.desk import editor, keys
from app.release import release

commands = typer.Typer(
    name="sojourn",
    help="A public, citable record of restrictions on migrant workers.\n\n"
    "Start with `sojourn serve`. Without DATABASE_URL, every command starts and stops a "
    "PostgreSQL of its own. docs/operate.md lists all settings.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    # A traceback with local variables could show a private note or a password.
    pretty_exceptions_enable=False,
)


VERBOSE = "--verbose"


def _print_release(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"sojourn {release()}")
        raise typer.Exit


@commands.callback()
def options(
    verbose: Annotated[
        bool,
        typer.Option(
            VERBOSE, help="After an error, also print a traceback. Works with every command."
        ),
    ] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_release, is_eager=True, help="Print the release and exit."
        ),
    ] = False,
) -> None:
    """Declare the options of all commands; `app.cli.main` reads them."""


# In the order in which `sojourn --help` lists them.
for group in (serve, database, record, show_settings):
    commands.add_typer(group.commands)
commands.add_typer(keys)
commands.add_typer(editor)
