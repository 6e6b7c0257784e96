"""The private text of a report as its page shows it: sentences with marks, linked to rows."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import ROW, Document
from app.desk.reading.article import ArticleReading
from app.desk.reading.marks import Mark, MarkKind
from app.desk.reading.sentences import split_sentences
from app.desk.sheets import taking
from app.desk.sheets.codes_in_force import TYPE, code_in_force
from app.desk.sheets.form import UNDECIDED, StatementState
from app.desk.sheets.mark_words import mark_in_words
from app.desk.sheets.taking import OUTSIDE, SLOTS, Slot, TextMark, sentences_of
from app.i18n.translate import N_, _
from app.vocabulary.speaker_groups import speaker_group

SIGNS: dict[MarkKind, tuple[str, str]] = {
    MarkKind.DATE: ("date", N_("Date")),
    MarkKind.ESTIMATE: ("num", N_("Estimate")),
    MarkKind.PLACE: ("place", N_("Place")),
    MarkKind.DATELINE: ("dateline", N_("Dateline")),
    MarkKind.SPEAKER: ("who", N_("Speaker")),
    MarkKind.ACTION: ("act", N_("Action")),
    MarkKind.TERM: ("term", N_("Term")),
    MarkKind.LAW: ("term", N_("Law")),
    MarkKind.ACTOR: ("term", N_("Actor")),
    MarkKind.OUTLET: ("term", N_("Outlet")),
    MarkKind.HEDGE: ("hedge", N_("Reserve")),
    MarkKind.DENIAL: ("deny", N_("Denial")),
}
"""The sign of each kind of mark, and its name. Others, such as nationalities, are not shown."""
LEGEND = {
    "date": N_("Date"),
    "num": N_("Estimate"),
    "place": N_("Place"),
    "dateline": N_("Dateline"),
    "who": N_("Speaker"),
    "act": N_("Action"),
    "term": N_("Term"),
    "hedge": N_("Reserve"),
    "deny": N_("Denial"),
}


@dataclass(frozen=True)
class SheetText:
    """The stored text of a report, with its marks."""

    words: str
    language: str
    translation: str
    delete_after: str
    """The day of its deletion, in words."""
    reading: ArticleReading
    problem: str = ""
    """Why there are no marks."""


@dataclass(frozen=True)
class Segment:
    """A piece of a sentence. `kind` is the sign of its mark; "" for words without one."""

    words: str
    kind: str = ""
    reading: str = ""
    anchor: str = ""
    is_waiting: bool = False
    group: str = ""
    """The symbol of a speaker."""


@dataclass(frozen=True)
class RowNumber:
    number: int
    key: str


@dataclass(frozen=True)
class SentenceView:
    number: int
    segments: Sequence[Segment]
    translation: str
    rows: Sequence[RowNumber]
    is_ignored: bool
    is_current: bool = False
    shown_in: RowNumber | None = None
    """On a phone: the row that has shown this sentence already."""


@dataclass(frozen=True)
class UnusedMark:
    words: str
    kind: str
    reading: str


@dataclass(frozen=True)
class UnusedMarks:
    sentence: int
    marks: Sequence[UnusedMark]
    has_row: bool
    """Whether somebody has accepted a row of the sentence: then nothing has to be decided."""


@dataclass(frozen=True)
class LegendEntry:
    code: str
    label: str
    count: int


@dataclass(frozen=True)
class TextView:
    language: str
    words: str
    translated: str
    delete_after: str
    paragraphs: Sequence[Sequence[SentenceView]]
    legend: Sequence[LegendEntry]
    unused: Sequence[UnusedMarks]

    @property
    def has_translation(self) -> bool:
        return bool(self.translated.strip())

    def sentence(self, number: int) -> SentenceView | None:
        return next(
            (each for part in self.paragraphs for each in part if each.number == number), None
        )


def text_marks(text: str, reading: ArticleReading) -> list[TextMark]:
    """Return all marks with their words and the numbers of their sentences."""
    return [
        TextMark(number, text[mark.start : mark.end], mark)
        for number, (_sentence, marks) in enumerate(reading, start=1)
        for mark in marks
    ]


def text_view(
    catalogue: Catalogue, document: Document, text: SheetText, current: Sequence[int] = ()
) -> TextView:
    """Return a text with its marks; `current` are the sentences of the current row."""
    reading = text.reading
    marker = _Marker(catalogue, document, text.words)
    translations = _aligned(text.words, reading, text.translation)
    sentences = []
    unused = []
    for number, (sentence, marks) in enumerate(reading, start=1):
        rows = marker.rows_of(number)
        segments = [*marker.segments(number, sentence.start, sentence.end, marks)]
        sentences.append(
            SentenceView(
                number,
                segments,
                translations.get(number, ""),
                [RowNumber(marker.numbers[row[ROW]], row[ROW]) for row in rows],
                is_ignored=not rows and number in marker.ignored,
                is_current=number in current,
            )
        )
        if left := [*marker.unused(number, marks)]:
            unused.append(UnusedMarks(number, left, has_row=marker.has_row(number)))
    kinds = Counter(each.kind for sentence in sentences for each in sentence.segments if each.kind)
    waiting = sum(each.is_waiting for sentence in sentences for each in sentence.segments)
    legend = [
        LegendEntry(code, _(label), kinds[code]) for code, label in LEGEND.items() if kinds[code]
    ]
    if waiting:
        legend.append(LegendEntry("waiting", _("To decide"), waiting))
    return TextView(
        text.language,
        text.words,
        text.translation,
        text.delete_after,
        _paragraphs(text.words, reading, sentences),
        legend,
        unused,
    )


def numbered_rows(document: Document) -> dict[str, int]:
    """Return the number of each row that is not rejected, by its key."""
    live = (row for row in document["rows"] if row["state"] != StatementState.REJECTED)
    return {row[ROW]: number for number, row in enumerate(live, start=1)}


class _Marker:
    """Finds out what became of each mark: the row that has it, or that nobody has decided."""

    def __init__(self, catalogue: Catalogue, document: Document, text: str) -> None:
        self.catalogue, self.document, self.text = catalogue, document, text
        self.numbers = numbered_rows(document)
        self.ignored = {
            number
            for row in document["rows"]
            if row["state"] == StatementState.REJECTED
            for number in sentences_of(row)
        }

    def rows_of(self, sentence: int) -> list[Document]:
        return [
            row
            for row in self.document["rows"]
            if row[ROW] in self.numbers and sentence in sentences_of(row)
        ]

    def has_row(self, sentence: int) -> bool:
        return any(row["state"] == StatementState.ACCEPTED for row in self.rows_of(sentence))

    def holder(self, sentence: int, mark: Mark) -> Document | None:
        """Return the row that has a mark: a decided one first."""
        each = TextMark(sentence, self.text[mark.start : mark.end], mark)
        holders = [row for row in self.rows_of(sentence) if self._holds(row, each)]
        return min(holders, key=lambda row: row["state"] in UNDECIDED, default=None)

    def _holds(self, row: Document, each: TextMark) -> bool:
        mark = each.mark
        if mark.reason in OUTSIDE:
            return True
        match mark.kind:
            case MarkKind.ACTION:
                known = code_in_force(self.catalogue, TYPE, mark.value)
                return row["type"] == known or not known or row["kind"] != "event"
            case MarkKind.OUTLET:
                return True
            case MarkKind.DENIAL:
                return bool(row["stance"] == mark.value)
            case MarkKind.DATE if any(day["said"] == mark.value for day in self.document["days"]):
                return True
            case MarkKind.PLACE if row["kind"] == "citation":
                return True
        slot = slot_of(mark)
        return slot is None or taking.is_held(self.document, row, slot, each)

    def is_open(self, sentence: int, mark: Mark) -> bool:
        """Whether nobody has used or ignored a mark. Of a dateline nothing is to decide."""
        return (
            mark.kind in SIGNS
            and mark.kind is not MarkKind.DATELINE
            and self.holder(sentence, mark) is None
            and sentence not in self.ignored
        )

    def segments(
        self, sentence: int, start: int, end: int, marks: Sequence[Mark]
    ) -> Iterator[Segment]:
        at = start
        for mark in _apart(mark for mark in marks if mark.kind in SIGNS):
            if mark.start > at:
                yield Segment(self.text[at : mark.start])
            yield self._segment(sentence, mark)
            at = mark.end
        if at < end:
            yield Segment(self.text[at:end])

    def _segment(self, sentence: int, mark: Mark) -> Segment:
        sign, name = SIGNS[mark.kind]
        if mark.kind is MarkKind.DATELINE:
            said = _("{kind}: {reading}").format(kind=_(name), reading=self.reading(mark))
            return Segment(self.text[mark.start : mark.end], sign, said)
        row = self.holder(sentence, mark)
        is_waiting = (
            row["state"] in UNDECIDED
            if row
            else sentence not in self.ignored and not self.has_row(sentence)
        )
        if row:
            said = (
                _("{kind}: {reading}, row {number}, to decide")
                if is_waiting
                else _("{kind}: {reading}, row {number}")
            )
        else:
            said = (
                _("{kind}: {reading}, not used, to decide")
                if is_waiting
                else _("{kind}: {reading}, not used")
            )
        number = self.numbers[row[ROW]] if row else ""
        anchor = f"row-{row[ROW]}" if row else "unused" if is_waiting else f"sentence-{sentence}"
        return Segment(
            self.text[mark.start : mark.end],
            sign,
            said.format(kind=_(name), reading=self.reading(mark), number=number),
            anchor,
            is_waiting,
            speaker_group(mark.value) if mark.kind is MarkKind.SPEAKER else "",
        )

    def unused(self, sentence: int, marks: Sequence[Mark]) -> Iterator[UnusedMark]:
        for mark in _apart(mark for mark in marks if mark.kind in SIGNS):
            if self.is_open(sentence, mark):
                yield UnusedMark(
                    self.text[mark.start : mark.end], _(SIGNS[mark.kind][1]), self.reading(mark)
                )

    def reading(self, mark: Mark) -> str:
        """Return what a mark means, in words."""
        return mark_in_words(self.catalogue, mark)


def made_of(catalogue: Catalogue, document: Document, row: Document, each: TextMark) -> bool:
    """Whether a proposed row has the value of a mark of its sentences."""
    if each.mark.kind is MarkKind.DENIAL:
        return bool(row["stance"] == each.mark.value)
    if (slot := slot_of(each.mark)) is None:
        return bool(row["type"] == code_in_force(catalogue, TYPE, each.mark.value))
    return taking.is_held(document, row, slot, each)


def slot_of(mark: Mark) -> Slot | None:
    """Return the field that a mark goes into."""
    return next(
        (
            slot
            for slot in SLOTS
            if slot.kind is mark.kind and (not slot.list or mark.value.startswith(f"{slot.list}:"))
        ),
        None,
    )


def _apart(marks: Iterator[Mark]) -> list[Mark]:
    """Return marks in order; of those that overlap the longest."""
    chosen: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (-mark.length, mark.start)):
        if not any(mark.overlaps(other) for other in chosen):
            chosen.append(mark)
    return sorted(chosen, key=lambda mark: mark.start)


# Paragraphs and translation ---------------------------------------------------------------------


def _paragraphs(
    text: str, reading: ArticleReading, sentences: Sequence[SentenceView]
) -> list[list[SentenceView]]:
    paragraphs: list[list[SentenceView]] = []
    end = 0
    for view, sentence in zip(sentences, reading.sentences, strict=True):
        if not paragraphs or "\n" in text[end : sentence.start]:
            paragraphs.append([])
        paragraphs[-1].append(view)
        end = sentence.end
    return paragraphs


def _aligned(text: str, reading: ArticleReading, translation: str) -> dict[int, str]:
    """Return the translation of each sentence by its number.

    Where a paragraph has another number of sentences, all of it is beside its last one.
    """
    if not translation.strip():
        return {}
    originals = _paragraphs(
        text,
        reading,
        [SentenceView(n, (), "", (), False) for n in range(1, len(reading.sentences) + 1)],
    )
    translated = [part.strip() for part in re.split(r"\n+", translation) if part.strip()]
    if len(translated) != len(originals):
        originals = [[each for part in originals for each in part]]
        translated = [" ".join(translated)]
    aligned: dict[int, str] = {}
    for original, part in zip(originals, translated, strict=True):
        parts = [sentence.text for sentence in split_sentences(part, "en", None)]
        if len(parts) == len(original):
            aligned |= {view.number: words for view, words in zip(original, parts, strict=True)}
        else:
            aligned[original[-1].number] = part
    return aligned


def sentences_said(
    sentences: Sequence[SentenceView], shown: dict[int, RowNumber], row: RowNumber
) -> list[SentenceView]:
    """Return the sentences of a row; of one that another row has shown, only where that is."""
    said = []
    for sentence in sentences:
        said.append(replace(sentence, shown_in=shown.get(sentence.number)))
        shown.setdefault(sentence.number, row)
    return said
