"""Translation with gettext. Without a catalogue in `locales/` all messages are English."""

import gettext
from datetime import date
from functools import cache, lru_cache

from babel.dates import format_date
from babel.numbers import get_currency_name

from app import paths


@cache
def translations() -> gettext.NullTranslations:
    return gettext.translation("sojourn", paths.LOCALES, languages=["en"], fallback=True)


def reader_language() -> str:
    """Return the language of the interface: that of the catalogue, or English without one."""
    return translations().info().get("language") or "en"


def _(message: str) -> str:
    """Translate a message. Callers insert values afterwards, with `.format`."""
    return translations().gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Translate a message with a plural, and insert the number as `{count}`."""
    return translations().ngettext(one, many, count).format(count=f"{count:,}")


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """Mark a message for extraction; it is translated where it is printed."""
    return message


def inside(label: str) -> str:
    """Return a label for use within a sentence: "government", but "NGO"."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def currency_in_words(code: str, count: int) -> str:
    """Return the name of a currency of ISO 4217 after a number: "won", "US dollars"."""
    return get_currency_name(code, count, locale="en")


@lru_cache(10_000)
def day_in_words(day: date, pattern: str) -> str:
    """Format a date with a pattern of Unicode CLDR, such as `d MMMM y`."""
    return format_date(day, pattern, locale="en")
