"""The description of the interface for readers: what `site/api/page.html` prints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from app.site.api.document import document
from app.site.api.examples import Example, examples
from app.web.urls import absolute, url


@dataclass(frozen=True)
class Key:
    name: str
    title: str
    description: str
    values: str
    example: str


@dataclass(frozen=True)
class Field:
    name: str
    type: str
    description: str


@dataclass(frozen=True)
class Operation:
    """One address, with what may be asked of it and what it answers."""

    anchor: str
    title: str
    path: str
    description: str
    keys: Sequence[Key]
    fields: Sequence[Field]
    """Of the answer, or of each row of a list."""
    example: str
    """An address that can be tried."""


@dataclass(frozen=True)
class Reference:
    base: str
    openapi: str
    operations: Sequence[Operation]
    examples: Sequence[Example]


def reference(request: Request) -> Reference:
    base = absolute(request, url("api-v1"))
    told = document(absolute(request, ""), request.app.state.settings.licence)
    schemas = told["components"]["schemas"]
    return Reference(
        base=base,
        openapi=f"{url('api-v1')}/openapi.json",
        operations=[_operation(path, each["get"], schemas) for path, each in told["paths"].items()],
        examples=examples(base),
    )


def _operation(path: str, told: Mapping[str, Any], schemas: Mapping[str, Any]) -> Operation:
    parameters = told["parameters"]
    filled = path
    for parameter in parameters:
        if parameter["in"] == "path":
            filled = filled.replace("{name}", parameter["example"])
    needed = [
        f"{each['name']}={each['example']}"
        for each in parameters
        if each["in"] == "query" and each["required"]
    ]
    return Operation(
        anchor=told["operationId"],
        title=told["summary"],
        path=path,
        description=told["description"],
        keys=[_key(each) for each in parameters if not each["name"].startswith("not_")],
        fields=_fields(_answer(told), schemas),
        example=f"{filled}{'?' if needed else ''}{'&'.join(needed)}",
    )


def _answer(told: Mapping[str, Any]) -> Mapping[str, Any]:
    schema: Mapping[str, Any] = told["responses"]["200"]["content"]["application/json"]["schema"]
    return schema


def _key(parameter: Mapping[str, Any]) -> Key:
    schema = parameter["schema"]
    one = schema.get("items", schema)
    example = parameter["example"]
    return Key(
        name=parameter["name"],
        title=one.get("title", ""),
        description=parameter["description"],
        values=", ".join(one.get("enum", ())),
        example=str(example[0] if isinstance(example, list) else example),
    )


def _fields(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> list[Field]:
    """The fields of an answer; of a list, those of its rows, which is what one asks for."""
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
        Field(name, _type(said), said.get("description", "")) for name, said in properties.items()
    ]


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (
        schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    )
    return found


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if some := schema.get("anyOf", schema.get("allOf")):
        return _type(some[0]) if "allOf" in schema else " | ".join(_type(each) for each in some)
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "items" in schema:
        return f"{_type(schema['items'])}[]"
    return " | ".join([schema.get("format", types[0]), *types[1:]])
