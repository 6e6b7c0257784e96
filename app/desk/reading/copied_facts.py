"""Compares what is on record from an article with what another text says: the same, or another?

Used for relays. What a record says is one statement in codes, and so is each row of a sheet.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from app.dates import edtf as dates
from app.dates.edtf import DateError, Days
from app.desk.reading.marks import Figure

MAX_RATIO = 4
"""Two numbers further apart than this count different things."""
Surroundings = Callable[[str], Iterable[str]]
"""Returns the places that a place is in."""


@dataclass(frozen=True)
class Statement:
    """What a record or a row of a sheet says, in codes."""

    kind: Literal["event", "estimate"]
    type: str = ""
    """The type of an event; what an estimate counts."""
    places: frozenset[str] = frozenset()
    when: str = ""
    """An EDTF date; empty if none is known."""
    figure: Figure | None = None
    """Of an estimate."""
    row: str = ""
    """The key of the row of a sheet."""

    @property
    def days(self) -> Days:
        try:
            return (dates.parse(self.when).whole if self.when else None) or Days()
        except DateError:
            return Days()


class Found(StrEnum):
    """Whether a text has what is on record from the article that it copies."""

    ALSO = "also"
    MISSING = "missing"
    DIFFERENT = "different"


@dataclass(frozen=True)
class FactComparison:
    found: Found
    here: Statement | None = None
    """Of the text; None if it is missing there."""
    field: Literal["", "number", "when", "where"] = ""
    """Of what differs."""


def compare_statements(
    on_record: Mapping[str, Statement],
    text: Sequence[Statement],
    surroundings: Surroundings = lambda _place: (),
) -> dict[str, FactComparison]:
    """Return for each record whether a text says the same, something else, or nothing of it.

    A statement of the text is the same as one record at most; what it says of the others is
    compared afterwards.
    """
    rest = [*text]
    found: dict[str, FactComparison] = {}
    for record, own in on_record.items():
        same = [other for other in rest if _is_same(own, other, surroundings)]
        if same:
            chosen = max(same, key=lambda other: len(other.places & own.places))
            found[record] = FactComparison(Found.ALSO, chosen)
            if chosen.kind == "estimate":
                rest.remove(chosen)
    for record, own in on_record.items():
        if record not in found:
            found[record] = _different(own, rest, surroundings)
    return found


def _is_same(own: Statement, other: Statement, surroundings: Surroundings) -> bool:
    if own.kind != other.kind or not _may_be_near(own, other, surroundings):
        return False
    if own.kind == "estimate":
        return _counts_alike(own, other) and _numbers(own) == _numbers(other)
    return own.type == other.type and _may_overlap(own.days, other.days)


def _different(
    own: Statement, others: Sequence[Statement], surroundings: Surroundings
) -> FactComparison:
    """Return the statement of the same thing with another value, if there is one."""
    alike = [other for other in others if other.kind == own.kind]
    near = [other for other in alike if _may_be_near(own, other, surroundings)]
    if own.kind == "estimate":
        ratios = {ratio: other for other in near if (ratio := _ratio(own, other)) <= MAX_RATIO}
        return FactComparison(Found.DIFFERENT, ratios[min(ratios)], "number") if ratios else MISSING
    for other in near:
        if other.type == own.type:
            return FactComparison(Found.DIFFERENT, other, "when")
    for other in alike:
        is_same_time = own.days != Days() and own.days.overlaps(other.days)
        if other.type == own.type and is_same_time and other.days != Days():
            return FactComparison(Found.DIFFERENT, other, "where")
    return MISSING


MISSING = FactComparison(Found.MISSING)


def _counts_alike(own: Statement, other: Statement) -> bool:
    """Whether two figures are of the same unit, rate and form: people, visas, dollars a month."""
    if own.figure is None or other.figure is None:
        return False
    return (own.figure.unit, own.figure.per, own.figure.form) == (
        other.figure.unit,
        other.figure.per,
        other.figure.form,
    )


def _numbers(statement: Statement) -> tuple[float | None, float | None]:
    figure = statement.figure
    return (figure.low, figure.high) if figure else (None, None)


def _ratio(own: Statement, other: Statement) -> float:
    """Return how many times the larger figure is the smaller one; more than that if they differ."""
    if not _counts_alike(own, other):
        return MAX_RATIO + 1
    (low, high), (other_low, other_high) = _numbers(own), _numbers(other)
    if low is None or high is None or other_low is None or other_high is None:
        return MAX_RATIO + 1
    middle, other_middle = abs(low + high), abs(other_low + other_high)
    smaller, larger = sorted((middle, other_middle))
    return larger / smaller if smaller else MAX_RATIO + 1


def _may_be_near(own: Statement, other: Statement, surroundings: Surroundings) -> bool:
    """Whether the places of both, or those around them, have one in common; none may be any."""
    if not own.places or not other.places:
        return True

    def around(places: frozenset[str]) -> set[str]:
        return {*places, *(outer for place in places for outer in surroundings(place))}

    return bool(own.places & around(other.places) or other.places & around(own.places))


def _may_overlap(days: Days, other: Days) -> bool:
    return days == Days() or other == Days() or days.overlaps(other)
