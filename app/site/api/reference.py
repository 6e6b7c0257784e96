"""The reference of the API, read from its OpenAPI description, for `site/api/page.html`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from app.site.api.document import document
from app.site.api.examples import Example, examples
from app.web.state import app_state
from app.web.urls import absolute_url, url


class ParameterView:
    def __init__(self, parameter: Mapping[str, Any]) -> None:
        schema = parameter["schema"]
        one = schema.get("items", schema)
        example = parameter["example"]
        self.name = parameter["name"]
        self.title = one.get("title", "")
        self.description = parameter["description"]
        self.values = ", ".join(one.get("enum", ()))
        self.example = str(example[0] if isinstance(example, list) else example)


@dataclass(frozen=True)
class ApiFieldView:
    name: str
    type: str
    description: str


class Operation:
    """One address with its parameters and the fields of its response."""

    def __init__(
        self, path: str, description: Mapping[str, Any], schemas: Mapping[str, Any]
    ) -> None:
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
        self.anchor = description["operationId"]
        self.title = description["summary"]
        self.path = path
        self.description = description["description"]
        self.keys = [
            ParameterView(each) for each in parameters if not each["name"].startswith("not_")
        ]
        # Fields of the response or, for a list, of each row.
        self.fields = _fields(response, schemas)
        # An example address.
        self.example = f"{filled}{'?' if required else ''}{'&'.join(required)}"


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
            Operation(path, each["get"], schemas) for path, each in description["paths"].items()
        ],
        examples=examples(base),
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
