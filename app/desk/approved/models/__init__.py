"""Tables of the approved state of every record, normalised, with the constraints of the rules.

A table's columns are named like the fields of its form, so that `app.desk.approved.store` converts
one into the other. Foreign keys are checked when the transaction ends: an import may name a source
before its row is added.
"""

from sqlalchemy import Table, inspect
from sqlalchemy.orm import InstrumentedAttribute

from app.desk.approved.models.actors import Actor, ActorName
from app.desk.approved.models.base import DeskBase, KnownId, Record, part_of, refers_to
from app.desk.approved.models.citations import ChainStepRow, CitationRow
from app.desk.approved.models.codes import ApprovedCodeRow
from app.desk.approved.models.estimates import Estimate, EstimateLawRow, EstimateLinkRow
from app.desk.approved.models.events import Event, EventLinkRow, EventStageRow, LegalBasisRow
from app.desk.approved.models.joined_sources import JoinedSourcesRow
from app.desk.approved.models.laws import Law, LawArticle, LawName
from app.desk.approved.models.outlets import Outlet, OutletName
from app.desk.approved.models.pages import Page, PageMark, PageName, PagePlace, PageSectionRow
from app.desk.approved.models.places import Place, PlaceName, PlaceRegion
from app.desk.approved.models.sources import Source, SourceCopy, SourceParent
from app.desk.approved.models.terms import RecordTermRow
from app.vocabulary.kinds import RecordKind

MODELS: dict[str, type[Record]] = {
    RecordKind.CODE: ApprovedCodeRow,
    RecordKind.ACTOR: Actor,
    RecordKind.LAW: Law,
    RecordKind.PLACE: Place,
    RecordKind.OUTLET: Outlet,
    RecordKind.SOURCE: Source,
    RecordKind.EVENT: Event,
    RecordKind.ESTIMATE: Estimate,
    RecordKind.PAGE: Page,
}
CODE_COLUMNS: dict[str, InstrumentedAttribute[str]] = {
    RecordKind.ACTOR: Actor.code,
    RecordKind.LAW: Law.code,
    RecordKind.PLACE: Place.code,
    RecordKind.OUTLET: Outlet.code,
    RecordKind.PAGE: Page.code,
}
"""The columns by which other records refer to a named record."""


def table_of(kind: str) -> Table:
    """Return the table of a kind of record."""
    table: Table = inspect(MODELS[kind]).local_table
    return table


__all__ = [
    "CODE_COLUMNS",
    "MODELS",
    "Actor",
    "ActorName",
    "ApprovedCodeRow",
    "ChainStepRow",
    "CitationRow",
    "DeskBase",
    "Estimate",
    "EstimateLawRow",
    "EstimateLinkRow",
    "Event",
    "EventLinkRow",
    "EventStageRow",
    "JoinedSourcesRow",
    "KnownId",
    "Law",
    "LawArticle",
    "LawName",
    "LegalBasisRow",
    "Outlet",
    "OutletName",
    "Page",
    "PageMark",
    "PageName",
    "PagePlace",
    "PageSectionRow",
    "Place",
    "PlaceName",
    "PlaceRegion",
    "Record",
    "RecordTermRow",
    "Source",
    "SourceCopy",
    "SourceParent",
    "part_of",
    "refers_to",
    "table_of",
]
