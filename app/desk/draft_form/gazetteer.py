"""Cities of the world by any of their names, and how to add one as a place.

The data is installed with the site (from GeoNames), so no third party learns what an editor
writes about. It identifies provinces by number only; the places in the record tell which
number is which.
"""

import csv
import gzip
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale

from app import paths
from app.documents import Document, blank, blank_row
from app.kinds import Name, PlaceForm
from app.record.names.directory import Directory
from app.record.rules.containment import parents_of
from app.record.search import CJK, plain_text
from app.vocabulary.record import PlaceKind

MIN_INHABITANTS = 15_000  # inhabitants; smaller ones would take three times the memory
NAME_SEPARATOR = "|"
MAX_TOWNS = 4
COORDINATE_DECIMALS = 2
"""Decimals of a coordinate, about one kilometre: the precision of a city's position."""

HANGUL, HAN = r"[\uac00-\ud7af ]+", r"[\u4e00-\u9fff]+"
HAN_OF = {
    "CN": "zh-Hans",
    "SG": "zh-Hans",
    "TW": "zh-Hant",
    "HK": "zh-Hant",
    "MO": "zh-Hant",
    "JP": "ja",
}
"""The language of names in Chinese characters, by country."""
LANGUAGES = ("en", "ko", "zh_Hans")


@dataclass(frozen=True, slots=True)
class Town:
    geonames: int
    name: str
    joined_names: str
    country: str
    province: str
    """A number within the country."""
    latitude: float
    longitude: float
    population: int

    @property
    def names(self) -> Sequence[str]:
        return self.joined_names.split(NAME_SEPARATOR)


@cache
def towns() -> tuple[Mapping[int, Town], Sequence[tuple[str, int]]]:
    """Return all cities by number, and the searchable names of each, largest first."""
    with gzip.open(paths.TOWNS, "rt", encoding="utf-8", newline="") as file:
        largest_first = [
            Town(
                int(number),
                name,
                names,
                country,
                province,
                float(latitude),
                float(longitude),
                int(population),
            )
            for number, name, names, country, province, latitude, longitude, population in (
                csv.reader(file, delimiter="\t")
            )
        ]
    return {town.geonames: town for town in largest_first}, [
        ("\n".join(["", *map(plain_text, (town.name, *town.names)), ""]), town.geonames)
        for town in largest_first
    ]


def find_towns(text: str) -> list[Town]:
    """Return cities with this name, then those whose name begins with it; largest first."""
    wanted = plain_text(text)
    if len(wanted) < (2 if re.match(f"[{CJK}]", wanted) else 3):
        return []
    by_number, names = towns()
    exact = [number for all_names, number in names if f"\n{wanted}\n" in all_names]
    prefixed = [number for all_names, number in names if f"\n{wanted}" in all_names]
    return [by_number[number] for number in dict.fromkeys([*exact, *prefixed])][:MAX_TOWNS]


def country_name(code: str, language: str = "en") -> str:
    return str(Locale.parse(language).territories.get(code, code))


# Adding a place ---------------------------------------------------------------------------------


def places_for(town: Town, directory: Directory) -> list[Document]:
    """Return the new place, after its country if that is missing.

    The parent is the province, if the record has it.
    """
    country = next(
        (
            p.code
            for p in directory.places.values()
            if p.kind is PlaceKind.COUNTRY and p.country == town.country
        ),
        "",
    )
    new_places = []
    if not country:
        new_places.append(country_for(town.country, directory))
        country = new_places[0]["code"]
    place = blank(
        PlaceForm,
        code=_free_code(town.name, town.country, directory, but=country),
        kind=PlaceKind.CITY.value,
        parent=province_of(town, directory) or country,
        names=_name_rows({"en": town.name, **dict(_names_by_language(town))}),
        latitude=str(round(town.latitude, COORDINATE_DECIMALS)),
        longitude=str(round(town.longitude, COORDINATE_DECIMALS)),
        precision_km="1",
        geonames=str(town.geonames),
    )
    return [*new_places, place]


def province_of(town: Town, directory: Directory) -> str:
    """Return the province of a recorded city that has the same province number."""
    by_number, _searchable = towns()
    for place in directory.places.values():
        other = by_number.get(place.geonames or 0)
        if other and (other.country, other.province) == (town.country, town.province):
            for code in parents_of(place.code, directory.places):
                if directory.kind_of_place(code) is PlaceKind.PROVINCE:
                    return code
    return ""


def country_for(code: str, directory: Directory) -> Document:
    names = {language.replace("_", "-"): country_name(code, language) for language in LANGUAGES}
    return blank(
        PlaceForm,
        code=_free_code(names["en"], code, directory),
        kind=PlaceKind.COUNTRY.value,
        parent="world" if "world" in directory.places else "",
        country=code,
        names=_name_rows(names),
    )


def _name_rows(by_language: Mapping[str, str]) -> list[Document]:
    return [
        blank_row(Name, text=text, language=language, preferred="yes")
        for language, text in by_language.items()
    ]


def _names_by_language(town: Town) -> Iterator[tuple[str, str]]:
    """Yield a name in each script that identifies its language: the shortest.

    Longer ones include words such as "city".
    """
    for text in sorted(town.names, key=len, reverse=True):
        if re.fullmatch(HANGUL, text):
            yield "ko", text
        elif re.fullmatch(HAN, text) and town.country in HAN_OF:
            yield HAN_OF[town.country], text


def _free_code(name: str, country: str, directory: Directory, but: str = "") -> str:
    """Return an unused code: the name, if needed followed by country and number."""
    plain = code_of_name(name) or country.lower()
    used_codes = {*directory.places, but}
    candidates = [
        plain,
        f"{plain}-{country.lower()}",
        *(f"{plain}-{country.lower()}-{n}" for n in range(2, 99)),
    ]
    return next(code for code in candidates if code not in used_codes)


LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "ħ": "h",
        "’": "",
        "'": "",
    }
)
"""Letters that Unicode does not take apart into a letter and an accent."""


def code_of_name(name: str) -> str:
    """Return a name as a code (“Île Zêta”: ile-zeta); "" if it has letters of another script.

    A code is permanent and part of addresses, so an editor chooses it for other scripts.
    """
    parts = unicodedata.normalize("NFKD", name.lower().translate(LETTERS))
    letters = "".join(part for part in parts if not unicodedata.combining(part))
    if any(letter.isalpha() and not letter.isascii() for letter in letters):
        return ""
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
