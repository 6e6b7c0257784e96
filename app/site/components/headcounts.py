"""Estimates of workers present (stock) in a place: selection, newest estimate, range."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from app.dates import edtf
from app.filtering import NONE
from app.i18n.translate import _
from app.record.filters import EstimateFilters
from app.record.models import Version
from app.record.payloads import PublishedEstimate, estimate_form
from app.record.sql.rows import ListRow
from app.site.components.quantity import BOUNDS
from app.vocabulary.estimates import (
    Counts,
    FigureForm,
    FigureRole,
    Nature,
    Population,
    Quantifier,
    Unit,
)
from app.vocabulary.events import TermKey

R = TypeVar("R", ListRow, Version)

RANGE_PERIOD = timedelta(days=731)
"""The range covers the 24 months before the newest estimate."""

WHOLE_POPULATIONS = {Population.WORKERS, Population.NATIONALS}
"""Populations that are not part of another one, unlike students or overstayers."""
STOCK_FILTERS = EstimateFilters.made_of(
    {
        "counts": [Counts.PRESENT],
        "nature": [Nature.OBSERVED],
        "unit": [Unit.PEOPLE],
        "form": [FigureForm.NUMBER],
        "per": [NONE],
        "population": [*WHOLE_POPULATIONS],
    },
    {},
)
"""Filters that match the estimates accepted by `is_stock`."""


def is_stock(form: PublishedEstimate) -> bool:
    """Return whether an estimate is an observed number of people of a whole population."""
    return (
        form["counts"] == Counts.PRESENT
        and form.get("nature", Nature.OBSERVED) == Nature.OBSERVED
        and form.get("unit", Unit.PEOPLE) == Unit.PEOPLE
        and form.get("form", FigureForm.NUMBER) == FigureForm.NUMBER
        and not form.get("per")
        and form["population"] in WHOLE_POPULATIONS
    )


def nationalities(form: PublishedEstimate) -> tuple[str, ...]:
    """Return codes of the nationalities counted; empty if all are counted or none is stated."""
    return tuple(
        sorted(
            {term.get("code", "") for term in form["terms"] if term["key"] == TermKey.NATIONALITY}
        )
    )


def possible_days(form: PublishedEstimate) -> edtf.Days:
    """Return the first and last possible day of an estimate, unbounded if no year is known."""
    text = form.get("as_of") or form.get("period")
    return (edtf.parse(text).whole if text else None) or edtf.Days()


def last_possible_day(form: PublishedEstimate) -> date | None:
    """Return the last possible day of an estimate, or the first if its time is open-ended."""
    days = possible_days(form)
    return days.last or days.first


def newest_stock(rows: Iterable[R]) -> R | None:
    """Return the latest estimate of people present.

    Among equally late ones, prefer the editors' preferred estimate, then numbers over words.
    """
    dated = [
        (
            until,
            form.get("role") == FigureRole.PREFERRED,
            form["quantifier"] != Quantifier.WORDS,
            row.number,
            row,
        )
        for row in rows
        if is_stock(form := estimate_form(row))
        and form.get("role") not in {FigureRole.REJECTED, FigureRole.SUPERSEDED}
        and (until := last_possible_day(form))
    ]
    return max(dated, key=lambda each: each[:4], default=(None,))[-1]


def newest_stocks(rows: Iterable[R]) -> list[R]:
    """Return the newest estimate for each nationality, latest first."""
    by_nationality: dict[tuple[str, ...], list[R]] = {}
    for row in rows:
        by_nationality.setdefault(nationalities(estimate_form(row)), []).append(row)
    found = [newest for group in by_nationality.values() if (newest := newest_stock(group))]
    return sorted(
        found, key=lambda row: last_possible_day(estimate_form(row)) or date.min, reverse=True
    )


def newest_of_any_kind(rows: Iterable[R]) -> R | None:
    """Return the newest estimate of any measure. Undated ones count as oldest."""
    accepted = [row for row in rows if estimate_form(row).get("role") != FigureRole.REJECTED]
    return max(
        accepted,
        key=lambda row: (last_possible_day(estimate_form(row)) or date.min, row.number),
        default=None,
    )


@dataclass(frozen=True)
class StockRange:
    """The lowest and highest of several estimates. They are not the bounds of one estimate."""

    low: Decimal
    high: Decimal
    figures: int

    @property
    def words(self) -> str:
        if self.figures == 1:
            return _("one figure only")
        if self.low == self.high:
            return _("{number} only").format(number=f"{self.low:,f}")
        return _("{low} and {high}").format(low=f"{self.low:,f}", high=f"{self.high:,f}")


def stock_range(rows: Sequence[ListRow | Version], newest: ListRow | Version) -> StockRange | None:
    """Return the extremes of the same population in the two years up to the newest estimate.

    None if all estimates are in words.
    """
    last = last_possible_day(estimate_form(newest))
    assert last
    numbers = [
        [Decimal(str(form[name])) for name in BOUNDS if form.get(name) is not None]
        for row in rows
        if is_stock(form := estimate_form(row))
        and form.get("role") != FigureRole.REJECTED
        and _population_of(form) == _population_of(estimate_form(newest))
        and (until := last_possible_day(form))
        and last - RANGE_PERIOD <= until <= last
    ]
    flattened = [number for group in numbers for number in group]
    return (
        StockRange(min(flattened), max(flattened), len([group for group in numbers if group]))
        if flattened
        else None
    )


def _population_of(form: PublishedEstimate) -> tuple[str, tuple[str, ...]]:
    """Return population and nationalities: estimates are compared only if both are equal."""
    return form["population"], nationalities(form)
