"""The card of a place, outlet, actor or law, for the search and for lists filtered to it."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from app.dates.wording import in_words
from app.i18n.translate import _
from app.record.filters import LISTS, ListFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.site.components.urls import (
    PageLink,
    address,
    with_filters,
)
from app.site.lists.summary import count_in_words
from app.site.presenters.page import NamedView, named_view
from app.site.presenters.place import PlaceAnswer
from app.site.status.state import states_of
from app.vocabulary.kinds import RecordNoun
from app.web.urls import url


class Card(NamedTuple):
    view: NamedView
    sentences: Sequence[Markup]
    """What the record says of it, the most important first."""
    links: Sequence[PageLink]


def lists_of(edition: IndexedEdition, key: str, code: str) -> list[PageLink]:
    """Return links to the lists that have records with a code, and to what applies in a place."""
    found = [
        PageLink(count_in_words(kind, count), address(lists.made_of({key: [code]}, {})))
        for kind, lists in LISTS.items()
        if key in lists.by_key()
        and (count := edition.indexes[kind].term_counts.of(key).get(code, 0))
    ]
    if key == RecordNoun.PLACE:
        status = StatusFilters.made_of({key: [code]}, {})
        found.append(PageLink(_("What applies where"), with_filters(url("status"), status)))
    return found


CARD_KEYS = {"place", "outlet", "actor", "law"}
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
    view = named_view(RecordNoun(key))(code, directory)
    sentences: list[Markup] = []
    if is_said and key == RecordNoun.PLACE:
        answer = PlaceAnswer(db, edition, directory, code)
        [state] = states_of(db, edition, directory, [(code, False)], people=answer.chosen)
        parts = (answer.lead, *answer.doubts), answer.beyond, (state.answer,)
        sentences = [*filter(None, map(Markup(" ").join, parts))]
    elif is_said and key == RecordNoun.LAW and (since := view.form.in_force or view.form.adopted):
        message = _("In force since {day}.") if view.form.in_force else _("Adopted {day}.")
        sentences = [escape(message.format(day=in_words(since, lasts=False)))]
    page = PageLink(_("Open {name}").format(name=view.label), view.address)
    return Card(view, sentences, [page, *lists_of(edition, key, code)])


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
