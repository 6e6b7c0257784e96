"""The OpenAPI 3.1 description of the API, generated from its filters and columns."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.filtering import MAX_VALUES, Choice, Filter, Terms
from app.i18n.translate import N_, _
from app.record.filters import EditionFilters, LookupFilters
from app.site.api.resources import RESOURCES, Resource
from app.site.api.schemas import Schema, components, ref
from app.web.urls import url

V1, VERSION = url("api-v1"), "1.0.0"
ABOUT = N_(
    "A public, citable record of restrictions on migrant workers, as reported by named sources. "
    "No key and no account. Every answer is of one edition; with `edition=` it stays what it was."
)
PROMISE = N_(
    "Nothing that is described here is taken away or changes its meaning: addresses, keys, "
    "codes and fields are only ever added. What could not keep to that would be another "
    "version beside this one."
)
EXAMPLES: Mapping[str, str] = {
    "q": "workers",
    "from": "2019",
    "to": "2019-12",
    "published_from": "2019-01",
    "published_to": "2020",
    "place": "dandong",
    "shown": "dandong",
    "type": "stay-limit",
    "paper": "none",
    "exempt": "none",
    "nationality": "kp",
    "group": "none",
    "sector": "none",
    "outlet": "daily-nk",
    "origin": "daily-nk",
    "lang": "ko",
    "added_since": "1",
    "changed_since": "2026-01-01",
    "since": "0",
    "limit": "20",
    "id": "E5",
    "edition": "1",
    "url": "https://www.example.org/news/1",
}
EXAMPLE_CURSORS = {
    "events": "2019-06-15.1_5",
    "estimates": "2019-06-15.1_5",
    "sources": "2019-06-15.1_5",
    "changes": "1.0_5",
}


def document(site: str, licence: str) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sojourn",
            "version": VERSION,
            "description": f"{_(ABOUT)}\n\n{_(PROMISE)}",
            "license": {"name": licence},
        },
        "servers": [{"url": site}],
        "paths": dict(paths()),
        "components": {
            "schemas": components(),
            "responses": dict(_error_responses()),
            "headers": HEADERS,
        },
    }


def paths() -> Iterator[tuple[str, Any]]:
    for resource in RESOURCES:
        keys = [
            parameter
            for key in resource.filters.FILTERS
            for parameter in _parameters(key, resource.name)
        ]
        operation = _operation(
            resource.name, _(resource.title), _(resource.description), f"{resource.one}List", keys
        )
        yield f"{V1}/{resource.name}", operation
        if resource.example:
            yield f"{V1}/{resource.name}/{{name}}", _record_operation(resource)
    edition_only = [parameter for key in EditionFilters.FILTERS for parameter in _parameters(key)]
    description = _("Every code with its label, its definition and how many records use it.")
    yield (
        f"{V1}/vocabulary",
        _operation("vocabulary", _("Vocabulary"), description, "Vocabulary", edition_only),
    )
    description = _("Whether a published source was found at an address, and what rests on it.")
    keys = [parameter for key in LookupFilters.FILTERS for parameter in _parameters(key)]
    keys[0]["required"] = True
    yield f"{V1}/lookup", _operation("lookup", _("Look up an address"), description, "Lookup", keys)
    yield (
        V1,
        _operation(
            "start", _("Start"), _("The newest edition, and all lists."), "Start", edition_only
        ),
    )


def _record_operation(resource: Resource) -> dict[str, Any]:
    name = {
        "name": "name",
        "in": "path",
        "required": True,
        "description": _("Its id, or its code where it has one.")
        if resource.kind
        else _("Its code."),
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9-]{1,100}$"},
        "example": resource.example,
    }
    keys = [name, *(parameter for key in EditionFilters.FILTERS for parameter in _parameters(key))]
    title = _("{list}: one of them").format(list=_(resource.title))
    operation = _operation(
        f"one-{resource.one.lower()}", title, _(resource.description), f"One{resource.one}", keys
    )
    if resource.kind:
        operation["get"]["responses"] |= {"301": {"$ref": "#/components/responses/Elsewhere"}}
        operation["get"]["responses"] |= {"410": {"$ref": "#/components/responses/Removed"}}
    return operation


def _operation(
    name: str, title: str, description: str, schema: str, keys: list[dict[str, Any]]
) -> dict[str, Any]:
    success = {
        "description": _("What was asked for."),
        "headers": {header: {"$ref": f"#/components/headers/{header}"} for header in HEADERS},
        "content": {"application/json": {"schema": ref(schema)}},
    }
    faults = {"304": "Unchanged", "404": "NotHere", "422": "NotUnderstood", "503": "NotNow"}
    return {
        "get": {
            "operationId": name,
            "summary": title,
            "description": description,
            "parameters": keys,
            "responses": {
                "200": success,
                **{
                    status: {"$ref": f"#/components/responses/{fault}"}
                    for status, fault in faults.items()
                },
            },
        }
    }


# Keys -------------------------------------------------------------------------------------------


def _parameters(key: Filter, list_: str = "") -> Iterator[dict[str, Any]]:
    """Yield the parameter of a key and, if it has one, its `not_` parameter."""
    example = EXAMPLE_CURSORS.get(list_, "1") if key.key == "after" else _example_value(key)
    schema: Schema = {**key.schema, "title": _(key.title)}
    common = {
        "in": "query",
        "required": False,
        "example": int(example) if schema["type"] == "integer" else example,
    }
    if not isinstance(key, Terms):
        yield {"name": key.key, **common, "description": _(key.description), "schema": schema}
        return
    several = {"type": "array", "items": schema, "maxItems": MAX_VALUES, "minItems": 1}
    listed = {
        **common,
        "style": "form",
        "explode": True,
        "schema": several,
        "example": [example],
    }
    yield {"name": key.key, **listed, "description": _(key.description)}
    without = _("Leaves out what {key} would find.").format(key=key.key)
    yield {"name": f"not_{key.key}", **listed, "description": without}


def _example_value(key: Filter) -> str:
    if isinstance(key, Choice):
        return key.default
    if isinstance(key, Terms) and key.closed:
        return key.closed[0]
    return EXAMPLES[key.key]


# Responses --------------------------------------------------------------------------------------

HEADERS: dict[str, Any] = {
    "X-Sojourn-Edition": {
        "description": "Number of the edition that the answer is of.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "X-Sojourn-Licence": {
        "description": "The licence of what is in it.",
        "required": True,
        "schema": {"type": "string"},
    },
    "Link": {
        "description": (
            "The next page (`next`), the lasting address (`cite-as`), the licence (`license`), "
            "this description (`service-desc`)."
        ),
        "required": True,
        "schema": {"type": "string"},
    },
    "ETag": {"description": "To be sent back as `If-None-Match`.", "schema": {"type": "string"}},
    "Last-Modified": {
        "description": "When that edition was published.",
        "schema": {"type": "string"},
    },
}


def _error_responses() -> Iterator[tuple[str, Any]]:
    yield "Unchanged", {"description": "You have it already."}
    yield (
        "Elsewhere",
        {"description": "It goes by another name, or was merged into another: see `Location`."},
    )
    for name, description in (
        ("NotHere", "There is no such record, or no such edition."),
        ("Removed", "It was removed from every edition, for the safety of a person."),
        ("NotUnderstood", "Something in the address has no meaning; the key at fault is named."),
        ("NotNow", "The database does not answer just now: try again."),
    ):
        yield (
            name,
            {
                "description": description,
                "content": {"application/json": {"schema": ref("Errors")}},
            },
        )
