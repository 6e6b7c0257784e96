"""JSON Schemas of the API, generated from the columns of lists and the public fields of forms."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import EnumType
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from app.forms import FORMS, Form, is_private
from app.forms.base import rows_of
from app.site.api.resources import RESOURCES, Resource
from app.site.export.column_types import JSON_SCHEMA_TYPES, Column, column_type
from app.site.export.list_columns import COLUMNS, REPEATED_FIELDS

Schema = Mapping[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
EDITION: Schema = {
    "type": "integer",
    "minimum": 1,
    "description": "Number of the edition that this is of.",
}
LICENCE: Schema = {"type": "string", "description": "Under which it may be used."}
PERMALINK: Schema = {
    "type": "string",
    "description": "The address that will show the same for ever.",
}
NEXT: Schema = {
    "type": ["string", "null"],
    "description": (
        "Address of the next page, on this host and within the same edition; null on the last one."
    ),
}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def thing(
    properties: Mapping[str, Schema], required: Iterable[str] | None = None, description: str = ""
) -> Schema:
    """Return the schema of an object. It allows other fields, because fields may be added."""
    annotations = {"description": description} if description else {}
    required_names = list(properties if required is None else required)
    return {
        "type": "object",
        **annotations,
        "properties": dict(properties),
        **({"required": required_names} if required_names else {}),
    }


def many(items: Schema, description: str = "") -> Schema:
    return {
        "type": "array",
        "items": items,
        **({"description": description} if description else {}),
    }


def components() -> dict[str, Schema]:
    """Return all schemas by name."""
    found: dict[str, Schema] = dict(SHAPES)
    for form in _row_forms():
        found[form.__name__] = _form_schema(form)
    found["Code"] = _columns_schema("V", COLUMNS["V"])
    for resource in RESOURCES:
        found[resource.one] = (
            _change(resource)
            if resource.one == "Change"
            else _columns_schema(resource.kind, resource.columns)
        )
        found[f"{resource.one}List"] = _list(resource)
        if resource.name != "changes":
            found[f"One{resource.one}"] = _one(resource)
    return found


# Rows -------------------------------------------------------------------------------------------


def _columns_schema(kind: str, columns: Sequence[Column[Any]]) -> Schema:
    properties: dict[str, Schema] = {
        column.name: {**JSON_SCHEMA_TYPES[column.holds], "description": column.description}
        for column in columns
    }
    for name in REPEATED_FIELDS.get(kind, ()):
        properties[name] = _field_schema(FORMS[kind].model_fields[name])
    return thing(properties)


def _row_forms() -> Iterator[type[Form]]:
    """Yield the forms of repeated rows, and of the repeated rows within them."""
    queue = [
        row
        for kind in REPEATED_FIELDS
        for name in REPEATED_FIELDS[kind]
        if (row := rows_of(FORMS[kind].model_fields[name]))
    ]
    seen: set[type[Form]] = set()
    while queue:
        form = queue.pop()
        if form not in seen:
            seen.add(form)
            yield form
            queue += [row for field in form.model_fields.values() if (row := rows_of(field))]


def _form_schema(form: type[Form]) -> Schema:
    fields = {name: field for name, field in form.model_fields.items() if not is_private(field)}
    required = [name for name, field in fields.items() if field.is_required()]
    description = (form.__doc__ or "").partition("\n")[0]
    return thing(
        {name: _field_schema(field) for name, field in fields.items()}, required, description
    )


def _field_schema(field: FieldInfo) -> Schema:
    """Return the schema of a stored form's field."""
    annotations = {"title": field.title, "description": field.description}
    if row := rows_of(field):
        return {"type": "array", "items": ref(row.__name__), **annotations}
    if codes := _codes(field):
        return {"type": "string", "enum": codes, **annotations}
    shape = JSON_SCHEMA_TYPES[column_type(field)]
    # A stored form omits empty fields, so no field is null.
    type_ = shape["type"] if isinstance(shape["type"], str) else shape["type"][0]
    return {**shape, "type": type_, **annotations}


def _codes(field: FieldInfo) -> list[str]:
    kinds = (
        [field.annotation, *get_args(field.annotation)] if _is_union(field) else [field.annotation]
    )
    return [str(code) for kind in kinds if isinstance(kind, EnumType) for code in kind]


def _is_union(field: FieldInfo) -> bool:
    return get_origin(field.annotation) in {Union, UnionType}


# Lists and single records -----------------------------------------------------------------------


def _list(resource: Resource) -> Schema:
    properties = {
        "edition": EDITION,
        "query": {
            "type": "object",
            "additionalProperties": many(TEXT),
            "description": "What was understood of the address.",
        },
        "filter": {"type": "string", "description": "The same in words."},
        "licence": LICENCE,
        "permalink": PERMALINK,
        "total": {**COUNT, "description": "How many rows answer, on all pages."},
    }
    if resource.kind in {"E", "M", "S"}:
        properties["undated"] = {
            **COUNT,
            "description": "How many more answer but for a date that nobody gave.",
        }
        properties["next"] = NEXT
        properties["facets"] = {
            "type": "object",
            "additionalProperties": many(ref("Facet")),
            "description": (
                "For each key, how many rows each code would leave if that key were "
                "asked for it alone."
            ),
        }
    elif resource.name != "cities":
        properties["next"] = NEXT
    if resource.name == "changes":
        properties["derived_again"] = {
            **COUNT,
            "description": "How many rows that say nothing new were left out.",
        }
        properties["follow"] = {
            "type": "string",
            "description": "What to ask when there is a new edition.",
        }
    return thing({**properties, "items": many(ref(resource.one))})


HEADING = {"edition": EDITION, "licence": LICENCE, "permalink": PERMALINK}


def _one(resource: Resource) -> Schema:
    if not resource.kind:
        return {"allOf": [thing(HEADING), ref(resource.one)]}
    return {
        "allOf": [thing(HEADING), ref("State"), {"anyOf": [ref(resource.one), ref("Withdrawn")]}]
    }


def _change(resource: Resource) -> Schema:
    records = [ref(name) for name in ("Event", "Estimate", "Source", "Outlet", "Place", "Code")]
    row = _columns_schema("", resource.columns)
    properties = {
        **row["properties"],
        "differences": many(ref("Difference")),
        "record": {
            "anyOf": [*records, {"type": "null"}],
            "description": (
                "As it read from then on; null where it was withdrawn, merged or removed."
            ),
        },
    }
    return thing(properties)


SHAPES: dict[str, Schema] = {
    "Errors": thing(
        {
            "status": {"type": "integer", "description": "The same as the status of the answer."},
            "errors": many(
                thing(
                    {
                        "key": {
                            "type": "string",
                            "description": "The key of the address that is at fault.",
                        },
                        "reason": {
                            "type": "string",
                            "description": "What is wrong with it, and what would do.",
                        },
                    }
                )
            ),
        },
        description="What went wrong.",
    ),
    "Facet": thing({"code": TEXT, "label": TEXT, "count": COUNT, "selected": {"type": "boolean"}}),
    "State": thing(
        {
            "state": {"type": "string", "enum": ["live", "withdrawn"]},
            "reason": {
                "type": "string",
                "description": "Why it was last written, or withdrawn; may be empty.",
            },
        }
    ),
    "Withdrawn": thing(
        {"id": TEXT}, description="Of what was withdrawn only the id and the reason are told."
    ),
    "Difference": thing(
        {
            "field": {
                "type": "string",
                "description": "Name of the field, with the id of the row it stands in.",
            },
            "title": TEXT,
            "before": {"type": "string", "description": "In words; empty where it said nothing."},
            "after": {"type": "string", "description": "In words; empty where it says nothing."},
        }
    ),
    "Start": thing(
        {
            **HEADING,
            "at": {"type": "string", "format": "date-time"},
            "lists": {"type": "object", "additionalProperties": TEXT},
        }
    ),
    "Vocabulary": thing(
        {**HEADING, "lists": {"type": "object", "additionalProperties": ref("CodeList")}}
    ),
    "CodeList": thing({"title": TEXT, "definition": TEXT, "codes": many(ref("CodeOfList"))}),
    "CodeOfList": thing(
        {
            "code": TEXT,
            "label": TEXT,
            "definition": TEXT,
            "example": TEXT,
            "uses": many(TEXT, "How many records use it."),
        }
    ),
    "Lookup": thing(
        {
            **HEADING,
            "url": {"type": "string", "description": "As it was asked."},
            "normalised": {"type": ["string", "null"], "description": "What of it counts."},
            "known": {
                "type": "boolean",
                "description": "Whether a published source was found there.",
            },
            "sources": many({"allOf": [ref("Source"), thing({"page": TEXT})]}),
            "rests_on_it": many(
                thing({"id": TEXT, "title": TEXT, "page": TEXT}), "Events and figures that cite it."
            ),
        }
    ),
}
