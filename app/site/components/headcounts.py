"""Figures for people present in a whole place: which ones they are, the newest, and what was said around it."""

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
from app.record.sql.rows import Found
from app.site.components.quantity import Form
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

R = TypeVar("R", Found, Version)

AROUND = timedelta(days=731)
"""Lowest and highest are those said of the 24 months before the newest."""

WHOLE = {Population.WORKERS, Population.NATIONALS}
"""Whom a place is full of; students, overstayers, holders of papers and one group are parts of these."""
STOCK = EstimateFilters.made_of(
    {
        "counts": [Counts.PRESENT],
        "nature": [Nature.OBSERVED],
        "unit": [Unit.PEOPLE],
        "form": [FigureForm.NUMBER],
        "per": [NONE],
        "population": [*WHOLE],
    },
    {},
)
"""The same as `is_stock`, as one asks a list."""


def is_stock(form: Form) -> bool:
    """Whether it says how many people were there: seen, not planned; of the whole place, not of a part of them."""
    return (
        form["counts"] == Counts.PRESENT
        and form.get("nature", Nature.OBSERVED) == Nature.OBSERVED
        and form.get("unit", Unit.PEOPLE) == Unit.PEOPLE
        and form.get("form", FigureForm.NUMBER) == FigureForm.NUMBER
        and "per" not in form
        and form["population"] in WHOLE
    )


def nationalities(form: Form) -> tuple[str, ...]:
    """Codes of those whom it counts; none where it counts everybody, or does not say."""
    return tuple(
        sorted(
            {term.get("code", "") for term in form["terms"] if term["key"] == TermKey.NATIONALITY}
        )
    )


def time_of(form: Form) -> edtf.Days:
    """The days between which it may be true; no bounds where no year is known."""
    text = form.get("as_of") or form.get("period")
    return (edtf.parse(text).whole if text else None) or edtf.Days()


def held_until(form: Form) -> date | None:
    """The last day that it may be true of; where it has no end, the first."""
    days = time_of(form)
    return days.last or days.first


def newest_stock(rows: Iterable[R]) -> R | None:
    """The figure for people present that holds latest; of equally late ones an editor's choice, then one in digits."""
    dated = [
        (
            until,
            form.get("role") == FigureRole.PREFERRED,
            form["quantifier"] != Quantifier.WORDS,
            row.number,
            row,
        )
        for row in rows
        if is_stock(form := row.payload["form"])
        and form.get("role") not in {FigureRole.REJECTED, FigureRole.SUPERSEDED}
        and (until := held_until(form))
    ]
    return max(dated, key=lambda each: each[:4], default=(None,))[-1]


def newest_stocks(rows: Iterable[R]) -> list[R]:
    """The newest for each nationality: how many Filipinos there are says nothing of how many North Koreans."""
    by_nationality: dict[tuple[str, ...], list[R]] = {}
    for row in rows:
        by_nationality.setdefault(nationalities(row.payload["form"]), []).append(row)
    found = [newest for some in by_nationality.values() if (newest := newest_stock(some))]
    return sorted(found, key=lambda row: held_until(row.payload["form"]) or date.min, reverse=True)


def newest_of_any_kind(rows: Iterable[R]) -> R | None:
    """Whatever it counts; undated ones come first."""
    held = [row for row in rows if row.payload["form"].get("role") != FigureRole.REJECTED]
    return max(
        held,
        key=lambda row: (held_until(row.payload["form"]) or date.min, row.number),
        default=None,
    )


@dataclass(frozen=True)
class Extremes:
    """The lowest and the highest number that anybody said; no range, since both may be right or neither."""

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


def extremes(rows: Sequence[Found | Version], newest: Found | Version) -> Extremes | None:
    """What was said of the same people in the two years up to the newest figure; None where all of it is words."""
    last = held_until(newest.payload["form"])
    assert last
    numbers = [
        [
            Decimal(str(form[name]))
            for name in ("low", "point", "high")
            if form.get(name) is not None
        ]
        for row in rows
        if is_stock(form := row.payload["form"])
        and form.get("role") != FigureRole.REJECTED
        and _whom(form) == _whom(newest.payload["form"])
        and (until := held_until(form))
        and last - AROUND <= until <= last
    ]
    said = [number for some in numbers for number in some]
    return Extremes(min(said), max(said), len([some for some in numbers if some])) if said else None


def _whom(form: Form) -> tuple[str, tuple[str, ...]]:
    """Workers or all nationals, and of which country."""
    return form["population"], nationalities(form)
