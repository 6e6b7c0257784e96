"""`/pages`: texts of the site that editors write, and their sentences with cited clauses."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.i18n.translate import _
from app.kinds.pages import CITATION, PageForm
from app.record.editions import SelectedEdition
from app.record.names.directory import Directory
from app.record.sql.rows import records_unchanged_since
from app.site.components.text import link, paragraphs, plain_words
from app.site.components.urls import PageLink, page_link, record_address
from app.site.presenters.page import NamedPage
from app.vocabulary.named import SENTENCES, PageKind, PagePart

# Sentences of editors ---------------------------------------------------------------------------


@dataclass(frozen=True)
class EditorSentence:
    text: Markup
    """With a link for each citation to its record."""
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
            _with_citations(page.body, records[page.id]),
            page.language if page.language != "en" else "",
        )
        for page in pages
        if page.id in records
    }


def _with_citations(text: str, records: Mapping[str, str]) -> Markup:
    # The pattern has one group, so that every second piece is the id of a citation.
    return Markup().join(
        link(f"[{piece}]", f"{record_address(records[piece])}#{piece}") if index % 2 else piece
        for index, piece in enumerate(CITATION.split(text))
    )


# The page of a text -----------------------------------------------------------------------------


PageSection = tuple[str, str, Sequence[Markup]]
"""Code, title and text of one part of the page about this site."""


class TextPage(NamedPage):
    @cached_property
    def title_language(self) -> str:  # type: ignore[override]
        """Language of the text; empty if it is that of the site."""
        return self.full.language if self.full.language != "en" else ""

    @property
    def summary(self) -> str:
        if self.is_sentence:
            return self.written.text.striptags() if self.written else ""
        first = self.full.body or next((section.says for section in self.full.sections), "")
        return plain_words(first)[:MAX_DESCRIPTION_CHARACTERS]

    @property
    def is_sentence(self) -> bool:
        return self.full.kind in SENTENCES

    @property
    def text(self) -> Sequence[Markup]:
        return () if self.is_sentence else paragraphs(self.full.body)

    @cached_property
    def written(self) -> EditorSentence | None:
        """The sentence of an editor; None while it is not shown."""
        return editor_sentences(self.db, self.edition, [self.full]).get(self.id)

    @property
    def sections(self) -> list[PageSection]:
        return sections_of(self.full)

    @property
    def marks(self) -> Sequence[tuple[str, PageLink]]:
        """Heading and event of each mark of the picture."""
        return [
            (mark.group, PageLink(mark.label, record_address(mark.event)))
            for mark in self.full.marks
        ]

    @property
    def places(self) -> Sequence[PageLink]:
        return [page_link(self.directory, "place", code) for code in self.full.places]


MAX_DESCRIPTION_CHARACTERS = 200


def sections_of(form: PageForm) -> list[PageSection]:
    """Return the parts of a page in the order of their codes."""
    order = list(PagePart)
    return [
        (section.part, _(section.part.label), paragraphs(section.says))
        for section in sorted(form.sections, key=lambda section: order.index(section.part))
    ]
