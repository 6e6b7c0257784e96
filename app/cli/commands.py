"""The groups of commands of `sojourn`, the options of all, and `sojourn settings`."""

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlsplit

import typer
from pydantic.fields import FieldInfo

from app.cli import database, record, serve
from app.cli.connections import setting_origin, uses_embedded
from app.cli.desk import editor, keys
from app.database.embedded import data_folder
from app.settings import Settings, release

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
for group in (serve, database, record):
    commands.add_typer(group.commands)
commands.add_typer(keys)
commands.add_typer(editor)


HIDDEN = "(set, not shown)"


@commands.command("settings")
def show_settings() -> None:
    """Print the settings in force: a name, its value, and where it comes from.

    Secrets and passwords are left out, so the list can be sent to somebody who helps.

    Example: `sojourn settings`

    Next: docs/operate.md explains each of them.
    """
    for line in describe_settings(Settings.from_environment()):
        typer.echo(line)


def describe_settings(settings: Settings) -> Iterator[str]:
    for attribute, field in type(settings).model_fields.items():
        name = str(field.validation_alias)
        value = getattr(settings, attribute)
        shown = _describe_value(field, value)
        if attribute == "data_dir" and uses_embedded(settings):
            shown = str(data_folder(settings))
        yield f"{name} = {shown}  [{setting_origin(name)}]"


def _describe_value(field: FieldInfo, value: object) -> str:
    if value is None or value in ([], {}):
        return "(not set)"
    if not field.repr:
        return _without_password(str(value)) if isinstance(value, str) else HIDDEN
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, dict):
        return ",".join(f"{key}={each}" for key, each in value.items())
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _without_password(value: str) -> str:
    """Return a URL without user, password and options; other secrets are hidden whole."""
    scheme, is_url, _rest = value.partition("://")
    if not is_url:
        return HIDDEN
    parts = urlsplit(value)
    host = parts.netloc.rpartition("@")[2] or "(local socket)"
    return f"{scheme}://…@{host}{parts.path}"
