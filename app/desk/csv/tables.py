"""The seeds' format: which CSV file contains which form, and the column of a row's parent.

Each noun has a file, and so has each kind of repeated row. Private fields have no column.
"""

from dataclasses import dataclass

from app.forms import (
    ChainStep,
    Citation,
    CodeForm,
    Copy,
    DerivedFrom,
    EstimateForm,
    EventForm,
    EventToEvent,
    FigureToFigure,
    Form,
    Legal,
    Name,
    OutletForm,
    PlaceForm,
    RecordForm,
    SourceForm,
    Stage,
    Term,
    is_private,
)
from app.forms.base import rows_of


@dataclass(frozen=True)
class Table:
    """A CSV file. `parent` is the column with the id of the record or citation above a row."""

    file: str
    forms: tuple[type[Form], ...]
    parent: str | None = None
    field: str | None = None

    @property
    def columns(self) -> list[str]:
        own = [
            name
            for name, field in self.forms[0].model_fields.items()
            if not is_private(field) and rows_of(field) is None
        ]
        return [self.parent, *own] if self.parent else own


NOUNS: list[Table] = [
    Table("vocabulary.csv", (CodeForm,)),
    Table("places.csv", (PlaceForm,)),
    Table("outlets.csv", (OutletForm,)),
    Table("sources.csv", (SourceForm,)),
    Table("events.csv", (EventForm,)),
    Table("estimates.csv", (EstimateForm,)),
]

ROWS: list[Table] = [
    Table("chains.csv", (ChainStep,), "citation", "chain"),
    Table("names.csv", (Name,), "record", "names"),
    Table("copies.csv", (Copy,), "record", "copies"),
    Table("derivations.csv", (DerivedFrom,), "record", "derived_from"),
    Table("terms.csv", (Term,), "record", "terms"),
    Table("stages.csv", (Stage,), "record", "stages"),
    Table("links.csv", (EventToEvent, FigureToFigure), "record", "links"),
    Table("legal.csv", (Legal,), "record", "legal"),
    Table("citations.csv", (Citation,), "record", "citations"),
]
"""Chains come first, because they belong to citations, which belong to records."""

NOUN_FORMS: dict[str, type[RecordForm]] = {
    "vocabulary.csv": CodeForm,
    "places.csv": PlaceForm,
    "outlets.csv": OutletForm,
    "sources.csv": SourceForm,
    "events.csv": EventForm,
    "estimates.csv": EstimateForm,
}
