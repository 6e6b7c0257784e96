"""Settings as environment variables, for tests and benchmarks that start another process."""

from app.settings import Settings


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the variables with which another process has the same settings."""
    values = {
        str(type(settings).model_fields[name].validation_alias): value for name, value in settings
    }
    return {name: _format_value(value) for name, value in values.items() if value is not None}


def _format_value(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return ",".join(value) if isinstance(value, list) else str(value)
