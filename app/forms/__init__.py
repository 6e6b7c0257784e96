"""What a place, an outlet, a source, an event, an estimate and a code must say: one pydantic model a noun.

The browser's forms, the seeds and the publishing door all use these models and nothing else.
"""

from app.forms.base import Entry, Form, Private, is_private, public
from app.forms.checks import CheckForm
from app.forms.citations import ChainStep, Citation
from app.forms.estimates import EstimateForm
from app.forms.events import EventForm, Legal, Stage
from app.forms.outlets import OutletForm
from app.forms.places import PlaceForm
from app.forms.sources import Copy, DerivedFrom, SourceForm
from app.forms.terms import EventToEvent, FigureToFigure, Link, Name, Term
from app.forms.vocabulary import CodeForm

RecordForm = CodeForm | PlaceForm | OutletForm | SourceForm | EventForm | EstimateForm

FORMS: dict[str, type[RecordForm]] = {
    "V": CodeForm,
    "P": PlaceForm,
    "O": OutletForm,
    "S": SourceForm,
    "E": EventForm,
    "M": EstimateForm,
}
"""The nouns by the letter of their public ids, in the order in which one may refer to another."""
KIND: dict[type, str] = {form: letter for letter, form in FORMS.items()}

__all__ = [
    "FORMS",
    "KIND",
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
    "Legal",
    "Link",
    "Name",
    "OutletForm",
    "PlaceForm",
    "Private",
    "RecordForm",
    "SourceForm",
    "Stage",
    "Term",
    "is_private",
    "public",
]
