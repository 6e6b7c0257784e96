"""The page `/events/breakdown`: a table of counts, each with the list of its events."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.filtering import Choice, DroppedParameter
from app.i18n.translate import _, inside, ngettext
from app.record.breakdown_filters import BreakdownFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.site.components.linked_text import TextPart
from app.site.components.urls import address, with_filters
from app.site.events.breakdown.axes import MAX_ROWS, axis_title, has_entries
from app.site.events.breakdown.table import Table, breakdown_table
from app.site.lists.summary import notices, sentence
from app.site.lists.summary import title as list_title
from app.site.references.citable import CitableView, plain_title
from app.web.urls import url

FILE_ENDINGS = (".csv", ".xlsx", ".json")


def breakdown_address(filters: BreakdownFilters, suffix: str = "") -> str:
    return with_filters(url("breakdown") + suffix, filters)


def breakdown_title(filters: BreakdownFilters, directory: Directory) -> str:
    # Translators: the name of a list of events, then the keys of the rows and columns of a table.
    rows, columns = map(axis_title, filters.axes)
    return _("{events}: {rows} by {columns}").format(
        events=list_title(filters.events, directory), rows=inside(rows), columns=inside(columns)
    )


def view_of_breakdown(
    edition: IndexedEdition, filters: BreakdownFilters, directory: Directory
) -> CitableView:
    bare = filters.with_(edition=None)
    rows, columns = filters.axes
    return CitableView(
        edition=edition,
        page=breakdown_address(bare),
        name="-".join(["events", *filters["place"][:3], "by", rows, columns]).replace("_", "-"),
        title=plain_title([breakdown_title(filters, directory)]),
        remark=_("numbers of events, not of people"),
    )


@dataclass(frozen=True)
class BreakdownPage:
    """The page model of `site/events/breakdown.html`."""

    title: str
    table: Table
    is_empty: bool
    is_past_end: bool
    """Whether the page has no rows, but an earlier one does."""
    sentence: Sequence[TextPart]
    notices: Sequence[str]
    notes: Sequence[str]
    """What the table leaves out."""
    rows: Sequence[tuple[str, str, bool]]
    """Options for the rows: code, label, whether it is chosen."""
    columns: Sequence[tuple[str, str, bool]]
    columns_key: str
    kept: Sequence[tuple[str, str]]
    """Hidden fields of the form: (key, value)."""
    shown_rows: str
    """Which rows of how many, in words; empty if all are shown."""
    first_address: str
    earlier_address: str
    further_address: str
    swapped_address: str
    list_address: str
    files: Sequence[tuple[str, str]]
    """Downloads: (label, address)."""
    json_address: str
    lasting_address: str


def breakdown_page(
    db: Session,
    edition: IndexedEdition,
    query: tuple[BreakdownFilters, Sequence[DroppedParameter]],
    directory: Directory,
) -> BreakdownPage:
    filters, dropped = query
    events, bare = filters.events, filters.with_(edition=None)
    counted = backend.match(db, edition, events, directory).counts()
    page = int(filters.one("page") or 1)
    first = (page - 1) * MAX_ROWS
    table = breakdown_table(db, edition, filters, directory, first=first)
    # Rows of dates have no pages.
    total = table.rows.found or (len(table.lines) if page == 1 else 0)
    whole = bare.with_(page=None)
    return BreakdownPage(
        title=breakdown_title(filters, directory),
        table=table,
        is_empty=not (has_entries(table.rows) and table.lines),
        is_past_end=not table.lines and first > 0 and table.total.count > 0,
        sentence=[part for part in sentence(events, counted, directory) if not part.is_aside],
        notices=notices(filters, dropped, directory),
        notes=_limits(filters, table),
        rows=_options(BreakdownFilters.ROWS, filters.axes[0]),
        columns=_options(BreakdownFilters.COLUMNS, filters.axes[1]),
        columns_key=filters.axes[1],
        kept=[pair for pair in filters.pairs() if pair[0] not in {"rows", "columns", "page"}],
        shown_rows=_("Rows {first}–{last} of {total}").format(
            first=first + 1, last=first + len(table.lines), total=total
        )
        if table.lines and total > len(table.lines)
        else "",
        first_address=breakdown_address(whole),
        earlier_address=breakdown_address(bare.with_(page=str(page - 1) if page > 2 else None))
        if page > 1
        else "",
        further_address=breakdown_address(bare.with_(page=str(page + 1)))
        if total > first + MAX_ROWS
        else "",
        swapped_address=breakdown_address(_swapped(whole)),
        list_address=address(events),
        files=[
            (ending.removeprefix(".").upper(), breakdown_address(whole, ending))
            for ending in FILE_ENDINGS
        ],
        json_address=breakdown_address(whole, ".json"),
        lasting_address=breakdown_address(bare.with_(edition=str(edition.no))),
    )


def _swapped(filters: BreakdownFilters) -> BreakdownFilters:
    rows, columns = filters.axes
    return BreakdownFilters.from_pairs(filters.with_(rows=columns, columns=rows).pairs())[0]


def _options(choice: Choice, chosen: str) -> list[tuple[str, str, bool]]:
    return [(code, axis_title(code), code == chosen) for code in choice.choices]


def _limits(filters: BreakdownFilters, table: Table) -> list[str]:
    """Return what the table leaves out, and why."""
    found = []
    for view, key in zip((table.rows, table.columns), filters.axes, strict=True):
        if view.is_code and filters[key]:
            found.append(
                _(
                    "“{key}” is in the filter: the table shows only values whose events all "
                    "match the filter."
                ).format(key=view.title)
            )
    if table.hidden_columns:
        found.append(
            ngettext(
                "{count} more column is counted under “Others”. Swap rows and columns to see all.",
                "{count} more columns are counted under “Others”. Swap rows and columns to see "
                "all.",
                table.hidden_columns,
            )
        )
    return found
