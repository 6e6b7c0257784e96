"""The private text of a report: kept for some days, in no backup, and read by the desk alone.

The table's trigger deletes a text when the report is approved or its last draft is deleted. Marks
are computed in a worker process and kept beside the text: names of the record and of drafts, in
every script, then those of the gazetteer. Where they can't be computed, the reason is kept.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import CursorResult, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.dates import edtf
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.report_settings import (
    MAX_TEXT_CHARACTERS,
    ReportPrint,
    ReportSheet,
    ReportText,
)
from app.desk.identity.models import DeskRole, Person
from app.desk.reading.names import NameTable, RecordNames, name_rows, usual_proposers
from app.desk.reading.relays import Fact, facts_of, fingerprint
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
from app.documents import Document, clean
from app.i18n.translate import _
from app.kinds import NamedForm, PlaceForm
from app.kinds.locale_names import code_of_language, guess_language
from app.settings import Settings
from app.vocabulary.code import Code
from app.vocabulary.kinds import RecordNoun
from app.vocabulary.record import PlaceKind
from app.worker_pool import (
    DESK,
    POOL,
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


def problem_of(text: str) -> str:
    """Return why a text or a translation can't be kept, with what to do; "" if it can."""
    length = len(clean(text))
    if length <= MAX_TEXT_CHARACTERS:
        return ""
    return _(
        "This text has {length} characters; the limit is {most}. Paste only the part "
        "that you enter."
    ).format(length=f"{length:,}", most=f"{MAX_TEXT_CHARACTERS:,}")


def store(
    db: Session,
    settings: Settings,
    by: Person,
    source: str,
    *,
    text: str,
    language: str,
    translation: str = "",
    today: date | None = None,
) -> ReportText:
    """Keep the text of a report, and return it. The same text keeps its marks.

    The day of its deletion counts from the first text: pasting it again wins no time.
    """
    day = (today or datetime.now(UTC).date()) + timedelta(days=settings.report_text_days)
    values = {"text": clean(text), "language": language, "translation": clean(translation)}
    before = read(db, source)
    new = insert(ReportText).values(source=source, by=by.id, delete_after=day, **values)
    is_same = before is not None and all(getattr(before, key) == values[key] for key in values)
    changes = values if is_same else {**values, "by": by.id, "marks": None, "problem": ""}
    db.execute(new.on_conflict_do_update(index_elements=["source"], set_=changes))
    if not is_same:
        keep_hashes(db, settings, source, values["text"])
    return db.get_one(ReportText, source, populate_existing=True)


def read(db: Session, source: str) -> ReportText | None:
    """Return the text of a report; None if there is none, or it was deleted."""
    return db.get(ReportText, source)


def may_change(db: Session, source: str, person: Person) -> bool:
    """Contributors replace and delete the texts that they entered, editors any."""
    kept = read(db, source)
    return kept is None or kept.by == person.id or person.may(DeskRole.EDITOR)


def remove(db: Session, source: str) -> None:
    db.execute(delete(ReportText).where(ReportText.source == source))


def delete_due(db: Session, today: date | None = None) -> int:
    """Delete the texts whose days are over; return how many."""
    day = today or datetime.now(UTC).date()
    result = db.execute(delete(ReportText).where(ReportText.delete_after < day))
    assert isinstance(result, CursorResult)
    return result.rowcount


# Fingerprints -----------------------------------------------------------------------------------
# Keyed hashes of a text's shingles, and codes of its facts; no words. They stay when the text is
# deleted, so that later reports can be compared with it (`relays`).

SIGN_BIT = 1 << 63


def keep_hashes(db: Session, settings: Settings, source: str, text: str) -> None:
    """Keep the hashes of a text, keyed by the hash secret; they replace those of an earlier one."""
    hashes = fingerprint(text, settings.require_hash_secret().encode())
    _keep(db, source, hashes=sorted(map(_signed, hashes)))


def keep_facts(db: Session, source: str, published: str, facts: Iterable[Fact]) -> None:
    """Keep the facts of a text in codes, and its day from the EDTF date of its source.

    Without a day nothing is compared by facts.
    """
    codes = sorted([kind.value, value] for kind, value in facts)
    _keep(db, source, published=_day(published), facts=codes)


def _keep(db: Session, source: str, **values: object) -> None:
    new = insert(ReportPrint).values(source=source, **{"hashes": [], **values})
    db.execute(new.on_conflict_do_update(index_elements=["source"], set_=values))
    db.get_one(ReportPrint, source, populate_existing=True)


def _day(published: str) -> date | None:
    """Return the first day of an EDTF date; None if it has none."""
    parsed = edtf.parse_or_none(published)
    return parsed.whole.first if parsed and parsed.whole else None


def _signed(number: int) -> int:
    """Return an unsigned number of 64 bits as PostgreSQL stores it."""
    return number - 2 * SIGN_BIT if number >= SIGN_BIT else number


# Marks ----------------------------------------------------------------------------------------
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
    text, language = readable(kept)
    kept.problem = ""
    if language is None:
        kept.problem = MarkingProblem.LANGUAGE.value
    elif len(text) > MAX_MARKED_CHARACTERS:
        kept.problem = MarkingProblem.LENGTH.value
    else:
        names = tuple(record_names(catalogue))
        try:
            kept.marks = POOL.run(
                DESK, MAX_SECONDS, read_in_worker, text, language, published, names
            )
        except PoolFullError:
            kept.problem = MarkingProblem.BUSY.value
        except TaskLimitError:
            kept.problem = MarkingProblem.LIMIT.value
    if kept.problem:
        kept.marks = None
    db.flush()
    keep_facts(db, kept.source, published, facts_of(stored_reading(kept)))
    return not kept.problem


def mark_again_if_due(db: Session, catalogue: Catalogue, source: str) -> None:
    """Mark a text again if its report has another day or language than it was read by.

    Dates such as “late September” are counted from the day of publication.
    """
    kept, document = db.get(ReportText, source), catalogue.document(source)
    if kept is None or document is None:
        return
    published = document["published"]
    is_read = kept.marks is not None or kept.problem == MarkingProblem.LANGUAGE
    before = *readable(kept), (kept.marks or {"published": ""})["published"]
    kept.language = language_of_source(document, kept.text)
    now = *readable(kept), published if exact_day(published) else ""
    if is_read and now[1] and before != now:
        mark_text(db, catalogue, kept, published)


def problem_in_words(kept: ReportText) -> str:
    """Return why a text has no marks; "" if it has some, or was not read yet."""
    problem = MarkingProblem.by_code().get(kept.problem)
    return _(problem.label) if problem else ""


def readable(kept: ReportText) -> tuple[str, Language | None]:
    """Return what is marked, and its language: the text, or else its English translation."""
    code = (kept.language or guess_language(kept.text, "en")).partition("-")[0]
    language = next((language for language in LANGUAGES if language == code), None)
    return (kept.text, language) if language or not kept.translation else (kept.translation, "en")


def language_of_source(source: Document, text: str) -> str:
    """Return the language of a source; if it has none, what its letters show; "" if nothing."""
    return code_of_language(source["language"]) or guess_language(text, "en")


def exact_day(published: str) -> date | None:
    """Return a date without a doubt that is one day."""
    is_day = edtf.parse_or_none(published) and edtf.is_one_day(published)
    return date.fromisoformat(published) if is_day else None


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
    is_town = form.kind in {PlaceKind.CITY, PlaceKind.TOWN}
    return RecordNames(kind, code, names, country, is_town)


# In the worker process --------------------------------------------------------------------------


def read_in_worker(
    text: str,
    language: Language,
    published: str,
    names: tuple[RecordNames, ...],
) -> dict[str, Any]:
    """Return the marks of a text as JSON. Runs in a worker process, which keeps the last names."""
    day = exact_day(published)
    reading = read_article(text, language, day, _proposers(names))
    return {
        "language": language,
        "published": published if day else "",
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
    text, _language = readable(kept)
    found = []
    for each in stored["sentences"]:
        words = text[each["start"] : each["end"]]
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


# Purging ----------------------------------------------------------------------------------------


def purge_sheet(db: Session, id: str, _names: Sequence[str]) -> None:
    db.execute(delete(ReportSheet).where(ReportSheet.source == id))


def purge_text(db: Session, id: str, _names: Sequence[str]) -> None:
    db.execute(delete(ReportText).where(ReportText.source == id))


def purge_fingerprint(db: Session, id: str, _names: Sequence[str]) -> None:
    db.execute(delete(ReportPrint).where(ReportPrint.source == id))
