"""Estimates of workers present (stock) in a place: selection, newest estimate, range."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from operator import itemgetter
from typing import NamedTuple, TypeVar

from app.dates import edtf
from app.filtering import NONE
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.record.filters import EstimateFilters
from app.record.models import Version
from app.record.names.quantity import BOUNDS, LOWER_BOUNDS, UPPER_BOUNDS, amount, qualified
from app.record.payloads import Stored, StoredRow, estimate_payload, form_of, named_place_codes
from app.record.rules.conflicts import MAX_STOCK_DISTANCE
from app.record.rules.containment import Whereabouts, whereabouts
from app.record.sql.rows import ListRow
from app.vocabulary.estimates import (
    COUNTS_OF_NOBODY,
    NATURES_OF_RULES,
    WHOLE_POPULATIONS,
    Counts,
    FigureForm,
    FigureRole,
    Nature,
    Quantifier,
    Unit,
)
from app.vocabulary.events import UNLIMITED, TermKey
from app.vocabulary.support import ClaimCertainty

R = TypeVar("R", ListRow, Version)

RANGE_PERIOD = timedelta(days=731)
"""The range covers the 24 months before the newest estimate."""
BOUND_ONLY = {*LOWER_BOUNDS, *UPPER_BOUNDS}
YEAR_LENGTH, MAX_LENGTH = 365, 1_000_000
"""Days by which the first and last possible day of a year, or of an open time, are apart."""
DISCARDED = {FigureRole.REJECTED, FigureRole.SUPERSEDED}

STOCK = {
    "counts": Counts.PRESENT,
    "nature": Nature.OBSERVED,
    "unit": Unit.PEOPLE,
    "form": FigureForm.NUMBER,
}
"""Fields of an observed number of people. A form that leaves one out means the same."""
STOCK_FILTERS = EstimateFilters.made_of(
    {key: [code] for key, code in STOCK.items()} | {"per": [NONE]}, {}
)
"""Filters that match the estimates accepted by `is_stock`."""


NOT_OF_PLACES = {"counts": tuple(COUNTS_OF_NOBODY), "nature": tuple(NATURES_OF_RULES)}
"""Codes of estimates that are the newest of no place, by the key of their filter."""


def is_of_place(form: Stored) -> bool:
    """Return whether an estimate may be shown as the newest of a place."""
    return (
        form["counts"] not in NOT_OF_PLACES["counts"]
        and form.get("nature", Nature.OBSERVED) not in NOT_OF_PLACES["nature"]
    )


def is_stock(form: Stored) -> bool:
    """Return whether an estimate is an observed number of people, of a whole or of a part."""
    return not form.get("per") and all(form.get(key, code) == code for key, code in STOCK.items())


def is_whole(row: StoredRow, place: str) -> bool:
    """Return whether it is an estimate for the whole of its population present in this place.

    Past editions don't say so; they took every estimate of workers or nationals for one.
    """
    payload = estimate_payload(row)
    if "whole_at" in payload:
        return place in payload["whole_at"]
    form = payload["form"]
    return (
        is_stock_of(form, place)
        and form["population"] in WHOLE_POPULATIONS
        and place in named_place_codes(form["terms"])
    )


def where_people_are(form: Stored, places: Collection[str]) -> Whereabouts:
    """Return where its people are, seen from these places of it."""
    roles = {
        term["role"]
        for term in form["terms"]
        if term["key"] == TermKey.PLACE and term.get("code") in places
    }
    return whereabouts(Counts(form["counts"]), roles)


def is_stock_of(form: Stored, place: str) -> bool:
    """Return whether it is an observed number of people at this place, not from or through it."""
    return is_stock(form) and where_people_are(form, {place}) is Whereabouts.HERE


def nationalities(form: Stored) -> tuple[str, ...]:
    """Return codes of the nationalities counted; empty if all are counted or none is stated.

    One without a code has its words in quotation marks. “Mostly Haitians” counts others too: it is
    no number of Haitians.
    """
    return tuple(
        sorted(
            {
                term.get("code") or f"“{term['printed']}”"
                for term in form["terms"]
                if term["key"] == TermKey.NATIONALITY and term.get("scope") not in UNLIMITED
            }
        )
    )


def possible_days(form: Stored) -> edtf.Days:
    """Return the first and last possible day of an estimate, unbounded if no year is known."""
    text = form.get("as_of") or form.get("period")
    return (edtf.parse(text).whole if text else None) or edtf.Days()


def last_possible_day(form: Stored) -> date | None:
    """Return the last possible day of an estimate, or the first if its time is open-ended."""
    days = possible_days(form)
    return days.last or days.first


def ranked_days(form: Stored) -> tuple[date, date] | None:
    """Return the days within which an estimate is ranked as newer or older; None if undated.

    Up to a day: from three months before it. From a day on: only that day.
    """
    last = last_possible_day(form)
    return (possible_days(form).first or last - MAX_STOCK_DISTANCE, last) if last else None


def newest_wholes(rows: Iterable[R], place: str) -> list[R]:
    """Return the newest estimate for the whole of each nationality in a place, latest first."""
    by_nationality: dict[tuple[str, ...], list[R]] = {}
    for row in rows:
        if is_whole(row, place):
            by_nationality.setdefault(nationalities(form_of(row)), []).append(row)
    return list(
        _by_time([newest for group in by_nationality.values() for newest in _newest_of(group)])
    )


def headline(wholes: Sequence[R]) -> R | None:
    """Return the estimate that covers the people of all others, or else the newest one.

    An estimate without a nationality covers all of them. `wholes` has one for each nationality.
    """
    found = {nationalities(form_of(row)): row for row in wholes}
    everyone = {code for codes in found for code in codes}
    covering = () if () in found else tuple(sorted(everyone))
    return found.get(covering) or next(iter(wholes), None)


def newest_parts(rows: Iterable[R], place: str) -> list[R]:
    """Return the newest estimates of people present that are for a part of them, latest first."""
    parts = [row for row in rows if is_stock_of(form_of(row), place) and not is_whole(row, place)]
    return list(_by_time(parts))


def highest_number(row: StoredRow) -> Decimal:
    """Return the highest number that an estimate names; below all others if it is in words."""
    form = form_of(row)
    return max((Decimal(str(form[name])) for name in BOUNDS if form.get(name)), default=Decimal(-1))


def newest_of_any_kind(rows: Sequence[R]) -> R | None:
    """Return the newest estimate of any measure. Undated ones count as oldest.

    Money, lengths of time and numbers in rules say nothing of a place.
    """
    rows = [row for row in rows if is_of_place(form_of(row))]
    undated = [row for row in rows if _is_accepted(row)]
    return next(iter(_newest_of(rows)), None) or max(
        undated, key=lambda row: row.number, default=None
    )


def _newest_of(rows: Iterable[R]) -> Iterable[R]:
    """Return the newest estimate; one from outlets of low grade alone only without another."""
    ordered = list(_by_time(rows))
    return [row for row in ordered if not is_of_low_grade(row)][:1] or ordered[:1]


def is_of_low_grade(row: StoredRow) -> bool:
    return bool(estimate_payload(row).get("is_of_low_grade"))


def month_of(row: StoredRow) -> str:
    """Return the month in which all its possible days are, as in 2024-07; empty without one."""
    days = possible_days(form_of(row))
    if not (days.first and days.last):
        return ""
    first, last = (f"{day:%Y-%m}" for day in (days.first, days.last))
    return first if first == last else ""


def of_same_month(newest: R, rows: Iterable[R], place: str) -> list[R]:
    """Return the newest estimate, then the others of its month, shown with it (rule 6)."""
    month, people = month_of(newest), _population_of(form_of(newest))
    others = [
        row
        for row in rows
        if month
        and row.id != newest.id
        and month_of(row) == month
        and _is_accepted(row)
        and is_whole(row, place)
        and _population_of(form_of(row)) == people
        and is_of_low_grade(row) == is_of_low_grade(newest)
    ]
    found: list[R] = [newest]
    found.extend(_by_time(others))
    return found


def _by_time(rows: Iterable[R]) -> Iterator[R]:
    """Yield the dated estimates that are not rejected or superseded, latest first (rule 6).

    Of estimates whose possible days overlap none is newer: the better one comes first.
    """
    left = [
        (first, last, _preference(row), row)
        for row in rows
        if _is_accepted(row)
        for first, last in [ranked_days(form_of(row)) or (None, None)]
        if first and last
    ]
    while left:
        latest = max(first for first, *_rest in left)
        best = max((each for each in left if each[1] >= latest), key=itemgetter(2))
        left.remove(best)
        yield best[-1]


def _is_accepted(row: R) -> bool:
    return form_of(row).get("role") not in DISCARDED


def _preference(row: R) -> tuple[bool | int, ...]:
    """Return what makes the better of two estimates that may be of the same day.

    In this order: preferred by the editors, exact time, a number, no mere bound, firm.
    """
    payload = estimate_payload(row)
    form, days = payload["form"], possible_days(payload["form"])
    length = (days.last - days.first).days if days.first and days.last else MAX_LENGTH
    return (
        form.get("role") == FigureRole.PREFERRED,
        edtf.is_one_day(form.get("as_of") or form.get("period", "")),
        length <= YEAR_LENGTH,
        form["quantifier"] != Quantifier.WORDS,
        form["quantifier"] not in BOUND_ONLY,
        payload.get("certainty") != ClaimCertainty.ALLEGED,
        -length,
        row.number,
    )


# The lowest and the highest ---------------------------------------------------------------------


class RangeEnd(NamedTuple):
    """The lower or upper end of an estimate, as reported: a value, or only a bound."""

    number: Decimal
    quantifier: Quantifier

    @property
    def words(self) -> str:
        return qualified(self.quantifier, f"{self.number:,f}")


class StockRange(NamedTuple):
    """The lowest and highest of several estimates. They are not the bounds of one estimate."""

    low: RangeEnd
    high: RangeEnd
    in_words: Sequence[str] = ()
    """What others reported for that time without a number, in quotation marks."""

    @property
    def words(self) -> str:
        """The lowest and highest, or the one number."""
        bounds = {self.low.quantifier, self.high.quantifier}
        if self.low == self.high or (
            self.low.number == self.high.number and not bounds & BOUND_ONLY
        ):
            message = "{low}"
        else:
            message = _("{low}, and {high}") if bounds & {*UPPER_BOUNDS} else _("{low} to {high}")
        words = message.format(low=self.low.words, high=self.high.words)
        if not self.in_words:
            return words
        return _("{numbers}; in words: {said}").format(
            numbers=words, said=enumerate_words(self.in_words)
        )


def stock_range(rows: Sequence[R], newest: R, place: str) -> StockRange | None:
    """Return the extremes of the same population in the two years up to the newest estimate.

    None if all estimates are in words.
    """
    last = last_possible_day(form_of(newest))
    assert last
    forms = [
        form
        for row in rows
        if is_whole(row, place)
        and (form := form_of(row)).get("role") != FigureRole.REJECTED
        and _population_of(form) == _population_of(form_of(newest))
        and (days := ranked_days(form))
        and days[0] <= last
        and last - RANGE_PERIOD <= days[1]
    ]
    return _range_of(forms)


def words_of_range(rows: Sequence[StoredRow]) -> str:
    """Return the range of several estimates, or what a single one says."""
    forms = [form_of(row) for row in rows]
    found = _range_of(forms) if len(forms) > 1 else None
    return found.words if found else enumerate_words(dict.fromkeys(map(amount, forms)))


def _range_of(forms: Sequence[Stored]) -> StockRange | None:
    ends = [_ends(form) for form in forms if form["quantifier"] != Quantifier.WORDS]
    if not ends:
        return None
    lows, highs = zip(*ends, strict=True)
    in_words = (amount(form) for form in forms if form["quantifier"] == Quantifier.WORDS)
    return StockRange(
        min(lows, key=_order),
        max(highs, key=_order),
        [*dict.fromkeys(in_words)],
    )


def _order(end: RangeEnd) -> tuple[Decimal, bool, bool, bool]:
    """Sort ends with the same number: “fewer than 9”, “9”, “up to 9”, “more than 9”."""
    kind = end.quantifier
    return (
        end.number,
        kind in LOWER_BOUNDS,
        kind is Quantifier.UP_TO,
        kind not in UPPER_BOUNDS,
    )


def _ends(form: Stored) -> tuple[RangeEnd, RangeEnd]:
    """Return the lower and the upper end. An end that nobody reported is the other bound."""
    numbers = [Decimal(str(form[name])) for name in BOUNDS if form.get(name) is not None]
    quantifier = Quantifier(form["quantifier"])
    if len(numbers) == 1:
        end = RangeEnd(numbers[0], quantifier)
        return end, end
    is_about = quantifier is Quantifier.ABOUT
    upper = (
        quantifier if is_about or quantifier in LOWER_BOUNDS + UPPER_BOUNDS else Quantifier.EXACT
    )
    lower = Quantifier.ABOUT if is_about else Quantifier.EXACT
    return RangeEnd(numbers[0], lower), RangeEnd(numbers[-1], upper)


def _population_of(form: Stored) -> tuple[str, tuple[str, ...]]:
    """Return population and nationalities: estimates are compared only if both are equal."""
    return form["population"], nationalities(form)
