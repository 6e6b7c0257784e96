"""The card of a place, outlet, actor or law, for the search and for lists filtered to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from app.dates.wording import in_words
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.record.filters import LISTS, EventFilters, ListFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.site.components.links import short_names
from app.site.components.urls import (
    PageLink,
    address,
    page_link,
    place_page,
    with_filters,
)
from app.site.lists.summary import count_in_words
from app.site.presenters.place import PlaceAnswer, PlaceView
from app.site.status.state import states_of
from app.vocabulary.kinds import RecordNoun
from app.web.urls import url


@dataclass(frozen=True)
class Card:
    key: str
    """Key of the kind: `place`, `outlet`, `actor`, `law`."""
    code: str
    kind: str
    """"Place" or "Outlet", translated."""
    what: str
    """What it is and where it is."""
    label: str
    names: Sequence[tuple[str, str]]
    address: str
    sentences: Sequence[Markup]
    """What the record says of it, the most important first."""
    links: Sequence[PageLink]


def place_card(
    db: Session, edition: IndexedEdition, code: str, directory: Directory, *, is_said: bool
) -> Card:
    """Return the card of a place: how many people are there, and what applies."""
    page = page_link(directory, "place", place_page(directory, code)[1])
    events = EventFilters.made_of({"place": [code]}, {})
    sentences: list[Markup] = []
    if is_said:
        answer = PlaceAnswer(db, edition, directory, code)
        [state] = states_of(db, edition, directory, [(code, False)], people=answer.chosen)
        parts = (answer.lead, *answer.doubts), answer.beyond, (state.answer,)
        sentences = [*filter(None, map(Markup(" ").join, parts))]
    return Card(
        key="place",
        code=code,
        kind=_("Place"),
        what=PlaceView(code, directory).where,
        label=directory.label("place", code),
        names=short_names(directory, code),
        address=page.address,
        sentences=sentences,
        links=[
            PageLink(_("Open {name}").format(name=page.label), page.address),
            *lists_of_place(edition, code),
            PageLink(_("Map"), address(events.with_(view="map"))),
        ],
    )


def named_card(
    edition: IndexedEdition, noun: str, code: str, directory: Directory, *, is_said: bool
) -> Card:
    """Return the card of an outlet, actor or law: where it is named, and nothing about it."""
    form: Any = directory.named_records[noun][code]
    page = page_link(directory, noun, code)
    what, sentences = [_(form.kind.label)], []
    if noun == RecordNoun.OUTLET:
        what += [directory.label("language", each) for each in form.languages]
    elif noun == RecordNoun.LAW:
        what += [form.symbol] if form.symbol else []
        if is_said and (since := form.in_force or form.adopted):
            message = _("In force since {day}.") if form.in_force else _("Adopted {day}.")
            sentences.append(escape(message.format(day=in_words(since, lasts=False))))
    return Card(
        key=noun,
        code=code,
        kind=_(RecordNoun(noun).label),
        what=enumerate_words(what),
        label=page.label,
        names=[(name.language, name.text) for name in form.names if not name.text.isascii()][:2],
        address=page.address,
        sentences=sentences,
        links=[
            PageLink(_("Open {name}").format(name=page.label), page.address),
            *_lists_with(edition, noun, code),
        ],
    )


def lists_of_place(edition: IndexedEdition, code: str) -> list[PageLink]:
    status = StatusFilters.made_of({"place": [code]}, {})
    return [
        *_lists_with(edition, "place", code),
        PageLink(_("What applies where"), with_filters(url("status"), status)),
    ]


def _lists_with(edition: IndexedEdition, key: str, code: str) -> list[PageLink]:
    """Return links to the lists that have records with a code, with their number."""
    return [
        PageLink(count_in_words(kind, count), address(lists.made_of({key: [code]}, {})))
        for kind, lists in LISTS.items()
        if key in lists.by_key()
        and (count := edition.indexes[kind].term_counts.of(key).get(code, 0))
    ]


CARD_KEYS = frozenset({"place", "outlet", "actor", "law"})
"""The filter keys of what has a card."""


def card_of(
    db: Session,
    edition: IndexedEdition,
    key: str,
    code: str,
    directory: Directory,
    *,
    is_said: bool = True,
) -> Card:
    """Return the card of a code, with what the record says of it or with links alone."""
    if key == RecordNoun.PLACE:
        return place_card(db, edition, code, directory, is_said=is_said)
    return named_card(edition, key, code, directory, is_said=is_said)


def cards_of_list(
    db: Session, edition: IndexedEdition, filters: ListFilters, directory: Directory
) -> list[Card]:
    """Return a card for each key of which the list is filtered to one code.

    It says nothing, since a sentence about a place is no answer to a question about a year there.
    Later pages of the list have none.
    """
    if filters.one("after"):
        return []
    return [
        card_of(db, edition, key.key, code, directory, is_said=False)
        for key in filters.terms()
        if key.key in CARD_KEYS and len(filters[key.key]) == 1
        for code in filters[key.key]
        if code in directory.named_records[key.key]
    ]
