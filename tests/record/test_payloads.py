"""The types of stored payloads repeat the public fields of the forms."""

from types import GenericAlias
from typing import Any, get_type_hints

import pytest
from pydantic.fields import FieldInfo

from app import forms
from app.forms.base import Form, is_private, rows_of
from app.record import payloads
from app.site.export.column_types import ColumnType, column_type

TYPES: dict[type[Form], Any] = {
    forms.Name: payloads.PublishedName,
    forms.Term: payloads.PublishedTerm,
    forms.EventToEvent: payloads.PublishedLink,
    forms.FigureToFigure: payloads.PublishedLink,
    forms.ChainStep: payloads.PublishedChainStep,
    forms.Citation: payloads.PublishedCitation,
    forms.Stage: payloads.PublishedStage,
    forms.Legal: payloads.PublishedLegal,
    forms.Copy: payloads.PublishedCopy,
    forms.DerivedFrom: payloads.PublishedParent,
    forms.EventForm: payloads.PublishedEvent,
    forms.EstimateForm: payloads.PublishedEstimate,
    forms.SourceForm: payloads.PublishedSource,
    forms.OutletForm: payloads.PublishedOutlet,
    forms.PlaceForm: payloads.PublishedPlace,
    forms.CodeForm: payloads.PublishedCode,
}
TYPES_OF_VALUES = {
    ColumnType.TEXT: str,
    ColumnType.DAY: str,
    ColumnType.FLAG: bool,
    ColumnType.COUNT: int,
    ColumnType.NUMBER: float,
    ColumnType.LIST: list[str],
}


@pytest.mark.parametrize("form", TYPES)
def test_stored_form_has_fields_and_types_of_its_form(form: type[Form]) -> None:
    public = {name: field for name, field in form.model_fields.items() if not is_private(field)}
    assert get_type_hints(TYPES[form]) == {
        name: _stored_type(field) for name, field in public.items()
    }
    assert TYPES[form].__required_keys__ == {
        name for name, field in public.items() if field.is_required()
    }


def test_every_form_has_a_stored_type() -> None:
    assert TYPES.keys() >= set(forms.FORMS.values())


def _stored_type(field: FieldInfo) -> Any:
    rows = rows_of(field)
    return GenericAlias(list, TYPES[rows]) if rows else TYPES_OF_VALUES[column_type(field)]
