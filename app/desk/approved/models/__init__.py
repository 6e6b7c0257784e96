"""Tables of the approved state of every record, normalised, with the constraints of the rules.

A table's columns are named like the fields of its form, so that `app.desk.approved.store` converts
one into the other. Foreign keys are checked when the transaction ends: an import may name a source
before its row is added.
"""

from app.desk.approved.models.base import Base, KnownId, Record, part_of, refers_to
from app.desk.approved.models.citations import ChainStep, Citation
from app.desk.approved.models.codes import Code
from app.desk.approved.models.estimates import Estimate, EstimateLink
from app.desk.approved.models.events import Event, EventLink, Legal, Stage
from app.desk.approved.models.outlets import Outlet, OutletName
from app.desk.approved.models.places import Place, PlaceName, PlaceRegion
from app.desk.approved.models.sources import Source, SourceCopy, SourceParent
from app.desk.approved.models.terms import Term

MODELS: dict[str, type[Record]] = {
    "V": Code,
    "P": Place,
    "O": Outlet,
    "S": Source,
    "E": Event,
    "M": Estimate,
}

__all__ = [
    "MODELS",
    "Base",
    "ChainStep",
    "Citation",
    "Code",
    "Estimate",
    "EstimateLink",
    "Event",
    "EventLink",
    "KnownId",
    "Legal",
    "Outlet",
    "OutletName",
    "Place",
    "PlaceName",
    "PlaceRegion",
    "Record",
    "Source",
    "SourceCopy",
    "SourceParent",
    "Stage",
    "Term",
    "part_of",
    "refers_to",
]
