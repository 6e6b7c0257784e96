"""Lists of events, estimates and sources: filters, summary, facets and histogram around rows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import groupby
from typing import Any, ClassVar, NamedTuple, TypeVar

from fastapi import Request
from markupsafe import Markup
from starlette.responses import Response

from app.filtering import MAX_TEXT_CHARACTERS, Day, Since
from app.i18n.translate import _, inside
from app.record.filters import WINDOW, ListFilters, SearchFilters, is_by_date
from app.record.index import Matching
from app.record.index.matching import ListCounts
from app.record.lists import backend
from app.record.reads.cited_rows import RowsInEdition, rows_of_list
from app.record.sql.rows import ListPage, ListRow
from app.record.words.query import Query, QueryPart, is_too_common, parse
from app.site.cards import Card, cards_of_list
from app.site.components.urls import PageLink, address, list_name, with_filters
from app.site.dataset import FULL_FILES, Dataset
from app.site.export.columns import (
    Column,
    ColumnType,
    as_fields,
    row_as_json,
)
from app.site.export.feeds import feed_of_list
from app.site.export.responses import limit_of, list_rows, next_address, table_response
from app.site.lists.facets import Facets, HistogramView, facets_as_json, histogram_view
from app.site.lists.summary import (
    MAX_WORDS,
    WordResult,
    aside,
    count_in_words,
    nearest_words,
    sentence,
    title,
    too_common,
)
from app.site.references.citable import CitableView, plain_title
from app.vocabulary.kinds import NOUN_OF_KIND
from app.web.urls import url

F = TypeVar("F", bound=ListFilters)


WORD_COLUMNS: list[Column[WordResult]] = [
    Column(
        "words",
        "A word or phrase of a search that finds nothing.",
        lambda word: word.part.words.strip('"'),
    ),
    Column(
        "total",
        "How many records of the list it finds alone, with the other filters.",
        "in_list",
        ColumnType.COUNT,
    ),
    Column(
        "nearest",
        "If it finds none, words of the record with nearly the same letters.",
        lambda word: [link.label for link in word.nearest],
        ColumnType.LIST,
    ),
    Column("reason", "Why the record has no events of it, if so.", "part.note"),
]
"""The fields of a word. They are in no file, as only a list without rows has them."""


class DayField(NamedTuple):
    """A date field of the filter form. `value` is the text as typed, valid or not."""

    key: str
    label: str
    value: str
    is_mistyped: bool


class Listing(Dataset[F]):
    """A list that an index answers. Its template extends `site/components/list_page.html`.

    An empty list costs one SQL statement, and one for each of the words searched for.
    """

    endings: ClassVar[Sequence[str]] = FULL_FILES
    former = {
        ".feed.json": ".atom",
        ".csv-metadata.json": "/data/dictionary.csv",
        ".svg": "/preview{list}.png",
        ".png": "/preview{list}.png",
    }
    per_page: ClassVar[int] = 25

    @property
    def limit(self) -> int:
        return self.per_page

    @property
    def title(self) -> str:
        return title(self.filters, self.directory)

    @cached_property
    def matching(self) -> Matching:
        return backend.match(self.db, self.edition, self.filters, self.directory)

    @cached_property
    def counts(self) -> ListCounts:
        return self.matching.counts()

    @property
    def total(self) -> int:
        return self.counts.total

    @property
    def found(self) -> str:
        """The total in words: "26 events"."""
        return count_in_words(self.kind, self.total)

    @cached_property
    def shown_filters(self) -> F:
        """The filters with the order of the page, which may be another one than that of files."""
        return self.filters

    @property
    def sort(self) -> str:
        return self.shown_filters.one("sort")

    # The rows -------------------------------------------------------------------------------------

    @cached_property
    def read(self) -> ListPage:
        return backend.read_page(
            self.db, self.edition, self.shown_filters, self.directory, self.limit
        )

    @property
    def rows(self) -> Sequence[ListRow]:
        return self.read.rows

    @property
    def shown(self) -> int:
        """Number of rows on this page."""
        return len(self.rows)

    @property
    def before(self) -> int:
        """Number of rows on the pages before this one."""
        return self.total - self.read.remaining

    @property
    def cursor(self) -> str | None:
        return self.read.next

    def by_year(self, undated: str) -> Iterator[tuple[str, Sequence[ListRow]]]:
        """Yield heading and rows of each year; one group if not sorted by date."""
        # Headings use the sort key (the earliest possible day): otherwise one could appear twice.
        for year, rows in groupby(
            self.rows, lambda row: row.sort_day and row.sort_day.year if self.is_by_date else 0
        ):
            yield undated if year is None else str(year or ""), list(rows)

    @property
    def is_by_date(self) -> bool:
        return is_by_date(self.sort)

    @property
    def cards(self) -> list[Card]:
        return cards_of_list(self.db, self.edition, self.filters, self.directory)

    # The filter -----------------------------------------------------------------------------------

    @cached_property
    def sentence(self) -> Markup:
        return sentence(self.bare, self.counts, self.directory)

    @property
    def aside(self) -> Markup:
        return aside(self.bare, self.counts)

    @cached_property
    def facets(self) -> Facets:
        shown = self.bare.with_(all=self.filters["all"])
        return Facets(shown, self.counts, self.directory)

    @cached_property
    def histogram(self) -> HistogramView | None:
        return histogram_view(self.db, self.edition, self.bare, self.directory, self.counts.extent)

    @cached_property
    def all_days(self) -> list[DayField]:
        typed = {item.key: item.value[:MAX_TEXT_CHARACTERS] for item in reversed(self.dropped)}
        return [
            DayField(
                key.key,
                _(key.title),
                typed.get(key.key) or self.filters.one(key.key),
                key.key in typed,
            )
            for key in self.filters.FILTERS
            if isinstance(key, Day | Since) and key.key != "edition"
        ]

    @property
    def days(self) -> list[DayField]:
        return [field for field in self.all_days if field.key in self.filters.PERIODS[0]]

    @property
    def later_days(self) -> list[DayField]:
        """Rarer fields: dates of publication, and since which edition a row is in the record."""
        return [field for field in self.all_days if field.key not in self.filters.PERIODS[0]]

    @property
    def dates_chosen(self) -> int:
        keys = [*(field.key for field in self.all_days), "match"]
        return sum(bool(self.filters[key]) for key in keys)

    @property
    def has_window(self) -> bool:
        return any(self.filters[key] for key in self.filters.PERIODS[0])

    @property
    def undated_address(self) -> str:
        if "date" not in self.filters.by_key():
            return ""
        first, last = self.filters.PERIODS[0]
        return address(self.bare.with_(**{first: None, last: None, "match": None, "date": "none"}))

    @property
    def readings(self) -> list[tuple[str, str, str, bool]]:
        """Options of `match`: code, label, total in words, whether it is chosen."""
        if "match" not in self.filters.by_key():
            return []
        found = {"possible": self.counts.possible, "certain": self.counts.certain}
        return [
            (code, label, count_in_words(self.kind, found[code]), is_chosen)
            for code, label, is_chosen in self.options("match")
        ]

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        has_words = bool(self.filters.one("q"))
        return [
            (code, label, code == self.sort)
            for code, label, _is_chosen in self.options("sort")
            if code != "relevance" or has_words
        ]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Hidden fields of the filter form: keys without a field in it."""
        keys = ("vague", "view", "all", "edition")
        return [(key, self.filters.one(key)) for key in keys if self.filters[key]]

    @property
    def search_kept(self) -> list[tuple[str, str]]:
        """Hidden fields of the search form: the whole filter without the words."""
        return self.filters.with_(q=None, all=None, after=None, limit=None).pairs()

    @property
    def clear_address(self) -> str:
        kept = {key: self.bare[key] for key in ("sort", "view") if self.bare[key]}
        return address(self.filters.made_of(kept, {}))

    # Words, and an empty list ---------------------------------------------------------------------

    @cached_property
    def query(self) -> Query:
        """The words of the search field as they are read; empty if all are too common."""
        query = parse(self.filters.one("q"), self.directory)
        return Query() if is_too_common(query) else query

    @property
    def exact_address(self) -> str:
        """The list with exactly these words; empty if this is it."""
        literal = self.query.literal
        is_this = literal in {"", self.filters.one("q")}
        return "" if is_this else address(self.bare.with_(q=literal))

    @property
    def everything_address(self) -> str:
        """The search of everything for the words."""
        return with_filters(url("search"), SearchFilters.made_of({"q": self.filters["q"]}, {}))

    @cached_property
    def by_word(self) -> list[WordResult]:
        """What each word finds under the other filters, if the list is empty."""
        return [self._word(part) for part in self.query.wanted[:MAX_WORDS] if not self.total]

    def _word(self, part: QueryPart) -> WordResult:
        db, edition, directory = self.db, self.edition, self.directory
        alone = self.bare.with_(q=part.query)
        if count := len(backend.match(db, edition, alone, directory).answers):
            return WordResult(
                part, [PageLink(count_in_words(self.kind, count), address(alone))], [], count
            )
        typed = self.filters.one("q")
        nearest = [
            PageLink(word, address(self.bare.with_(q=typed.replace(part.words, word))))
            for word in nearest_words(db, edition, directory, part)
        ]
        return WordResult(part, [], nearest)

    @property
    def wider(self) -> list[tuple[str, str, str]]:
        """Links that remove one part of the filter each: label, address, total in words."""
        titles = {
            WINDOW: _("the dates"),
            "published": _("the dates of publication"),
            "q": _("the words"),
        }
        first, last = self.filters.PERIODS[0], self.filters.PERIODS[-1]
        periods = {WINDOW: (*first, "match"), "published": last}
        found = self.matching.counts_without()
        wider = []
        for key, count in found.items():
            if keys := periods.get(key):
                without = self.bare.with_(**dict.fromkeys(keys))
            else:
                without = self.bare.without(key).without(key, excluded=True)
            part = titles.get(key) or inside(_(self.filters.by_key()[key].title))
            if count:
                # l10n: a link that removes a filter, such as "Remove industry"
                words = _("Remove {part}").format(part=part)
                wider.append((words, address(without), count_in_words(self.kind, count)))
        return wider

    # Citation and files ---------------------------------------------------------------------------

    @property
    def view(self) -> CitableView:
        return CitableView(
            edition=self.edition,
            page=self.link(),
            name=list_name(self.bare),
            title=plain_title([self.sentence.striptags()]),
            remark=plain_title([self.aside.striptags()]),
        )

    @property
    def cited_rows(self) -> RowsInEdition:
        return rows_of_list(self.db, self.filters)

    @property
    def total_cited(self) -> int:
        return self.total

    @property
    def changed(self) -> list[tuple[str, str]]:
        return [("what", NOUN_OF_KIND[self.filters.KIND]), *self.filters.narrowing.pairs()]

    def as_json(self, request: Request) -> dict[str, Any]:
        """Return one page, `limit` rows long, with its facets and hints on its words."""
        counted, filters, typed = self.counts, self.filters, self.filters.one("q")
        page = backend.read_page(self.db, self.edition, filters, self.directory, limit_of(filters))
        return {
            **self.json_heading(request),
            "total": counted.total,
            "undated": counted.undated,
            "next": next_address(request, self.edition, filters, page.next),
            "hint": too_common(typed) if is_too_common(parse(typed, self.directory)) else "",
            "also": {part.words: part.equivalents for part in self.query.also},
            "by_word": [as_fields(WORD_COLUMNS, word) for word in self.by_word],
            "facets": facets_as_json(filters, counted, self.directory),
            "items": [row_as_json(filters.KIND, row) for row in page.rows],
        }

    @property
    def file_view(self) -> CitableView:
        words = " ".join((self.sentence.striptags(), self.aside.striptags())).strip()
        return replace(self.view, title=words)

    def feed(self, request: Request) -> Response:
        return feed_of_list(request, self.db, self.edition, self.filters, self.directory)

    def table(self, request: Request) -> Response:
        seqs = self.matching.order(self.filters.one("sort"))
        rows = partial(list_rows, self.filters.KIND, seqs)
        return table_response(request, self.file_view, self.directory, rows, self.total)
