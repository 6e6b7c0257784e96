"""The page of one text of the site."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from app.i18n.translate import _
from app.kinds import PageForm
from app.site.components.editor_sentences import EditorSentence, editor_sentences
from app.site.components.text import Paragraph, paragraphs, plain_words
from app.site.components.urls import PageLink, place_page_link, record_address
from app.site.presenters.page import NamedPage
from app.vocabulary.pages import SENTENCES, PagePart


@dataclass(frozen=True)
class PageSectionView:
    """One part of the page about this site."""

    code: str
    title: str
    text: Sequence[Paragraph]


class TextPage(NamedPage):
    @cached_property
    def title_language(self) -> str:  # type: ignore[override]
        """Language of the text; empty if it is that of the site."""
        return self.full.language if self.full.language != "en" else ""

    @property
    def summary(self) -> str:
        if self.is_sentence:
            return "".join(part.text for part in self.written.parts) if self.written else ""
        first = self.full.body or next((section.says for section in self.full.sections), "")
        return plain_words(first)[:MAX_DESCRIPTION_CHARACTERS]

    @property
    def is_sentence(self) -> bool:
        return self.full.kind in SENTENCES

    @property
    def text(self) -> Sequence[Paragraph]:
        return () if self.is_sentence else paragraphs(self.full.body)

    @cached_property
    def written(self) -> EditorSentence | None:
        """The sentence of an editor; None while it is not shown."""
        return editor_sentences(self.db, self.edition, [self.full]).get(self.id)

    @property
    def sections(self) -> Sequence[PageSectionView]:
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
        return [place_page_link(self.directory, code) for code in self.full.places]


MAX_DESCRIPTION_CHARACTERS = 200


def sections_of(form: PageForm) -> list[PageSectionView]:
    """Return the parts of a page in the order of their codes."""
    order = list(PagePart)
    return [
        PageSectionView(section.part, _(section.part.label), paragraphs(section.says))
        for section in sorted(form.sections, key=lambda section: order.index(section.part))
    ]
