"""Filters as one line each: parsing an address, matching, facets, chips and links all read that line.

This file knows no feature. A `Filters` class lists its keys in the order in which addresses write them; every key is
either a list of terms, or one value of a given kind.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, ClassVar, Self
from urllib.parse import urlencode

from app.dates import edtf

NONE = "none"
MOST_VALUES = 50
MOST_CHARACTERS = 200

MOST_LETTERS_OF_A_CODE = 100
MOST_LETTERS_OF_AN_ADDRESS = 2_000

# How values are written. `$` and not `\Z`: these are read by the programs of others too.
CODE = r"^[a-z0-9]+(?:[-:.]+[a-z0-9]+)*$"
NUMBER = r"^[1-9][0-9]{0,8}$"
DAY, PERIOD = r"[0-9]{4}-[0-9]{2}-[0-9]{2}", r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?"
SINCE = r"^(?:[1-9][0-9]{0,8}|[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)$"
SINCE_ZERO = SINCE.replace("[1-9]", "0|[1-9]", 1)
ID = r"^(?:[A-Z][1-9][0-9]{0,8}|[a-z]+:[a-z0-9-]{1,80})$"
POSITION = rf"^(?:[0-9.]{{1,20}}|(?:{DAY}|none)[.][0-9]{{1,6}})_[1-9][0-9]{{0,8}}$"
WEB_ADDRESS = r"^https?://[^\u0000-\u0020\u007f/][^\u0000-\u0020\u007f]*$"

Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Filter:
    """What every key has: its name in addresses, a title and a sentence for readers."""

    key: str
    title: str
    description: str

    @property
    def schema(self) -> Mapping[str, Any]:
        """How a value is written, as JSON Schema says it."""
        raise NotImplementedError

    def fits(self, value: str) -> bool:
        """Whether it is written just so; `clean` is kinder."""
        schema = self.schema
        if schema["type"] == "integer":
            return bool(re.fullmatch(NUMBER, value)) and int(value) <= schema["maximum"]
        return (
            value in schema.get("enum", [value])
            and len(value) <= schema.get("maxLength", len(value))
            and bool(re.fullmatch(schema.get("pattern", ".*"), value, re.DOTALL))
        )

    def clean(self, value: str) -> str:
        """The canonical value; ValueError says what would do."""
        raise NotImplementedError


@dataclass(frozen=True)
class Terms(Filter):
    """A key that matches by terms: OR inside the key, `not_` excludes, `none` means "not stated".

    `of` gives the codes that a published row answers to. `vocabulary` says where labels come from. `closed` lists all
    codes where the list is fixed, so that a reader can ask for what is absent.
    """

    of: Callable[[Any], Iterable[str]]
    vocabulary: str
    closed: tuple[str, ...] = ()
    has_none: bool = False

    @property
    def schema(self) -> Mapping[str, Any]:
        if self.closed:
            return {"type": "string", "enum": [*self.closed, *([NONE] if self.has_none else [])]}
        return {"type": "string", "pattern": CODE, "maxLength": MOST_LETTERS_OF_A_CODE}

    def codes(self, row: Any) -> set[str]:
        return {str(code) for code in self.of(row) if code} or ({NONE} if self.has_none else set())

    def clean(self, value: str) -> str:
        code = value.strip().lower()
        if not re.fullmatch(CODE, code) or len(code) > MOST_LETTERS_OF_A_CODE:
            raise ValueError("is not a code; codes are small letters, digits and hyphens")
        if self.closed and code not in self.closed and not (self.has_none and code == NONE):
            raise ValueError(f"is not one of {', '.join(self.closed)}")
        return code


@dataclass(frozen=True)
class Day(Filter):
    """One bound of a period: a day, month or year."""

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"type": "string", "pattern": f"^{PERIOD}$"}

    def clean(self, value: str) -> str:
        text = edtf.normalise(value)
        edtf.window(text, None)
        return text


@dataclass(frozen=True)
class OneDay(Filter):
    """A single day, not a month or year."""

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"type": "string", "pattern": f"^{DAY}$"}

    def clean(self, value: str) -> str:
        text = edtf.normalise(value)
        asked = edtf.window(text, text)
        if asked.first != asked.last:
            raise ValueError("is not a single day; write one as 2019-12-22")
        return text


@dataclass(frozen=True)
class Since(Filter):
    """A UTC day or month, or the number of an edition."""

    from_zero: bool = False
    """Whether 0 may be asked for, which is before all of them."""

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"type": "string", "pattern": SINCE_ZERO if self.from_zero else SINCE}

    def clean(self, value: str) -> str:
        text = value.strip()
        # A bare number is never a year: one day there will be an edition of that number, and it is
        # cited.
        if re.fullmatch(NUMBER, text) or (self.from_zero and text == "0"):
            return text
        text = edtf.normalise(text)
        edtf.window(text, None)
        return text


@dataclass(frozen=True)
class Choice(Filter):
    """One of a few values; the first is the default and is left out of addresses."""

    choices: Mapping[str, str]

    @property
    def default(self) -> str:
        return next(iter(self.choices))

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"type": "string", "enum": list(self.choices), "default": self.default}

    def clean(self, value: str) -> str:
        code = value.strip().lower()
        if code not in self.choices:
            raise ValueError(f"is not one of {', '.join(self.choices)}")
        return code


@dataclass(frozen=True)
class Words(Filter):
    """Free text, matched as a web search would."""

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"type": "string", "maxLength": MOST_CHARACTERS}

    def clean(self, value: str) -> str:
        text = "".join(
            " " if unicodedata.category(letter).startswith("C") else letter for letter in value
        )
        text = " ".join(unicodedata.normalize("NFC", text).split())
        if len(text) > MOST_CHARACTERS:
            raise ValueError(f"is too long; a search has at most {MOST_CHARACTERS} characters")
        return text


@dataclass(frozen=True)
class Number(Filter):
    """A whole number up to a limit."""

    most: int = 999_999_999

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"type": "integer", "minimum": 1, "maximum": self.most}

    def clean(self, value: str) -> str:
        if not re.fullmatch(NUMBER, value.strip()) or int(value) > self.most:
            raise ValueError(f"is not a number from 1 to {self.most}")
        return value.strip()


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
    """Where a page of a list begins: the sort value and the number of the row before it."""

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"type": "string", "pattern": POSITION}

    def clean(self, value: str) -> str:
        if not re.fullmatch(POSITION, value.strip()):
            raise ValueError("is no place in this list; take it from the link to the next page")
        return value.strip()


@dataclass(frozen=True)
class WebAddress(Filter):
    """The address of a page somewhere in the web."""

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"type": "string", "pattern": WEB_ADDRESS, "maxLength": MOST_LETTERS_OF_AN_ADDRESS}

    def clean(self, value: str) -> str:
        text = value.strip()
        if not re.fullmatch(WEB_ADDRESS, text):
            raise ValueError("is not a web address: it begins with http:// or https://")
        if len(text) > MOST_LETTERS_OF_AN_ADDRESS:
            raise ValueError(
                f"is too long; an address has at most {MOST_LETTERS_OF_AN_ADDRESS} letters"
            )
        return text


@dataclass(frozen=True)
class Dropped:
    """Something in an address that could not be understood, and why."""

    key: str
    value: str
    reason: str


@dataclass(frozen=True)
class Filters:
    """What a reader asked for. Equal questions are equal objects and have equal addresses."""

    included: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    excluded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    FILTERS: ClassVar[tuple[Filter, ...]] = ()
    PERIODS: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Pairs of keys that bound a period."""

    @classmethod
    @cache
    def by_key(cls) -> dict[str, Filter]:
        return {filter.key: filter for filter in cls.FILTERS}

    @classmethod
    @cache
    def order(cls) -> dict[str, int]:
        """The place of each key in addresses."""
        return {filter.key: place for place, filter in enumerate(cls.FILTERS)}

    @classmethod
    def terms(cls) -> Iterator[Terms]:
        return (filter for filter in cls.FILTERS if isinstance(filter, Terms))

    @classmethod
    def from_pairs(cls, pairs: Pairs) -> tuple[Self, list[Dropped]]:
        """Reads an address kindly: what can't be understood is left out and returned beside the filters."""
        filters = cls.by_key()
        included: dict[str, list[str]] = {}
        excluded: dict[str, list[str]] = {}
        dropped: list[Dropped] = []
        pairs = list(pairs)
        turned = {
            key.removesuffix("-how")
            for key, value in pairs
            if key.endswith("-how") and value == "not"
        }
        for key, value in pairs:
            if not value.strip() or key.endswith("-how"):
                continue
            name, to = (key[4:], excluded) if key.startswith("not_") else (key, included)
            filter = filters.get(name)
            if filter is None or (to is excluded and not isinstance(filter, Terms)):
                dropped.append(Dropped(key, value, "is not something this page can be filtered by"))
                continue
            if name in turned:
                to = excluded
            values = to.setdefault(name, [])
            if not isinstance(filter, Terms) and values:
                dropped.append(Dropped(key, value, "was given twice; the first one counts"))
            elif len(values) >= MOST_VALUES:
                dropped.append(Dropped(key, value, f"is one too many; {MOST_VALUES} fit"))
            else:
                try:
                    # Signs that nobody can see may be all there was.
                    values += [clean] if (clean := filter.clean(value)) else []
                except (ValueError, OverflowError) as error:
                    dropped.append(Dropped(key, value, str(error)))
        for first, last in cls.PERIODS:
            try:
                edtf.window(*(next(iter(included.get(key, ())), None) for key in (first, last)))
            except edtf.BadDate as error:
                dropped += [Dropped(last, value, str(error)) for value in included.pop(last)]
        return cls.made_of(included, excluded), dropped

    @classmethod
    def made_of(
        cls, included: Mapping[str, Sequence[str]], excluded: Mapping[str, Sequence[str]]
    ) -> Self:
        """In canonical order, without defaults, empty keys or repeated values."""
        filters = cls.by_key()
        kept: dict[str, tuple[str, ...]] = {}
        left: dict[str, tuple[str, ...]] = {}
        # A key without values is skipped first: a caller may remove a key that this list does not
        # have.
        for key in sorted(
            (key for key, values in included.items() if values), key=cls.order().__getitem__
        ):
            values, filter = tuple(sorted(set(included[key]))), filters[key]
            if not (isinstance(filter, Choice) and values[0] == filter.default):
                kept[key] = values
        for key in sorted(
            (key for key, values in excluded.items() if values), key=cls.order().__getitem__
        ):
            without = tuple(sorted(set(excluded[key]) - set(kept.get(key, ()))))
            if without:
                left[key] = without
        return cls(kept, left)

    def __getitem__(self, key: str) -> tuple[str, ...]:
        return self.included.get(key, ())

    def one(self, key: str) -> str:
        """The only value of a key, or its default, or nothing."""
        filter = self.by_key()[key]
        default = filter.default if isinstance(filter, Choice) else ""
        return self.included.get(key, (default,))[0]

    def pairs(self) -> list[tuple[str, str]]:
        keys: Iterable[str] = self.included  # in canonical order as they stand
        if self.excluded:
            keys = sorted({*self.included, *self.excluded}, key=self.order().__getitem__)
        found = []
        for key in keys:
            found += [(key, value) for value in self.included.get(key, ())]
            found += [(f"not_{key}", value) for value in self.excluded.get(key, ())]
        return found

    def by_name(self) -> dict[str, list[str]]:
        """Each key as addresses write it, with its values."""
        found: dict[str, list[str]] = {}
        for key, value in self.pairs():
            found.setdefault(key, []).append(value)
        return found

    def query_string(self) -> str:
        return "&".join(_written(key, value) for key, value in self.pairs())

    def with_(self, **values: str | Iterable[str] | None) -> Self:
        """The same question with some keys replaced (`from_` for `from`); None or nothing removes a key."""
        included = dict(self.included)
        for name, value in values.items():
            included[name.rstrip("_")] = (
                (value,) if isinstance(value, str) and value else tuple(value or ())
            )
        return self.made_of(included, self.excluded)

    def without(self, key: str, value: str | None = None, excluded: bool = False) -> Self:
        """The same question without a key, or without one value of it."""
        side = dict(self.excluded if excluded else self.included)
        side[key] = tuple(v for v in side.get(key, ()) if value is not None and v != value)
        return self.made_of(self.included, side) if excluded else self.made_of(side, self.excluded)

    @property
    def narrowing(self) -> "Filters":
        """Without what only arranges the list: sort, view, page."""
        kept = {k: v for k, v in self.included.items() if not is_arrangement(self.by_key()[k])}
        return self.made_of(kept, self.excluded)

    @property
    def is_empty(self) -> bool:
        return not self.narrowing.pairs()


@lru_cache(maxsize=4_000)
def _written(key: str, value: str) -> str:
    """One part of an address. A page has a hundred addresses, made of few parts."""
    return urlencode([(key, value)], safe=":/,.~")


ARRANGEMENT = {"sort", "view", "all", "after", "limit", "edition"}
"""Keys that say how a list is laid out, or of which edition, and narrow nothing."""


def is_arrangement(filter: Filter) -> bool:
    return filter.key in ARRANGEMENT
