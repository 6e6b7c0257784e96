"""The types of stored payloads repeat the forms, and keys in SQL and in paths exist in them."""

import re
from types import GenericAlias
from typing import Any, get_args, get_type_hints

from pydantic.fields import FieldInfo

from app import kinds, paths
from app.kinds.base import Form, is_private, rows_of
from app.record import payloads
from app.record.derivation.codes_used import CODE_LOCATIONS
from app.site.export.column_types import ColumnType, column_type

OTHERWISE_NAMED: dict[type[Form], Any] = {
    kinds.EventToEvent: payloads.PublishedEventLink,
    kinds.FigureToFigure: payloads.PublishedLink,
    kinds.DerivedFrom: payloads.PublishedParent,
    kinds.PageSection: payloads.PublishedSection,
    kinds.PictureMark: payloads.PublishedMark,
}
NAMED_ALIKE: list[type[Form]] = [
    *(kinds.Name, kinds.Term, kinds.ChainStep, kinds.Citation, kinds.JoinedSources, kinds.Stage),
    *(kinds.Legal, kinds.Copy, kinds.Article, *kinds.FORMS.values()),
]
TYPES: dict[type[Form], Any] = OTHERWISE_NAMED | {
    form: getattr(payloads, f"Published{form.__name__.removesuffix('Form')}")
    for form in NAMED_ALIKE
}
TYPES_OF_VALUES = {
    ColumnType.TEXT: str,
    ColumnType.DAY: str,
    ColumnType.FLAG: bool,
    ColumnType.COUNT: int,
    ColumnType.NUMBER: float,
    ColumnType.LIST: list[str],
}


def test_stored_forms_have_fields_and_types_of_their_forms() -> None:
    for form, stored in TYPES.items():
        public = {name: field for name, field in form.model_fields.items() if not is_private(field)}
        types = {name: _stored_type(field) for name, field in public.items()}
        assert get_type_hints(stored) == types, form
        required = {name for name, field in public.items() if field.is_required()}
        assert stored.__required_keys__ == required, form


def test_code_locations_are_fields_of_the_payload() -> None:
    for place in CODE_LOCATIONS.values():
        for kind in place.kinds:
            of = TYPES[kinds.FORMS[kind]] if place.rows[0] == "form" else payloads.EventPayload
            for name in (name for name in place.rows if name != "form"):
                [of] = get_args(get_type_hints(of)[name])
            assert get_type_hints(of)[place.field] is str, place


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
