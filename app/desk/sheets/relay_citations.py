"""Cites a relay in what is on record from the report that it copies, as the editor's ticks say."""

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.articles import only_copy_read
from app.desk.drafts.citing import cite, explain_omission, open_to_cite, save_cited
from app.desk.identity.models import Person
from app.desk.reading.relays import Found
from app.desk.sheets.relays import RelayTick
from app.documents import ROW, Document, blank_row, new_key, parts_of
from app.kinds import Citation
from app.vocabulary.citations import CitationKind, Difference, Stance
from app.vocabulary.kinds import RecordKind
from app.vocabulary.support import Disputed


def cite_ticked(
    db: Session,
    catalogue: Catalogue,
    ticked: Iterable[RelayTick],
    *,
    source: str,
    copied: str,
    key: str,
) -> list[Draft]:
    """Cite this report in the ticked records, as they cite the copied article, and return drafts.

    What is missing here is written as such into the citation of the copied article. Raises
    CitingError; the caller rolls back.
    """
    drafts = []
    person = catalogue.person
    for tick in ticked:
        if tick.found is Found.MISSING:
            draft = _mark_missing(db, person, tick.record, source=source, copied=copied, key=key)
            if draft:
                drafts.append(draft)
        elif not tick.is_cited:
            row = _copied_citation(catalogue, tick, source, copied)
            draft, _place = cite(db, person, catalogue, tick.record, source, key=key, row=row)
            drafts.append(draft)
    return drafts


OF_THE_OTHER = (
    *("id", "copy_read", "also_in", "missing_in", "locator", "locator_text", "breaks_off"),
    *("own_words", "certainty_text", "said_text", "happened_text", "deadline_text", "quote"),
    *("quote_language", "quote_translation", "quote_translator", "note"),
)
"""Fields of a citation that say where and in which words the copied article has it."""
DISPUTED: Mapping[str, tuple[CitationKind, Disputed]] = {
    "number": (CitationKind.NUMBER, Disputed.NUMBER),
    "when": (CitationKind.DATE, Disputed.DATE),
    "where": (CitationKind.SCOPE, Disputed.SCOPE),
}


def _copied_citation(
    catalogue: Catalogue, tick: RelayTick, source: str, copied: str
) -> Document | None:
    """Return the citation of the copied article as one of this report; None if there is none.

    Where this report has another value, it disputes that value, and what it says is to be typed.
    """
    draft = catalogue.draft_of(tick.record)
    document = catalogue.visible(draft) if draft else catalogue.document(tick.record)
    article = catalogue.document(source)
    rows = [
        row
        for row in (document["citations"] if document else ())
        if row["source"] == copied and not row["about"]
    ]
    if not rows or article is None:
        return None
    first = next((row for row in rows if row["stance"] == Stance.SUPPORTS), rows[0])
    blank = blank_row(Citation)
    row = {**first, **{name: blank[name] for name in OF_THE_OTHER}, ROW: blank[ROW]}
    row |= {"source": source, "said": article["published"], "copy_read": only_copy_read(article)}
    row["chain"] = [{**step, ROW: new_key()} for step in first["chain"]]
    if tick.found is Found.DIFFERENT:
        usual = "number" if tick.record[0] == RecordKind.ESTIMATE else "when"
        kind, field = DISPUTED[tick.field or usual]
        row |= {"stance": Stance.DISPUTES.value, "kind": kind.value, "field": field.value}
        row |= {"value": tick.here, "differs": Difference.RIVAL.value, "paraphrase": ""}
        row["reports_event"] = ""
    return row


def _mark_missing(
    db: Session, person: Person, record: str, *, source: str, copied: str, key: str
) -> Draft | None:
    """Write that this report leaves out what the copied article says; None if it says so already.

    Raises CitingError.
    """
    draft = open_to_cite(db, person, record, source)
    citations = [
        _without(row, source) if row["source"] == copied else row
        for row in draft.document["citations"]
    ]
    if citations == draft.document["citations"]:
        return None
    document = {**draft.document, "citations": citations}
    explain_omission(draft, source)
    save_cited(db, person, draft, document, key)
    return draft


def _without(citation: Document, source: str) -> Document:
    missing = parts_of(citation["missing_in"])
    return {**citation, "missing_in": ", ".join(dict.fromkeys([*missing, source]))}
