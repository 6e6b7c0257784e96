"""Kinds of filters with one value: a day, an id, a position in a list, a URL.

`app.record.filters` declares the keys.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.dates import edtf
from app.dates.day_ranges import parse_period
from app.filtering import DAY, Filter

MAX_URL_CHARACTERS = 2_000

ID = r"^(?:[A-Z][1-9][0-9]{0,8}|[a-z]+:[a-z0-9-]{1,80})$"
POSITION = r"^(?:[0-9.]{1,20}|(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|none)[.][0-9]{1,6})_[1-9][0-9]{0,8}$"
WEB_ADDRESS = r"^https?://[^\u0000-\u0020\u007f/][^\u0000-\u0020\u007f]*$"


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Id(Filter):
    """One record by its public id."""

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"type": "string", "pattern": ID}

    def clean(self, value: str) -> str:
        if not re.fullmatch(ID, value.strip()):
            raise ValueError("is not an id; an id is a letter and a number, such as E25")
        return value.strip()


@dataclass(frozen=True)
class Position(Filter):
    """The start of a list page: the sort value and the number of the row before it."""

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"type": "string", "pattern": POSITION}

    def clean(self, value: str) -> str:
        if not re.fullmatch(POSITION, value.strip()):
            raise ValueError("is no place in this list; take it from the link to the next page")
        return value.strip()


@dataclass(frozen=True)
class WebAddress(Filter):
    """The URL of any web page."""

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"type": "string", "pattern": WEB_ADDRESS, "maxLength": MAX_URL_CHARACTERS}

    def clean(self, value: str) -> str:
        text = value.strip()
        if not re.fullmatch(WEB_ADDRESS, text):
            raise ValueError("is not a web address: it begins with http:// or https://")
        if len(text) > MAX_URL_CHARACTERS:
            raise ValueError(f"is too long; an address has at most {MAX_URL_CHARACTERS} letters")
        return text
