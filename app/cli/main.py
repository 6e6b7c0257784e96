"""The `sojourn` command: starting the site, and looking after what it keeps. For whoever runs an installation."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from app.cli import database, demo, record, serve
from app.cli.desk import editor, keys

commands = typer.Typer(
    name="sojourn",
    help="A public, citable record of restrictions on migrant workers.\n\n"
    "Begin with `sojourn serve`. Without DATABASE_URL every command uses a PostgreSQL of its own, which it starts and "
    "stops; README.md lists all settings.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    # A traceback with local variables could show a private note or a password.
    pretty_exceptions_enable=False,
)


VERBOSE = "--verbose"


@commands.callback()
def options(
    verbose: Annotated[
        bool,
        typer.Option(
            VERBOSE, help="After an error, also show where it arose. Works with every command."
        ),
    ] = False,
) -> None:
    """Options of all commands; `main` reads them."""


# In the order in which `sojourn --help` lists them.
for group in (serve, database, record, demo):
    commands.add_typer(group.commands)
commands.add_typer(keys)
commands.add_typer(editor)


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point: an error is one sentence on the error output and exit code 1, with details for `--verbose`."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    # It belongs to every command, and may be typed behind it.
    end = given.index("--") if "--" in given else len(given)
    is_verbose = VERBOSE in given[:end]
    given = [each for each in given[:end] if each != VERBOSE] + given[end:]
    try:
        commands([VERBOSE, *given] if is_verbose else given)
    except Exception as error:
        from app.cli.error_report import describe_details, describe_error

        print(f"sojourn: {describe_error(error)}", file=sys.stderr)
        if is_verbose:
            print(*describe_details(error), sep="\n", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
