"""How far the record reaches, and which texts readers of the site miss."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select, true, tuple_
from sqlalchemy.orm import Session

from app.i18n.formats import conjunction
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


def find_page_gaps(db: Session) -> list[str]:
    """Return one sentence for each gap in the published pages. Runs one SQL statement."""
    rows = db.scalars(
        select(Version.payload["form"])
        .where(Version.kind == RecordKind.PAGE, Version.closed.is_(None), Version.is_live)
        .order_by(Version.number)
    )
    pages = [PageForm.model_validate(form) for form in rows]
    written = {page.kind for page in pages}
    gaps = []
    if missing := [_(kind.label) for kind in EXPECTED if kind not in written]:
        # Translators: kinds of page, such as "Overview".
        gaps.append(
            _("There is no page yet for: {kinds}. Write it at the desk and publish it.").format(
                kinds=conjunction(missing)
            )
        )
    for page in pages:
        parts = {section.part for section in page.sections}
        lacking = [_(part.label) for part in PagePart if part not in parts]
        if page.kind is PageKind.ABOUT and lacking:
            # Translators: a page, and parts of it, such as "Publisher and Funding".
            gaps.append(
                _("“{title}” ({id}) lacks these parts: {parts}.").format(
                    title=preferred_name(page.names), id=page.id, parts=conjunction(lacking)
                )
            )
    return gaps
