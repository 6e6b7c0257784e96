"""A list of the site: its page, its files, its citation and its links, registered together."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Generic, Self, TypeVar

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.filtering import Choice, DroppedParameter, Filters, Pairs, Terms
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.kinds import FORMS
from app.record.filters import ListFilters
from app.record.index.edition import IndexedEdition
from app.record.lists.backend import ListSession, select_edition
from app.record.names.directory import Directory
from app.record.names.place_search import places_by_name
from app.record.reads.cited_rows import RowsInEdition, rows_with_codes
from app.site.components.urls import PageLink, with_filters
from app.site.export.columns import COLUMNS, Column, as_fields
from app.site.export.responses import (
    csv_response,
    json_heading,
    led_on,
    list_response,
)
from app.site.lists.request import (
    Query,
    edition_directory,
    feed_link,
    query_pairs,
    redirect_to_canonical,
    reject_invalid_query,
)
from app.site.lists.summary import Chip, chips, notices
from app.site.references.citable import CitableView, CiteBox
from app.site.references.json_ld import FILES as DESCRIBED_FILES
from app.site.references.json_ld import describe_dataset
from app.vocabulary.kinds import CITING_KINDS, NOUN_OF_KIND
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.urls import ADDRESSES, url

F = TypeVar("F", bound=Filters)
FILES = (".json", ".csv")
FULL_FILES = (*FILES, ".xlsx", ".atom")
"""Files of events, estimates and sources."""
FORMER_FILES = {".xlsx": ".csv", ".csv-metadata.json": "/data/dictionary.csv"}
FILE_LABELS = {".csv": "CSV", ".xlsx": "Excel", ".json": "JSON", ".geojson": "GeoJSON"}
"""Files that pages name beside a list, in their order."""


def dataset_page(
    request: Request,
    template: str,
    edition: IndexedEdition,
    *,
    cited: CitableView,
    file_address: Callable[[str], str],
    **context: Any,
) -> Response:
    """Render a page with its citation, its links to share, and the description of its data.

    `file_address` returns where the data are in this edition, for an ending such as `.csv`.
    """
    files = [(media_type, file_address(ending)) for ending, media_type in DESCRIBED_FILES.items()]
    return page(
        request,
        template,
        edition=edition,
        cited=CiteBox(request, cited),
        described=describe_dataset(request, cited, files),
        **context,
    )


class Dataset(Generic[F]):
    """A list in one edition with the filters of one address. Its template reads it as `listing`.

    Each list is a subclass: it names its address, filters, template, files and columns, and has a
    property for each thing that it shows. Those in `app/site` that have a name are registered.
    """

    name: ClassVar[str]
    """Name of its address."""
    path: ClassVar[str] = ""
    """Its address, if `ADDRESSES` has none: it is linked from pages only."""
    heading: ClassVar[str]
    filter_class: ClassVar[type[Any]]
    template: ClassVar[str]
    endings: ClassVar[Sequence[str]] = ()
    """Endings of the addresses of its files."""
    former: ClassVar[Mapping[str, str]] = {}
    """Endings that went since 0.1.0, each with the path or ending that it leads to."""
    columns: ClassVar[Sequence[Column[Any]]] = ()
    form_keys: ClassVar[Collection[str]] = ()
    """Keys with a field in the form of its page."""
    route_class: ClassVar[type[APIRoute]] = EditionRoute
    headers: ClassVar[Mapping[str, str]] = {}
    """Headers of all its responses, such as that none is stored."""
    takes_place_names: ClassVar[bool] = False
    """Whether places may be given by name, several separated by commas."""

    # What the API adds, for lists that are in it.
    row_name: ClassVar[str]
    """Name of a row in its description."""
    about: ClassVar[str]
    api_filters: ClassVar[type[Any]]
    """Its keys, if they are others than those of the page."""
    kind: ClassVar[str] = ""
    """Letter of the kind of record, which has heading, columns and more; empty if rows are none."""
    example: ClassVar[str] = ""
    """Name of a record, for examples; empty if single rows have no address."""

    def __init_subclass__(cls) -> None:
        if "kind" in vars(cls):
            words = FORMS[cls.kind].WORDS
            cls.heading, cls.row_name = words.title, NOUN_OF_KIND[cls.kind].label
            cls.about, cls.example = words.description, words.example
            cls.columns = COLUMNS[cls.kind]

    def __init__(
        self,
        db: Session,
        edition: IndexedEdition,
        directory: Directory,
        filters: F,
        dropped: Sequence[DroppedParameter] = (),
    ) -> None:
        self.db, self.edition, self.directory = db, edition, directory
        self.filters, self.dropped = filters, dropped

    @classmethod
    def parse(cls, pairs: Pairs, directory: Directory) -> Query[F]:
        """Parse a query string; replaces merged codes."""
        unknown: list[DroppedParameter] = []
        if cls.takes_place_names:
            pairs, unknown = places_by_name(pairs, directory)
        filters, dropped = cls.filter_class.from_pairs(pairs)
        return directory.led_on(filters), [*dropped, *unknown]

    @classmethod
    def requested(cls, request: Request, db: ListSession, pairs: Pairs | None = None) -> Self:
        """Return the list with the query of a request, in the edition that it names."""
        pairs = query_pairs(request) if pairs is None else list(pairs)
        named, _dropped = cls.filter_class.from_pairs(
            each for each in pairs if each[0] == "edition"
        )
        edition = select_edition(db, named.one("edition"))
        directory = edition_directory(request, db, edition)
        return cls(db, edition, directory, *cls.parse(pairs, directory))

    # Addresses ------------------------------------------------------------------------------------

    @classmethod
    def path_name(cls) -> str:
        """Return the name of the list in addresses."""
        return url(cls.name).strip("/")

    @cached_property
    def bare(self) -> F:
        """The filters alone: every page of the list, in the newest edition."""
        return self.filters.with_(all=None, after=None, limit=None, edition=None)

    def address_of(self, filters: Filters, ending: str = "") -> str:
        return with_filters(url(self.name) + ending, filters)

    def link(self, ending: str = "") -> str:
        """Return the address of the list, or of a file of it, in the newest edition."""
        return self.address_of(self.bare, ending)

    def file_address(self, ending: str) -> str:
        """Return the permanent address of a file."""
        return self.address_of(self.bare.with_(edition=str(self.edition.no)), ending)

    @property
    def lasting_address(self) -> str:
        return self.file_address("")

    @property
    def cursor(self) -> str | None:
        """Where the next page begins; None on the last one."""
        return None

    @property
    def next_address(self) -> str:
        following = self.filters.with_(after=self.cursor, edition=str(self.edition.no))
        return self.address_of(following) if self.cursor else ""

    @property
    def first_address(self) -> str:
        """The first page of the list, on the others."""
        return self.link() if self.filters.one("after") else ""

    @property
    def files(self) -> list[tuple[str, str]]:
        """Labels and addresses of files."""
        return [
            (label, self.link(ending))
            for ending, label in FILE_LABELS.items()
            if ending in self.endings
        ]

    @property
    def json_url(self) -> str:
        return self.link(".json") if self.endings else ""

    @property
    def feeds(self) -> list[PageLink]:
        assert isinstance(self.filters, ListFilters)
        return [feed_link(self.filters, self.title)]

    # What the page shows --------------------------------------------------------------------------

    @property
    def title(self) -> str:
        return _(self.heading)

    @cached_property
    def notices(self) -> list[str]:
        """Messages on invalid, unknown and retired parts of the query."""
        return notices(self.filters, self.dropped, self.directory)

    @cached_property
    def chips(self) -> list[Chip]:
        return chips(self.bare, self.directory, self.address_of)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Hidden fields of the form."""
        pairs = self.filters.with_(after=None).pairs()
        return [pair for pair in pairs if pair[0] not in self.form_keys]

    def options(self, key: str) -> list[tuple[str, str, bool]]:
        """Return code and label of each value of a fixed list, and whether it is chosen."""
        filter = self.filters.by_key()[key]
        if isinstance(filter, Choice):
            chosen = self.filters.one(key)
            return [(code, _(label), code == chosen) for code, label in filter.choices.items()]
        assert isinstance(filter, Terms)
        label, found = self.directory.label, self.filters[key]
        return [(code, label(filter.vocabulary, code), code in found) for code in filter.closed]

    @property
    def place_labels(self) -> list[str]:
        return [self.directory.label("place", code) for code in self.filters["place"]]

    @property
    def where(self) -> str:
        """Content of the form's place field: names of the selected places, and unknown input."""
        unknown = [item.value for item in self.dropped if item.key == "place"]
        return enumerate_words([*self.place_labels, *unknown])

    def page(self, request: Request) -> Response:
        context: dict[str, Any] = {"listing": self, "lasting": self.lasting_address}
        if self.json_url:
            context["json_url"] = self.json_url
        if ".atom" in self.endings:
            context["feeds"] = self.feeds
        if self.view is None:
            return page(request, self.template, edition=self.edition, **context)
        return dataset_page(
            request,
            self.template,
            self.edition,
            cited=self.view,
            file_address=self.file_address,
            **context,
        )

    # Citation -------------------------------------------------------------------------------------

    @property
    def view(self) -> CitableView | None:
        """How the list is cited; None if it can't be."""
        return None

    @property
    def cited_rows(self) -> RowsInEdition:
        return rows_with_codes("place", self.filters["place"], CITING_KINDS)

    @property
    def changed(self) -> list[tuple[str, str]]:
        """The filters of `/changes` that find the changes of these rows."""
        return [("place", code) for code in self.filters["place"]]

    @property
    def total_cited(self) -> int:
        """Number of rows of a list; 0 for other views, which are small and not counted."""
        return 0

    # Files ----------------------------------------------------------------------------------------

    @property
    def file_view(self) -> CitableView:
        """What its files say of themselves."""
        assert self.view
        return self.view

    def json_heading(self, request: Request) -> dict[str, Any]:
        return json_heading(request, self.filters, self.file_view)

    def item(self, row: Any) -> dict[str, Any]:
        """Return one row as JSON."""
        return as_fields(self.columns, row)

    def as_json(self, request: Request) -> dict[str, Any]:
        rows = self.file_rows()
        items = [self.item(row) for row in rows]
        return {**self.json_heading(request), "total": len(rows), "items": items}

    def api_json(self, request: Request) -> dict[str, Any]:
        """Return one page for the API."""
        return self.as_json(request)

    def feed(self, request: Request) -> Response:
        raise NotImplementedError

    def file_rows(self) -> Sequence[Any]:
        """Return the rows of its tables."""
        raise NotImplementedError

    def table(self, request: Request) -> Response:
        return csv_response(request, self.file_view, self.columns, self.file_rows())

    def file(self, request: Request, ending: str) -> Response:
        """Return the list in the format of an ending, such as `csv`."""
        if ending == "json":
            return list_response(request, self.edition, self.as_json(request))
        if ending == "atom":
            return self.feed(request)
        return self.table(request)


REGISTERED: dict[str, type[Dataset[Any]]] = {}
"""The lists with routes, by their address."""


def routes(dataset: type[Dataset[Any]]) -> APIRouter:
    """Register a list; return the routes of its page and files."""
    router = APIRouter(route_class=dataset.route_class)
    REGISTERED[ADDRESSES.setdefault(dataset.name, dataset.path)] = dataset

    def show(request: Request, db: Reader) -> Response:
        found = dataset.requested(request, db)
        elsewhere = redirect_to_canonical(request, (found.filters, found.dropped))
        return _with_headers(elsewhere or found.page(request))

    def send(request: Request, db: Reader) -> Response:
        found = dataset.requested(request, db)
        reject_invalid_query(found.filters, found.dropped, found.directory)
        return _with_headers(found.file(request, request.url.path.partition(".")[2]))

    def lead_on(request: Request) -> Response:
        _path, dot, ending = request.url.path.partition(".")
        return led_on(request, dataset.former[dot + ending].format(list=url(dataset.name)))

    def _with_headers(response: Response) -> Response:
        response.headers.update(dataset.headers)
        return response

    router.add_api_route(url(dataset.name), show, name=dataset.name)
    for ending in dataset.endings:
        router.add_api_route(url(dataset.name) + ending, send)
    for ending in dataset.former:
        router.add_api_route(url(dataset.name) + ending, lead_on)
    return router
