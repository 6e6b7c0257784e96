"""Which estimates are for a whole or a part, comparable, and in conflict (rule 6)."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.dates import day_ranges
from app.dates import edtf as dates
from app.kinds import EstimateForm, Term
from app.record.rules import independence
from app.record.rules.containment import Places
from app.record.rules.independence import Outlets, Sources
from app.vocabulary.estimates import (
    CHANGES,
    MOMENTARY,
    MOVEMENTS,
    WHOLE_POPULATIONS,
    Counts,
    EstimateLink,
    FigureForm,
    FigureRole,
    Nature,
    Population,
    Quantifier,
    Unit,
    WholeOrPart,
)
from app.vocabulary.events import SCOPED, UNLIMITED, Role, TermKey
from app.vocabulary.record import PlaceKind

PARTS = {EstimateLink.PART_OF, EstimateLink.SHARE_OF}
FORMS_WITHOUT_WHOLE = {*CHANGES, FigureForm.SHARE}
PARTS_BY = SCOPED - {TermKey.NATIONALITY}
WHERE_PRESENT = {Role.AT, Role.LIVED}
"""Roles of a place whose people are counted. People from a place are not there."""


def coverage(
    estimate: EstimateForm,
    places: Places,
    estimates: Mapping[str, EstimateForm],
) -> WholeOrPart | None:
    """Return the choice of the editors or, without one, what the fields and links show.

    Only what exists at a moment has a whole; of movements, changes and shares the rule says
    nothing.
    """
    is_silent = (
        estimate.counts not in MOMENTARY
        or estimate.form in FORMS_WITHOUT_WHOLE
        or estimate.population is Population.NOBODY
    )
    if estimate.coverage is not None or is_silent:
        return estimate.coverage
    is_part = (
        is_part_by_fields(estimate)
        or any(places[code].kind is PlaceKind.SITE for code in _places(estimate) if code in places)
        or any(
            link.type in PARTS and _places(estimate) == _places(whole)
            for link in estimate.links
            if (whole := estimates.get(link.to))
        )
    )
    return WholeOrPart.PART if is_part else WholeOrPart.WHOLE


def is_part_by_fields(estimate: EstimateForm) -> bool:
    """Whether the population, a sector, a group or a permit makes it a part of the people there."""
    if estimate.population is Population.THINGS:
        return any(restricts(term) for term in estimate.terms)
    return estimate.population not in WHOLE_POPULATIONS or any(
        restricts(term) or (term.key is TermKey.PAPER and term.role is not Role.EXEMPT)
        for term in estimate.terms
    )


def restricts(term: Term) -> bool:
    """Whether only people of a sector or group are counted; a term that does not say so does.

    A nationality makes no part: its people are a whole of their own.
    """
    return term.key in PARTS_BY and term.role is Role.TARGET and term.scope not in UNLIMITED


def whole_at(estimate: EstimateForm, covers: WholeOrPart | None) -> list[str]:
    """Return the place of whose people present it is an estimate for the whole; empty if of none.

    One number for several places is an estimate for none of them.
    """
    is_stock = (
        estimate.counts is Counts.PRESENT
        and estimate.nature is Nature.OBSERVED
        and estimate.unit is Unit.PEOPLE
        and estimate.form is FigureForm.NUMBER
        and estimate.per is None
        and estimate.population in WHOLE_POPULATIONS
    )
    there = {term.code for term in estimate.terms if _is_where_present(term)}
    return sorted(there) if is_stock and covers is WholeOrPart.WHOLE and len(there) == 1 else []


def _is_where_present(term: Term) -> bool:
    return term.key is TermKey.PLACE and term.role in WHERE_PRESENT and bool(term.code)


def _places(estimate: EstimateForm) -> Collection[str]:
    return {term.code for term in estimate.terms if term.names_place and term.code}


MAX_STOCK_DISTANCE = timedelta(days=92)
"""Stocks at most this far apart differ; further apart, they are not compared."""
LOWER_BOUNDS = {Quantifier.MORE_THAN, Quantifier.AT_LEAST}
DISCARDED = {FigureRole.SUPERSEDED, FigureRole.REJECTED}


@dataclass(frozen=True)
class Bounds:
    """The values that an estimate allows. None if unbounded; an open end excludes the bound."""

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False

    @property
    def middle(self) -> Decimal | None:
        return None if self.low is None or self.high is None else (self.low + self.high) / 2

    def excludes(self, other: "Bounds") -> bool:
        return self._is_above(other) or other._is_above(self)

    def _is_above(self, other: "Bounds") -> bool:
        if self.low is None or other.high is None:
            return False
        return self.low > other.high or (
            self.low == other.high and (self.low_open or other.high_open)
        )


def series_key(estimate: EstimateForm) -> str:
    """Return a hash of all fields that comparable estimates have in common."""
    return _hash_of(estimate, [term for term in estimate.terms if _is_compared(term)])


def _is_compared(term: Term) -> bool:
    """Whether a term makes another series: not an actor, a picture or a description."""
    return (
        term.key is not TermKey.ACTOR
        and term.role is not Role.SHOWN_ONLY
        and term.scope not in UNLIMITED
    )


def _words_of_part(estimate: EstimateForm) -> str:
    """Return the words that alone say which people are counted: no code says it.

    Where nobody is counted, the words or the event say what the number is about.
    """
    if estimate.population is Population.NOBODY:
        return estimate.population_text.casefold() or estimate.event
    is_by_words = estimate.population is Population.ONE_GROUP or (
        estimate.coverage is WholeOrPart.PART and not is_part_by_fields(estimate)
    )
    return estimate.population_text.casefold() if is_by_words else ""


def _hash_of(estimate: EstimateForm, terms: Iterable[Term]) -> str:
    parts = (
        estimate.counts,
        estimate.nature,
        estimate.unit,
        estimate.per,
        estimate.form,
        estimate.population,
        _words_of_part(estimate),
        *filter(None, [estimate.share_of.casefold(), estimate.papers_were]),
    )
    named = sorted((term.key, term.code or term.printed.casefold(), term.role) for term in terms)
    return hashlib.sha256(repr(([str(part) for part in parts], named)).encode()).hexdigest()[:16]


def allowed_values(estimate: EstimateForm) -> Bounds | None:
    """Return the values that an estimate allows; None for one in words, which never conflicts."""
    return bounds_of(estimate.quantifier, estimate.low, estimate.point, estimate.high)


def bounds_of(
    quantifier: Quantifier, low: Decimal | None, point: Decimal | None, high: Decimal | None
) -> Bounds | None:
    if quantifier is Quantifier.WORDS:
        return None
    if point is not None and low is None and high is None:
        if quantifier in {Quantifier.EXACT, Quantifier.OFFICIAL}:
            return Bounds(point, point)
        half = last_digit_value(point) / 2
        if quantifier is Quantifier.NEARLY:
            return (
                Bounds(point - half, point, high_open=True)
                if point >= 0
                else Bounds(point, point + half, low_open=True)
            )
        return Bounds(point - half, point + half)
    if low is not None and high is not None and quantifier in LOWER_BOUNDS:
        return Bounds(low, None)  # "2,000 to more than 10,000"
    return Bounds(
        low if low is not None else point if high is None else None,
        high if high is not None else point if low is None else None,
        low_open=quantifier is Quantifier.MORE_THAN,
        high_open=quantifier is Quantifier.FEWER_THAN,
    )


def last_digit_value(number: Decimal) -> Decimal:
    """Return the place value of the last digit that is not zero: 100 for 1,200, 1 for 1,203."""
    digits = number.normalize().as_tuple()
    return Decimal(10) ** int(digits.exponent) if number else Decimal(1)


def compare(
    estimate: EstimateForm,
    others: Sequence[EstimateForm],
    sources: Sources,
    outlets: Outlets,
) -> tuple[list[str], list[str]]:
    """Return the ids of the estimates that conflict with `estimate`, and of those that differ.

    `others` are those of its series, and those linked with it.
    """
    conflicts: list[str] = []
    differs: list[str] = []
    for other in others:
        if is_marked(estimate, other):
            conflicts.append(other.id)
            continue
        mine, theirs = allowed_values(estimate), allowed_values(other)
        if other.id == estimate.id or mine is None or theirs is None or not mine.excludes(theirs):
            continue
        has_same_time = is_same_time(estimate, other)
        is_near = has_same_time or (estimate.counts is Counts.PRESENT and _is_near(estimate, other))
        if is_near and _is_comparable(estimate, other, sources, outlets):
            (conflicts if has_same_time else differs).append(other.id)
    return conflicts, differs


def is_marked(one: EstimateForm, other: EstimateForm) -> bool:
    """Whether the editors marked two estimates as conflicting, and neither is discarded."""
    return not {one.role, other.role} & DISCARDED and any(
        link.type is EstimateLink.CONFLICTS_WITH and link.to == to.id
        for links, to in ((one.links, other), (other.links, one))
        for link in links
    )


def _is_comparable(
    one: EstimateForm,
    other: EstimateForm,
    sources: Sources,
    outlets: Outlets,
) -> bool:
    """Whether two estimates are in one series, unlinked, not discarded, and independent."""
    if series_key(one) != series_key(other) or {one.role, other.role} & DISCARDED:
        return False
    if any(link.to == other.id for link in one.links) or any(
        link.to == one.id for link in other.links
    ):
        return False
    support = independence.estimate_support([*one.citations, *other.citations], is_plan=True)
    joined = [*one.joined_sources, *other.joined_sources]
    mine = {citation.id for citation in one.citations}
    return not any(
        set(origin["citations"]) & mine and set(origin["citations"]) - mine
        for origin in independence.independent_sources(support, sources, outlets, joined)
    )


def is_same_time(one: EstimateForm, other: EstimateForm) -> bool:
    """Whether two estimates share a time: overlapping days for stocks, equal periods for flows."""
    if one.period or other.period:
        return bool(one.period) and one.period == other.period
    if one.counts in MOVEMENTS and one.nature is Nature.OBSERVED:
        return False  # Totals by a day, which may have begun on different days.
    mine, theirs = _days(one.as_of), _days(other.as_of)
    return any(day.overlaps(their) for day in mine for their in theirs)


def _is_near(one: EstimateForm, other: EstimateForm) -> bool:
    for mine in _days(one.as_of):
        for theirs in _days(other.as_of):
            earlier, later = sorted((mine, theirs), key=lambda days: days.first or date.min)
            if earlier.last and later.first and later.first - earlier.last <= MAX_STOCK_DISTANCE:
                return True
    return False


def _days(edtf: str) -> tuple[dates.Days, ...]:
    return day_ranges.possible_days(dates.parse(edtf)) if edtf else ()
