"""The seeds' format: which CSV file holds which form, and which column names a row's parent.

One file a noun, and one for each kind of row that repeats inside a noun. Private fields have no column.
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
    """One file. `parent` is the column that names the record, or the citation, which a row stands under."""

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
"""Chains come first: they stand under citations, which stand under records."""

NOUN_FORMS: dict[str, type[RecordForm]] = {
    "vocabulary.csv": CodeForm,
    "places.csv": PlaceForm,
    "outlets.csv": OutletForm,
    "sources.csv": SourceForm,
    "events.csv": EventForm,
    "estimates.csv": EstimateForm,
}
