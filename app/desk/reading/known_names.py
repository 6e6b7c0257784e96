"""The table of names: those of the record, then countries and towns in other scripts."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from babel import Locale

from app.desk.reading.marks import MarkKind, Reason
from app.desk.reading.names import NameRow

LOCALES = ("en", "ko", "zh_Hans", "ja", "ru")
SCRIPTS = re.compile(r"[가-힣 ]+|[㐀-鿿]+|[゠-ヿー]+|[А-Яа-яЁё -]+")
KANA = re.compile(r"[゠-ヿー]+")
MIN_INHABITANTS = 100_000
"""Smaller towns are places of the record or none: their names are often words."""
MIN_INHABITANTS_FOR_SHORT = 1_000_000
SHORT = 2
"""Length of a name in Hangul or Chinese characters that may be a word too."""
MIN_LETTERS = 5
MAX_DEGREES = 0.3
"""How far the position of a place may be from that of the town of its name."""
COUNTRY = re.compile(r"[A-Z]{2}")
OUTSIDE = {"ZZ", "EZ", "UN", "EU", "QO", "AQ", "XA", "XB"}
USUAL_WORDS = {"후에"}
"""Names of large towns that are words: 후에 is Huế, and “after”."""
NO_PLACE = {"world"}
"""Places of the record whose names are ordinary words."""


@dataclass(frozen=True)
class RecordNames:
    """The names of one record; of a country its code of two letters, of a city where it is."""

    kind: MarkKind
    code: str
    names: Sequence[str]
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None


class TownNames(Protocol):
    """A town of the gazetteer."""

    @property
    def geonames(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def names(self) -> Sequence[str]: ...
    @property
    def latitude(self) -> float: ...
    @property
    def longitude(self) -> float: ...
    @property
    def population(self) -> int: ...


def name_rows(records: Iterable[RecordNames], towns: Iterable[TownNames] = ()) -> Iterator[NameRow]:
    """Yield all names: of records, of countries in five languages, of towns in five scripts."""
    records = [record for record in records if record.code not in NO_PLACE]
    countries = {record.country: record.code for record in records if record.country}
    for record in records:
        for name in record.names:
            yield NameRow(name, record.kind, record.code, country=record.country)
    yield from _countries(countries)
    yield from _towns(records, towns)


def country_of(english_name: str) -> str:
    """Return the code of a country with this English name; nothing if there is none."""
    return _codes_of_countries().get(english_name, "")


def _codes_of_countries() -> Mapping[str, str]:
    territories = Locale.parse("en").territories
    return {str(name): code for code, name in territories.items() if COUNTRY.fullmatch(code)}


def _countries(known: Mapping[str, str]) -> Iterator[NameRow]:
    for locale in LOCALES:
        for code, name in Locale.parse(locale).territories.items():
            if not COUNTRY.fullmatch(code) or code in OUTSIDE:
                continue
            place = known.get(code, f"country:{code}")
            reason = Reason.NAME if code in known else Reason.COUNTRY
            yield NameRow(str(name), MarkKind.PLACE, place, country=code, reason=reason)


def _towns(records: Sequence[RecordNames], towns: Iterable[TownNames]) -> Iterator[NameRow]:
    taken = {name for record in records for name in record.names}
    places = {
        name: record for record in records if record.latitude is not None for name in record.names
    }
    for town in towns:
        record = next((places[name] for name in (town.name, *town.names) if name in places), None)
        if record and _is_near(record, town):
            for name in _with_short_names(town.names):
                if SCRIPTS.fullmatch(name):
                    yield NameRow(name, MarkKind.PLACE, record.code)
        elif town.population >= MIN_INHABITANTS and town.name not in taken:
            code = f"town:{town.geonames}"
            if len(town.name) >= MIN_LETTERS:
                yield NameRow(town.name, MarkKind.PLACE, code, reason=Reason.GAZETTEER)
            is_large = town.population >= MIN_INHABITANTS_FOR_SHORT
            for name in _with_short_names(town.names):
                is_long = len(name) > SHORT and not KANA.fullmatch(name)
                is_free = name not in taken and name not in USUAL_WORDS
                if is_free and SCRIPTS.fullmatch(name) and (is_long or is_large):
                    yield NameRow(name, MarkKind.PLACE, code, reason=Reason.GAZETTEER)


def _with_short_names(names: Iterable[str]) -> Iterator[str]:
    """Yield names; of 무단장 시 also 무단장, which reports write."""
    for name in names:
        yield name
        short = name.removesuffix(" 시")
        if short != name and len(short) > SHORT:
            yield short


def _is_near(record: RecordNames, town: TownNames) -> bool:
    return (
        abs((record.latitude or 0) - town.latitude) < MAX_DEGREES
        and abs((record.longitude or 0) - town.longitude) < MAX_DEGREES
    )
