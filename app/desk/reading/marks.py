"""A mark: words of a report, what they may mean, and why they are proposed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, Protocol

from app.vocabulary.code import Code

Language = Literal["en", "ko", "zh", "ja", "ru"]
LANGUAGES: tuple[Language, ...] = ("en", "ko", "zh", "ja", "ru")


class MarkKind(StrEnum):
    """What a mark is about."""

    DATE = "date"
    ESTIMATE = "estimate"
    PLACE = "place"
    DATELINE = "dateline"
    """The city where the report was written: no place of a row."""
    OUTLET = "outlet"
    ACTOR = "actor"
    LAW = "law"
    TERM = "term"
    NATIONALITY = "nationality"
    SPEAKER = "speaker"
    HEDGE = "hedge"
    ACTION = "action"
    DENIAL = "denial"
    """Words of a denial, or of not knowing: the value is a stance."""
    STAGE = "stage"
    """A clause with the day of one stage of a rule. It is shown in no text."""
    CORRECTION = "correction"
    """A number that the report corrects, or the one in its place. It is shown in no text."""


class StageDay(StrEnum):
    """What the day of a stage is."""

    START = "start"
    DEADLINE = "deadline"


class Reason(Code):
    """Why a mark is proposed. Editors see the label."""

    WRITTEN_DATE = "written-date", "A date as it is written."
    COUNTED_DATE = "counted-date", "Counted from the day the report was published."
    DATE_BEFORE = "date-before", "Counted from the date before it in the text."
    UNREAD_DATE = "unread-date", "A time counted from something that has no date here."
    SEVERAL_DATES = "several-dates", "The words have more than one meaning."
    COUNTED = "counted", "A number with what it counts."
    UNIT_CARRIED = "unit-carried", "A number; it counts what the number before it counts."
    UNIT_ASSUMED = "unit-assumed", "A number; that it counts people is assumed."
    NUMBER_IN_WORDS = "number-in-words", "A number in words, without a figure."
    NAME = "name", "A name in the record."
    SEVERAL_NAMES = "several-names", "A name of more than one record."
    GAZETTEER = "gazetteer", "A town of the gazetteer; the record does not have it."
    COUNTRY = "country", "A country that the record does not have."
    DATELINE = "dateline", "Where the report was written, as its dateline says."
    NUMBERED_LAW = "numbered-law", "A resolution by its number."
    WORD = "word", "A word for this term."
    NO_CODE = "no-code", "A word or number for which the record has no code."
    NATIONALITY = "nationality", "A word for this nationality."
    SAYS = "says", "Before or after a verb of saying."
    CARRIED_SPEAKER = "carried-speaker", "Named before; here only “he” or “the trader”, or nobody."
    SOURCE_GIVEN = "source-given", "Words that give the source of a statement."
    RESERVE = "reserve", "Words of reserve."
    RUMOUR = "rumour", "Words for a rumour or a question."
    DENIED = "denied", "A type of event that somebody says did not happen."
    VERB = "verb", "Words for this type of event."
    DENIAL = "denial", "Words of somebody who denies it."
    UNKNOWING = "unknowing", "Words of somebody who does not know of it."
    UNCONFIRMED = "unconfirmed", "Words of somebody who does not confirm it."
    NUMBERED_STAGE = "numbered-stage", "A stage of a rule by its number, with its day."
    STAGE = "stage", "One stage of a rule, with a day of its own."
    LATER_STAGE = "later-stage", "A day on which a rule takes effect for some."
    CORRECTED = "corrected", "A number that the report corrects."
    CORRECT = "correct", "The number that takes the place of an earlier one."


@dataclass(frozen=True, slots=True)
class Figure:
    """The reading of an estimate, with the codes of `app/vocabulary/estimates.py`."""

    quantifier: str
    low: float | None = None
    high: float | None = None
    """Equal to `low` for a point. Both None: words only."""
    unit: str = "people"
    per: str = ""
    form: str = "number"

    @property
    def text(self) -> str:
        """The reading on one line, as in `about 2000 people` or `range 40-60 people/week`."""
        numbers = (
            "" if self.low is None else f"{self.low:.4g}" if self.low < 1 else _plain(self.low)
        )
        if self.high is not None and self.high != self.low:
            numbers += f"-{_plain(self.high)}"
        unit = self.unit + (f"/{self.per}" if self.per else "")
        change = "change" if self.form in {"change", "percent-change"} else ""
        return " ".join(filter(None, (self.quantifier, numbers, unit, change)))


def _plain(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".") if number % 1 else str(int(number))


@dataclass(frozen=True, slots=True)
class MarkedSpeaker:
    """Who speaks in a mark: the same for all marks of one speaker."""

    first: int
    """Where the text first has a mark of this speaker."""
    naming: str = ""
    """Whether the text names the speaker, where it is not as usual for the kind of speaker."""
    through: str = ""
    """The code of an outlet that passes on what the speaker says."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Words from `start` to `end` of a text."""

    start: int
    end: int
    kind: MarkKind
    value: str
    """An EDTF date, a code, or the reading of a figure; empty for a date that can't be read."""
    reason: Reason
    also: tuple[str, ...] = ()
    """Other readings, likeliest first."""
    figure: Figure | None = None
    """Of an estimate."""
    speaker: MarkedSpeaker | None = None

    def overlaps(self, other: "Mark") -> bool:
        return self.start < other.end and other.start < self.end

    def within(self, other: "Mark") -> bool:
        return other.start <= self.start and self.end <= other.end

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its first position in the article."""

    start: int
    text: str
    language: Language
    published: date | None = None
    earlier: Sequence[tuple["Sentence", Sequence[Mark]]] = ()
    """The two sentences before it and their marks, in order, with positions in the article."""
    begins_paragraph: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Proposer(Protocol):
    """Proposes marks in one sentence, with positions in that sentence.

    `known` are the marks of the proposers before it: a number within a date is no estimate.
    """

    def propose(self, sentence: Sentence, known: Iterable[Mark], /) -> Iterable[Mark]: ...


def is_free(start: int, end: int, marks: Iterable[Mark]) -> bool:
    """Whether no mark overlaps these positions."""
    return not any(start < mark.end and mark.start < end for mark in marks)


def longest(marks: Iterable[Mark]) -> list[Mark]:
    """Return marks in order, of those that overlap only the longest."""
    chosen: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (-mark.length, mark.start)):
        if is_free(mark.start, mark.end, chosen):
            chosen.append(mark)
    return sorted(chosen, key=lambda mark: mark.start)
