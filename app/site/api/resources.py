"""The lists of the API, with their filters and columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session

from app.filtering import Filters
from app.i18n.translate import N_
from app.kinds import FORMS
from app.record.filters import (
    NAMED_FILTERS,
    CityFilters,
    EstimateFilters,
    EventFilters,
    MirrorFilters,
    SourceFilters,
)
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.site.api.lists import named_rows_as_json
from app.site.changes.changes import Mirror
from app.site.cities.cities import Cities
from app.site.datasets.dataset import Dataset
from app.site.estimates.estimates import Estimates
from app.site.events.events import Events
from app.site.export.column_types import Column
from app.site.export.list_columns import COLUMNS
from app.site.sources.sources import Sources
from app.vocabulary.kinds import NAMED_LISTS, RecordKind


@dataclass(frozen=True)
class Resource:
    """One list of the API."""

    name: str
    """Name in addresses."""
    one: str
    """Name of a row in the OpenAPI description."""
    title: str
    description: str
    filters: type[Filters]
    columns: Sequence[Column[Any]]
    as_json: Callable[[Request, Session, IndexedEdition, Any, Directory], dict[str, Any]]
    """Returns one page of the list."""
    kind: str = ""
    """Letter of the kind of record; empty if rows are no records."""
    example: str = ""
    """Name of a record, for examples; empty if single rows have no address."""


def _rows_of(dataset: type[Dataset[Any]]) -> Callable[..., dict[str, Any]]:
    return lambda request, db, edition, filters, directory: dataset(
        db, edition, directory, filters
    ).as_json(request)


RESOURCES = [
    Resource(
        "events",
        "Event",
        N_("Events"),
        N_("What was planned, ordered, done or seen, with the sources that support or dispute it."),
        EventFilters,
        COLUMNS[RecordKind.EVENT],
        _rows_of(Events),
        RecordKind.EVENT,
        "E5",
    ),
    Resource(
        "estimates",
        "Estimate",
        N_("Estimates"),
        N_(
            "Numbers for a place and time, as reported. Estimates of different kinds are never "
            "added up."
        ),
        EstimateFilters,
        COLUMNS[RecordKind.ESTIMATE],
        _rows_of(Estimates),
        RecordKind.ESTIMATE,
        "M84",
    ),
    Resource(
        "sources",
        "Source",
        N_("Sources"),
        N_("Published items, where they were found, and the records that cite them."),
        SourceFilters,
        COLUMNS[RecordKind.SOURCE],
        _rows_of(Sources),
        RecordKind.SOURCE,
        "S4",
    ),
    Resource(
        "cities",
        "City",
        N_("Cities"),
        N_(
            "Cities and towns with the newest estimate of people present and the numbers of "
            "events and estimates."
        ),
        CityFilters,
        Cities.columns,
        _rows_of(Cities),
        example="dandong",
    ),
    *(
        Resource(
            name,
            noun.label,
            words.title,
            words.description,
            NAMED_FILTERS[noun.kind],
            COLUMNS[noun.kind],
            named_rows_as_json,
            noun.kind,
            words.example,
        )
        for name, noun in NAMED_LISTS.items()
        for words in [FORMS[noun.kind].WORDS]
    ),
    Resource(
        "changes",
        "Change",
        N_("Changes"),
        N_(
            "All versions of all records in the order of publication, for keeping a copy of "
            "the record. Each row has the record as published then; the row of a withdrawn, "
            "merged or removed record has none."
        ),
        MirrorFilters,
        Mirror.columns,
        _rows_of(Mirror),
    ),
]
