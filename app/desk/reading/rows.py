"""Makes proposed rows of marks: estimates, events, and citations of events on record.

A sentence with an estimate, a place and a speaker is one estimate row with all of them. A verb of
the field makes an event row. An event on record of that type, place and time makes it a question.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal, NamedTuple

from app.dates import edtf as dates
from app.dates.edtf import DateError, Days
from app.desk.reading.article import ArticleReading
from app.desk.reading.date_guards import is_at_that_time, other_dates
from app.desk.reading.days_said import days_said
from app.desk.reading.journeys import ends_of_way
from app.desk.reading.marks import Mark, MarkKind, Reason, Sentence
from app.desk.reading.number_guards import counts_of_share, nationalities_of
from app.desk.reading.place_guards import is_about_elsewhere
from app.desk.reading.plans import brings, deadline_of, is_still_ahead, nature_of
from app.desk.reading.row_guards import (
    in_same_clause,
    is_background,
    is_no_number,
    is_told_elsewhere,
    moves,
    stays,
)
from app.desk.reading.speakers_in_force import speakers_in_force
from app.desk.reading.terms import women_counted
from app.vocabulary.citations import Certainty
from app.vocabulary.estimates import CURRENCY_UNITS, Counts, Unit

ProposedKind = Literal["estimate", "event", "citation"]
NEAR_DAYS = 45
"""How many days apart two dates of the same event may be."""
MAX_ONGOING_DAYS = 366
"""Days after its beginning for which an event without an end is likely what a report tells of."""
MAX_CARRIED = 2
"""Sentences after which the place of an earlier one is no longer proposed."""
MAX_AFTER_CITY = 2
"""Characters between the city of a dateline and its day."""
COUNTS_OF_UNIT: Mapping[str, Counts] = {
    **dict.fromkeys((Unit.VISAS, Unit.PERMITS), Counts.PAPERS),
    **dict.fromkeys((Unit.BUSINESSES, Unit.OFFICES), Counts.SITES),
    **dict.fromkeys((Unit.ENTRIES,), Counts.CROSSINGS),
    **dict.fromkeys((Unit.DISTRICTS,), Counts.PLACES),
    **dict.fromkeys((Unit.HOURS, Unit.DAYS, Unit.MONTHS, Unit.YEARS), Counts.TIME),
    **dict.fromkeys((*CURRENCY_UNITS, Unit.YUAN, Unit.USD), Counts.MONEY),
}
ARRIVALS = {"dispatch", "dispatch-plan"}
DEPARTURES = {
    *("repatriation", "deportation", "sending-home", "departure-order", "recall-by-home-state"),
    "contract-termination",
}
NOUN_BEFORE = {Reason.UNIT_ASSUMED, Reason.UNIT_CARRIED}
"""Numbers whose noun is that of a number before: a year earlier there were only 370."""
TAKING_PART = {"worker-protest", "crackdown"}
ORDERS = {
    *("departure-order", "closure-order", "recall-by-home-state", "sending-home"),
    *("contract-termination", "hiring-ban", "stay-order", "reopening-order"),
}
"""Types of events that have a day by which they must be obeyed."""
GROUP = "group:"


@dataclass(frozen=True)
class KnownEvent:
    """An event on record: its type, its places with those around them, and its days."""

    id: str
    type: str
    places: frozenset[str]
    days: Days
    own: frozenset[str] = frozenset()
    """The places without those around them."""


@dataclass(frozen=True)
class ProposedRow:
    """A row of the sheet that nobody has accepted. Each value is a mark of the text."""

    kind: ProposedKind
    sentence: int
    """The index of the sentence."""
    type: str = ""
    """The type of an event; what a figure counts."""
    record: str = ""
    """The event on record that the row may be a citation of: “supports E5?”."""
    number: Mark | None = None
    action: Mark | None = None
    when: Mark | None = None
    where: Sequence[Mark] = ()
    speaker: Mark | None = None
    said: Mark | None = None
    """The day on which the speaker spoke."""
    hedge: Mark | None = None
    nature: str = ""
    """Planned or forecast, for what has not happened by the time of the report."""
    nationalities: Sequence[str] = ()
    """Codes of those whom a number counts, where words beside it tell."""
    dates: Sequence[Mark] = ()
    """All dates of its sentence that may be its own."""
    deadline: Mark | None = None
    """Of an order: the day by which it must be obeyed. When it was given may be unknown."""
    others: Sequence[Mark] = ()
    """Terms, laws, actors and outlets of the sentence."""
    stage: Mark | None = None
    """Of an event that is one stage of a rule: its clause, with its day."""
    denial: Mark | None = None
    """Of a citation: the words of somebody who denies what another row states."""
    correction: Mark | None = None
    """Of an estimate: that it is the number of an earlier version, or takes its place."""
    to: "ProposedRow | None" = None
    """Another row that this one refers to by `relation`: part-of, citation-of, corrects."""
    relation: str = ""
    further: Sequence[int] = ()
    """The indexes of further sentences that say the same."""
    carried: frozenset[str] = frozenset()
    """Fields whose mark is of an earlier sentence: `where`, and `speaker` of a quote."""

    @property
    def place(self) -> tuple[str, int, str]:
        """What the row was made of, its sentence and its mark: of each row another."""
        if self.stage or self.denial:
            mark, of = self.stage or self.denial, "stage" if self.stage else "denial"
        else:
            mark = self.number or self.action
            of = "estimate" if self.kind == "estimate" else "event"
        return of, self.sentence, f"{mark.start}-{mark.value}" if mark else ""

    @property
    def certainty(self) -> str:
        return self.hedge.value if self.hedge else Certainty.FIRM.value


Surroundings = Callable[[str], Iterable[str]]
"""Returns the places that a place is in."""


def propose_rows(
    reading: ArticleReading,
    known: Sequence[KnownEvent] = (),
    surroundings: Surroundings = lambda _p: (),
) -> list[ProposedRow]:
    """Return the rows of an article, in the order of its sentences."""
    rows: list[ProposedRow] = []
    record = _OnRecord(known, surroundings)
    for at, (sentence, marks, carried) in enumerate(with_carried(reading)):
        way = next((row.type for row in reversed(rows) if _is_way(row, at)), "")
        before = next((row.type for row in reversed(rows) if _counts_people(row, at)), "")
        known_before = carried._replace(way=way, counts=before)
        rows += _rows_of(at, sentence, marks, known_before, record)
    return rows


def _counts_people(row: ProposedRow, at: int) -> bool:
    """Whether a row of the sentence before is a number of people."""
    figure = row.number.figure if row.number else None
    return figure is not None and figure.unit == Unit.PEOPLE and row.sentence == at - 1


def _is_way(row: ProposedRow, at: int) -> bool:
    """Whether an event just before a sentence tells that people come or go."""
    is_near = at - row.sentence <= MAX_CARRIED
    return is_near and row.kind != "estimate" and row.type in ARRIVALS | DEPARTURES


def row_of_sentence(reading: ArticleReading, at: int) -> ProposedRow:
    """Return an event row with all that a sentence says, where no verb of the field proposes it."""
    for place, (sentence, marks, carried) in enumerate(with_carried(reading)):
        if place == at:
            beginning = TextSpan(sentence.start, sentence.start)
            return shared_row(ProposedRow("event", at), beginning, marks, carried)
    raise LookupError(at)


def with_carried(
    reading: ArticleReading,
) -> Iterator[tuple[Sentence, Sequence[Mark], "CarriedMarks"]]:
    """Yield each sentence with its marks and those of earlier sentences that may belong to it."""
    places: Sequence[Mark] = ()
    days: Sequence[Mark] = ()
    age = 0
    for (sentence, marks), speakers in zip(reading, speakers_in_force(reading), strict=True):
        own = [mark for mark in marks if mark.kind is MarkKind.PLACE]
        of_speakers = [mark for mark in marks if mark.kind is MarkKind.SPEAKER]
        # Where a source is from gives way to the place of the sentence before.
        ends = ends_of_way(sentence, own)
        apart = [mark for mark in own if not _inside(mark, of_speakers) and mark not in ends]
        is_kept = own and not apart and places and age < MAX_CARRIED
        stated = apart or [mark for mark in own if mark not in ends]
        places, age = (places, age + 1) if is_kept or not own else (stated, 0)
        near = places if not own and age <= MAX_CARRIED else ()
        if not own and is_about_elsewhere(sentence, marks):
            near = ()
        said, others = days_said(sentence, marks), other_dates(sentence, marks)
        on_days = [mark for mark in marks if mark.kind is MarkKind.DATE]
        own_days = [mark for mark in on_days if mark not in (*said, *others)]
        carried = CarriedMarks(
            near,
            speakers,
            said,
            ends_of_way=ends,
            other_dates=others,
            dates=days if not own_days and is_at_that_time(sentence) else (),
        )
        yield sentence, marks, carried
        days = own_days[-1:]


class TextSpan(NamedTuple):
    """Where marks are counted from: a mark, or the beginning of a sentence."""

    start: int
    end: int


class CarriedMarks(NamedTuple):
    """Marks of sentences before that may belong to this one; who speaks in it, and on what day."""

    places: Sequence[Mark]
    speakers: Sequence[Mark]
    said: Sequence[Mark]
    way: str = ""
    """The type of the last event just before in which people came or went."""
    counts: str = ""
    """What the last number of people in the sentence before counts."""
    other_dates: Sequence[Mark] = ()
    """Dates that are no day of what the sentence states."""
    dates: Sequence[Mark] = ()
    """The date of the sentence before, if this one tells of the same time."""
    ends_of_way: Sequence[Mark] = ()
    """Places of North Korea that people go to or come from."""


def _rows_of(
    at: int,
    sentence: Sentence,
    marks: Sequence[Mark],
    carried: CarriedMarks,
    record: "_OnRecord",
) -> Iterator[ProposedRow]:
    verbs = [mark for mark in marks if mark.kind is MarkKind.ACTION]
    if is_background(sentence, marks):
        verbs = []
    actions = _first_of_each(verbs)
    for number in (mark for mark in marks if mark.kind is MarkKind.ESTIMATE):
        if is_no_number(number, sentence, marks):
            continue
        row = shared_row(ProposedRow("estimate", at, number=number), number, marks, carried)
        row = _with_own_date(_with_date_of_clause(row, number, sentence), number, sentence)
        near = None if stays(number, sentence, verbs) else _nearest(number, verbs)
        counts = counts_of_share(number, sentence, marks) or _counts(number, near)
        if counts == Counts.PRESENT and near is None and moves(number, sentence):
            counts = _counts_on_the_way(carried.way)
        if counts == Counts.PRESENT and not verbs and number.reason in NOUN_BEFORE:
            counts = carried.counts or counts
        women = women_counted(number, sentence)
        others = row.others
        if women and women.value not in {mark.value for mark in others}:
            others = (*others, women)
        nature = nature_of(number, row.when, sentence)
        if nature and counts == Counts.PRESENT and brings(number, sentence):
            counts = Counts.ARRIVALS.value
        nationalities = nationalities_of(number, sentence, marks)
        yield replace(
            row,
            type=counts,
            action=near,
            others=others,
            nature=nature,
            nationalities=nationalities,
        )
    for action in actions:
        row = shared_row(
            ProposedRow("event", at, action.value, action=action), action, marks, carried
        )
        row = _ahead(_with_own_date(row, action, sentence), action, sentence)
        event = record.close_to(row, sentence)
        yield replace(row, kind="citation", record=event.id) if event else row


def shared_row(
    row: ProposedRow, around: Mark | TextSpan, marks: Sequence[Mark], carried: CarriedMarks
) -> ProposedRow:
    """Return a row with the date, places, speaker and terms of its sentence."""
    speakers = [mark for mark in marks if mark.kind is MarkKind.SPEAKER]
    places = [mark for mark in marks if mark.kind is MarkKind.PLACE and not _inside(mark, speakers)]
    # Where a source is from is the place only if the sentence names no other.
    no_dates = (*carried.said, *carried.other_dates)
    dates = [mark for mark in marks if mark.kind is MarkKind.DATE and mark not in no_dates]
    written = [mark for mark in dates if _in_dateline(mark, marks)]
    # How many there are holds for the day of the report; what happened did so before it.
    dates = [mark for mark in dates if mark not in written] or (
        written if row.kind == "estimate" else []
    )
    dates = dates or [*carried.dates]
    named = [mark for mark in marks if mark.kind is MarkKind.PLACE]
    places, named = (
        [mark for mark in each if mark not in carried.ends_of_way] for each in (places, named)
    )
    where = places or named or carried.places
    is_carried = {
        "where": bool(carried.places) and where is carried.places,
        "speaker": bool(carried.speakers) and not speakers,
    }
    dates = [mark for mark in dates if mark.value] or dates
    return replace(
        row,
        when=_nearest(around, dates),
        dates=tuple(dates),
        where=tuple(where),
        speaker=_nearest(around, carried.speakers),
        said=_nearest(around, carried.said),
        hedge=_nearest(around, [mark for mark in marks if mark.kind is MarkKind.HEDGE]),
        others=tuple(
            mark
            for mark in marks
            if mark.kind in {MarkKind.TERM, MarkKind.LAW, MarkKind.ACTOR, MarkKind.OUTLET}
            # Who says it is not whom it is about: “two foremen say”.
            and not (mark.value.startswith(GROUP) and _inside(mark, speakers))
        ),
        carried=frozenset(field for field, carries in is_carried.items() if carries),
    )


def _in_dateline(date: Mark, marks: Iterable[Mark]) -> bool:
    """Whether a date is just after the city of a dateline: “SEOUL, Nov. 19 (Yonhap) --”."""
    return any(
        mark.kind is MarkKind.DATELINE and 0 <= date.start - mark.end <= MAX_AFTER_CITY
        for mark in marks
    )


def _with_own_date(row: ProposedRow, around: Mark, sentence: Sentence) -> ProposedRow:
    """Return a row without a date that is still ahead and another statement's."""
    is_other = row.when is not None and is_told_elsewhere(row.when, around, sentence)
    return replace(row, when=None) if is_other else row


def _with_date_of_clause(row: ProposedRow, number: Mark, sentence: Sentence) -> ProposedRow:
    """Return a row with the date in the clause of its number, if only another is nearer.

    12日は約110人、15日は約70人: the second day is not that of the first number.
    """
    inside = [date for date in row.dates if in_same_clause(date, number, sentence)]
    when = _nearest(number, inside)
    return replace(row, when=when) if when and row.when else row


def _ahead(row: ProposedRow, action: Mark, sentence: Sentence) -> ProposedRow:
    """Return a row of what is still ahead as a plan, or with the deadline of an order."""
    if row.when and row.type in ORDERS and deadline_of(row.when.value):
        return replace(row, when=None, deadline=row.when)
    nature = nature_of(action, row.when, sentence)
    is_ahead = row.when is not None and is_still_ahead(row.when, sentence)
    return replace(row, nature=nature) if is_ahead else row


def _inside(mark: Mark, others: Iterable[Mark]) -> bool:
    return any(mark.within(other) for other in others)


def _nearest(mark: Mark | TextSpan, others: Sequence[Mark]) -> Mark | None:
    """Return the mark with the fewest characters between it and another."""

    def distance(other: Mark) -> int:
        return max(other.start - mark.end, mark.start - other.end, 0)

    return min(others, key=distance, default=None)


def _first_of_each(actions: Iterable[Mark]) -> list[Mark]:
    """Return the first action of each type: a type is one row, however often it is named."""
    first: dict[str, Mark] = {}
    for action in actions:
        first.setdefault(action.value, action)
    return [*first.values()]


def _counts(number: Mark, action: Mark | None) -> str:
    """Return what a figure counts, by its unit or by the verb beside it."""
    unit = number.figure.unit if number.figure else ""
    if unit in COUNTS_OF_UNIT:
        return COUNTS_OF_UNIT[unit].value
    kind = action.value if action else ""
    if kind in ARRIVALS:
        return Counts.ARRIVALS.value
    if kind in DEPARTURES:
        return Counts.DEPARTURES.value
    return (Counts.TAKING_PART if kind in TAKING_PART else Counts.PRESENT).value


def _counts_on_the_way(way: str) -> str:
    """Return what people on the way are counted as: crossings, unless the text tells where to."""
    if way in ARRIVALS:
        return Counts.ARRIVALS.value
    return (Counts.DEPARTURES if way in DEPARTURES else Counts.CROSSINGS).value


# Events on record ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _OnRecord:
    known: Sequence[KnownEvent]
    surroundings: Surroundings

    def close_to(self, row: ProposedRow, sentence: Sentence) -> KnownEvent | None:
        """Return the event of the same type, in one of the places, nearest in time."""
        own = {mark.value for mark in row.where}
        around = own | {each for place in own for each in self.surroundings(place)}
        days = _days(row.when, sentence)
        candidates = [
            (apart, event)
            for event in self.known
            # One is in the other. That both are in China or in the world says nothing.
            if event.type == row.type
            and (event.places & own or (event.own or event.places) & around)
            if (apart := _days_apart(days, _bounded(event.days))) <= NEAR_DAYS
        ]
        nearest = min(candidates, key=lambda pair: (pair[0], pair[1].id), default=None)
        return nearest[1] if nearest else None


def _days(when: Mark | None, sentence: Sentence) -> Days:
    """Return the days of a date; without one those about the publication."""
    if when:
        try:
            whole = dates.parse(when.value).whole or Days()
        except DateError:
            return Days()
        # “By the end of March” is near the end of March, not any day before.
        return Days(whole.first or whole.last, whole.last or whole.first)
    return Days(sentence.published, sentence.published) if sentence.published else Days()


def _bounded(days: Days) -> Days:
    """Return the days of an event; one without an end is near for a year only."""
    if days.first is None or days.last is not None:
        return days
    return Days(days.first, days.first + timedelta(days=MAX_ONGOING_DAYS))


def _days_apart(days: Days, other: Days) -> int:
    """Return how many days are between two times; 0 if they may be the same."""
    if days == Days() or other == Days():
        return NEAR_DAYS + 1
    if days.overlaps(other):
        return 0
    gaps = [
        (later - earlier).days
        for later, earlier in ((days.first, other.last), (other.first, days.last))
        if later and earlier
    ]
    return max(gaps)
