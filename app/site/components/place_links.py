"""Links to places, and their names in other scripts."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from babel.languages import get_official_languages

from app.caches import memoized
from app.i18n.translate import _
from app.kinds import Name
from app.record.filters import EventFilters, ListFilters
from app.record.names.directory import Directory, preferred_name
from app.record.payloads import PublishedTerm, named_place_codes
from app.record.rules.containment import parents_of
from app.site.components.urls import address, place_page_address


@dataclass(frozen=True)
class PlaceLink:
    """A place in a line of text: it leads to its page, and offers the list filtered to it."""

    label: str
    address: str
    """Empty for a place without a page."""
    names: Sequence[tuple[str, str]]
    filter: str = ""
    """Address of the filtered list; empty for none."""
    filter_words: str = ""


def place_links(terms: Iterable[PublishedTerm], directory: Directory) -> list[PlaceLink]:
    """Return links to the places of stored terms, without places pictured only."""
    return [
        place_link(code, EventFilters, directory, directory.label("place", code))
        for code in named_place_codes(terms)
    ]


def place_link(
    code: str, filters: type[ListFilters], directory: Directory, label: str
) -> PlaceLink:
    """Return a link to the page of a place, with the filter of a list."""
    words = _("Show only {place}").format(place=directory.label("place", code))
    return PlaceLink(
        label,
        place_page_address(directory, code),
        short_names(directory, code),
        _filter_address(code, filters),
        words,
    )


@memoized("place-urls")
def _filter_address(code: str, filters: type[ListFilters]) -> str:
    return address(filters.made_of({"place": (code,)}, {}))


@memoized("place-names")
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
    local_languages = _languages_of(_country_of(directory, code))
    return tuple(
        sorted(chosen.values(), key=lambda name: name[0].partition("-")[0] not in local_languages)[
            :most
        ]
    )


def _country_of(directory: Directory, code: str) -> str:
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


def one_in_each_language(names: Sequence[NameView]) -> list[NameView]:
    """Return the first name of each language, without names in ASCII."""
    first: dict[str, NameView] = {}
    for name in names:
        if name.lang and not name.text.isascii():
            first.setdefault(name.lang.partition("-")[0], name)
    return list(first.values())


@dataclass(frozen=True)
class PlaceCount:
    label: str
    address: str
    count: int
    names: Sequence[tuple[str, str]]
    filter: str = ""
    """Address of the list of what is counted; empty for none."""
