"""The card of a place or an outlet, for the search and for lists filtered to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.caches import Cache
from app.dates.wording import in_words
from app.i18n.formats import enumerate_words
from app.i18n.translate import _, ngettext
from app.record.filters import (
    LISTS,
    EventFilters,
    ListFilters,
    SourceFilters,
    StatusFilters,
)
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.names.status_labels import last_reported_labels
from app.record.payloads import event_payload, form_of
from app.record.rules.containment import parents_of
from app.site.cities.city_rows import CityRow, rows_of
from app.site.cities.latest_estimates import count_places
from app.site.components.links import related_lists, short_names
from app.site.components.urls import PageLink, address, place_page_address, record_address
from app.site.lists.summary import count_in_words
from app.site.maps.city_dots import CityDot, MapDrawing, locator
from app.site.status.on_day import reported_on_day, status_address
from app.vocabulary.events import StatusGroup
from app.vocabulary.kinds import RecordNoun
from app.vocabulary.record import SETTLEMENTS, PlaceKind
from app.web.urls import url


@dataclass(frozen=True)
class CardFact:
    """One of the facts of a card: a heading, a value with its link, and a note."""

    title: str
    value: str
    address: str
    link: PageLink | None = None
    """What the note is about."""
    note: str = ""


@dataclass(frozen=True)
class Card:
    key: str
    """Key of the kind: `place`, `outlet`, `actor`."""
    code: str
    kind: str
    """"Place" or "Outlet", translated."""
    what: str
    """What it is and where it is."""
    label: str
    names: Sequence[tuple[str, str]]
    address: str
    facts: Sequence[CardFact]
    links: Sequence[PageLink]
    map: MapDrawing | None = None
    is_short: bool = False
    """Whether it is drawn in two lines."""


def place_card(db: Session, edition: IndexedEdition, code: str, directory: Directory) -> Card:
    """Return the card of a place. The newest estimate is for the whole place, never for a part."""
    label, place = directory.label("place", code), directory.places[code]
    events = EventFilters.made_of({"place": [code]}, {})
    status = StatusFilters.made_of({"place": [code]}, {})
    found = backend.match(db, edition, events, directory).total
    page = place_page_address(directory, code)
    links = [
        PageLink(_("Open {name}").format(name=label), page),
        *related_lists(edition, code),
        PageLink(_("Map"), address(events.with_(view="map"))),
    ]
    return Card(
        key="place",
        code=code,
        kind=_("Place"),
        what=_what(code, directory),
        label=label,
        names=short_names(directory, code),
        address=page,
        facts=[
            _estimate_fact(_city_row(db, edition, code, directory), page),
            _events_fact(db, edition, events, found, directory),
            _rules_fact(db, edition, status, directory),
        ],
        links=links,
        map=_map(code, found, events, directory)
        if place.kind in SETTLEMENTS and place.latitude is not None
        else None,
    )


def _what(code: str, directory: Directory) -> str:
    around = [
        directory.label("place", other)
        for other in parents_of(code, directory.places)
        if directory.kind_of_place(other) is not PlaceKind.WORLD
    ]
    kind = _(directory.places[code].kind.label)
    # l10n: a kind of place and where it is: "City in Liaoning, China"
    words = _("{kind} in {places}").format(kind=kind, places=enumerate_words(around))
    return words if around else kind


def _city_row(
    db: Session, edition: IndexedEdition, code: str, directory: Directory
) -> CityRow | None:
    rows = rows_of(edition, count_places(db, edition, directory), directory)
    return next((row for row in rows if row.place.code == code), None)


def _estimate_fact(row: CityRow | None, page: str) -> CardFact:
    title = _("Latest estimate for the whole place")
    if row is None or row.newest is None or row.headline is None:
        parts = row.parts if row else []
        note = _("Latest estimate for a part") if parts else ""
        link = PageLink(parts[0].words, parts[0].address) if parts else None
        # l10n: there is no estimate
        return CardFact(title, _("None"), page, link, note)
    newest, headline = row.newest, row.headline
    when = headline.time[:1].upper() + headline.time[1:]
    if headline.age:
        when = _("{when} ({age})").format(when=when, age=headline.age.words)
    speakers = enumerate_words(dict.fromkeys(each.speaker for each in headline.figures))
    # l10n: the date of an estimate, who gave it, and what is doubtful
    note = " ".join(f"{part}." for part in (when, speakers, *headline.doubts))
    link = (
        PageLink(_("Newer estimates are for a part only"), page) if _has_newer_part(row) else None
    )
    return CardFact(title, headline.words, newest.address, link, note)


def _has_newer_part(row: CityRow) -> bool:
    return bool(row.parts and row.headline and row.headline.age and row.headline.age.is_old)


def _events_fact(
    db: Session,
    edition: IndexedEdition,
    events: EventFilters,
    found: int,
    directory: Directory,
) -> CardFact:
    newest = backend.read_page(db, edition, events.with_(sort="-happened"), directory, 1).rows
    value = ngettext("{count} event", "{count} events", found).format(count=found)
    if not newest:
        return CardFact(_("Events"), value, address(events))
    row = newest[0]
    return CardFact(
        _("Events"),
        value,
        address(events),
        PageLink(form_of(row)["title"], record_address(row.id)),
        # l10n: the date of the newest event
        _("Newest: {when}").format(
            when=event_payload(row)["happened_words"] or _("Date not known")
        ),
    )


RULES = (StatusGroup.RECENT, StatusGroup.LAW, StatusGroup.UNCONFIRMED)
"""The groups of which the last one is named; ended and planned rules are on the page only."""


def _rules_fact(
    db: Session, edition: IndexedEdition, filters: StatusFilters, directory: Directory
) -> CardFact:
    reported, _further = reported_on_day(db, edition, filters, directory)
    rules = [each for each in reported if each.status.group in RULES]
    value = ngettext("{count} rule reported", "{count} rules reported", len(reported))
    value = value.format(count=len(reported))
    if not rules:
        return CardFact(_("Rules"), value, status_address(filters))
    measure = rules[0].measure
    labels = [label for _code, label in last_reported_labels(measure.payload)]
    return CardFact(
        _("Rules"),
        value,
        status_address(filters),
        PageLink(measure.form["title"], record_address(measure.id)),
        "; ".join(labels),
    )


def _map(code: str, count: int, events: EventFilters, directory: Directory) -> MapDrawing:
    place, label = directory.places[code], directory.label("place", code)
    assert place.latitude is not None and place.longitude is not None
    dot = CityDot(code, label, (), place.latitude, place.longitude, count, address(events))
    return locator(dot, _("Map: {place}").format(place=label))


def _named_card(
    noun: RecordNoun,
    code: str,
    directory: Directory,
    *,
    what: Sequence[str],
    facts: Sequence[CardFact],
    links: Sequence[PageLink],
) -> Card:
    names = directory.named_records[noun][code].names
    label, page = directory.label(noun, code), url(noun, code=code)
    return Card(
        key=noun,
        code=code,
        kind=_(noun.label),
        what=enumerate_words(filter(None, what)),
        label=label,
        names=[(name.language, name.text) for name in names if not name.text.isascii()][:2],
        address=page,
        facts=facts,
        links=[PageLink(_("Open {name}").format(name=label), page), *links],
    )


def outlet_card(db: Session, edition: IndexedEdition, code: str, directory: Directory) -> Card:
    outlet = directory.outlets[code]
    read, cited = (
        PageLink(
            count_in_words(filters.KIND, backend.match(db, edition, filters, directory).total),
            address(filters),
        )
        for filters in (
            each.made_of({"outlet": [code]}, {}) for each in (SourceFilters, EventFilters)
        )
    )
    languages = enumerate_words(directory.label("language", each) for each in outlet.languages)
    return _named_card(
        RecordNoun.OUTLET,
        code,
        directory,
        what=[_(outlet.kind.label), languages],
        facts=[
            CardFact(_("Sources"), read.label, read.address),
            CardFact(_("Events that cite it"), cited.label, cited.address),
        ],
        links=[read, cited],
    )


def actor_card(db: Session, edition: IndexedEdition, code: str, directory: Directory) -> Card:
    """Return the card of an actor: where it is named, and nothing about it."""
    return _named_card(
        RecordNoun.ACTOR,
        code,
        directory,
        what=[_(directory.actors[code].kind.label)],
        facts=[_named_in(db, edition, "actor", code, directory)],
        links=_lists_with(edition, "actor", code),
    )


def _named_in(
    db: Session, edition: IndexedEdition, key: str, code: str, directory: Directory
) -> CardFact:
    events = EventFilters.made_of({key: [code]}, {})
    found = edition.indexes[EventFilters.KIND].term_counts.of(key).get(code, 0)
    return _events_fact(db, edition, events, found, directory)


def _lists_with(edition: IndexedEdition, key: str, code: str) -> list[PageLink]:
    """Return links to the lists that have records with a code, with their number."""
    return [
        PageLink(count_in_words(kind, count), address(lists.made_of({key: [code]}, {})))
        for kind, lists in LISTS.items()
        if (count := edition.indexes[kind].term_counts.of(key).get(code, 0))
    ]


def law_card(db: Session, edition: IndexedEdition, code: str, directory: Directory) -> Card:
    """Return the card of a law: since when it applies, and what names it."""
    law = directory.laws[code]
    facts = [_named_in(db, edition, "law", code, directory)]
    if since := law.in_force or law.adopted:
        title = _("In force since") if law.in_force else _("Adopted")
        day = in_words(since, lasts=False)
        facts.insert(0, CardFact(title, day, url("law", code=code)))
    kind, symbol = _(law.kind.label), law.symbol
    return _named_card(
        RecordNoun.LAW,
        code,
        directory,
        what=[_("{kind}: {symbol}").format(kind=kind, symbol=symbol) if symbol else kind],
        facts=facts,
        links=_lists_with(edition, "law", code),
    )


CARD_OF_KEY = {
    "place": place_card,
    "outlet": outlet_card,
    "actor": actor_card,
    "law": law_card,
}
"""The cards, by the filter key of what they are about."""
CARDS: Cache[Card] = Cache("cards")


def card_of(
    db: Session, edition: IndexedEdition, key: str, code: str, directory: Directory
) -> Card:
    """Return the card of a code, cached by edition: the search and all lists share it."""
    cache_key = (edition.no, key, code, directory) if edition.is_cacheable else None
    return CARDS.of(cache_key, lambda: CARD_OF_KEY[key](db, edition, code, directory))


def cards_of_list(
    db: Session, edition: IndexedEdition, filters: ListFilters, directory: Directory
) -> list[Card]:
    """Return a card for each key of which the list is filtered to one code."""
    return [
        card_of(db, edition, key.key, code, directory)
        for key in filters.terms()
        if key.key in CARD_OF_KEY and len(filters[key.key]) == 1
        for code in filters[key.key]
        if code in directory.named_records[key.key]
    ]
