"""The OpenAPI 3.1 description of the API, generated from its filters and columns.

`document.json` has what is the same whatever the filters and columns are. FastAPI's `get_openapi`
knows neither: its document differs from the released description in over 1,300 places.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import EnumType
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from app.filtering import MAX_VALUES, Choice, Filter, Filters, Terms
from app.i18n.translate import _
from app.kinds import FORMS, Form, is_private
from app.kinds.base import rows_of
from app.record.filters import EditionFilters, LookupFilters, SearchFilters
from app.site.changes import Mirror
from app.site.cities import Cities
from app.site.dataset import Dataset
from app.site.estimates import Estimates
from app.site.events.events import Events
from app.site.export.columns import (
    COLUMNS,
    JSON_SCHEMA_TYPES,
    REPEATED_FIELDS,
    Column,
    column_type,
)
from app.site.listing import WORD_COLUMNS
from app.site.named_lists import NamedList
from app.site.sources import Sources
from app.vocabulary.kinds import LISTED_KINDS, NAMED_LISTS, RecordKind
from app.web.urls import url

Schema = Mapping[str, Any]
NAMED = {each.noun: each for each in NamedList.__subclasses__()}
RESOURCES: Sequence[type[Dataset[Any]]] = (
    *(Events, Estimates, Sources, Cities),
    *(NAMED[noun] for noun in NAMED_LISTS.values()),
    Mirror,
)
PARTS = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
"""The document without paths and rows, and parts of both."""
V1 = url("api-v1")


def filters_of(resource: type[Dataset[Any]]) -> type[Filters]:
    found: type[Filters] = getattr(resource, "api_filters", resource.filter_class)
    return found


def document(site: str, licence: str) -> dict[str, Any]:
    fixed = PARTS["document"]
    return {
        **fixed,
        "info": fixed["info"] | {"license": {"name": licence}},
        "servers": [{"url": site}],
        "paths": dict(_paths()),
        "components": fixed["components"] | {"schemas": components()},
    }


# Schemas ----------------------------------------------------------------------------------------


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def thing(properties: Schema, **described: str) -> Schema:
    """Return the schema of an object. It allows other fields, because fields may be added."""
    return {
        "type": "object",
        **described,
        "properties": properties,
        "required": list(properties),
    }


def many(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def components() -> dict[str, Schema]:
    """Return all schemas by name."""
    found: dict[str, Schema] = dict(PARTS["document"]["components"]["schemas"])
    for form in _row_forms():
        found[form.__name__] = _form_schema(form)
    found["Code"] = _row_schema(RecordKind.CODE, COLUMNS[RecordKind.CODE])
    found["SearchedWord"] = _row_schema("", WORD_COLUMNS)
    for resource in RESOURCES:
        name = resource.row_name
        found[name] = _row_schema(resource.kind, resource.columns)
        found[f"{name}List"] = _list_schema(resource)
        if resource is not Mirror:
            found[f"One{name}"] = _one(resource)
    found["Change"] = _change(found["Change"])
    return found


def _row_schema(kind: str, columns: Sequence[Column[Any]]) -> Schema:
    properties = {
        column.name: {**JSON_SCHEMA_TYPES[column.holds], "description": column.description}
        for column in columns
    }
    fields = FORMS[kind].model_fields if kind else {}
    rows = {name: _field_schema(fields[name]) for name in REPEATED_FIELDS.get(kind, ())}
    return thing(properties | rows)


def _row_forms() -> Iterator[type[Form]]:
    """Yield the forms of repeated rows, and of the repeated rows within them."""
    queue: list[type[Form]] = [FORMS[kind] for kind in REPEATED_FIELDS]
    seen: set[type[Form]] = set(queue)
    while queue:
        rows = [row for field in queue.pop().model_fields.values() if (row := rows_of(field))]
        for row in rows:
            if row not in seen:
                seen.add(row)
                queue.append(row)
                yield row


def _form_schema(form: type[Form]) -> Schema:
    fields = {name: field for name, field in form.model_fields.items() if not is_private(field)}
    former = PARTS["former_fields"].get(form.__name__, {})
    now = {name: _field_schema(field) for name, field in fields.items()}
    described = {"description": form.__doc__.partition("\n")[0]} if form.__doc__ else {}
    return {
        **thing(now | former, **described),
        "required": [name for name, field in fields.items() if field.is_required()],
    }


def _field_schema(field: FieldInfo) -> Schema:
    """Return the schema of a stored form's field."""
    annotations = {"title": field.title, "description": field.description}
    if row := rows_of(field):
        return {**many(ref(row.__name__)), **annotations}
    is_union = get_origin(field.annotation) in {Union, UnionType}
    kinds = get_args(field.annotation) if is_union else [field.annotation]
    if codes := [str(code) for kind in kinds if isinstance(kind, EnumType) for code in kind]:
        return {"type": "string", "enum": codes, **annotations}
    shape = JSON_SCHEMA_TYPES[column_type(field)]
    # A stored form omits empty fields, so no field is null.
    type_ = shape["type"] if isinstance(shape["type"], str) else shape["type"][0]
    return {**shape, "type": type_, **annotations}


def _list_schema(resource: type[Dataset[Any]]) -> Schema:
    properties = dict(PARTS["list"])
    if resource.kind in LISTED_KINDS:
        properties |= PARTS["indexed_list"]
    elif resource is not Cities:
        properties["next"] = PARTS["indexed_list"]["next"]
    if resource is Mirror:
        properties |= PARTS["changes_list"]
    return thing({**properties, "items": many(ref(resource.row_name))})


def _one(resource: type[Dataset[Any]]) -> Schema:
    row, heading = ref(resource.row_name), thing(PARTS["heading"])
    if not resource.kind:
        return {"allOf": [heading, row]}
    return {"allOf": [heading, ref("State"), {"anyOf": [row, ref("Withdrawn")]}]}


def _change(row: Schema) -> Schema:
    names = [
        *("Event", "Estimate", "Source", "Outlet", "Place", "Code"),
        *(noun.label for noun in NAMED_LISTS.values()),
    ]
    record = {
        "anyOf": [*map(ref, dict.fromkeys(names)), {"type": "null"}],
        "description": "As it read from then on; null where it was withdrawn, merged or removed.",
    }
    added = {"differences": many(ref("Difference")), "record": record}
    return thing(row["properties"] | added)


# Paths ------------------------------------------------------------------------------------------


def _paths() -> Iterator[tuple[str, Any]]:
    edition_only = list(_parameters(EditionFilters))
    for resource in RESOURCES:
        name, row_name = resource.path_name(), resource.row_name
        title, about = _(resource.heading), _(resource.about)
        keys = list(_parameters(filters_of(resource), name))
        yield f"{V1}/{name}", _operation(name, title, about, f"{row_name}List", keys)
        if resource.example:
            yield (
                f"{V1}/{name}/{{name}}",
                _operation(
                    f"one-{row_name.lower()}",
                    _("{list}: one of them").format(list=title),
                    about,
                    f"One{row_name}",
                    [_name_parameter(resource), *edition_only],
                    responses=PARTS["record_responses"] if resource.kind else None,
                ),
            )
    for name, words in PARTS["operations"].items():
        keys = edition_only
        if filters := {"lookup": LookupFilters, "search": SearchFilters}.get(name):
            keys = list(_parameters(filters))
            keys[0]["required"] = True
        path = V1 if name == "start" else f"{V1}/{name}"
        yield path, _operation(name, words["summary"], words["description"], name.title(), keys)


def _operation(
    name: str,
    title: str,
    description: str,
    schema: str,
    keys: Sequence[Schema],
    *,
    responses: Schema | None = None,
) -> Schema:
    success = PARTS["success"] | {"content": {"application/json": {"schema": ref(schema)}}}
    return {
        "get": {
            "operationId": name,
            "summary": title,
            "description": description,
            "parameters": keys,
            "responses": {"200": success, **PARTS["responses"], **(responses or {})},
        }
    }


def _parameters(filters: type[Filters], list_: str = "") -> Iterator[dict[str, Any]]:
    """Yield the parameter of each key and, if it has one, its `not_` parameter."""
    for key in filters.FILTERS:
        example = (
            PARTS["example_cursors"].get(list_, "1") if key.key == "after" else _example_of(key)
        )
        schema = {**key.schema, "title": _(key.title)}
        parameter = {
            "name": key.key,
            "in": "query",
            "required": False,
            "example": int(example) if schema["type"] == "integer" else example,
        }
        description = _(key.description)
        if not isinstance(key, Terms):
            yield {**parameter, "description": description, "schema": schema}
            continue
        parameter |= {
            "style": "form",
            "explode": True,
            "schema": {"type": "array", "items": schema, "maxItems": MAX_VALUES, "minItems": 1},
            "example": [example],
        }
        yield {**parameter, "description": description}
        without = _("Excludes what {key} finds.").format(key=key.key)
        yield {**parameter, "name": f"not_{key.key}", "description": without}


def _example_of(key: Filter) -> str:
    if isinstance(key, Choice):
        return key.default
    if isinstance(key, Terms) and key.closed:
        return key.closed[0]
    return str(PARTS["examples"][key.key])


def _name_parameter(resource: type[Dataset[Any]]) -> Schema:
    is_record = bool(resource.kind)
    return {
        "name": "name",
        "in": "path",
        "required": True,
        "description": "Its id, or its code where it has one." if is_record else "Its code.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9-]{1,100}$"},
        "example": resource.example,
    }
