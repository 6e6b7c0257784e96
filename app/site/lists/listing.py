"""What every filtered list shows around its rows: the filter in words, facets, histogram, the way to other views."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.filtering import MOST_CHARACTERS, Choice, Day, Dropped, Filters, Since
from app.i18n.translate import _
from app.record.editions import Reading
from app.record.filters import EventFilters, ListFilters, is_by_date
from app.record.lists import backend
from app.record.lists.backend import Places
from app.record.names.directory import Directory
from app.record.publishing.working_set import name_of
from app.record.sql import conditions
from app.record.sql.by_name import find, is_id
from app.record.sql.counts import Counts
from app.record.sql.rows import Page
from app.site.components.linked_text import Part
from app.site.components.urls import RECORDS, address, record_address
from app.site.lists.facets import Facet, facets
from app.site.lists.histogram import HistogramView, histogram_view
from app.site.lists.summary import WORDING, Chip, chips, notices, sentence, title

Question = tuple[ListFilters, Sequence[Dropped]]
"""What an address asks for, as far as it can be understood, and the rest."""


@dataclass(frozen=True)
class DayField:
    """One bound of a period, with what was typed into it, right or wrong."""

    key: str
    label: str
    value: str
    is_mistyped: bool


@dataclass(frozen=True)
class Wider:
    label: str
    address: str
    found: str


@dataclass(frozen=True)
class Listing:
    """Everything that `site/components/list_page.html` prints around the rows of a list."""

    filters: ListFilters
    heading: str
    title: str
    total: int
    found: str
    """How many there are, in words: 26 events."""
    undated: int
    undated_address: str
    counts: Counts
    sentence: Sequence[Part]
    chips: Sequence[Chip]
    notices: Sequence[str]
    facets: Sequence[Facet]
    days: Sequence[DayField]
    later_days: Sequence[DayField]
    """Bounds of publication, and since when a row has been in the record: less often asked for."""
    dates_chosen: int
    readings: Sequence[tuple[str, str, str, bool]]
    """How the window matches: code, label, what it finds in words, whether it is chosen; empty where it can't be."""
    histogram: HistogramView | None
    sorts: Sequence[tuple[str, str, bool]]
    wider: Sequence[Wider]
    meant: tuple[str, str] | None
    """The record whose id was typed as a word to search for, and where it stands; None where something was found."""
    list_address: str
    next_address: str
    first_address: str
    clear_address: str
    json_address: str
    csv_address: str
    xlsx_address: str
    geojson_address: str
    """Empty where the rows are at no place of their own."""
    lasting_address: str
    turned_address: str
    """The same list by date, the other way round."""
    is_turned: bool | None
    """Whether it stands newest first; None where it is sorted by something else."""
    kept: Sequence[tuple[str, str]]
    """Keys that the filter form carries along without showing them: view, all, edition."""
    before: int
    """How many rows stand on the pages before this one."""

    @property
    def has_window(self) -> bool:
        return any(self.filters[key] for key in self.filters.PERIODS[0])


def listing(
    db: Session, edition: Reading, question: Question, directory: Directory, page: Page | Places
) -> Listing:
    """With an index no statement, in SQL two, whatever is asked and found; one more where nothing is for an id."""
    filters, dropped = question
    counted = backend.counts(db, edition, filters, directory)
    bare = filters.with_(all=None, after=None, edition=None, limit=None)
    wording, sort = WORDING[filters.KIND], filters.one("sort")
    first, last = filters.PERIODS[0]
    undated = (
        {first: None, last: None, "match": None, "date": "none"}
        if "date" in filters.by_key()
        else None
    )
    oldest_first, newest_first = sorted(
        (code for code, _label in choices(filters, "sort") if is_by_date(code)),
        key=lambda code: code[0] == "-",
    )
    mistyped = {item.key: item.value[:MOST_CHARACTERS] for item in reversed(dropped)}
    days = [
        _day_field(key, filters, mistyped)
        for key in filters.FILTERS
        if isinstance(key, Day | Since)
    ]
    days = [field for field in days if field.key != "edition"]
    return Listing(
        filters=filters.with_(all=None),
        heading=_(wording.title),
        title=title(filters, directory),
        total=counted.total,
        found=wording.some(counted.total),
        undated=counted.undated,
        undated_address=address(bare.with_(**undated)) if undated else "",
        counts=counted,
        sentence=sentence(bare, counted, directory),
        chips=chips(bare, directory),
        notices=notices(filters, dropped, directory),
        facets=facets(bare.with_(all=filters["all"]), counted, directory),
        days=[field for field in days if field.key in filters.PERIODS[0]],
        later_days=[field for field in days if field.key not in filters.PERIODS[0]],
        dates_chosen=sum(bool(filters[key]) for key in [*(field.key for field in days), "match"]),
        readings=_readings(filters, counted),
        histogram=histogram_view(db, edition, bare, directory, counted.extent),
        sorts=[
            (code, label, code == sort)
            for code, label in choices(filters, "sort")
            if code != "relevance" or filters.one("q")
        ],
        wider=_wider(db, edition, bare, directory) if not counted.total else [],
        meant=_meant(db, edition, bare.one("q")) if not counted.total else None,
        list_address=address(type(filters)()),
        next_address=address(filters.with_(after=page.next, edition=str(edition.no)))
        if page.next
        else "",
        first_address=address(bare) if filters.one("after") else "",
        clear_address=address(
            filters.made_of({k: bare[k] for k in ("sort", "view") if bare[k]}, {})
        ),
        json_address=address(bare, ".json"),
        csv_address=address(bare, ".csv"),
        xlsx_address=address(bare, ".xlsx"),
        geojson_address=address(bare, ".geojson") if isinstance(bare, EventFilters) else "",
        lasting_address=address(bare.with_(edition=str(edition.no))),
        turned_address=address(
            bare.with_(sort=oldest_first if sort == newest_first else newest_first)
        ),
        is_turned=sort == newest_first if is_by_date(sort) else None,
        before=counted.total - page.remaining,
        kept=[(key, filters.one(key)) for key in ("view", "all", "edition") if filters[key]],
    )


def choices(filters: Filters, key: str) -> list[tuple[str, str]]:
    """The codes and labels of a key that is one of a few."""
    choice = filters.by_key()[key]
    assert isinstance(choice, Choice)
    return [(code, _(label)) for code, label in choice.choices.items()]


def _day_field(key: Day | Since, filters: ListFilters, mistyped: Mapping[str, str]) -> DayField:
    is_mistyped = key.key in mistyped
    return DayField(
        key.key, _(key.title), mistyped.get(key.key) or filters.one(key.key), is_mistyped
    )


def _readings(filters: ListFilters, counted: Counts) -> list[tuple[str, str, str, bool]]:
    if "match" not in filters.by_key():
        return []
    found = {"possible": counted.possible, "certain": counted.certain}
    some = WORDING[filters.KIND].some
    return [
        (code, label, some(found[code]), code == filters.one("match"))
        for code, label in choices(filters, "match")
    ]


def _wider(
    db: Session, edition: Reading, filters: ListFilters, directory: Directory
) -> list[Wider]:
    """What the filter would find without each one of its parts: counted in one statement."""
    found = backend.counts_without(db, edition, filters, directory)
    titles = {
        conditions.WINDOW: _("the dates"),
        "published": _("the dates of publication"),
        "q": _("the words"),
    }
    wider = []
    for key, count in found.items():
        if not count:
            continue
        if key == conditions.WINDOW:
            without = _without(filters, *filters.PERIODS[0], "match")
        elif key == "published":
            without = _without(filters, *filters.PERIODS[1])
        else:
            without = filters.without(key).without(key, excluded=True)
        part = titles.get(key) or _(filters.by_key()[key].title).lower()
        wider.append(
            Wider(
                _("Without {part}").format(part=part),
                address(without),
                WORDING[filters.KIND].some(count),
            )
        )
    return wider


def _meant(db: Session, edition: Reading, words: str) -> tuple[str, str] | None:
    kind = words[:1].upper()
    row = find(db, edition, kind, words) if kind in RECORDS and is_id(words, kind) else None
    return (row.id, record_address(row.id, name_of(row))) if row and row.state != "purged" else None


def _without(filters: ListFilters, *keys: str) -> ListFilters:
    return filters.with_(**dict.fromkeys(keys))
