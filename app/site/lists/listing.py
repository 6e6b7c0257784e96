"""Everything a list page shows around its rows: summary, facets, histogram and links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.filtering import MAX_TEXT_CHARACTERS, Choice, Day, DroppedParameter, Filters, Since
from app.i18n.translate import _, inside
from app.record.editions import SelectedEdition
from app.record.filters import EventFilters, ListFilters, is_by_date
from app.record.index.edition import IndexedEdition
from app.record.index.results import ListCounts
from app.record.lists import backend
from app.record.lists.backend import PagePositions
from app.record.models import RecordState
from app.record.names.directory import Directory
from app.record.publishing.working_set import reference_name
from app.record.sql import conditions
from app.record.sql.by_name import find_by_name, is_id
from app.record.sql.rows import ListPage
from app.site.components.linked_text import TextPart
from app.site.components.urls import address, record_address
from app.site.lists.chips import Chip, chips
from app.site.lists.facets import Facets, facets
from app.site.lists.histogram import HistogramView, histogram_view
from app.site.lists.summary import WORDING, notices, sentence, title
from app.site.lists.words import ListWords, list_words
from app.web.urls import PAGE_OF_KIND

Query = tuple[ListFilters, Sequence[DroppedParameter]]
"""The valid filters of an address, and its invalid parts."""


@dataclass(frozen=True)
class DayField:
    """A date field of the filter form. `value` is the text as typed, valid or not."""

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
    """The total in words: "26 events"."""
    undated: int
    undated_address: str
    counts: ListCounts
    sentence: Sequence[TextPart]
    in_many: str
    """Note on rows that count in several bars of the histogram."""
    chips: Sequence[Chip]
    notices: Sequence[str]
    facets: Facets
    days: Sequence[DayField]
    later_days: Sequence[DayField]
    """Rarer fields: dates of publication, and since which edition a row is in the record."""
    dates_chosen: int
    readings: Sequence[tuple[str, str, str, bool]]
    """Options of `match`: code, label, total in words, whether it is chosen.

    Empty for lists without `match`.
    """
    histogram: HistogramView | None
    sorts: Sequence[tuple[str, str, bool]]
    wider: Sequence[Wider]
    meant: tuple[str, str] | None
    """Id and address of the record whose id was typed into the search field.

    None if the list has rows, or if there is no such record.
    """
    list_address: str
    next_address: str
    first_address: str
    clear_address: str
    json_address: str
    csv_address: str
    xlsx_address: str
    geojson_address: str
    """Empty for lists whose rows have no coordinates."""
    lasting_address: str
    turned_address: str
    """The same list by date, in the opposite order."""
    is_turned: bool | None
    """Whether the list is sorted newest first; None if it is not sorted by date."""
    kept: Sequence[tuple[str, str]]
    """Hidden fields of the filter form: view, all, edition."""
    search: str
    """Label of the list's own search field."""
    search_kept: Sequence[tuple[str, str]]
    """Hidden fields of the search form: the whole filter without the words."""
    words: ListWords | None
    """How the words of the search field were read."""
    before: int
    """Number of rows on the pages before this one."""

    @property
    def has_window(self) -> bool:
        return any(self.filters[key] for key in self.filters.PERIODS[0])


def listing(
    db: Session,
    edition: IndexedEdition,
    query: Query,
    directory: Directory,
    page: ListPage | PagePositions,
) -> Listing:
    """Return everything around the rows of `page`.

    An empty list costs one SQL statement, and one for each of the words searched for.
    """
    filters, dropped = query
    counted = backend.match(db, edition, filters, directory).counts()
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
    mistyped = {item.key: item.value[:MAX_TEXT_CHARACTERS] for item in reversed(dropped)}
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
        in_many=_(WORDING[filters.KIND].in_many),
        chips=chips(bare, directory),
        notices=notices(filters, dropped, directory),
        facets=facets(bare.with_(all=filters["all"]), counted, directory),
        days=[field for field in days if field.key in filters.PERIODS[0]],
        later_days=[field for field in days if field.key not in filters.PERIODS[0]],
        dates_chosen=sum(bool(filters[key]) for key in [*(field.key for field in days), "match"]),
        readings=_match_options(filters, counted),
        histogram=histogram_view(db, edition, bare, directory, counted.extent),
        sorts=[
            (code, label, code == sort)
            for code, label in choices(filters, "sort")
            if code != "relevance" or filters.one("q")
        ],
        wider=_wider_filters(db, edition, bare, directory) if not counted.total else [],
        meant=_record_meant(db, edition, bare.one("q")) if not counted.total else None,
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
        kept=[(key, filters.one(key)) for key in KEPT_KEYS if filters[key]],
        search=_(wording.search),
        words=list_words(db, edition, bare, directory, wording.some, is_empty=not counted.total),
        search_kept=filters.with_(q=None, all=None, after=None, limit=None).pairs(),
    )


KEPT_KEYS = ("vague", "view", "all", "edition")
"""Keys without a field in the filter form."""


def choices(filters: Filters, key: str) -> list[tuple[str, str]]:
    """Return the codes and labels of a key with a fixed list of values."""
    choice = filters.by_key()[key]
    assert isinstance(choice, Choice)
    return [(code, _(label)) for code, label in choice.choices.items()]


def _day_field(key: Day | Since, filters: ListFilters, mistyped: Mapping[str, str]) -> DayField:
    is_mistyped = key.key in mistyped
    return DayField(
        key.key, _(key.title), mistyped.get(key.key) or filters.one(key.key), is_mistyped
    )


def _match_options(filters: ListFilters, counted: ListCounts) -> list[tuple[str, str, str, bool]]:
    if "match" not in filters.by_key():
        return []
    found = {"possible": counted.possible, "certain": counted.certain}
    some = WORDING[filters.KIND].some
    return [
        (code, label, some(found[code]), code == filters.one("match"))
        for code, label in choices(filters, "match")
    ]


def _wider_filters(
    db: Session, edition: IndexedEdition, filters: ListFilters, directory: Directory
) -> list[Wider]:
    """Return links that remove one part of the filter each, with the total of the wider list."""
    found = backend.match(db, edition, filters, directory).counts_without()
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
            without = _without_keys(filters, *filters.PERIODS[0], "match")
        elif key == "published":
            without = _without_keys(filters, *filters.PERIODS[1])
        else:
            without = filters.without(key).without(key, excluded=True)
        part = titles.get(key) or inside(_(filters.by_key()[key].title))
        wider.append(
            Wider(
                # l10n: a link that removes a filter, such as "Remove industry"
                _("Remove {part}").format(part=part),
                address(without),
                WORDING[filters.KIND].some(count),
            )
        )
    return wider


def _record_meant(db: Session, edition: SelectedEdition, words: str) -> tuple[str, str] | None:
    kind = words[:1].upper()
    row = (
        find_by_name(db, edition, kind, words)
        if kind in PAGE_OF_KIND and is_id(words, kind)
        else None
    )
    return (
        (row.id, record_address(row.id, reference_name(row)))
        if row and row.state != RecordState.PURGED
        else None
    )


def _without_keys(filters: ListFilters, *keys: str) -> ListFilters:
    return filters.with_(**dict.fromkeys(keys))
