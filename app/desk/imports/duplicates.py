"""Possible duplicates of new events and estimates among approved records, drafts and the import.

`drafts.similar` compares one draft while an editor types. Here drafts and rows are indexed by
source, and by place and month, so that each new record is compared with a few hundred at most.
"""

from collections import defaultdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.dates.edtf import Days
from app.desk.approved.draft_models import OPEN_STATES, Draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.similar import (
    MAX_CANDIDATES,
    MIN_MATCHING_CRITERIA,
    RecordTraits,
    approved_candidates,
    days_of,
    matching_criteria,
    nearby_places,
    widen,
)
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.kinds import EstimateForm, EventForm
from app.kinds.terms import names_place
from app.vocabulary.kinds import CITING_KINDS, RecordKind

DRAFTS_PER_BATCH = 200


class DuplicateIndex:
    """Index of open drafts and checked rows, by cited source, and by place and month."""

    def __init__(self, db: Session, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._seen: defaultdict[tuple[str, str, str], list[tuple[RecordTraits, str]]] = defaultdict(
            list
        )
        drafts = select(Draft.kind, Draft.record, Draft.document).where(
            Draft.state.in_(OPEN_STATES), Draft.kind.in_(CITING_KINDS)
        )
        for kind, record, document in db.execute(
            drafts, execution_options={"yield_per": DRAFTS_PER_BATCH}
        ):
            self._add(
                kind, _draft_traits(kind, record, document), _("the draft {id}").format(id=record)
            )

    def find(self, db: Session, form: EventForm | EstimateForm, where: str) -> str:
        """Return the likeliest duplicate and the reasons, or an empty string; then add the form."""
        kind = RecordKind.EVENT if isinstance(form, EventForm) else RecordKind.ESTIMATE
        traits = _form_traits(form, where)
        candidates = [
            (other, other.id) for other in approved_candidates(db, self.catalogue, kind, traits)
        ]
        best: tuple[list[str], str] = ([], "")
        for other, label in [*candidates, *self._candidates(kind, traits)]:
            reasons = matching_criteria(self.catalogue, kind, traits, other)
            if len(reasons) > len(best[0]) and _are_sufficient(traits, other, len(reasons)):
                best = (reasons, label)
        self._add(kind, traits, where)
        reasons, label = best
        return (
            _("similar to {other}: {reasons}").format(other=label, reasons=enumerate_words(reasons))
            if reasons
            else ""
        )

    def _add(self, kind: str, traits: RecordTraits, label: str) -> None:
        for index_key in _index_keys(traits, traits.places, traits.days):
            seen = self._seen[kind, *index_key]
            if len(seen) < MAX_CANDIDATES:
                seen.append((traits, label))

    def _candidates(self, kind: str, traits: RecordTraits) -> list[tuple[RecordTraits, str]]:
        found: dict[int, tuple[RecordTraits, str]] = {}
        for index_key in _index_keys(
            traits,
            frozenset(nearby_places(self.catalogue, traits.places)),
            traits.days and widen(traits.days),
        ):
            for each in self._seen.get((kind, *index_key), ()):
                found[id(each[0])] = each
                if len(found) >= MAX_CANDIDATES:
                    return list(found.values())
        return list(found.values())


def _are_sufficient(traits: RecordTraits, other: RecordTraits, reasons: int) -> bool:
    """Return whether the reasons suffice to report a duplicate.

    Two rows of one import need one reason more, because their author listed them separately.
    Source, place and month alone do not suffice, because one article reports many events.
    """
    is_of_bundle = ":" in other.id
    is_same_type = bool(traits.what) and traits.what == other.what
    has_similar_words = len(traits.words & other.words) * 2 >= max(2, len(traits.words))
    return reasons >= MIN_MATCHING_CRITERIA + is_of_bundle and (is_same_type or has_similar_words)


def _index_keys(
    traits: RecordTraits, places: frozenset[str], days: Days | None
) -> list[tuple[str, str]]:
    """Return the index keys: two records are compared only if they share one."""
    months = _months(days)
    return [(source, "") for source in sorted(traits.sources)] + [
        (p, month) for p in sorted(places) for month in months
    ]


MAX_MONTHS = 24


def _months(days: Days | None) -> list[str]:
    """Return the months of a period. Of a long period the first ones suffice."""
    if days is None or days.first is None or days.last is None:
        return []
    first, last = _month(days.first), _month(days.last)
    return [str(month) for month in range(first, min(last, first + MAX_MONTHS) + 1)]


def _month(day: date) -> int:
    return day.year * 12 + day.month


def _form_traits(form: EventForm | EstimateForm, where: str) -> RecordTraits:
    if isinstance(form, EventForm):
        title, what, time = form.title, form.type, form.when
    else:
        title, what, time = form.population_text, form.counts.value, form.as_of or form.period
    places = {term.code for term in form.terms if term.names_place}
    sources = frozenset(citation.source for citation in form.citations)
    return RecordTraits(where, title, what, days_of(time), frozenset(places - {""}), sources)


def _draft_traits(kind: str, record: str, document: dict[str, object]) -> RecordTraits:
    """Return the traits of a draft. Only places given by code count, not those typed as words."""

    def rows(name: str) -> list[dict[str, str]]:
        found = document.get(name)
        return found if isinstance(found, list) else []

    def text(name: str) -> str:
        return str(document.get(name) or "")

    places = {row["code"].strip().lower() for row in rows("terms") if names_place(row)}
    return RecordTraits(
        id=record,
        title=text("title" if kind == RecordKind.EVENT else "population_text"),
        what=text("type" if kind == RecordKind.EVENT else "counts"),
        days=days_of(
            text("happened") or text("attested")
            if kind == RecordKind.EVENT
            else text("as_of") or text("period")
        ),
        places=frozenset(places - {""}),
        sources=frozenset({row["source"].strip().upper() for row in rows("citations")} - {""}),
    )
