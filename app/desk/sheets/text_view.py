"""The private text of a report as its page shows it: sentences with marks, and their rows."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.desk.draft_form.catalogue import Catalogue
from app.desk.reading.text import ArticleReading, Mark, MarkKind, longest, split_sentences
from app.desk.sheets.mark_words import mark_in_words
from app.documents import ROW, Document
from app.i18n.translate import N_, _

SIGNS: dict[MarkKind, tuple[str, str]] = {
    MarkKind.DATE: ("date", N_("Date")),
    MarkKind.ESTIMATE: ("num", N_("Estimate")),
    MarkKind.PLACE: ("place", N_("Place")),
    MarkKind.NATIONALITY: ("term", N_("Nationality")),
    MarkKind.LAW: ("term", N_("Law")),
    MarkKind.ACTOR: ("term", N_("Actor")),
    MarkKind.OUTLET: ("term", N_("Outlet")),
}
"""The sign of each kind of mark, and its name."""
LEGEND = {
    "date": N_("Date"),
    "num": N_("Estimate"),
    "place": N_("Place"),
    "term": N_("Term"),
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


@dataclass(frozen=True)
class RowNumber:
    number: int
    key: str


@dataclass(frozen=True)
class SentenceView:
    number: int
    segments: Sequence[Segment] = ()
    translation: str = ""
    rows: Sequence[RowNumber] = ()
    is_current: bool = False
    shown_in: RowNumber | None = None
    """On a phone: the row that has shown this sentence already."""


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

    @property
    def has_translation(self) -> bool:
        return bool(self.translated.strip())

    def sentence(self, number: int) -> SentenceView | None:
        return next(
            (each for part in self.paragraphs for each in part if each.number == number), None
        )


def text_view(
    catalogue: Catalogue, document: Document, text: SheetText, current: Sequence[int] = ()
) -> TextView:
    """Return a text with its marks; `current` are the sentences of the current row."""
    numbers = numbered_rows(document)
    translations = _aligned(text.words, text.reading, text.translation)
    sentences = [
        SentenceView(
            number,
            [*_segments(catalogue, text.words, sentence.start, sentence.end, marks)],
            translations.get(number, ""),
            [
                RowNumber(numbers[row[ROW]], row[ROW])
                for row in document["rows"]
                if number in sentences_of(row)
            ],
            is_current=number in current,
        )
        for number, (sentence, marks) in enumerate(text.reading, start=1)
    ]
    kinds = Counter(each.kind for sentence in sentences for each in sentence.segments if each.kind)
    return TextView(
        text.language,
        text.words,
        text.translation,
        text.delete_after,
        _paragraphs(text.words, text.reading, sentences),
        [LegendEntry(code, _(label), kinds[code]) for code, label in LEGEND.items() if kinds[code]],
    )


def numbered_rows(document: Document) -> dict[str, int]:
    """Return the number of each row, by its key."""
    return {row[ROW]: number for number, row in enumerate(document["rows"], start=1)}


def sentences_of(row: Document) -> list[int]:
    return [int(number) for number in row["sentences"].split() if number.isascii()]


def _segments(
    catalogue: Catalogue, text: str, start: int, end: int, marks: Iterable[Mark]
) -> Iterator[Segment]:
    at = start
    for mark in longest(mark for mark in marks if mark.kind in SIGNS):
        if mark.start > at:
            yield Segment(text[at : mark.start])
        sign, name = SIGNS[mark.kind]
        said = _("{kind}: {reading}").format(kind=_(name), reading=mark_in_words(catalogue, mark))
        yield Segment(text[mark.start : mark.end], sign, said)
        at = mark.end
    if at < end:
        yield Segment(text[at:end])


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
        [SentenceView(n) for n in range(1, len(reading.sentences) + 1)],
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
