"""Filters in URLs: how a key's values are parsed, validated and written.

A subclass of `Filters` declares its keys in the order of its URLs. Parsing, matching, facets, chips
and links all use these declarations. `app.record.filters` has the subclasses.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, ClassVar, Self
from urllib.parse import urlencode

from app.dates import edtf
from app.dates.day_ranges import parse_period
from app.vocabulary.kinds import NAMED_NOUNS

NONE = "none"
IN_WORDS = "in-words"
"""The code of what a row names in words only, since the codebook has no code for it."""
MAX_VALUES = 50
MAX_CODES_NAMED = 24
"""Codes that a message about an unknown one names."""
MAX_TEXT_CHARACTERS = 200
MAX_ADDRESS_CHARACTERS = 1_000
MAX_CODE_CHARACTERS = 100

# Patterns of values. `$` instead of `\Z`, since the API publishes them as JSON Schema.
CODE = r"^[a-z0-9]+(?:[-:.]+[a-z0-9]+)*$"
CODE_OF_RECORD = r"^[a-z0-9]+(?:-+[a-z0-9]+)*$"
TEXT = rf"^(?:[\s\S]{{0,{MAX_TEXT_CHARACTERS}}}|https?://\S+)$"
NUMBER = r"^[1-9][0-9]{0,8}$"
# Years as `edtf.FIRST_YEAR` and `LAST_YEAR` have them.
_YEAR, _MONTH = r"(?:1[89][0-9]{2}|2[01][0-9]{2}|2200)", r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
DAY, PERIOD = f"{_YEAR}-{_MONTH}-{_DAY}", f"{_YEAR}(?:-{_MONTH}(?:-{_DAY})?)?"
SINCE = f"^(?:[1-9][0-9]{{0,8}}|{_YEAR}-{_MONTH}(?:-{_DAY})?)$"
SINCE_ZERO = SINCE.replace("[1-9]", "0|[1-9]", 1)

Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Filter:
    """One key: its name in URLs, and a title and a description for readers."""

    key: str
    title: str
    description: str

    @property
    def schema(self) -> Mapping[str, Any]:
        """The JSON Schema of a value."""
        raise NotImplementedError

    def clean(self, value: str) -> str:
        """Return the canonical value; raise ValueError with what is wrong."""
        raise NotImplementedError


@dataclass(frozen=True)
class Terms(Filter):
    """A key that matches terms: OR within the key, `not_` excludes, `none` means "not stated"."""

    of: Callable[[Any], Iterable[str]]
    """Returns the codes of a published row."""
    vocabulary: str
    """Where labels come from."""
    closed: tuple[str, ...] = ()
    """All codes of a fixed list; they can be filters even if no row has them."""
    rare: frozenset[str] = frozenset()
    """Codes of `closed` that facets offer only where rows have them: they are too many."""
    has_none: bool = False
    retired: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Codes of earlier editions with their successors: valid, but offered only where needed."""

    @property
    def offered(self) -> tuple[str, ...]:
        """The codes of `closed` that facets always offer."""
        return tuple(code for code in self.closed if code not in self.rare)

    @property
    def schema(self) -> Mapping[str, Any]:
        if self.closed:
            return {"type": "string", "enum": [*self.closed, *([NONE] if self.has_none else [])]}
        pattern = CODE_OF_RECORD if self.vocabulary in NAMED_NOUNS else CODE
        return {"type": "string", "pattern": pattern, "maxLength": MAX_CODE_CHARACTERS}

    def codes(self, row: Any) -> set[str]:
        return {str(code) for code in self.of(row) if code} or ({NONE} if self.has_none else set())

    def clean(self, value: str) -> str:
        code = value.strip().lower()
        if not re.fullmatch(CODE, code) or len(code) > MAX_CODE_CHARACTERS:
            raise ValueError("is not a code; codes are small letters, digits and hyphens")
        if self.closed and code not in self.closed and not (self.has_none and code == NONE):
            named = ", ".join(self.closed[:MAX_CODES_NAMED])
            more = "" if len(self.closed) <= MAX_CODES_NAMED else " or other codes of the codebook"
            raise ValueError(f"is not one of {named}{more}")
        return code


@dataclass(frozen=True)
class Day(Filter):
    """One bound of a period: a day, month or year."""

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"type": "string", "pattern": f"^{PERIOD}$"}

    def clean(self, value: str) -> str:
        text = edtf.normalise(value)
        parse_period(text, None)
        return text


@dataclass(frozen=True)
class Since(Filter):
    """A UTC day or month, or the number of an edition."""

    from_zero: bool = False
    """Whether 0, which is before all editions, is valid."""

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"type": "string", "pattern": SINCE_ZERO if self.from_zero else SINCE}

    def clean(self, value: str) -> str:
        text = value.strip()
        # A number is never a year: an edition with that number may exist and be cited one day.
        if re.fullmatch(NUMBER, text) or (self.from_zero and text == "0"):
            return text
        text = edtf.normalise(text)
        parse_period(text, None)
        return text


@dataclass(frozen=True)
class Choice(Filter):
    """One of a few values; the first is the default and is not in URLs."""

    choices: Mapping[str, str]
    is_default_in_urls: bool = False
    """Whether URLs may name the default: the page of a list has another one than its files."""

    @property
    def default(self) -> str:
        return next(iter(self.choices))

    def leaves_out(self, code: str) -> bool:
        """Whether URLs are without a code, because it is the default."""
        return code == self.default and not self.is_default_in_urls

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
    """Free text with the syntax of web searches."""

    has_addresses: bool = False
    """Whether the address of an article may be longer than other words."""

    @property
    def schema(self) -> Mapping[str, Any]:
        if self.has_addresses:
            return {"type": "string", "maxLength": MAX_ADDRESS_CHARACTERS, "pattern": TEXT}
        return {"type": "string", "maxLength": MAX_TEXT_CHARACTERS}

    def clean(self, value: str) -> str:
        text = "".join(
            " " if unicodedata.category(letter).startswith("C") else letter for letter in value
        )
        text = " ".join(unicodedata.normalize("NFC", text).split())
        if len(text) > self.schema["maxLength"] or not re.fullmatch(
            self.schema.get("pattern", ".*"), text
        ):
            raise ValueError(f"is too long; a search has at most {MAX_TEXT_CHARACTERS} characters")
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
class DroppedParameter:
    """An invalid part of a query, and the reason."""

    key: str
    value: str
    reason: str


@dataclass(frozen=True)
class Filters:
    """A query. Equal queries are equal objects and have equal URLs."""

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
        """Return the position of each key in URLs."""
        return {filter.key: position for position, filter in enumerate(cls.FILTERS)}

    @classmethod
    def terms(cls) -> Iterator[Terms]:
        return (filter for filter in cls.FILTERS if isinstance(filter, Terms))

    @classmethod
    def from_pairs(cls, pairs: Pairs) -> tuple[Self, list[DroppedParameter]]:
        """Parse a query; return the valid filters, and the parts that are not."""
        filters = cls.by_key()
        included: dict[str, list[str]] = {}
        excluded: dict[str, list[str]] = {}
        dropped: list[DroppedParameter] = []
        pairs = list(pairs)
        # A form has a field `place-how` with the value `not` that negates the field `place`.
        negated = {
            key.removesuffix("-how")
            for key, value in pairs
            if key.endswith("-how") and value == "not"
        }
        for key, value in pairs:
            if not value.strip() or key.endswith("-how"):
                continue
            name, side = (key[4:], excluded) if key.startswith("not_") else (key, included)
            filter = filters.get(name)
            if filter is None or (side is excluded and not isinstance(filter, Terms)):
                dropped.append(
                    DroppedParameter(key, value, "is not something this page can be filtered by")
                )
                continue
            if name in negated:
                side = excluded
            values = side.setdefault(name, [])
            if not isinstance(filter, Terms) and values:
                dropped.append(
                    DroppedParameter(key, value, "was given twice; the first one counts")
                )
            elif len(values) >= MAX_VALUES:
                dropped.append(DroppedParameter(key, value, f"is one too many; {MAX_VALUES} fit"))
            else:
                try:
                    # Text of invisible characters only becomes empty.
                    values += [clean] if (clean := filter.clean(value)) else []
                except (ValueError, OverflowError) as error:
                    dropped.append(DroppedParameter(key, value, str(error)))
        for first, last in cls.PERIODS:
            try:
                parse_period(*(next(iter(included.get(key, ())), None) for key in (first, last)))
            except edtf.DateError as error:
                dropped += [
                    DroppedParameter(last, value, str(error)) for value in included.pop(last)
                ]
        return cls.made_of(included, excluded), dropped

    @classmethod
    def made_of(
        cls, included: Mapping[str, Sequence[str]], excluded: Mapping[str, Sequence[str]]
    ) -> Self:
        """Return filters in canonical order, without defaults, empty keys or repeated values."""
        filters = cls.by_key()
        canonical_included: dict[str, tuple[str, ...]] = {}
        canonical_excluded: dict[str, tuple[str, ...]] = {}
        for key in cls._in_order(included):
            values, filter = tuple(sorted(set(included[key]))), filters[key]
            if not (isinstance(filter, Choice) and filter.leaves_out(values[0])):
                canonical_included[key] = values
        for key in cls._in_order(excluded):
            values = tuple(sorted(set(excluded[key]) - set(canonical_included.get(key, ()))))
            if values:
                canonical_excluded[key] = values
        return cls(canonical_included, canonical_excluded)

    @classmethod
    def _in_order(cls, side: Mapping[str, Sequence[str]]) -> list[str]:
        # Empty keys are dropped first: a caller may have removed a key that the list does not have.
        return sorted((key for key, values in side.items() if values), key=cls.order().__getitem__)

    def __getitem__(self, key: str) -> tuple[str, ...]:
        return self.included.get(key, ())

    def one(self, key: str) -> str:
        """Return the only value of a key, or its default, or an empty string."""
        filter = self.by_key()[key]
        default = filter.default if isinstance(filter, Choice) else ""
        return self.included.get(key, (default,))[0]

    def pairs(self) -> list[tuple[str, str]]:
        keys: Iterable[str] = self.included  # in canonical order already
        if self.excluded:
            keys = sorted({*self.included, *self.excluded}, key=self.order().__getitem__)
        pairs = []
        for key in keys:
            pairs += [(key, value) for value in self.included.get(key, ())]
            pairs += [(f"not_{key}", value) for value in self.excluded.get(key, ())]
        return pairs

    def by_name(self) -> dict[str, list[str]]:
        """Return the values by key, with `not_` in the keys that exclude."""
        values_by_name: dict[str, list[str]] = {}
        for key, value in self.pairs():
            values_by_name.setdefault(key, []).append(value)
        return values_by_name

    def query_string(self) -> str:
        return "&".join(_encode_pair(key, value) for key, value in self.pairs())

    def with_(self, **values: str | Iterable[str] | None) -> Self:
        """Return a copy with keys replaced (`from_` for `from`); an empty value removes the key."""
        included = dict(self.included)
        for name, value in values.items():
            included[name.rstrip("_")] = (
                (value,) if isinstance(value, str) and value else tuple(value or ())
            )
        return self.made_of(included, self.excluded)

    def without(self, key: str, value: str | None = None, excluded: bool = False) -> Self:
        """Return a copy without a key, or without one of its values."""
        side = dict(self.excluded if excluded else self.included)
        side[key] = tuple(v for v in side.get(key, ()) if value is not None and v != value)
        return self.made_of(self.included, side) if excluded else self.made_of(side, self.excluded)

    @property
    def narrowing(self) -> "Filters":
        """Return a copy without the keys of `ARRANGEMENT`."""
        included = {k: v for k, v in self.included.items() if not is_arrangement(self.by_key()[k])}
        return self.made_of(included, self.excluded)

    @property
    def is_empty(self) -> bool:
        return not self.narrowing.pairs()


@lru_cache(4_000)
def _encode_pair(key: str, value: str) -> str:
    # Cached: a page has about a hundred URLs, made of few different pairs.
    return urlencode([(key, value)], safe=":/,.~")


ARRANGEMENT = {
    *("sort", "view", "size", "all", "after", "limit", "edition"),
    *("rows", "columns"),
}
"""Keys for the layout and the edition of a list, which exclude no rows."""


def is_arrangement(filter: Filter) -> bool:
    return filter.key in ARRANGEMENT
