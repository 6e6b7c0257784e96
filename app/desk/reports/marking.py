"""Marks of a report's text, computed in a worker process and kept beside the text.

Names are those of the record and of drafts, in every script, then those of the gazetteer. Where
marks can't be computed the text stays as it is, and the reason is kept with it.
"""

import contextlib
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from app.dates import edtf
from app.dates.edtf import Days
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.report_settings import ReportText
from app.desk.reading.names import NameTable, RecordNames, name_rows, usual_proposers
from app.desk.reading.relays import facts_of
from app.desk.reading.text import (
    LANGUAGES,
    ArticleReading,
    Figure,
    Language,
    Mark,
    MarkKind,
    Sentence,
    read_article,
)
from app.desk.reports import texts
from app.documents import Document
from app.i18n.translate import _
from app.kinds import NamedForm, PlaceForm
from app.kinds.locale_names import code_of_language, guess_language
from app.vocabulary.code import Code
from app.vocabulary.kinds import RecordNoun
from app.vocabulary.record import PlaceKind
from app.worker_pool import (
    DESK,
    IDLE_SECONDS,
    POOL,
    START_SECONDS,
    PoolFullError,
    TaskLimitError,
)

MAX_SECONDS = 15
"""CPU time. An article of 800 words takes 0.1 s, the first of a process 2 s for the names."""
MAX_MARKED_CHARACTERS = 40_000
"""Longer texts get no marks: their page would be too long to work with."""
KINDS = {
    RecordNoun.PLACE: MarkKind.PLACE,
    RecordNoun.OUTLET: MarkKind.OUTLET,
    RecordNoun.ACTOR: MarkKind.ACTOR,
    RecordNoun.LAW: MarkKind.LAW,
}


class MarkingProblem(Code):
    """Why a text has no marks. The text is kept, and entries are made by hand."""

    BUSY = "busy"
    LIMIT = "limit"
    LENGTH = "length"
    LANGUAGE = "language"


def mark_text(db: Session, catalogue: Catalogue, kept: ReportText, published: str) -> bool:
    """Compute and keep the marks of a text; false with the reason in `problem` if it can't be.

    `published` is the report's day in EDTF, from which dates such as “yesterday” are counted.
    """
    language = language_of(kept)
    kept.problem = ""
    if language is None:
        kept.problem = MarkingProblem.LANGUAGE.value
    elif len(kept.text) > MAX_MARKED_CHARACTERS:
        kept.problem = MarkingProblem.LENGTH.value
    else:
        names = tuple(record_names(catalogue))
        _wait_for_names()
        try:
            kept.marks = POOL.run(
                DESK, MAX_SECONDS, read_in_worker, kept.text, language, published, names
            )
        except PoolFullError:
            kept.problem = MarkingProblem.BUSY.value
        except TaskLimitError:
            kept.problem = MarkingProblem.LIMIT.value
    if kept.problem:
        kept.marks = None
    db.flush()
    texts.keep_facts(db, kept.source, published, facts_of(stored_reading(kept)))
    return not kept.problem


def mark_again_if_due(db: Session, catalogue: Catalogue, source: str) -> bool:
    """Mark a text again if its report has another day or language than it was read by.

    Dates such as “late September” are counted from the day of publication. If the text can't be
    marked now, its marks stay as they are.
    """
    kept, document = db.get(ReportText, source), catalogue.document(source)
    if kept is None:
        return False
    published = document["published"] if document else ""
    language = language_of_source(document, kept.text)
    if not is_outdated(kept, language, published):
        return False
    before = kept.language, kept.marks, kept.problem
    kept.language = language
    if mark_text(db, catalogue, kept, published):
        return True
    kept.language, kept.marks, kept.problem = before
    return False


class _Warming:
    """The background thread that has a worker read the names, and when it began."""

    lock = threading.Lock()
    began = -float(IDLE_SECONDS)
    """Seconds of the monotonic clock."""
    thread: threading.Thread | None = None


def warm_up(catalogue: Catalogue) -> None:
    """Have a worker read the names, in the background, before somebody pastes a text.

    A cold process takes seconds for them, beside other work ten. Not repeated while a worker keeps
    them. Where it fails the text that is pasted is only marked later.
    """
    if time.monotonic() - _Warming.began < IDLE_SECONDS:
        return
    names = tuple(record_names(catalogue))

    def read_names() -> None:
        with contextlib.suppress(PoolFullError, TaskLimitError):
            POOL.run(DESK, MAX_SECONDS, read_in_worker, "", "en", "", names)

    with _Warming.lock:
        if time.monotonic() - _Warming.began < IDLE_SECONDS:
            return
        _Warming.began = time.monotonic()
        _Warming.thread = threading.Thread(target=read_names, name="names for marks", daemon=True)
        _Warming.thread.start()


def _wait_for_names() -> None:
    """Wait for the worker that reads the names: it holds the place in the queue meanwhile."""
    if _Warming.thread is not None:
        _Warming.thread.join(START_SECONDS)


def problem_in_words(kept: ReportText) -> str:
    """Return why a text has no marks; "" if it has some, or was not read yet."""
    problem = MarkingProblem.by_code().get(kept.problem)
    return _(problem.label) if problem else ""


def language_of(kept: ReportText) -> Language | None:
    """Return the language in which a text is read: that of the source, or as its letters tell."""
    code = (kept.language or guess_language(kept.text, "en")).partition("-")[0]
    return next((language for language in LANGUAGES if language == code), None)


def language_of_source(source: Document | None, text: str) -> str:
    """Return the language of a source; if it has none, what its letters show; "" if nothing."""
    named = code_of_language(source["language"]) if source else ""
    return named or guess_language(text, "en")


def is_outdated(kept: ReportText, language: str, published: str) -> bool:
    """Whether a text can be marked for another language or day than its marks were found by."""
    code = language.partition("-")[0]
    if code not in LANGUAGES:
        return False
    if kept.marks is None:
        return kept.problem == MarkingProblem.LANGUAGE
    counted_from = published if certain_days(published) else ""
    return (kept.marks["language"], kept.marks["published"]) != (code, counted_from)


def certain_days(published: str) -> Days | None:
    """Return the days of a date without a doubt: a day, or a month or year as a whole."""
    parsed = edtf.parse_or_none(published)
    return parsed.whole if parsed and parsed.shape == "date" and not parsed.parts[0].mark else None


def exact_day(published: str) -> date | None:
    """Return a date without a doubt that is one day."""
    days = certain_days(published)
    return days.first if days and days.first == days.last else None


# Names and words --------------------------------------------------------------------------------


def record_names(catalogue: Catalogue) -> Iterator[RecordNames]:
    """Yield the names of records, with those of open drafts."""
    for noun, kind in KINDS.items():
        for code, form in sorted(catalogue.directory.named_records.get(noun, {}).items()):
            yield _names_of(kind, code, form)


def _names_of(kind: MarkKind, code: str, form: NamedForm) -> RecordNames:
    names = tuple(name.text for name in form.names)
    if not isinstance(form, PlaceForm):
        return RecordNames(kind, code, names)
    country = form.country if form.kind is PlaceKind.COUNTRY else ""
    position = (form.latitude, form.longitude)
    latitude, longitude = (None if each is None else float(each) for each in position)
    is_town = form.kind in {PlaceKind.CITY, PlaceKind.TOWN}
    return RecordNames(kind, code, names, country, latitude, longitude, is_town)


# In the worker process --------------------------------------------------------------------------


def read_in_worker(
    text: str,
    language: Language,
    published: str,
    names: tuple[RecordNames, ...],
) -> dict[str, Any]:
    """Return the marks of a text as JSON. Runs in a worker process, which keeps the last names."""
    days = certain_days(published)
    reading = read_article(text, language, days, _proposers(names))
    return {
        "language": language,
        "published": published if days else "",
        "sentences": [
            {
                "start": sentence.start,
                "end": sentence.end,
                "marks": [asdict(mark) for mark in marks],
            }
            for sentence, marks in reading
        ],
    }


@lru_cache(maxsize=1)
def _proposers(names: tuple[RecordNames, ...]) -> Sequence[Any]:
    # Imported here: only a worker needs the 40 MB of the gazetteer for this.
    from app.desk.draft_form.gazetteer import towns

    return usual_proposers(NameTable.of(name_rows(names, towns()[0].values())))


# Reading what was kept --------------------------------------------------------------------------


def stored_reading(kept: ReportText) -> ArticleReading:
    """Return the sentences of a text with their marks; none if it has no marks."""
    stored = kept.marks or {"sentences": []}
    found = []
    for each in stored["sentences"]:
        words = kept.text[each["start"] : each["end"]]
        sentence = Sentence(each["start"], words, stored["language"])
        found.append((sentence, [*_stored_marks(each["marks"])]))
    return found


def _stored_marks(stored: Iterable[Mapping[str, Any]]) -> Iterator[Mark]:
    kinds = {kind.value: kind for kind in MarkKind}
    for each in stored:
        # A mark of another release may have a kind that this one does not know.
        if each["kind"] in kinds and each["value"]:
            figure = Figure(**each["figure"]) if each["figure"] else None
            yield Mark(each["start"], each["end"], kinds[each["kind"]], each["value"], figure)
