"""The words of the interface, through gettext: English until there are other languages in `locales/`."""

import gettext
from datetime import date
from functools import cache, lru_cache

from babel.dates import format_date

from app import paths


@cache
def translations() -> gettext.NullTranslations:
    return gettext.translation("sojourn", paths.LOCALES, languages=["en"], fallback=True)


def _(message: str) -> str:
    """The message in the reader's language; values are filled in afterwards, with `.format`."""
    return translations().gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The message for that many, with the count filled in as `{count}`."""
    return translations().ngettext(one, many, count).format(count=f"{count:,}")


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """Marks a message that is translated later, where it is printed."""
    return message


def inside(label: str) -> str:
    """A label as it stands inside a sentence: "government", but still "UN panel"."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


@lru_cache(maxsize=10_000)
def day_in_words(day: date, pattern: str) -> str:
    """A day by a pattern of Unicode CLDR, such as `d MMMM y`."""
    return format_date(day, pattern, locale="en")
