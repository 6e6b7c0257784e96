"""Which estimates are comparable, which conflict, and which only differ (rule 6)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.dates import day_ranges
from app.dates import edtf as dates
from app.forms import EstimateForm, OutletForm, SourceForm
from app.record.rules import independence
from app.vocabulary.estimates import Counts, FigureRole, Population, Quantifier
from app.vocabulary.events import Role, TermKey

MAX_STOCK_DISTANCE = timedelta(days=92)
"""Stocks at most this far apart differ; further apart, they are not compared."""


@dataclass(frozen=True)
class Bounds:
    """The values that an estimate allows. None if unbounded; an open end excludes the bound."""

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False

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
    words = (
        estimate.population_text.casefold() if estimate.population is Population.ONE_GROUP else ""
    )
    terms = sorted(
        (term.key, term.code or term.printed.casefold(), term.role)
        for term in estimate.terms
        if term.key is not TermKey.ACTOR and term.role is not Role.SHOWN_ONLY
    )
    parts = (
        estimate.counts,
        estimate.nature,
        estimate.unit,
        estimate.per,
        estimate.form,
        estimate.population,
        words,
    )
    return hashlib.sha256(repr(([str(part) for part in parts], terms)).encode()).hexdigest()[:16]


def allowed_values(estimate: EstimateForm) -> Bounds | None:
    """Return the values that an estimate allows; None for one in words, which never conflicts."""
    low, point, high, quantifier = estimate.low, estimate.point, estimate.high, estimate.quantifier
    if quantifier is Quantifier.WORDS:
        return None
    if point is not None and low is None and high is None:
        if quantifier in {Quantifier.EXACT, Quantifier.OFFICIAL}:
            return Bounds(point, point)
        half = last_digit_value(point) / 2
        return Bounds(point - half, point + half)
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
    sources: Mapping[str, SourceForm],
    outlets: Mapping[str, OutletForm],
) -> tuple[list[str], list[str]]:
    """Return the ids of the estimates that conflict with `estimate`, and of those that differ."""
    conflicts: list[str] = []
    differs: list[str] = []
    for other in others:
        mine, theirs = allowed_values(estimate), allowed_values(other)
        if other.id == estimate.id or mine is None or theirs is None or not mine.excludes(theirs):
            continue
        is_same_time = _is_same_time(estimate, other)
        is_near = is_same_time or (estimate.counts is Counts.PRESENT and _is_near(estimate, other))
        if is_near and _is_comparable(estimate, other, sources, outlets):
            (conflicts if is_same_time else differs).append(other.id)
    return conflicts, differs


def _is_comparable(
    one: EstimateForm,
    other: EstimateForm,
    sources: Mapping[str, SourceForm],
    outlets: Mapping[str, OutletForm],
) -> bool:
    """Whether two estimates are in one series, unlinked, not discarded, and independent."""
    discarded = {FigureRole.SUPERSEDED, FigureRole.REJECTED}
    if series_key(one) != series_key(other) or one.role in discarded or other.role in discarded:
        return False
    if any(link.to == other.id for link in one.links) or any(
        link.to == one.id for link in other.links
    ):
        return False
    support = independence.estimate_support([*one.citations, *other.citations], is_plan=True)
    mine = {citation.id for citation in one.citations}
    return not any(
        set(origin.citations) & mine and set(origin.citations) - mine
        for origin in independence.independent_sources(support, sources, outlets)
    )


def _is_same_time(one: EstimateForm, other: EstimateForm) -> bool:
    """Whether two estimates share a time: overlapping days for stocks, equal periods for flows."""
    if one.period or other.period:
        return bool(one.period) and one.period == other.period
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
