"""What the source of a report says for each row: sentences of the private text, or wordings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft
from app.desk.draft_form.documents import Document
from app.desk.reading.marks import Language
from app.desk.reading.sentences import split_sentences
from app.desk.sheets.models import ReportSheet, ReportText


@dataclass(frozen=True)
class SourceSentence:
    """A sentence of the report, its number in the text, and the editor's own translation."""

    number: int
    text: str
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


QUOTING_FIELDS = ("certainty_text", "said_text", "happened_text", "deadline_text")
"""Fields of a citation with words of the source."""


def words_by_record(db: Session, source: str, drafts: Sequence[Draft]) -> dict[str, RowWords]:
    """Return what the source says for the row of each record."""
    sentences, rows = sentences_of(db, source), _numbers_by_record(db, source)
    return {
        draft.record: RowWords(
            sentences=[sentences[number] for number in rows[draft.record] if number in sentences]
        )
        if rows.get(draft.record) and sentences
        else RowWords(wordings=_wordings(draft.document, source))
        for draft in drafts
    }


def sentences_of(db: Session, source: str) -> Mapping[int, SourceSentence]:
    """Return the sentences of the report's text by number; empty if there is none any more.

    A translation is shown by sentence if it has as many.
    """
    stored = db.get(ReportText, source)
    if stored is None or not stored.text:
        return {}
    language: Language = (
        stored.language if stored.language in get_args(Language) else "en"  # type: ignore[assignment]
    )
    found = [sentence.text for sentence in split_sentences(stored.text, language, None)]
    own = [sentence.text for sentence in split_sentences(stored.translation, "en", None)]
    own = own if len(own) == len(found) else [""] * len(found)
    return {
        number: SourceSentence(number, text, stored.language, translation)
        for number, (text, translation) in enumerate(zip(found, own, strict=True), start=1)
    }


def _numbers_by_record(db: Session, source: str) -> dict[str, list[int]]:
    """Return the numbers of the sentences of each record's rows in the sheet, in order."""
    sheet = db.get(ReportSheet, source)
    numbers: dict[str, set[int]] = {}
    for row in sheet.document.get("rows", []) if sheet else ():
        texts = [row.get("sentences", ""), *(link.get("sentences", "") for link in row["links"])]
        found = {int(number) for text in texts for number in text.split() if number.isdigit()}
        if row.get("record") and row.get("state") == "accepted":
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
