"""Relays of a report: what was read before and has the same text or the same facts.

Of a text only keyed hashes and codes are kept. The page asks `questions`, sets one with
`set_relay`, and offers to cite the report where the copied one is cited.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.desk.approved.models import Draft
from app.desk.draft_form.catalogue import Catalogue, Match
from app.desk.drafts import commands
from app.desk.drafts.articles import entered
from app.desk.drafts.report_settings import ReportPrint, cite
from app.desk.identity.models import Person
from app.desk.reading.relays import (
    MAX_DAYS_FOR_FACTS,
    MIN_SHARE,
    MIN_SHINGLES,
    Facts,
    RelayQuestion,
    relay_questions,
)
from app.desk.reading.text import MarkKind
from app.documents import ROW, Document, blank_row, new_key
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.kinds import ChainStep, Citation, DerivedFrom
from app.vocabulary.citations import Attribution, Derivation, Stance
from app.vocabulary.kinds import RecordKind

MAX_QUESTIONS = 5
ALIKE = text(
    """
    SELECT source, common FROM (
        SELECT source, (
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
    children = {q.source for q in found if source in catalogue.parents(q.source)}
    return [question for question in found if question.source not in children][:MAX_QUESTIONS]


def _asked(db: Session, own: ReportPrint) -> list[RelayQuestion]:
    in_words = [*_alike_in_words(db, own)]
    named = {question.source for question in in_words}
    in_facts = relay_questions(_facts(own), _near_in_time(db, own))
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
    for source, common in db.execute(ALIKE, values):
        yield RelayQuestion(source, "words", common / total)


def _near_in_time(db: Session, own: ReportPrint) -> Iterator[tuple[str, Facts]]:
    """Yield the facts of the reports of the same days."""
    if own.published is None:
        return
    days = timedelta(days=MAX_DAYS_FOR_FACTS)
    near = select(ReportPrint).where(
        ReportPrint.published.between(own.published - days, own.published + days),
        ReportPrint.source != own.source,
    )
    for each in db.scalars(near):
        yield each.source, _facts(each)


def _facts(of: ReportPrint) -> Facts:
    return frozenset((MarkKind(kind), value) for kind, value in of.facts)


def _with_ancestors(catalogue: Catalogue, source: str) -> set[str]:
    found: set[str] = set()
    next_ = {source}
    while next_:
        found |= next_
        next_ = {parent for each in next_ for parent in catalogue.parents(each)} - found
    return found


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
    reason = _("It derives from {source}.").format(source=copied)
    commands.save_by_itself(db, draft, document, person, sheet=key, reason=reason)
    return draft


# What is on record from the other ----------------------------------------------------------------


def also_here(catalogue: Catalogue, source: str, copied: str) -> list[Match]:
    """Return the records that cite the copied report, and not yet this one."""
    return [
        found
        for found in entered(catalogue, copied)
        if not any(each["source"] == source for each in _citations(catalogue, found.code))
    ]


def _citations(catalogue: Catalogue, record: str) -> list[Document]:
    draft = catalogue.draft_of(record)
    document = catalogue.visible(draft) if draft else catalogue.document(record)
    return [*document["citations"]] if document else []


OF_THE_OTHER = (
    *("id", "locator", "locator_text", "certainty", "certainty_text", "said", "said_text"),
    *("quote", "quote_language", "quote_translation", "note"),
)
"""Fields of a citation that say where, in which words and how surely the copied report has it."""


def cite_again(
    db: Session, catalogue: Catalogue, records: Iterable[str], source: str, copied: str, *, key: str
) -> None:
    """Cite this report in records, as they cite the one that it copies. Raises CitingError.

    What the other reports in its own voice, this one has from the other.
    """
    other = catalogue.document(copied)
    assert other is not None
    for record in records:
        rows = [
            row
            for row in _citations(catalogue, record)
            if row["source"] == copied and not row["about"]
        ]
        if not rows:
            continue
        first = next((row for row in rows if row["stance"] == Stance.SUPPORTS), rows[0])
        blank = blank_row(Citation)
        row = {**first, **{name: blank[name] for name in OF_THE_OTHER}, ROW: blank[ROW]}
        row["source"] = source
        passed_on = {"attribution": Attribution.OTHER_OUTLET.value, "outlet": other["outlet"]}
        row["chain"] = [
            {**step, ROW: new_key()}
            if step["attribution"] != Attribution.OWN_VOICE
            else blank_row(ChainStep, **passed_on)
            for step in first["chain"]
        ]
        cite(db, catalogue.person, record, source, key=key, row=row)


# On the page ------------------------------------------------------------------------------------


WAYS = {
    "words": (Derivation.RELAY, Derivation.SYNDICATION),
    "facts": (Derivation.TRANSLATION, Derivation.SUMMARY),
}
"""How a report may derive from one with the same words, or with the same facts."""


def relay_notices(
    db: Session, catalogue: Catalogue, source: str, block: Document
) -> Iterator[tuple[str, str, str, Sequence[Derivation], Sequence[Match]]]:
    """Yield a question for each report that is alike, and what is on record from its parents.

    Each with the source, what is alike, its title, how it may be passed on, and its records.
    """
    answered = {part.strip() for part in block["not_relays"].split(",")}
    for asked in questions(db, catalogue, source):
        if asked.source not in answered:
            lead = (
                _("{share} of this text is in").format(share=f"{asked.share:.0%}")
                if asked.how == "words"
                else _("{common} of {total} dates, places and estimates match").format(
                    common=asked.common, total=asked.total
                )
            )
            yield asked.source, lead, catalogue.label(asked.source), WAYS[asked.how], ()
    for parent in sorted(catalogue.parents(source)):
        if found := also_here(catalogue, source, parent):
            lead = _("This report repeats")
            yield parent, lead, catalogue.label(parent), (), found
