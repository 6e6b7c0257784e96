"""What the source of a report says for each row: sentences of the private text, or wordings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.sheets.form import sheet_of
from app.desk.sheets.models import ReportSheet
from app.desk.sheets.stored_text import stored_text
from app.desk.sheets.text_view import Segment, text_view
from app.documents import Document


@dataclass(frozen=True)
class SourceSentence:
    """A sentence of the report, its number in the text, and the editor's own translation."""

    number: int
    segments: Sequence[Segment]
    """Its words with their marks."""
    language: str
    translation: str = ""


@dataclass(frozen=True)
class CitationWording:
    """What a citation says in our words, and wordings of the source that it quotes."""

    paraphrase: str
    quoted: Sequence[str]


@dataclass(frozen=True)
class RowWords:
    """What the source says for one row."""

    sentences: Sequence[SourceSentence] = ()
    wordings: Sequence[CitationWording] = ()
    """Wordings of its citations, where the text is not at hand."""


QUOTING_FIELDS = ("certainty_text", "said_text")
"""Fields of a citation with words of the source."""


def words_by_record(
    db: Session, catalogue: Catalogue, source: str, drafts: Sequence[Draft]
) -> dict[str, RowWords]:
    """Return what the source says for the row of each record."""
    sentences, rows = _sentences(db, catalogue, source), _numbers_by_record(db, source)
    return {
        draft.record: RowWords(
            sentences=[sentences[number] for number in rows[draft.record] if number in sentences]
        )
        if rows.get(draft.record) and sentences
        else RowWords(wordings=_wordings(draft.document, source))
        for draft in drafts
    }


def _sentences(db: Session, catalogue: Catalogue, source: str) -> Mapping[int, SourceSentence]:
    """Return the sentences of the report's text by number; empty if there is none any more."""
    text, sheet = stored_text(catalogue, source), db.get(ReportSheet, source)
    if text is None or sheet is None:
        return {}
    view = text_view(catalogue, sheet_of(sheet.document), text)
    return {
        each.number: SourceSentence(each.number, each.segments, text.language, each.translation)
        for paragraph in view.paragraphs
        for each in paragraph
    }


def _numbers_by_record(db: Session, source: str) -> dict[str, list[int]]:
    """Return the numbers of the sentences of each record's rows in the sheet, in order."""
    sheet = db.get(ReportSheet, source)
    numbers: dict[str, set[int]] = {}
    for row in sheet_of(sheet.document)["rows"] if sheet else ():
        texts = [row["sentences"], *(link["sentences"] for link in row["links"])]
        found = {int(number) for text in texts for number in text.split() if number.isdigit()}
        if row["record"]:
            numbers.setdefault(row["record"], set()).update(found)
    return {record: sorted(found) for record, found in numbers.items()}


def _wordings(document: Document, source: str) -> list[CitationWording]:
    return [
        CitationWording(row["paraphrase"], list(_quoted(row)))
        for row in document.get("citations", [])
        if row["source"].strip() == source
    ]


def _quoted(row: Document) -> dict[str, None]:
    texts = [row.get(name, "") for name in QUOTING_FIELDS]
    texts += [step["words"] for step in row["chain"]]
    return dict.fromkeys(text for text in texts if text)
