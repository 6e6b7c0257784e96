"""Marks a text again when the day or language of its report changes, and renews the proposals.

Dates such as “late September” are counted from the day of publication: a text that was pasted
before that day was filled in has few of them.
"""

from sqlalchemy.orm import Session

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import ROW, Document
from app.desk.identity.models import Person
from app.desk.reading.heading import without_heading
from app.desk.sheets import commands, marking, proposing, texts
from app.desk.sheets.form import UNDECIDED
from app.desk.sheets.models import ReportSheet, ReportText, SheetCause
from app.desk.sheets.revisions import states
from app.i18n.translate import ngettext


def mark_again_if_due(db: Session, person: Person, sheet: ReportSheet, page: str) -> int | None:
    """Renew marks and proposals if the source has another day or language than they were read by.

    Returns how many rows are proposed then; None if nothing was due. If the text can't be marked
    now, its marks and the sheet stay as they are.
    """
    kept = texts.read(db, sheet.source)
    if kept is None:
        return None
    catalogue = Catalogue(db, person)
    source = catalogue.document(sheet.source)
    published = source["published"] if source else ""
    language = marking.language_of_source(source, kept.text)
    if not marking.is_outdated(kept, language, published):
        return None
    before = kept.language, kept.marks, kept.problem
    kept.language = language
    if marking.mark_text(db, catalogue, kept, published):
        return renew_proposals(db, catalogue, sheet, kept, page)
    kept.language, kept.marks, kept.problem = before
    return None


def proposed_words(count: int, *, is_again: bool = False) -> str:
    words = (
        ngettext(
            "The text was marked again: %(num)s row is proposed.",
            "The text was marked again: %(num)s rows are proposed.",
            count,
        )
        if is_again
        else ngettext("%(num)s row is proposed.", "%(num)s rows are proposed.", count)
    )
    return words % {"num": count}


def renew_proposals(
    db: Session, catalogue: Catalogue, sheet: ReportSheet, kept: ReportText, page: str
) -> int:
    """Replace the untouched proposals by those of the marks as they are now; return how many."""
    left = without_untouched(db, sheet)
    document = proposing.propose(
        left,
        without_heading(marking.stored_reading(kept), kept.text),
        proposing.known_events(db, catalogue),
        catalogue,
    )
    document = _with_letters_of_before(document, sheet.document, left)
    commands.save(
        db,
        sheet,
        document,
        sheet.number,
        page=page,
        by=catalogue.person,
        saved=SheetCause.PROPOSED,
    )
    return len(document["rows"]) - len(left["rows"])


def _with_letters_of_before(document: Document, before: Document, left: Document) -> Document:
    """Give new proposals the speakers that their sentences had, if somebody described these.

    What an editor wrote about a speaker need not agree with the words of the text any more.
    """
    kept = {each["letter"] for each in left["speakers"]}
    had = {row["sentences"]: row["speaker"] for row in before["rows"] if row["speaker"] in kept}
    stays = {row[ROW] for row in left["rows"]}
    rows = [
        row
        if row[ROW] in stays or row["speaker"] in kept or not row["speaker"]
        else {**row, "speaker": had.get(row["sentences"], row["speaker"])}
        for row in document["rows"]
    ]
    named = {row["speaker"] for row in rows}
    named |= {link["speaker"] for row in rows for link in row["links"]}
    speakers = [each for each in document["speakers"] if each["letter"] in kept | named]
    return {**document, "rows": rows, "speakers": speakers}


def without_untouched(db: Session, sheet: ReportSheet) -> Document:
    """Return the sheet's document without proposals that nobody changed.

    Speakers whom only such proposals name go, too, unless somebody described them.
    """
    document = sheet.document
    as_proposed: dict[str, Document] = {}
    speakers_proposed: dict[str, Document] = {}
    for state in states(db, sheet):
        if state.saved == SheetCause.PROPOSED:
            as_proposed |= {row[ROW]: row for row in state.document["rows"]}
            speakers_proposed |= {row[ROW]: row for row in state.document["speakers"]}
    rows = [
        row
        for row in document["rows"]
        if row["state"] not in UNDECIDED or row != as_proposed.get(row[ROW])
    ]
    named = {row["speaker"] for row in rows}
    named |= {link["speaker"] for row in rows for link in row["links"]}
    speakers = [
        each
        for each in document["speakers"]
        if each["letter"] in named or each != speakers_proposed.get(each[ROW])
    ]
    return {**document, "rows": rows, "speakers": speakers}
