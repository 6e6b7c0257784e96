"""The fields of each kind of record, and their validation: one pydantic model a kind.

The desk's forms, the CSV import and `publish()` use these models.
"""

from app.kinds.base import Entry, Form, is_private, public
from app.kinds.citations import ChainStep, Citation, JoinedSources
from app.kinds.estimates import EstimateForm
from app.kinds.events import EventForm, Legal, Stage
from app.kinds.named import ActorForm, Article, CheckForm, LawForm, OutletForm, PlaceForm
from app.kinds.pages import PageForm, PageSection, PictureMark
from app.kinds.sources import Copy, DerivedFrom, SourceForm
from app.kinds.terms import EventToEvent, FigureToFigure, Link, Name, Term
from app.kinds.vocabulary import CodeForm
from app.vocabulary.kinds import RecordKind

NamedForm = ActorForm | LawForm | PlaceForm | OutletForm | PageForm
"""Forms with a code and names; other records refer to the code."""
RecordForm = CodeForm | NamedForm | SourceForm | EventForm | EstimateForm

FORMS: dict[str, type[RecordForm]] = {
    RecordKind.CODE: CodeForm,
    RecordKind.ACTOR: ActorForm,
    RecordKind.LAW: LawForm,
    RecordKind.PLACE: PlaceForm,
    RecordKind.OUTLET: OutletForm,
    RecordKind.SOURCE: SourceForm,
    RecordKind.EVENT: EventForm,
    RecordKind.ESTIMATE: EstimateForm,
    RecordKind.PAGE: PageForm,
}
"""Forms by the letter of their public ids. A form refers to forms before it."""
KIND: dict[type, str] = {form: letter for letter, form in FORMS.items()}

__all__ = [
    "FORMS",
    "KIND",
    "ActorForm",
    "Article",
    "ChainStep",
    "CheckForm",
    "Citation",
    "CodeForm",
    "Copy",
    "DerivedFrom",
    "Entry",
    "EstimateForm",
    "EventForm",
    "EventToEvent",
    "FigureToFigure",
    "Form",
    "JoinedSources",
    "LawForm",
    "Legal",
    "Link",
    "Name",
    "NamedForm",
    "OutletForm",
    "PageForm",
    "PageSection",
    "PictureMark",
    "PlaceForm",
    "RecordForm",
    "SourceForm",
    "Stage",
    "Term",
    "is_private",
    "public",
]
