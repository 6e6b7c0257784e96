"""How far the record reaches, and which texts readers of the site miss."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from babel.lists import format_list
from sqlalchemy import func, select, true, tuple_
from sqlalchemy.orm import Session

from app.i18n.translate import _
from app.kinds import PageForm
from app.record.coverage import checks_of_edition
from app.record.editions import SelectedEdition
from app.record.models import FilterTerm, Version
from app.record.names.directory import Directory, preferred_name
from app.vocabulary.kinds import RecordKind
from app.vocabulary.named import PageKind, PagePart
from app.vocabulary.record import PlaceKind
from app.vocabulary.sources import OutletKind
from app.vocabulary.support import Corroboration

COUNTED = [
    (RecordKind.SOURCE, "has"),
    (RecordKind.SOURCE, "outlet"),
    (RecordKind.EVENT, "corroboration"),
    (RecordKind.EVENT, "place"),
]


@dataclass(frozen=True)
class RecordFigures:
    """Figures of one edition."""

    read: int
    """Sources that the editors read, in full or in part."""
    independent: int
    """Events with two or more independent sources."""
    aggregators: int
    """Sources that an aggregator published."""
    checks: int
    """Coverage checks."""
    newest: Mapping[str, int]
    """Code of each country, and the year of its newest event: a day would be more than is known."""


def record_figures(db: Session, edition: SelectedEdition, directory: Directory) -> RecordFigures:
    """Return the figures of an edition. Runs two statements."""
    term = func.unnest(Version.terms).table_valued("no").render_derived().lateral("used")
    rows = db.execute(
        select(
            Version.kind, FilterTerm.key, FilterTerm.code, func.count(), func.max(Version.sort_day)
        )
        .select_from(Version)
        .join(term, true())
        .join(FilterTerm, FilterTerm.no == term.c.no)
        .where(edition.holds(), Version.is_live, tuple_(Version.kind, FilterTerm.key).in_(COUNTED))
        .group_by(Version.kind, FilterTerm.key, FilterTerm.code)
    )
    found = {(kind, key, code): (count, day) for kind, key, code, count, day in rows}

    def count(kind: RecordKind, key: str, code: str) -> int:
        return found.get((kind, key, code), (0, None))[0]

    newest = {
        code: day.year
        for (_kind, key, code), (_count, day) in sorted(found.items())
        if key == "place" and day and directory.kind_of_place(code) is PlaceKind.COUNTRY
    }
    return RecordFigures(
        count(RecordKind.SOURCE, "has", "read"),
        count(RecordKind.EVENT, "corroboration", Corroboration.INDEPENDENT),
        sum(
            count(RecordKind.SOURCE, "outlet", code)
            for code, outlet in directory.outlets.items()
            if outlet.kind == OutletKind.AGGREGATOR
        ),
        len(checks_of_edition(db, edition)),
        newest,
    )


# Texts that readers miss --------------------------------------------------------------------------


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
