"""Cites a relay in what is on record from the report that it copies, as the editor's ticks say."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.citing import cite
from app.desk.reading.relays import Found
from app.desk.reports.relays import RelayTick
from app.documents import ROW, Document, blank_row, new_key
from app.kinds import Citation
from app.vocabulary.citations import CitationKind, Difference, Stance
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

    Raises CitingError; the caller rolls back.
    """
    drafts = []
    for tick in ticked:
        if not tick.is_cited:
            row = _copied_citation(catalogue, tick, source, copied)
            draft, _place = cite(
                db, catalogue.person, catalogue, tick.record, source, key=key, row=row
            )
            drafts.append(draft)
    return drafts


OF_THE_OTHER = (
    *("id", "locator", "locator_text", "certainty_text", "said_text", "quote"),
    *("quote_language", "quote_translation", "note"),
)
"""Fields of a citation that say where and in which words the copied article has it."""


def _copied_citation(
    catalogue: Catalogue, tick: RelayTick, source: str, copied: str
) -> Document | None:
    """Return the citation of the copied article as one of this report; None if there is none.

    Where this report has another number, it disputes that number, and what it says is to be typed.
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
    row |= {"source": source, "said": article["published"]}
    row["chain"] = [{**step, ROW: new_key()} for step in first["chain"]]
    if tick.found is Found.DIFFERENT:
        row |= {"stance": Stance.DISPUTES.value, "kind": CitationKind.NUMBER.value}
        row |= {"field": Disputed.NUMBER.value, "differs": Difference.RIVAL.value}
        row |= {"value": tick.here, "paraphrase": ""}
        row["reports_event"] = ""
    return row
