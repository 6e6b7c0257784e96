"""Proposes the stages of a rule: clauses that each have a day from which, or by which, it holds.

“For taxis from 1 April, for delivery from 1 June”; “in the first step by 21 October; in the second
by the end of November”. Which of them are stages of one rule is found by `stage_rows`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from app.dates import edtf as dates
from app.dates.edtf import DateError
from app.desk.reading.marks import Language, Mark, MarkKind, Reason, Sentence, StageDay
from app.desk.reading.stage_words import (
    DEMAND,
    EFFECT,
    ELLIPTIC,
    MIN_OBJECT_LETTERS,
    NO_OBJECT,
    ORDINAL,
    STEPWISE,
    STRONG_BREAK,
    WEAK_BREAK,
)
from app.desk.reading.words import plain

MAX_DAYS_BEFORE = 31
"""The last stage begins at most so many days before the report, unless the text counts stages."""
MAX_AFTER_DATE = 3
"""Characters between a date and a comma that ends its clause."""
BRACKETS = re.compile(r"[\[\]]")


class _Bound(NamedTuple):
    """A date as the start or the deadline of a stage."""

    date: Mark
    is_deadline: bool
    is_plain: bool
    """Whether no word says which of the two it is."""


class StageProposer:
    """Marks the clause of each stage; the value is its day, `also` what that day is.

    A single day on which something takes effect is marked as `LATER_STAGE`: it is a stage only
    beside another one.
    """

    def propose(self, sentence: Sentence, known: Iterable[Mark]) -> Iterator[Mark]:
        text, language = plain(sentence.text), sentence.language
        found = [mark for mark in known if mark.kind is MarkKind.DATE and mark.value]
        bounds = [_bound(mark) for mark in found]
        if not bounds:
            return
        ordinals = _ordinals(sentence, text)
        if ordinals:
            yield from _numbered(text, ordinals, bounds)
        elif len(alike := _alike(sentence, text, bounds)) > 1:
            yield from _in_a_row(sentence, text, alike)
        elif EFFECT[language].search(text) and len(bounds) == 1 and not bounds[0].is_deadline:
            bound = bounds[0]
            day = _day(bound, None, sentence.published)
            if _is_ahead(day, sentence.published):
                yield _mark(0, len(text), bound, day, Reason.LATER_STAGE)


def _bound(mark: Mark) -> _Bound:
    is_deadline = mark.value.startswith(("..", "[.."))
    is_start = mark.value.endswith(("/..", "..]"))
    return _Bound(mark, is_deadline, not (is_deadline or is_start))


# Stages with numbers ----------------------------------------------------------------------------


def _ordinals(sentence: Sentence, text: str) -> list[int]:
    """Return where the stages of a sentence are numbered: “in the second” follows a first step."""
    language = sentence.language
    own = [found.start() for found in ORDINAL[language].finditer(text)]
    before = [plain(earlier.text) for earlier, _marks in sentence.earlier]
    is_going_on = bool(own) or any(ORDINAL[language].search(words) for words in before)
    if is_going_on:
        own += [found.start() for found in ELLIPTIC[language].finditer(text)]
    return sorted(own)


def _numbered(text: str, ordinals: Sequence[int], bounds: Sequence[_Bound]) -> Iterator[Mark]:
    """Yield a stage for each number with a day in its clause."""
    last: date | None = None
    starts = [*ordinals]
    if len(ordinals) == 1 and all(bound.date.start < ordinals[0] for bound in bounds):
        starts = [0]  # “By 21 October, in the first step, …”
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        own = [bound for bound in bounds if start <= bound.date.start < end]
        if own:
            bound = min(own, key=lambda each: each.is_plain)
            day = _day(bound, last)
            last = _first(day) or last
            yield _mark(start, end, bound, day, Reason.NUMBERED_STAGE)


# Stages in a row --------------------------------------------------------------------------------


def _alike(sentence: Sentence, text: str, bounds: Sequence[_Bound]) -> list[_Bound]:
    """Return the days of one sentence that may be stages of one rule; none if they are not."""
    language = sentence.language
    before = [plain(earlier.text) for earlier, _marks in sentence.earlier[-1:]]
    is_stepwise = any(STEPWISE[language].search(words) for words in (text, *before))
    is_effect = EFFECT[language].search(text) is not None
    is_demand = DEMAND[language].search(text) is not None
    deadlines = [each for each in bounds if each.is_deadline]
    starts = [each for each in bounds if not each.is_deadline]
    if any(not each.is_plain for each in starts):
        # A day without a connective among others with one is that of a statement.
        starts = [each for each in starts if not each.is_plain]
    if len(deadlines) > 1 and (is_stepwise or is_demand or is_effect):
        alike = deadlines
        if is_demand and starts and not starts[0].is_plain:
            alike = [*bounds]  # “from 1 March taxi firms must …, hotels by 1 May and farms by …”
    elif len(starts) > 1 and not deadlines and (is_stepwise or is_effect):
        alike = starts
    else:
        return []
    days = [_day(each, None, sentence.published) for each in alike]
    if not is_stepwise:
        # “It was signed on 3 June and takes effect on 1 July”: only what is to come is a start.
        is_plain = all(each.is_plain for each in alike)
        first, days_before = (days[0], 0) if is_plain else (days[-1], MAX_DAYS_BEFORE)
        if not _is_ahead(first, sentence.published, days_before):
            return []
    clauses = _clauses(text, language, alike)
    is_each = all(_has_object(text, clause, alike, language) for clause in clauses)
    return alike if is_each else []


def _in_a_row(sentence: Sentence, text: str, alike: Sequence[_Bound]) -> Iterator[Mark]:
    last: date | None = None
    clauses = _clauses(text, sentence.language, alike)
    for bound, (start, end) in zip(alike, clauses, strict=True):
        day = _day(bound, last, sentence.published)
        last = _first(day) or last
        yield _mark(start, end, bound, day, Reason.STAGE)


def _clauses(text: str, language: Language, bounds: Sequence[_Bound]) -> list[tuple[int, int]]:
    """Return the clause of each day: those whom it is for are before it, or after it."""
    cuts = [0]
    for one, other in pairwise(bounds):
        start, end = one.date.end, other.date.start
        gap = text[start:end]
        breaks = [*STRONG_BREAK[language].finditer(gap)] or [*WEAK_BREAK[language].finditer(gap)]
        if not breaks:
            # “4月1日起餐饮业 6月1日起…”: what follows the first day belongs to it where it leads.
            leads = not text[: bounds[0].date.start].strip(" ,、自从")
            cuts.append(end if leads else start)
        else:
            is_closed = breaks[0].start() <= MAX_AFTER_DATE
            cut = breaks[0] if is_closed else breaks[-1]
            cuts.append(start + cut.end())
    return [*zip(cuts, [*cuts[1:], len(text)], strict=True)]


def _has_object(
    text: str, clause: tuple[int, int], bounds: Sequence[_Bound], language: Language
) -> bool:
    """Whether a clause says for whom its day is, besides the day itself."""
    words = list(text[clause[0] : clause[1]])
    for bound in bounds:
        for at in range(max(bound.date.start, clause[0]), min(bound.date.end, clause[1])):
            words[at - clause[0]] = " "
    rest = re.sub(r"[\W\d_]+", " ", NO_OBJECT[language].sub(" ", "".join(words)))
    return len(rest.replace(" ", "")) >= MIN_OBJECT_LETTERS[language]


# Days -------------------------------------------------------------------------------------------


def _day(bound: _Bound, last: date | None, published: date | None = None) -> str:
    """Return the day of a stage: of its readings one that is not before the stage before.

    If the day of the report is given, one that is ahead of it comes first.
    """
    readings = [_plain_day(each) for each in (bound.date.value, *bound.date.also)]
    later = [each for each in readings if last is None or ((_first(each) or last) >= last)]
    ahead = [each for each in later if published is not None and _is_ahead(each, published)]
    return [*ahead, *later, *readings][0]


def _plain_day(value: str) -> str:
    """Return a date without what makes it a start or a deadline: 2026-04-01 for 2026-04-01/..."""
    if value.startswith(("..", "[..")) or value.endswith(("/..", "..]")):
        value = BRACKETS.sub("", value)
        return value.removeprefix("../").removeprefix("..").removesuffix("/..").removesuffix("..")
    return value


def _first(day: str) -> date | None:
    try:
        whole = dates.parse(day).whole
    except DateError:
        return None
    return whole.first or whole.last if whole else None


def _is_ahead(day: str, published: date | None, days_before: int = MAX_DAYS_BEFORE) -> bool:
    """Whether a day is after the report, or shortly before it."""
    first = _first(day)
    return published is None or (
        first is not None and first >= published - timedelta(days=days_before)
    )


def _mark(start: int, end: int, bound: _Bound, day: str, reason: Reason) -> Mark:
    kind = StageDay.DEADLINE if bound.is_deadline else StageDay.START
    return Mark(start, end, MarkKind.STAGE, day, reason, (kind.value,))
