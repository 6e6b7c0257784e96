"""The `sojourn` command: its groups of commands, its options, and the printing of errors."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from app.cli import database, demo, record, serve
from app.cli.desk import editor, keys

commands = typer.Typer(
    name="sojourn",
    help="A public, citable record of restrictions on migrant workers.\n\n"
    "Begin with `sojourn serve`. Without DATABASE_URL every command uses a PostgreSQL of its "
    "own, which it starts and stops; docs/operate.md lists all settings.",
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
    """Declare the options of all commands; `main` reads them."""


# In the order in which `sojourn --help` lists them.
for group in (serve, database, record, demo):
    commands.add_typer(group.commands)
commands.add_typer(keys)
commands.add_typer(editor)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command. On an error print one sentence to stderr and exit with code 1.

    `--verbose` adds details.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    # The option may also follow the command's name.
    end = words.index("--") if "--" in words else len(words)
    is_verbose = VERBOSE in words[:end]
    words = [word for word in words[:end] if word != VERBOSE] + words[end:]
    try:
        commands([VERBOSE, *words] if is_verbose else words)
    except Exception as error:
        from app.cli.error_report import describe_details, describe_error

        print(f"sojourn: {describe_error(error)}", file=sys.stderr)
        if is_verbose:
            print(*describe_details(error), sep="\n", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
