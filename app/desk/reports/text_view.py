"""The private text of a report as its page shows it: sentences with their marks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.dates import wording
from app.desk.draft_form import gazetteer
from app.desk.draft_form.catalogue import Catalogue, figure_in_words
from app.desk.reading.text import (
    ArticleReading,
    Figure,
    Mark,
    MarkKind,
    Sentence,
    longest,
    split_sentences,
)
from app.desk.reports import marking, texts
from app.documents import date_in_words
from app.i18n.translate import N_, _
from app.vocabulary.estimates import Quantifier, Unit
from app.vocabulary.events import TermKey

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


@dataclass(frozen=True)
class Segment:
    """A piece of a sentence. `kind` is the sign of its mark; "" for words without one."""

    words: str
    kind: str = ""
    reading: str = ""
    value: str = ""
    """What a press writes into the field that has the focus."""


class ParagraphView(NamedTuple):
    segments: Sequence[Segment]
    translation: str


@dataclass(frozen=True)
class TextView:
    language: str
    words: str
    translated: str
    delete_after: str
    paragraphs: Sequence[ParagraphView]
    problem: str = ""
    """Why there are no marks."""


def text_view(catalogue: Catalogue, source: str) -> TextView | None:
    """Return the private text of a report with its marks; None if there is none."""
    kept = texts.read(catalogue.db, source)
    if kept is None:
        return None
    if kept.marks is not None:
        reading = marking.stored_reading(kept)
    else:
        unread = [*split_sentences(kept.text, marking.language_of(kept) or "en", None)]
        reading = ArticleReading(unread, [() for _each in unread])
    sentences = (
        (sentence, [*_segments(catalogue, kept.text, sentence.start, sentence.end, marks)])
        for sentence, marks in reading
    )
    return TextView(
        kept.language,
        kept.text,
        kept.translation,
        wording.in_words(kept.delete_after.isoformat()),
        _paragraphs(kept.text, sentences, kept.translation),
        marking.problem_in_words(kept),
    )


def _segments(
    catalogue: Catalogue, text: str, start: int, end: int, marks: Iterable[Mark]
) -> Iterator[Segment]:
    at = start
    for mark in longest(mark for mark in marks if mark.kind in SIGNS):
        if mark.start > at:
            yield Segment(text[at : mark.start])
        sign, name = SIGNS[mark.kind]
        words = text[mark.start : mark.end]
        reading = mark_in_words(catalogue, mark, words)
        said = _("{kind}: {reading}").format(kind=_(name), reading=reading)
        yield Segment(words, sign, said, mark.value)
        at = mark.end
    if at < end:
        yield Segment(text[at:end])


# Paragraphs and translation ---------------------------------------------------------------------


def _paragraphs(
    text: str, sentences: Iterable[tuple[Sentence, Sequence[Segment]]], translation: str
) -> list[ParagraphView]:
    """Return the paragraphs, each with its translation; all of it is beside the last one if their
    numbers differ."""
    paragraphs: list[list[Segment]] = []
    end = 0
    for sentence, segments in sentences:
        if not paragraphs or "\n" in text[end : sentence.start]:
            paragraphs.append([])
        paragraphs[-1] += [*segments, Segment(" ")]
        end = sentence.end
    translated = [part.strip() for part in translation.splitlines() if part.strip()]
    if len(translated) != len(paragraphs):
        translated = [""] * (len(paragraphs) - 1) + [" ".join(translated)]
    return [ParagraphView(*each) for each in zip(paragraphs, translated, strict=False)]


# Marks in words ---------------------------------------------------------------------------------

MINIMUMS = {Quantifier.MORE_THAN, Quantifier.AT_LEAST}
MAXIMUMS = {Quantifier.UP_TO, Quantifier.FEWER_THAN}


def mark_in_words(catalogue: Catalogue, mark: Mark, words: str) -> str:
    """Return a date, a number or a name; of a town or country that the record lacks, its name."""
    value = mark.value
    if mark.kind is MarkKind.DATE:
        return date_in_words(value)
    if mark.figure:
        figure = {"counts": "", "printed_words": words, **figure_fields(mark.figure)}
        number = figure_in_words(figure)[0]
        is_people = mark.figure.unit == Unit.PEOPLE and mark.figure.low is not None
        return _("{number} people").format(number=number) if is_people else number
    if mark.kind is MarkKind.NATIONALITY:
        form = catalogue.code(TermKey.NATIONALITY, value)
        return form.label if form else value
    of, _colon, code = value.partition(":")
    if of == "town" and (town := gazetteer.towns()[0].get(int(code))):
        return f"{town.name}, {gazetteer.country_name(town.country)}"
    if of == "country":
        return gazetteer.country_name(code)
    known = catalogue.directory.named_records.get(mark.kind.value, {})
    return catalogue.label(value, mark.kind.value) if value in known else value


def figure_fields(figure: Figure) -> dict[str, str]:
    """Return the fields of a row that a figure fills: a bound as a bound, a point without any."""
    low, high = (_plain_number(number) for number in (figure.low, figure.high))
    if low == high and figure.quantifier in MINIMUMS:
        numbers = {"low": low, "point": "", "high": ""}
    elif low == high and figure.quantifier in MAXIMUMS:
        numbers = {"low": "", "point": "", "high": high}
    elif low == high:
        numbers = {"low": "", "point": low, "high": ""}
    else:
        numbers = {"low": low, "point": "", "high": high}
    return {
        **numbers,
        "quantifier": figure.quantifier,
        "unit": figure.unit,
        "per": figure.per,
        "form": "" if figure.form == "number" else figure.form,
    }


def _plain_number(number: float | None) -> str:
    return "" if number is None else f"{number:.6f}".rstrip("0").rstrip(".")
