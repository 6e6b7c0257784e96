"""An event as lists show it: its badges, date bar, places, actors and highlighted words."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from app.caches import Cache, memoized
from app.dates import edtf
from app.dates.bar import Bar, bar
from app.dates.edtf import Days
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _
from app.kinds.events import UNSTATED
from app.record.lists.backend import PagePositions
from app.record.names.date_labels import with_basis
from app.record.names.directory import Directory
from app.record.names.support_labels import reports_label
from app.record.payloads import (
    PublishedCitation,
    PublishedEvent,
    PublishedTerm,
    event_payload,
    form_of,
)
from app.record.sql.rows import ListRow
from app.site.components.links import place_links
from app.site.components.marks import corroboration_badges, disputed_fields
from app.site.components.reported_status import last_reported_badges
from app.site.components.text import HighlightedText, highlight
from app.vocabulary.events import Role, Step, TermKey
from app.web.templates import render_part
from app.web.urls import url

_BAR_OF = memoized("date-bars")(bar)
"""Draws a bar once: thousands of events share a few hundred dates."""


def event_bar(event: ListRow, scale: Days | None, width: int = 132) -> Bar | None:
    """Return the bar of an event's date; None without a scale or without possible days."""
    if scale is None:
        return None
    form = form_of(event)
    return _BAR_OF(
        tuple(event.span),
        event.lo,
        event.hi,
        form.get("happened") or form.get("attested", ""),
        form.get("deadline", ""),
        scale,
        width,
        surroundings=event.surroundings,
        is_attested="attested" in form,
    )


ACTOR_ROLE_LABELS = {
    Role.ORDERS: N_("Ordered by"),
    Role.AGREES: N_("Agreed by"),
    Role.SAYS: N_("Said by"),
    Role.CARRIES_OUT: N_("Carried out by"),
    Role.TOLD: N_("Received the order"),
    Role.AFFECTED: N_("Also affected"),
    Role.DENIES: N_("Denied by"),
}
PLANNED_BY = N_("To be carried out by")
"""The label of who carries out what is only planned."""
ACTORS_IN_SENTENCE = {
    # l10n: the actors of an event, below its title, such as "ordered by the UN"
    Role.ORDERS: N_("ordered by {actors}"),
    Role.AGREES: N_("agreed by {actors}"),
    Role.SAYS: N_("said by {actors}"),
    Role.CARRIES_OUT: N_("carried out by {actors}"),
    Role.TOLD: N_("order received by {actors}"),
    Role.AFFECTED: N_("also affected: {actors}"),
    Role.DENIES: N_("denied by {actors}"),
}
PLANNED_BY_IN_SENTENCE = N_("to be carried out by {actors}")


def linked_actors(form: PublishedEvent, directory: Directory) -> Markup:
    """Return the actors that have pages in the edition, linked: "ordered by the UN; …"."""
    is_only_planned = {stage["step"] for stage in form.get("stages", [])} == {Step.PLANNED}
    found: dict[str, list[Markup]] = {}
    for role, words in ACTORS_IN_SENTENCE.items():
        is_plan = is_only_planned and role is Role.CARRIES_OUT
        message = PLANNED_BY_IN_SENTENCE if is_plan else words
        for term in form["terms"]:
            is_actor = term["key"] == TermKey.ACTOR and term.get("code", "") in directory.actors
            if is_actor and term["role"] == role:
                found.setdefault(_(message), []).append(_linked(term, directory))
    return Markup("; ").join(
        escape(message).format(actors=Markup(enumerate_words(dict.fromkeys(actors))))  # noqa: S704 - escaped
        for message, actors in found.items()
    )


def _linked(term: PublishedTerm, directory: Directory) -> Markup:
    code, printed = term["code"], term.get("printed", "")
    label = directory.label("actor", code)
    name = Markup('<a href="{}">{}</a>').format(url("actor", code=code), label)
    if printed and printed.casefold() != label.casefold():
        name = escape(_("{name} (“{printed}”)")).format(name=name, printed=printed)
    return name


def whole_years(events: Iterable[ListRow]) -> Days | None:
    """Return the calendar years that include all known dates and deadlines of the events."""
    spans: list[Days] = []
    for event in events:
        deadline = form_of(event).get("deadline", UNSTATED)
        whole = None if deadline == UNSTATED else edtf.parse(deadline).whole
        spans += [*event.span, whole or Days()]
    return edtf.years_around(spans)


class EventCard:
    def __init__(
        self, row: ListRow, scale: edtf.Days | None, words: Sequence[str], directory: Directory
    ) -> None:
        payload = event_payload(row)
        form = payload["form"]
        terms = form["terms"]
        title, summary = highlight(form["title"], words), highlight(form["summary"], words)
        is_in_title_or_summary = not words or title.has_marks or summary.has_marks
        self.id = row.id
        self.address = url("event", id=row.id)
        self.title = title
        self.summary = summary
        # Matching text of a citation, if the searched words are in neither title nor summary.
        self.elsewhere = (
            None if is_in_title_or_summary else _first_match(form.get("citations", []), words)
        )
        self.direction = payload.get("direction", "")
        self.type = directory.label("type", form["type"])
        self.stages = last_reported_badges(payload)
        self.when = with_basis(payload["happened_words"], form.get("happened_basis")) or _(
            "Date not known"
        )
        self.deadline = payload["deadline_words"]
        self.bar = event_bar(row, scale)
        self.places = place_links(terms, directory)
        # Actors with pages, by their part in it.
        self.actors = linked_actors(form, directory)
        self.corroboration = corroboration_badges(payload)
        self.disputed = disputed_fields(payload, directory)
        # Number of reports in support, and of their outlets.
        self.reports = reports_label(payload)
        self.sides = list(dict.fromkeys(term["side"] for term in terms if "side" in term))
        self.papers = [
            _term_label(term, directory)
            for term in terms
            if term["key"] == "paper" and term["role"] != Role.EXEMPT
        ]
        # Labels of exempt groups, permits, places and so on.
        self.exempt = exempt_labels(terms, directory)
        # First possible day of the event.
        self.first = row.sort_day
        # Whether `first` is 1 January only because no more than the year is known.
        self.is_year_only = payload["precision"] in {"year", "unknown"} and _is_new_year(
            row.sort_day
        )

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
    return CARD_CACHE.of(key, lambda: EventCard(row, scale, words, directory))


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
