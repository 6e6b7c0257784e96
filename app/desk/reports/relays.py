"""Relays of a report: what was read before and has the same text or the same facts.

Of a text only keyed hashes and codes are kept (`prints`). The page asks `questions`, sets one
with `set_relay`, and offers `ticks` for what is on record from the article that was copied.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft, RevisionCause, Significance
from app.desk.draft_form.actions import WITHOUT_WORD
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands
from app.desk.drafts.articles import EnteredRow, entered
from app.desk.drafts.commands import PostedDraft
from app.desk.drafts.report_models import ReportPrint
from app.desk.identity.models import Person
from app.desk.reading.relays import (
    MAX_DAYS_FOR_FACTS,
    MIN_SHARE,
    MIN_SHINGLES,
    Fact,
    FactComparison,
    Found,
    ReadBefore,
    RelayQuestion,
    Statement,
    compare_statements,
    relay_questions,
)
from app.desk.reading.text import ArticleReading, Figure, MarkKind
from app.desk.reports import marking, texts
from app.documents import Document, blank_row
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.kinds import DerivedFrom
from app.vocabulary.citations import Derivation
from app.vocabulary.events import TermKey
from app.vocabulary.kinds import RecordKind

MAX_QUESTIONS = 5
ALIKE = text(
    """
    SELECT source, published, common FROM (
        SELECT source, published, (
            SELECT count(*) FROM unnest(hashes) AS own (hash)
            JOIN unnest(CAST(:hashes AS bigint[])) AS other (hash) USING (hash)
        ) AS common
        FROM desk.report_fingerprint
        WHERE hashes && CAST(:hashes AS bigint[]) AND source <> :source
    ) AS alike
    WHERE common >= :least ORDER BY common DESC, source LIMIT :most
    """
)


# Asking -----------------------------------------------------------------------------------------


def questions(db: Session, catalogue: Catalogue, source: str) -> list[RelayQuestion]:
    """Return the reports that this one may be a relay of, most alike first.

    Those that it already derives from, also through another, and those that derive from it, are
    not asked about.
    """
    own = db.get(ReportPrint, source)
    if own is None:
        return []
    known = _with_ancestors(catalogue, source)
    found = [question for question in _asked(db, own) if question.source not in known]
    children = {q.source for q in found if source in parents(catalogue, q.source)}
    return [question for question in found if question.source not in children][:MAX_QUESTIONS]


def _asked(db: Session, own: ReportPrint) -> list[RelayQuestion]:
    in_words = [*_alike_in_words(db, own)]
    named = {question.source for question in in_words}
    text_facts = _read_before(own)
    in_facts = relay_questions(text_facts, _near_in_time(db, own))
    return in_words + [question for question in in_facts if question.source not in named]


def _alike_in_words(db: Session, own: ReportPrint) -> Iterator[RelayQuestion]:
    """Yield the reports in which much of this one's text is."""
    total = len(own.hashes)
    if total < MIN_SHINGLES:
        return
    values = {
        "hashes": own.hashes,
        "source": own.source,
        "least": MIN_SHARE * total,
        "most": 4 * MAX_QUESTIONS,
    }
    for source, published, common in db.execute(ALIKE, values):
        days = (own.published - published).days if own.published and published else None
        yield RelayQuestion(source, "words", common / total, days)


def _near_in_time(db: Session, own: ReportPrint) -> Iterator[ReadBefore]:
    """Yield the facts of the reports of the same days."""
    if own.published is None:
        return
    days = timedelta(days=MAX_DAYS_FOR_FACTS)
    columns = (ReportPrint.source, ReportPrint.published, ReportPrint.facts)
    near = select(*columns).where(
        ReportPrint.published.between(own.published - days, own.published + days),
        ReportPrint.source != own.source,
    )
    for source, published, facts in db.execute(near):
        yield ReadBefore(source, published, _facts(facts))


def _read_before(own: ReportPrint) -> ReadBefore:
    return ReadBefore(own.source, own.published, _facts(own.facts))


def _facts(stored: Iterable[Sequence[str]]) -> frozenset[Fact]:
    return frozenset((MarkKind(kind), value) for kind, value in stored)


def _with_ancestors(catalogue: Catalogue, source: str) -> set[str]:
    found: set[str] = set()
    next_ = {source}
    while next_:
        found |= next_
        next_ = {parent for each in next_ for parent in parents(catalogue, each)} - found
    return found


def parents(catalogue: Catalogue, source: str) -> set[str]:
    """Return the sources that a source derives from, as its newest draft says, else as approved."""
    draft = catalogue.draft_of(source)
    document = draft.document if draft else catalogue.document(source)
    return (
        {row["source"] for row in document["derived_from"] if row["source"]} if document else set()
    )


# Setting ----------------------------------------------------------------------------------------


def set_relay(
    db: Session,
    person: Person,
    source: str,
    copied: str,
    *,
    key: str,
    how: Derivation = Derivation.RELAY,
) -> Draft:
    """Write into the draft of a source that it derives from another, and return the draft.

    Raises InvalidStateError if there is no such source, somebody else writes it, or it is in
    review. What is there already is not added again.
    """
    draft = commands.begin_to_change(db, person, source) if source != copied else None
    if draft is None or draft.kind != RecordKind.SOURCE or not commands.may_write(person, draft):
        raise InvalidStateError
    rows = draft.document["derived_from"]
    if any(row["source"] == copied for row in rows):
        return draft
    row = blank_row(DerivedFrom, source=copied, how=how.value)
    document = {**draft.document, "derived_from": [*rows, row]}
    why, reason = draft.why or "", draft.reason or ""
    if draft.base is not None and not why:
        # A change of a published source says why, as in its long form.
        why = Significance.UPDATED.value
        reason = reason or _("It derives from {source}.").format(source=copied)
    typed = PostedDraft(document, draft.number, key, why, reason)
    commands.save(db, draft, typed, person, RevisionCause.BY_ITSELF)
    return draft


# Ticks ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RelayTick:
    """A record that cites the article that was copied, and whether this report has it too."""

    record: str
    kind: str
    title: str
    found: Found
    there: str
    """The number on record, where this report has another one."""
    here: str
    """The number of this report."""
    is_cited: bool
    """Whether the record already cites this report."""


def ticks(catalogue: Catalogue, source: str, copied: str) -> list[RelayTick]:
    """Return the records that cite the copied article: also here, missing here, different here.

    The entries of this report are compared, then the marks of its text: a number, or a day at a
    place of the record.
    """
    records = {}
    for row in entered(catalogue, copied):
        draft = catalogue.draft_of(row.record)
        document = catalogue.visible(draft) if draft else catalogue.document(row.record)
        if document is not None:
            records[row.record] = (row, document)
    on_record = {
        record: statement_of_record(record[0], document)
        for record, (_row, document) in records.items()
    }
    here = [
        statement_of_record(draft.kind, draft.document)
        for draft in commands.drafts_of_article(catalogue.db, source)
        if draft.record not in records
    ]
    kept = texts.read(catalogue.db, source)
    types = {each.type for each in on_record.values() if each.kind == "event"}
    said = statements_of_text(marking.stored_reading(kept), types) if kept else ()
    compared = compare_statements(
        on_record, [*here, *said], lambda place: _around(catalogue, place)
    )
    return [
        _tick(row, on_record[record], compared[record], is_cited=_cites(document, source))
        for record, (row, document) in records.items()
    ]


def _cites(document: Document, source: str) -> bool:
    return any(row["source"] == source for row in document["citations"])


def _tick(
    row: EnteredRow, there: Statement, compared: FactComparison, *, is_cited: bool
) -> RelayTick:
    is_different = compared.found is Found.DIFFERENT
    there_in_words, here_in_words = (
        _figure_in_words(each.figure) if is_different and each and each.figure else ""
        for each in (there, compared.here)
    )
    return RelayTick(
        row.record, row.kind, row.title, compared.found, there_in_words, here_in_words, is_cited
    )


def _figure_in_words(figure: Figure) -> str:
    """Return a figure with its codes as words: "about 300 people", "at least 40 usd/month"."""
    number, _space, rest = figure.text.removeprefix(figure.quantifier).strip().partition(" ")
    low, _dash, high = number.partition("-")
    numbers = "–".join(f"{float(each):,g}" for each in (low, high) if each)
    words = "" if figure.quantifier in WITHOUT_WORD else figure.quantifier.replace("-", " ")
    return " ".join(filter(None, (words, numbers, rest)))


def _around(catalogue: Catalogue, place: str) -> Iterator[str]:
    """Yield the places that a place is in."""
    places = catalogue.directory.places
    seen = {place}
    while place in places and (place := places[place].parent) and place not in seen:
        seen.add(place)
        yield place


def statement_of_record(kind: str, document: Document) -> Statement:
    """Return what the document of an event or estimate says, in codes."""
    places = frozenset(
        row["code"].strip() for row in document["terms"] if row["key"] == TermKey.PLACE
    ) - {""}
    if kind == RecordKind.EVENT:
        return Statement("event", document["type"], places, document["happened"])
    when = document["as_of"] or document["period"]
    return Statement("estimate", "", places, when, _figure(document))


def statements_of_text(reading: ArticleReading, types: Iterable[str]) -> Iterator[Statement]:
    """Yield what the marks of each sentence may say: numbers, and events of these types.

    A day without a place is no event: it is in every report of that day.
    """
    for _sentence, marks in reading:
        places = frozenset(mark.value for mark in marks if mark.kind is MarkKind.PLACE)
        for mark in marks:
            if mark.figure:
                yield Statement("estimate", "", places, "", mark.figure)
            elif mark.kind is MarkKind.DATE and places:
                yield from (Statement("event", type, places, mark.value) for type in types)


def _figure(document: Document) -> Figure:
    """Return the figure of an estimate's document; a missing bound is the other one."""
    low, point, high = (_number(document[name]) for name in ("low", "point", "high"))
    each = [number for number in (low, point, high) if number is not None]
    return Figure(
        document["quantifier"],
        min(each, default=None),
        max(each, default=None),
        document["unit"] or "people",
        document["per"],
        document["form"] or "number",
    )


def _number(typed: str) -> float | None:
    try:
        return float(typed.replace(",", "").replace(" ", "")) if typed else None
    except ValueError:
        return None
