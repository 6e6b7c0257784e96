"""Texts that readers of the site miss: a page, or a part of one."""

from collections.abc import Collection, Iterator

from babel.lists import format_list
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.i18n.translate import _
from app.kinds import PageForm
from app.record.models import Version
from app.record.names.directory import preferred_name
from app.vocabulary.kinds import RecordKind
from app.vocabulary.pages import PageKind, PagePart

EXPECTED = (PageKind.SUBJECT, PageKind.PICTURE, PageKind.OVERVIEW, PageKind.ABOUT)
"""Kinds of page that every site needs."""
LANGUAGE = "en"


def find_page_gaps(db: Session) -> list[str]:
    """Return one sentence for each gap in the published pages. Runs one SQL statement."""
    rows = db.scalars(
        select(Version.payload["form"]).where(
            Version.kind == RecordKind.PAGE, Version.closed.is_(None), Version.is_live
        )
    )
    return list(page_gaps([PageForm.model_validate(form) for form in rows]))


def page_gaps(pages: Collection[PageForm]) -> Iterator[str]:
    missing = [_(kind.label) for kind in EXPECTED if all(page.kind is not kind for page in pages)]
    if missing:
        # Translators: kinds of page, such as "Overview".
        yield _("There is no page yet for: {kinds}. Write it at the desk and publish it.").format(
            kinds=format_list(missing, locale=LANGUAGE)
        )
    for page in sorted(pages, key=lambda page: int(page.id[1:])):
        yield from _gaps_of_page(page)


def _gaps_of_page(page: PageForm) -> Iterator[str]:
    title = preferred_name(page.names)
    if page.kind is PageKind.ABOUT:
        written = {section.part for section in page.sections}
        if parts := [_(part.label) for part in PagePart if part not in written]:
            # Translators: a page, and parts of it, such as "Publisher and Funding".
            yield _("“{title}” ({id}) lacks these parts: {parts}.").format(
                title=title, id=page.id, parts=format_list(parts, locale=LANGUAGE)
            )
    elif page.kind is PageKind.PICTURE:
        if not page.places:
            yield _("“{title}” ({id}) lists no place.").format(title=title, id=page.id)
    elif not page.body:
        yield _("“{title}” ({id}) is empty.").format(title=title, id=page.id)
