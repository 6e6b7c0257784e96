"""Kinds of filters with one value: a day, an id, a position in a list, a URL.

`app.record.filters` declares the keys.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from app.dates import edtf
from app.dates.day_ranges import parse_period
from app.filtering import DAY, Filter

MAX_URL_CHARACTERS = 2_000


class OneDay(Filter):
    """A single day, not a month or year."""

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"type": "string", "pattern": f"^{DAY}$"}

    def clean(self, value: str) -> str:
        text = edtf.normalise(value)
        window = parse_period(text, text)
        if window.first != window.last:
            raise ValueError("is not a single day; write one as 2019-12-22")
        return text


class OfPattern(Filter):
    """A value that has one form."""

    PATTERN: ClassVar[str]
    ADVICE: ClassVar[str]
    """What is wrong with any other value."""

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"type": "string", "pattern": self.PATTERN}

    def clean(self, value: str) -> str:
        text = value.strip()
        if not re.fullmatch(self.PATTERN, text):
            raise ValueError(self.ADVICE)
        return text


class Id(OfPattern):
    """One record by its public id."""

    PATTERN = r"^(?:[A-Z][1-9][0-9]{0,8}|[a-z]+:[a-z0-9-]{1,80})$"
    ADVICE = "is not an id; an id is a letter and a number, such as E25"


class Position(OfPattern):
    """The start of a list page: the sort value and the number of the row before it."""

    PATTERN = r"^(?:[0-9.]{1,20}|(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|none)[.][0-9]{1,6})_[1-9][0-9]{0,8}$"
    ADVICE = "is no place in this list; take it from the link to the next page"


class WebAddress(OfPattern):
    """The URL of any web page."""

    PATTERN = r"^https?://[^\u0000-\u0020\u007f/][^\u0000-\u0020\u007f]*$"
    ADVICE = "is not a web address: it begins with http:// or https://"

    @property
    def schema(self) -> Mapping[str, Any]:
        return {**super().schema, "maxLength": MAX_URL_CHARACTERS}

    def clean(self, value: str) -> str:
        text = super().clean(value)
        if len(text) > MAX_URL_CHARACTERS:
            raise ValueError(f"is too long; an address has at most {MAX_URL_CHARACTERS} letters")
        return text
