"""Sentences that editors wrote in place of generated ones; each clause has its citation."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.kinds.pages import CITATION, PageForm
from app.record.editions import SelectedEdition
from app.record.names.directory import Directory
from app.record.sql.rows import records_unchanged_since
from app.site.components.text import Paragraph, TextPart
from app.site.components.urls import record_address
from app.vocabulary.pages import PageKind


@dataclass(frozen=True)
class EditorSentence:
    parts: Paragraph
    """The text, with a link for each citation to its record."""
    lang: str
    """Empty if it is the language of the site."""


def sentences_of_places(
    db: Session,
    edition: SelectedEdition,
    directory: Directory,
    kind: PageKind,
    places: Collection[str],
) -> Mapping[str, EditorSentence]:
    """Return the sentences of this kind that readers see, by place."""
    of_kind = [page for page in directory.pages.values() if page.kind is kind]
    # Of several pages for a place, the first by id is shown.
    by_id = sorted(of_kind, key=lambda page: int(page.id[1:]), reverse=True)
    pages = {page.places[0]: page for page in by_id if page.places[0] in places}
    shown = editor_sentences(db, edition, pages.values())
    return {place: shown[page.id] for place, page in pages.items() if page.id in shown}


def editor_sentences(
    db: Session, edition: SelectedEdition, pages: Collection[PageForm]
) -> Mapping[str, EditorSentence]:
    """Return the sentences of these pages by id.

    A sentence is left out once a record that it cites has changed since, or was removed.
    """
    records = records_unchanged_since(db, edition, {page.id: page.cited for page in pages})
    return {
        page.id: EditorSentence(
            _parts(page.body, records[page.id]), page.language if page.language != "en" else ""
        )
        for page in pages
        if page.id in records
    }


def _parts(text: str, records: Mapping[str, str]) -> Paragraph:
    # The pattern has one group, so that every second piece is the id of a citation.
    return [
        TextPart(f"[{piece}]", f"{record_address(records[piece])}#{piece}")
        if index % 2
        else TextPart(piece)
        for index, piece in enumerate(CITATION.split(text))
        if piece
    ]
