"""The reference of the API, read from its OpenAPI description, for `site/api/page.html`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from app.site.api.document import document
from app.site.api.examples import Example, examples
from app.web.state import app_state
from app.web.urls import absolute_url, url


@dataclass(frozen=True)
class ParameterView:
    name: str
    title: str
    description: str
    values: str
    example: str


@dataclass(frozen=True)
class ApiFieldView:
    name: str
    type: str
    description: str


@dataclass(frozen=True)
class Operation:
    """One address with its parameters and the fields of its response."""

    anchor: str
    title: str
    path: str
    description: str
    keys: Sequence[ParameterView]
    fields: Sequence[ApiFieldView]
    """Fields of the response or, for a list, of each row."""
    example: str
    """An example address."""


@dataclass(frozen=True)
class ApiReference:
    base: str
    openapi: str
    operations: Sequence[Operation]
    examples: Sequence[Example]


def reference(request: Request) -> ApiReference:
    base = absolute_url(request, url("api-v1"))
    description = document(absolute_url(request, ""), app_state(request).settings.licence)
    schemas = description["components"]["schemas"]
    return ApiReference(
        base=base,
        openapi=f"{url('api-v1')}/openapi.json",
        operations=[
            _operation(path, each["get"], schemas) for path, each in description["paths"].items()
        ],
        examples=examples(base),
    )


def _operation(path: str, description: Mapping[str, Any], schemas: Mapping[str, Any]) -> Operation:
    parameters = description["parameters"]
    response = description["responses"]["200"]["content"]["application/json"]["schema"]
    filled = path
    for parameter in parameters:
        if parameter["in"] == "path":
            filled = filled.replace("{name}", parameter["example"])
    required = [
        f"{each['name']}={each['example']}"
        for each in parameters
        if each["in"] == "query" and each["required"]
    ]
    return Operation(
        anchor=description["operationId"],
        title=description["summary"],
        path=path,
        description=description["description"],
        keys=[_key(each) for each in parameters if not each["name"].startswith("not_")],
        fields=_fields(response, schemas),
        example=f"{filled}{'?' if required else ''}{'&'.join(required)}",
    )


def _key(parameter: Mapping[str, Any]) -> ParameterView:
    schema = parameter["schema"]
    one = schema.get("items", schema)
    example = parameter["example"]
    return ParameterView(
        name=parameter["name"],
        title=one.get("title", ""),
        description=parameter["description"],
        values=", ".join(one.get("enum", ())),
        example=str(example[0] if isinstance(example, list) else example),
    )


def _fields(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> list[ApiFieldView]:
    """Return the fields of a response or, for a list, of its rows."""
    shape = _resolved(schema, schemas)
    if "allOf" in shape or "anyOf" in shape:
        return [
            field
            for part in shape.get("allOf", shape.get("anyOf", ()))
            for field in _fields(part, schemas)
        ]
    properties = shape["properties"]
    if "items" in properties:
        return _fields(properties["items"]["items"], schemas)
    return [
        ApiFieldView(name, _type_in_words(field_schema), field_schema.get("description", ""))
        for name, field_schema in properties.items()
    ]


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (
        schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    )
    return found


def _type_in_words(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schemas_of := schema.get("anyOf", schema.get("allOf")):
        return (
            _type_in_words(schemas_of[0])
            if "allOf" in schema
            else " | ".join(_type_in_words(each) for each in schemas_of)
        )
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "items" in schema:
        return f"{_type_in_words(schema['items'])}[]"
    return " | ".join([schema.get("format", types[0]), *types[1:]])
