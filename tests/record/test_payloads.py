"""The types of stored payloads repeat the forms, and keys in SQL and in paths exist in them."""

import re
from types import GenericAlias
from typing import Any, get_args, get_type_hints

import pytest
from pydantic.fields import FieldInfo

from app import forms, paths
from app.forms.base import Form, is_private, rows_of
from app.record import payloads
from app.record.derivation.codes_used import CODE_LOCATIONS, CodeLocation
from app.site.export.column_types import ColumnType, column_type

TYPES: dict[type[Form], Any] = {
    forms.Name: payloads.PublishedName,
    forms.Term: payloads.PublishedTerm,
    forms.EventToEvent: payloads.PublishedEventLink,
    forms.FigureToFigure: payloads.PublishedLink,
    forms.ChainStep: payloads.PublishedChainStep,
    forms.Citation: payloads.PublishedCitation,
    forms.JoinedSources: payloads.PublishedJoinedSources,
    forms.Stage: payloads.PublishedStage,
    forms.Legal: payloads.PublishedLegal,
    forms.Copy: payloads.PublishedCopy,
    forms.DerivedFrom: payloads.PublishedParent,
    forms.EventForm: payloads.PublishedEvent,
    forms.EstimateForm: payloads.PublishedEstimate,
    forms.SourceForm: payloads.PublishedSource,
    forms.OutletForm: payloads.PublishedOutlet,
    forms.ActorForm: payloads.PublishedActor,
    forms.Article: payloads.PublishedArticle,
    forms.LawForm: payloads.PublishedLaw,
    forms.PageSection: payloads.PublishedSection,
    forms.PictureMark: payloads.PublishedMark,
    forms.PageForm: payloads.PublishedPage,
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


@pytest.mark.parametrize("place", CODE_LOCATIONS.values(), ids=CODE_LOCATIONS)
def test_code_location_is_a_field_of_the_payload(place: CodeLocation) -> None:
    for kind in place.kinds:
        of = TYPES[forms.FORMS[kind]] if place.rows[0] == "form" else payloads.EventPayload
        for name in (name for name in place.rows if name != "form"):
            [of] = get_args(get_type_hints(of)[name])
        assert get_type_hints(of)[place.field] is str


def test_keys_in_statements_are_keys_of_payloads() -> None:
    # mypy cannot check keys of the column, such as `Version.payload["form"]["title"]`.
    sources = [file.read_text() for file in (paths.ROOT / "app").rglob("*.py")]
    keys = {found for text in sources for found in re.findall(r'payload\["(\w+)"\]', text)}
    fields = {found for text in sources for found in re.findall(r'\["form"\]\["(\w+)"\]', text)}
    kinds = (payloads.EventPayload, payloads.EstimatePayload, payloads.SourcePayload)
    assert keys - {"into"} <= {key for kind in kinds for key in kind.__annotations__}
    assert fields <= {key for kind in TYPES.values() for key in kind.__annotations__}


def test_mypy_plugin_reports_get_with_unknown_key() -> None:
    name: payloads.PublishedName = {"text": "Dandong"}
    # If the plugin reported nothing, mypy would report this comment as unused.
    assert name.get("txt") is None  # type: ignore[typeddict-item]


def _stored_type(field: FieldInfo) -> Any:
    rows = rows_of(field)
    return GenericAlias(list, TYPES[rows]) if rows else TYPES_OF_VALUES[column_type(field)]
