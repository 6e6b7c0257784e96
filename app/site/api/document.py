"""The OpenAPI 3.1 description of the API, generated from its filters and columns.

FastAPI's `get_openapi` knows neither filters nor columns. With models and parameters made for it,
its document differs from the released description in over 1,300 places.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.filtering import MAX_VALUES, Choice, Filter, Filters, Terms
from app.i18n.translate import N_, _
from app.record.filters import EditionFilters, LookupFilters, SearchFilters
from app.site.api.lists import RESOURCES, filters_of
from app.site.api.schemas import components, ref
from app.site.datasets.dataset import Dataset
from app.web.urls import url

V1, VERSION = url("api-v1"), "1.0.0"
ABOUT = N_(
    "A public, citable record of restrictions on migrant workers, as reported by named "
    "sources. No key and no account are needed. Every response is of one edition; with "
    "`edition=` it never changes."
)
PROMISE = N_(
    "Nothing that is described here is removed or changes its meaning: addresses, keys, codes "
    "and fields are only added. An incompatible change would be a new version next to this one."
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
    "right": "none",
    "actor": "none",
    "actor_role": "none",
    "law": "none",
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
EXAMPLE_CURSORS = dict.fromkeys(("events", "estimates", "sources"), "2019-06-15.1_5") | {
    "changes": "1.0_5"
}
RESPONSES = {
    "304": ("Unchanged", "You have it already."),
    "301": (
        "Elsewhere",
        "It goes by another name, or was merged into another: see `Location`.",
    ),
    "404": ("NotHere", "There is no such record, or no such edition."),
    "410": ("Removed", "It was removed from every edition, for the safety of a person."),
    "422": ("NotUnderstood", "Something in the address has no meaning; the key at fault is named."),
    "503": ("NotNow", "The database does not answer just now: try again."),
}
"""Name and description of every response but 200, by status."""
STATUSES = ("304", "404", "422", "503")
RECORD_STATUSES = (*STATUSES, "301", "410")
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
            "responses": dict(_responses()),
            "headers": HEADERS,
        },
    }


def paths() -> Iterator[tuple[str, Any]]:
    edition_only = list(_parameters(EditionFilters))
    for resource in RESOURCES:
        path, title, about = f"{V1}/{resource.path_name()}", _(resource.heading), _(resource.about)
        keys = list(_parameters(filters_of(resource), resource.path_name()))
        yield path, _operation(resource.path_name(), title, about, f"{resource.row_name}List", keys)
        if resource.example:
            yield (
                f"{path}/{{name}}",
                _operation(
                    f"one-{resource.row_name.lower()}",
                    _("{list}: one of them").format(list=title),
                    about,
                    f"One{resource.row_name}",
                    [_name_parameter(resource), *edition_only],
                    statuses=RECORD_STATUSES if resource.kind else STATUSES,
                ),
            )
    about = _("Every code with its label, its definition and how many records use it.")
    yield (
        f"{V1}/vocabulary",
        _operation("vocabulary", _("Vocabulary"), about, "Vocabulary", edition_only),
    )
    about = _("Whether the record has a source at an address, and what cites it.")
    keys = list(_parameters(LookupFilters))
    keys[0]["required"] = True
    yield f"{V1}/lookup", _operation("lookup", _("Look up an address"), about, "Lookup", keys)
    about = _(
        "The best matches of every kind, and how the words were understood. Searches are not "
        "stored."
    )
    keys = list(_parameters(SearchFilters))
    keys[0]["required"] = True
    yield f"{V1}/search", _operation("search", _("Search everything"), about, "Search", keys)
    about = _("The newest edition, and all lists.")
    yield V1, _operation("start", _("Start"), about, "Start", edition_only)


def _operation(
    name: str,
    title: str,
    description: str,
    schema: str,
    keys: Sequence[Mapping[str, Any]],
    *,
    statuses: Sequence[str] = STATUSES,
) -> dict[str, Any]:
    success = {
        "description": _("The requested data."),
        "headers": {header: {"$ref": f"#/components/headers/{header}"} for header in HEADERS},
        "content": {"application/json": {"schema": ref(schema)}},
    }
    other = {
        status: {"$ref": f"#/components/responses/{RESPONSES[status][0]}"} for status in statuses
    }
    return {
        "get": {
            "operationId": name,
            "summary": title,
            "description": description,
            "parameters": keys,
            "responses": {"200": success, **other},
        }
    }


# Keys -------------------------------------------------------------------------------------------


def _parameters(filters: type[Filters], list_: str = "") -> Iterator[dict[str, Any]]:
    """Yield the parameter of each key and, if it has one, its `not_` parameter."""
    for key in filters.FILTERS:
        example = EXAMPLE_CURSORS.get(list_, "1") if key.key == "after" else _example_value(key)
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


def _example_value(key: Filter) -> str:
    if isinstance(key, Choice):
        return key.default
    if isinstance(key, Terms) and key.closed:
        return key.closed[0]
    return EXAMPLES[key.key]


def _name_parameter(resource: type[Dataset[Any]]) -> dict[str, Any]:
    return {
        "name": "name",
        "in": "path",
        "required": True,
        "description": _("Its id, or its code where it has one.")
        if resource.kind
        else _("Its code."),
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9-]{1,100}$"},
        "example": resource.example,
    }


# Responses --------------------------------------------------------------------------------------


def _responses() -> Iterator[tuple[str, Any]]:
    errors = {"application/json": {"schema": ref("Errors")}}
    for status, (name, description) in RESPONSES.items():
        has_body = status >= "400"
        yield name, {"description": description, **({"content": errors} if has_body else {})}
