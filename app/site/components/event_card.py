"""Event cards: one event in a list, with badges, date bar, places and highlighted words."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.caches import Cache
from app.dates import edtf
from app.dates.bar import Bar
from app.dates.edtf import Days
from app.i18n.translate import _
from app.kinds.events import UNSTATED
from app.record.lists.backend import PagePositions
from app.record.names.date_labels import with_basis
from app.record.names.directory import Directory
from app.record.names.support_labels import reports_label
from app.record.payloads import (
    PublishedCitation,
    PublishedTerm,
    event_payload,
    form_of,
)
from app.record.sql.rows import ListRow
from app.site.components.badges import Badge, corroboration_badges
from app.site.components.disputed import DisputedField, disputed_fields
from app.site.components.event_bar import event_bar
from app.site.components.highlight import HighlightedText, highlight
from app.site.components.named_actors import linked_actors
from app.site.components.place_links import PlaceLink, place_links
from app.site.components.reported_status import last_reported_badges
from app.vocabulary.events import Role
from app.web.templates import render_part
from app.web.urls import url


def whole_years(events: Iterable[ListRow]) -> Days | None:
    """Return the calendar years that include all known dates and deadlines of the events."""
    spans: list[Days] = []
    for event in events:
        deadline = form_of(event).get("deadline", UNSTATED)
        whole = None if deadline == UNSTATED else edtf.parse(deadline).whole
        spans += [*event.span, whole or Days()]
    return edtf.years_around(spans)


@dataclass(frozen=True)
class EventCard:
    id: str
    address: str
    title: HighlightedText
    summary: HighlightedText
    elsewhere: HighlightedText | None
    """Matching text of a citation, if the searched words are in neither title nor summary."""
    type: str
    stages: Sequence[Badge]
    when: str
    deadline: str
    bar: Bar | None
    places: Sequence[PlaceLink]
    actors: Markup
    """Actors with pages, by their part in it."""
    corroboration: Sequence[Badge]
    disputed: Sequence[DisputedField]
    reports: str
    """Number of reports in support, and of their outlets."""
    sides: Sequence[str]
    papers: Sequence[str]
    exempt: Sequence[str]
    """Labels of exempt groups, permits, places and so on."""
    first: date | None
    """First possible day of the event."""
    is_year_only: bool
    """Whether `first` is 1 January only because no more than the year is known."""

    @cached_property
    def drawn(self) -> Markup:
        """The rendered card, cached with the view because many lists include the same event."""
        return render_part("site/components/event_card.html", card=self)


CARD_CACHE: Cache[EventCard] = Cache("event-cards")
Scale = Callable[[date | None], edtf.Days | None]
"""Returns the extent of the date bar for an event with the given first day."""


def event_card(
    row: ListRow, scale: edtf.Days | None, words: Sequence[str], directory: Directory
) -> EventCard:
    key = (row.seq, scale, *words, directory) if row.seq else None
    return CARD_CACHE.of(key, lambda: _card_of(row, scale, words, directory))


def event_cards(
    db: Session, page: PagePositions, scale: Scale, words: Sequence[str], directory: Directory
) -> list[EventCard]:
    """Return the cards of a page. Only rows missing in the cache are read from SQL."""
    found = {
        place.seq: CARD_CACHE.kept((place.seq, scale(place.sort_day), *words, directory))
        for place in page.places
    }
    rows = page.rows(db, [seq for seq, card in found.items() if card is None])
    for seq, row in rows.items():
        found[seq] = event_card(row, scale(row.sort_day), words, directory)
    return [card for card in found.values() if card]


def _card_of(
    row: ListRow, scale: edtf.Days | None, words: Sequence[str], directory: Directory
) -> EventCard:
    # The stored form is not validated: for fifty rows, that would take longer than rendering.
    payload = event_payload(row)
    form = payload["form"]
    terms = form["terms"]
    title, summary = highlight(form["title"], words), highlight(form["summary"], words)
    is_in_title_or_summary = not words or title.has_marks or summary.has_marks
    return EventCard(
        id=row.id,
        address=url("event", id=row.id),
        title=title,
        summary=summary,
        elsewhere=None
        if is_in_title_or_summary
        else _first_match(form.get("citations", []), words),
        type=directory.label("type", form["type"]),
        stages=last_reported_badges(payload),
        when=with_basis(payload["happened_words"], form.get("happened_basis"))
        or _("Date not known"),
        deadline=payload["deadline_words"],
        bar=event_bar(row, scale),
        places=place_links(terms, directory),
        actors=linked_actors(form, directory),
        corroboration=corroboration_badges(payload),
        disputed=disputed_fields(payload, directory),
        reports=reports_label(payload),
        sides=list(dict.fromkeys(term["side"] for term in terms if "side" in term)),
        papers=[
            _term_label(term, directory)
            for term in terms
            if term["key"] == "paper" and term["role"] != Role.EXEMPT
        ],
        exempt=exempt_labels(terms, directory),
        first=row.sort_day,
        is_year_only=payload["precision"] in {"year", "unknown"} and _is_new_year(row.sort_day),
    )


def _is_new_year(day: date | None) -> bool:
    return day is not None and (day.month, day.day) == (1, 1)


def _term_label(term: PublishedTerm, directory: Directory) -> str:
    return directory.label(term["key"], term["code"]) if "code" in term else f"“{term['printed']}”"


def exempt_labels(terms: Sequence[PublishedTerm], directory: Directory) -> list[str]:
    """Return each exempt term once. Of a code named elsewhere, only the part in words is exempt."""
    codes = Counter((term["key"], term["code"]) for term in terms if "code" in term)
    labels = []
    for term in terms:
        if term["role"] != Role.EXEMPT:
            continue
        label, words = _term_label(term, directory), term.get("printed", "")
        if "code" in term and words and codes[term["key"], term["code"]] > 1:
            # l10n: an actor and its wording in the source
            label = _("{name} (“{printed}”)").format(name=label, printed=words)
        labels.append(label)
    return list(dict.fromkeys(labels))


def _first_match(
    citations: Sequence[PublishedCitation], words: Sequence[str]
) -> HighlightedText | None:
    """Return the first text of a citation, or names of its speakers, with the searched words."""
    for citation in citations:
        speakers = "; ".join(step["words"] for step in citation["chain"] if "words" in step)
        for text in (citation["paraphrase"], citation.get("quote", ""), speakers):
            if (found := highlight(text, words)).has_marks:
                return found
    return None
