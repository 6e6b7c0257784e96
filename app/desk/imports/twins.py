"""New events and figures that are much like another: one that is approved, one that is a draft, or one of the bundle.

`similar` asks the same of one draft while somebody types. Here many are asked for at once, so what is not approved is
looked up by what it shares: no more than a few hundred are compared with each, however many there are.
"""

from collections import defaultdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.dates.edtf import Days
from app.desk.approved.draft_models import OPEN, Draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.similar import (
    ENOUGH,
    MOST_LOOKED_AT,
    Traits,
    alike,
    approved,
    around,
    days_of,
    wider,
)
from app.forms import EstimateForm, EventForm
from app.i18n.translate import _
from app.vocabulary.events import Role, TermKey

READ_AT_ONCE = 200


class Twins:
    """What was seen so far, by the sources that it cites and by place and month."""

    def __init__(self, db: Session, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._seen: defaultdict[tuple[str, str, str], list[tuple[Traits, str]]] = defaultdict(list)
        drafts = select(Draft.kind, Draft.record, Draft.document).where(
            Draft.state.in_(OPEN), Draft.kind.in_(["E", "M"])
        )
        for kind, record, document in db.execute(
            drafts, execution_options={"yield_per": READ_AT_ONCE}
        ):
            self._add(
                kind, _of_document(kind, record, document), _("the draft {id}").format(id=record)
            )

    def find(self, db: Session, form: EventForm | EstimateForm, where: str) -> str:
        """What this is much like, and in what; nothing if it is like none. It is seen from now on, as of there."""
        kind = "E" if isinstance(form, EventForm) else "M"
        mine = _of_form(form, where)
        here = [(other, other.id) for other in approved(db, self.catalogue, kind, mine)]
        likeliest: tuple[list[str], str] = ([], "")
        for other, called in [*here, *self._near(kind, mine)]:
            reasons = alike(self.catalogue, kind, mine, other)
            if len(reasons) > len(likeliest[0]) and _are_enough(mine, other, len(reasons)):
                likeliest = (reasons, called)
        self._add(kind, mine, where)
        reasons, called = likeliest
        return (
            _("like {other}: {reasons}").format(other=called, reasons=_(", ").join(reasons))
            if reasons
            else ""
        )

    def _add(self, kind: str, traits: Traits, called: str) -> None:
        for share in _shares(traits, traits.places, traits.days):
            seen = self._seen[kind, *share]
            if len(seen) < MOST_LOOKED_AT:
                seen.append((traits, called))

    def _near(self, kind: str, mine: Traits) -> list[tuple[Traits, str]]:
        found: dict[int, tuple[Traits, str]] = {}
        for share in _shares(
            mine, frozenset(around(self.catalogue, mine.places)), mine.days and wider(mine.days)
        ):
            for each in self._seen.get((kind, *share), ()):
                found[id(each[0])] = each
                if len(found) >= MOST_LOOKED_AT:
                    return list(found.values())
        return list(found.values())


def _are_enough(mine: Traits, other: Traits, reasons: int) -> bool:
    """Whoever wrote a bundle told its rows apart: two of them must be more alike.

    And one article tells of much in one place and month: that alone makes no twins.
    """
    is_of_bundle = ":" in other.id
    same = bool(mine.what) and mine.what == other.what
    is_said_alike = len(mine.words & other.words) * 2 >= max(2, len(mine.words))
    return reasons >= ENOUGH + is_of_bundle and (same or is_said_alike)


def _shares(traits: Traits, places: frozenset[str], days: Days | None) -> list[tuple[str, str]]:
    """By what two are compared at all: a source, or a place and a month that both have."""
    months = _months(days)
    return [(source, "") for source in sorted(traits.sources)] + [
        (p, month) for p in sorted(places) for month in months
    ]


MOST_MONTHS = 24


def _months(days: Days | None) -> list[str]:
    """A long time is known by its first months: what is meant is mostly there."""
    if days is None or days.first is None or days.last is None:
        return []
    first, last = _month(days.first), _month(days.last)
    return [str(month) for month in range(first, min(last, first + MOST_MONTHS) + 1)]


def _month(day: date) -> int:
    return day.year * 12 + day.month


def _of_form(form: EventForm | EstimateForm, where: str) -> Traits:
    if isinstance(form, EventForm):
        title, what, time = form.title, form.type, form.happened
    else:
        title, what, time = form.population_text, form.counts.value, form.as_of or form.period
    places = {
        term.code
        for term in form.terms
        if term.key is TermKey.PLACE and term.role is not Role.SHOWN_ONLY
    }
    sources = frozenset(citation.source for citation in form.citations)
    return Traits(where, title, what, days_of(time), frozenset(places - {""}), sources)


def _of_document(kind: str, record: str, document: dict[str, object]) -> Traits:
    """As it was typed: who named a place in words is told when the draft is opened."""

    def rows(name: str) -> list[dict[str, str]]:
        found = document.get(name)
        return found if isinstance(found, list) else []

    def text(name: str) -> str:
        return str(document.get(name) or "")

    places = {
        row["code"].strip().lower()
        for row in rows("terms")
        if row["key"] == TermKey.PLACE and row["role"] != Role.SHOWN_ONLY
    }
    return Traits(
        id=record,
        title=text("title" if kind == "E" else "population_text"),
        what=text("type" if kind == "E" else "counts"),
        days=days_of(text("happened") if kind == "E" else text("as_of") or text("period")),
        places=frozenset(places - {""}),
        sources=frozenset({row["source"].strip().upper() for row in rows("citations")} - {""}),
    )
