"""`sojourn settings`: the settings in force, where each comes from, and no secret."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import typer
from pydantic.fields import FieldInfo

from app.cli.connections import uses_embedded
from app.database.embedded import data_folder
from app.environment import FILE_SUFFIX
from app.settings import Settings

commands = typer.Typer()
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
        yield f"{name} = {shown}  [{_origin(name)}]"


def changed_settings() -> list[str]:
    """Return the names of settings that are not left at their default."""
    names = [str(field.validation_alias) for field in Settings.model_fields.values()]
    return [name for name in names if _origin(name) != "default"]


def _origin(name: str) -> str:
    if path := os.environ.get(name + FILE_SUFFIX):
        return f"file {path}"
    return "environment" if os.environ.get(name) else "default"


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
