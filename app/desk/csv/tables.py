"""The seeds' format: which CSV file contains which form, and the column of a row's parent.

Each noun has a file, and so has each kind of repeated row. Private fields have no column.
"""

from dataclasses import dataclass

from app.kinds import (
    ActorForm,
    Article,
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
    JoinedSources,
    LawForm,
    Legal,
    Name,
    OutletForm,
    PageForm,
    PageSection,
    PictureMark,
    PlaceForm,
    RecordForm,
    SourceForm,
    Stage,
    Term,
    is_private,
)
from app.kinds.base import rows_of


@dataclass(frozen=True)
class CsvTable:
    """A CSV file. `parent` is the column with the id of the record or citation above a row."""

    file: str
    forms: tuple[type[Form], ...]
    parent: str | None = None
    field: str | None = None
    is_optional: bool = False
    """Whether a folder may lack the file: older ones have none."""

    @property
    def columns(self) -> list[str]:
        own = [
            name
            for name, field in self.forms[0].model_fields.items()
            if not is_private(field) and rows_of(field) is None
        ]
        return [self.parent, *own] if self.parent else own


NOUNS: list[CsvTable] = [
    CsvTable("vocabulary.csv", (CodeForm,)),
    CsvTable("actors.csv", (ActorForm,), is_optional=True),
    CsvTable("laws.csv", (LawForm,), is_optional=True),
    CsvTable("places.csv", (PlaceForm,)),
    CsvTable("outlets.csv", (OutletForm,)),
    CsvTable("sources.csv", (SourceForm,)),
    CsvTable("events.csv", (EventForm,)),
    CsvTable("estimates.csv", (EstimateForm,)),
    CsvTable("pages.csv", (PageForm,), is_optional=True),
]

ROWS: list[CsvTable] = [
    CsvTable("chains.csv", (ChainStep,), "citation", "chain"),
    CsvTable("names.csv", (Name,), "record", "names"),
    CsvTable("law_articles.csv", (Article,), "record", "articles"),
    CsvTable("page_sections.csv", (PageSection,), "record", "sections", is_optional=True),
    CsvTable("page_marks.csv", (PictureMark,), "record", "marks", is_optional=True),
    CsvTable("copies.csv", (Copy,), "record", "copies"),
    CsvTable("derivations.csv", (DerivedFrom,), "record", "derived_from"),
    CsvTable("terms.csv", (Term,), "record", "terms"),
    CsvTable("stages.csv", (Stage,), "record", "stages"),
    CsvTable("links.csv", (EventToEvent, FigureToFigure), "record", "links"),
    CsvTable("legal.csv", (Legal,), "record", "legal"),
    CsvTable("citations.csv", (Citation,), "record", "citations"),
    CsvTable("joined_sources.csv", (JoinedSources,), "record", "joined_sources"),
]
"""Chains come first, because they belong to citations, which belong to records."""

NOUN_FORMS: dict[str, type[RecordForm]] = {
    "vocabulary.csv": CodeForm,
    "actors.csv": ActorForm,
    "laws.csv": LawForm,
    "places.csv": PlaceForm,
    "outlets.csv": OutletForm,
    "sources.csv": SourceForm,
    "events.csv": EventForm,
    "estimates.csv": EstimateForm,
    "pages.csv": PageForm,
}
