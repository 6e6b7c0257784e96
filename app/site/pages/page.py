"""The page of one text of the site, with its history; and the list of these texts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.i18n.translate import _
from app.kinds import PageForm
from app.record.index.edition import IndexedEdition
from app.record.models import Version
from app.record.names.directory import Directory, preferred_name
from app.record.payloads import form_of
from app.record.reads.event_context import read_versions
from app.site.components.record_title import revision_rows
from app.site.components.text import Paragraph, paragraphs, plain_words
from app.site.components.urls import PageLink, place_page_link, record_address
from app.vocabulary.pages import PagePart
from app.web.urls import url


@dataclass(frozen=True)
class PageSectionView:
    """One part of the page about this site."""

    code: str
    title: str
    text: Sequence[Paragraph]


class TextPage:
    """The page model of `site/pages/page.html`."""

    def __init__(
        self, db: Session, edition: IndexedEdition, row: Version, directory: Directory
    ) -> None:
        form = PageForm.model_validate(form_of(row))
        address = record_address(row.id, form.code)
        sections = sections_of(form)
        first = form.body or next((section.says for section in form.sections), "")
        self.form, self.row = form, row
        self.name = preferred_name(form.names)
        self.kind = _(form.kind.label)
        # Language of the text; empty if it is that of the site.
        self.lang = form.language if form.language != "en" else ""
        self.text = paragraphs(form.body)
        self.sections = sections
        # Heading and event of each mark of the picture.
        self.marks = [
            (mark.group, PageLink(mark.label, record_address(mark.event))) for mark in form.marks
        ]
        self.places = [place_page_link(directory, code) for code in form.places]
        self.description = plain_words(first)[:MAX_DESCRIPTION_CHARACTERS]
        self.revisions = revision_rows(read_versions(db, edition, row.id), directory)
        self.address = address


MAX_DESCRIPTION_CHARACTERS = 200


def sections_of(form: PageForm) -> list[PageSectionView]:
    """Return the parts of a page in the order of their codes."""
    order = list(PagePart)
    return [
        PageSectionView(section.part, _(section.part.label), paragraphs(section.says))
        for section in sorted(form.sections, key=lambda section: order.index(section.part))
    ]


@dataclass(frozen=True)
class PageRow:
    """A page in the list of pages."""

    name: str
    address: str
    kind: str


def page_rows(directory: Directory) -> list[PageRow]:
    """Return all pages, in the order of their ids."""
    return [
        PageRow(
            preferred_name(form.names),
            url("page", code=form.code),
            _(form.kind.label),
        )
        for form in sorted(directory.pages.values(), key=lambda form: int(form.id[1:]))
    ]
