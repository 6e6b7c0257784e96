"""Links to places, actors, lists and comparisons, with their names in other scripts."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from babel.languages import get_official_languages

from app.kinds import Name
from app.record.filters import (
    CompareFilters,
)
from app.record.names.directory import Directory, preferred_name
from app.record.payloads import Stored
from app.record.rules.containment import parents_of
from app.site.components.urls import with_filters
from app.web.urls import url


@lru_cache(2_000)
def short_names(directory: Directory, code: str, most: int = 2) -> tuple[tuple[str, str], ...]:
    """Return at most `most` names, one for each script, local languages first.

    Dandong gets 丹东 and 단둥, but not 丹東, which is in the same script as 丹东.
    """
    chosen: dict[str, tuple[str, str]] = {}
    for language, name in directory.names_of_place(code):
        script = (
            "Han" if language.startswith("ja") else unicodedata.name(name[0], "").partition(" ")[0]
        )
        chosen.setdefault("Han" if script == "CJK" else script, (language, name))
    local_languages = _languages_of(_country(directory, code))
    return tuple(
        sorted(chosen.values(), key=lambda name: name[0].partition("-")[0] not in local_languages)[
            :most
        ]
    )


def _country(directory: Directory, code: str) -> str:
    places = directory.places
    codes = [code, *parents_of(code, places)] if code in places else []
    return next((places[each].country for each in codes if places[each].country), "")


@cache
def _languages_of(country: str) -> frozenset[str]:
    return (
        frozenset(get_official_languages(country.upper(), de_facto=True))
        if country
        else frozenset()
    )


@dataclass(frozen=True)
class NameView:
    """A name with the tag and the name of its language."""

    text: str
    lang: str
    language: str


def names_in_scripts(names: Sequence[Name], directory: Directory) -> list[NameView]:
    """Return all names except the one in the heading."""
    heading = preferred_name(names)
    return [
        NameView(
            name.text,
            name.language,
            directory.label("language", name.language) if name.language else "",
        )
        for name in names
        if name.text != heading
    ]


REGISTERS = {
    "wikidata": ("Wikidata", "https://www.wikidata.org/wiki/{id}"),
    "opensanctions": ("OpenSanctions", "https://www.opensanctions.org/entities/{id}/"),
    "lei": ("LEI", "https://search.gleif.org/#/record/{id}"),
    "isni": ("ISNI", "https://isni.org/isni/{id}"),
}
"""Name and address of each register, by the field that holds the id."""


def register_links(form: Stored) -> Iterator[tuple[str, str]]:
    """Yield the label and address of each entry in another register."""
    for field, (title, pattern) in REGISTERS.items():
        if id := str(form.get(field, "")):
            yield f"{title} {id}", pattern.format(id=id)


def compare_address(filters: CompareFilters, suffix: str = "") -> str:
    return with_filters(url("compare-places") + suffix, filters)


def address_of_places(codes: Iterable[str]) -> str:
    return compare_address(CompareFilters.made_of({"place": tuple(codes)}, {}))
