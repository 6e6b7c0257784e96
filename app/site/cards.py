"""One event in a list: its marks, its bar, its places, and the words of a search marked in it."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Any

from babel.languages import get_official_languages
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.dates import edtf
from app.dates.bar import Bar, bar
from app.i18n.translate import _, inside
from app.record.filters import EventFilters
from app.record.lists.backend import Places
from app.record.names.directory import Directory
from app.record.rules import stages
from app.record.sql.rows import Found
from app.site.addresses import address
from app.site.marking import Marked, marked
from app.vocabulary.citations import Attribution
from app.vocabulary.events import Role
from app.web.render_cache import Drawn
from app.web.templates import part
from app.web.urls import url


@dataclass(frozen=True)
class PlaceLink:
    label: str
    address: str
    names: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Mark:
    """A code with its words, and the sprite's shape for it."""

    code: str
    label: str


@dataclass(frozen=True)
class Card:
    """One event in a list."""

    id: str
    address: str
    title: Marked
    summary: Marked
    elsewhere: Marked | None
    """What a citation says, where the words of a search stand in neither title nor summary."""
    type: str
    stages: Sequence[Mark]
    when: str
    deadline: str
    bar: Bar | None
    places: Sequence[PlaceLink]
    corroboration: Sequence[Mark]
    disputed: Sequence[str]
    sources: int
    outlets: int
    origins: int
    """Independent ones: sources beyond these pass on, dispute or only mention it."""
    sides: Sequence[str]
    papers: Sequence[str]
    exempt: Sequence[str]
    """Whom or what it leaves out."""
    first: date | None
    """The earliest day on which it could have happened."""
    is_year_only: bool
    """Whether that day stands for a year of which no more is known."""

    @cached_property
    def drawn(self) -> Markup:
        """As a list prints it: drawn once, printed in many lists."""
        return part("site/_card.html", card=self)


SPEAKER_GROUPS = {
    "doc": {Attribution.DOCUMENT},
    "rec": {Attribution.GOVERNMENT, Attribution.NAMED_OFFICIAL, Attribution.COMPANY},
    "anon": {Attribution.ANONYMOUS_OFFICIAL, Attribution.ANONYMOUS_SOURCE, Attribution.RESIDENT},
    "ana": {Attribution.EXPERT, Attribution.NGO, Attribution.UN_PANEL, Attribution.INTELLIGENCE, Attribution.OBSERVERS},
}


def speaker_group(attribution: str) -> str:
    """The shape that stands for a kind of speaker; the outlet's own voice and relays for all the rest."""
    return next((group for group, members in SPEAKER_GROUPS.items() if attribution in members), "out")


CARDS: Drawn[Card] = Drawn(6_000)
Scale = Callable[[date | None], edtf.Days | None]
"""On which days the bar of an event is drawn, by the earliest on which that could have happened."""


def card_of(row: Found, scale: edtf.Days | None, words: Sequence[str], directory: Directory) -> Card:
    key = (row.seq, scale, *words, directory) if row.seq else None
    return CARDS.of(key, lambda: _card_of(row, scale, words, directory))


def cards_of(db: Session, page: Places, scale: Scale, words: Sequence[str], directory: Directory) -> list[Card]:
    """Those of a page; only rows are read whose card is not kept."""
    found = {place.seq: CARDS.kept((place.seq, scale(place.sort_day), *words, directory)) for place in page.places}
    rows = page.rows(db, [seq for seq, card in found.items() if card is None])
    for seq, row in rows.items():
        found[seq] = card_of(row, scale(row.sort_day), words, directory)
    return [card for card in found.values() if card]


def _card_of(row: Found, scale: edtf.Days | None, words: Sequence[str], directory: Directory) -> Card:
    # Read as it is stored: checking fifty forms again would take longer than drawing their cards.
    form, payload = row.payload["form"], row.payload
    happened, deadline, terms = form.get("happened", ""), form.get("deadline", ""), form["terms"]
    title, summary = marked(form["title"], words), marked(form["summary"], words)
    is_said = not words or title.has_marks or summary.has_marks
    return Card(
        id=row.id,
        address=url("event", id=row.id),
        title=title,
        summary=summary,
        elsewhere=None if is_said else _found_in(form.get("citations", []), words),
        type=directory.label("type", form["type"]),
        stages=stage_marks(payload),
        when=payload["happened_words"] or _("Date not known"),
        deadline=payload["deadline_words"],
        bar=bar(row.span, row.lo, row.hi, happened, deadline, scale) if scale and row.span else None,
        places=place_links(terms, directory),
        corroboration=corroboration_marks(payload, directory),
        disputed=[directory.label("disputed", code) for code in payload["disputed"]],
        sources=len(payload["sources"]),
        outlets=len(payload["outlets"]),
        origins=len(payload["origins"]),
        sides=list(dict.fromkeys(term["side"] for term in terms if "side" in term)),
        papers=[_named(term, directory) for term in terms if term["key"] == "paper" and term["role"] != Role.EXEMPT],
        exempt=[_named(term, directory) for term in terms if term["role"] == Role.EXEMPT],
        first=row.sort_day,
        is_year_only=payload["precision"] in {"year", "unknown"} and _is_new_year(row.sort_day),
    )


def _is_new_year(day: date | None) -> bool:
    return day is not None and (day.month, day.day) == (1, 1)


def stage_marks(payload: Mapping[str, Any]) -> list[Mark]:
    """The newest step of each track; what is only said with reserve must not look as if it were certain."""
    marks = []
    for reached in stages.greatest([stages.stored(step) for step in payload["steps"]]).values():
        label = _(reached.step.label)
        marks.append(
            Mark(reached.step, _("Possibly {stage}").format(stage=inside(label)) if reached.is_hedged else label)
        )
    return marks


def _named(term: Mapping[str, Any], directory: Directory) -> str:
    return directory.label(term["key"], term["code"]) if "code" in term else f"“{term['printed']}”"


def _found_in(citations: Sequence[Mapping[str, Any]], words: Sequence[str]) -> Marked | None:
    """The first citation that says the words looked for, or whose speaker is called so."""
    for citation in citations:
        speakers = "; ".join(step["words"] for step in citation["chain"] if "words" in step)
        for text in (citation["paraphrase"], citation.get("quote", ""), speakers):
            if (found := marked(text, words)).has_marks:
                return found
    return None


def place_links(
    terms: Sequence[Mapping[str, Any]], directory: Directory, but: Sequence[str] = ("shown-only",)
) -> list[PlaceLink]:
    """Links to the places that terms name, as they are stored; a picture's place is no place of the event."""
    named = (t["code"] for t in terms if t["key"] == "place" and "code" in t and t["role"] not in but)
    return [
        PlaceLink(directory.label("place", code), _place_address(code), short_names(directory, code))
        for code in dict.fromkeys(named)
    ]


@lru_cache(maxsize=2_000)
def _place_address(code: str) -> str:
    return address(EventFilters.made_of({"place": (code,)}, {}))


@lru_cache(maxsize=2_000)
def short_names(directory: Directory, code: str, most: int = 2) -> tuple[tuple[str, str], ...]:
    """As many names as a list has room for, one in each script, the one used there first: 丹东 단둥, without 丹東."""
    chosen: dict[str, tuple[str, str]] = {}
    for language, name in directory.names_of_place(code):
        script = "Han" if language.startswith("ja") else unicodedata.name(name[0], "").partition(" ")[0]
        chosen.setdefault("Han" if script == "CJK" else script, (language, name))
    there = _languages_of(_country_of(directory, code))
    return tuple(sorted(chosen.values(), key=lambda name: name[0].partition("-")[0] not in there)[:most])


def _country_of(directory: Directory, code: str) -> str:
    place = directory.places.get(code)
    while place and not place.country:
        place = directory.places.get(place.parent)
    return place.country if place else ""


@cache
def _languages_of(country: str) -> frozenset[str]:
    return frozenset(get_official_languages(country.upper(), de_facto=True)) if country else frozenset()


def corroboration_marks(payload: Any, directory: Directory) -> list[Mark]:
    return [Mark(code, directory.label("corroboration", code)) for code in payload["corroboration"]]
