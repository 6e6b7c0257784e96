"""The OpenAPI 3.1 description of the API, generated from its filters and columns.

FastAPI's `get_openapi` knows neither filters nor columns. With models and parameters made for it,
its document differs from the released description in over 1,300 places.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import EnumType
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from app.filtering import MAX_VALUES, Choice, Filter, Filters, Terms
from app.i18n.translate import N_, _
from app.kinds import FORMS, Form, is_private
from app.kinds.base import rows_of
from app.record.filters import EditionFilters, LookupFilters, SearchFilters
from app.record.models import RecordState
from app.site.api.lists import RESOURCES, filters_of
from app.site.dataset import Dataset
from app.site.export.columns import COLUMNS, JSON_SCHEMA_TYPES, REPEATED_FIELDS, Column, column_type
from app.site.export.json_parts import WORD_COLUMNS
from app.vocabulary.kinds import LISTED_KINDS, NAMED_LISTS, RecordKind
from app.web.urls import url

# Schemas ----------------------------------------------------------------------------------------


Schema = Mapping[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def thing(description: str = "", /, **properties: Schema) -> Schema:
    """Return the schema of an object. It allows other fields, because fields may be added."""
    return {
        "type": "object",
        **({"description": description} if description else {}),
        "properties": properties,
        "required": list(properties),
    }


def many(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def by_key(values: Schema) -> Schema:
    """Return the schema of an object with keys that are data."""
    return {"type": "object", "additionalProperties": values}


def described(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}


def text(description: str) -> Schema:
    return described(TEXT, description)


def components() -> dict[str, Schema]:
    """Return all schemas by name."""
    found: dict[str, Schema] = dict(SHAPES)
    for form in _row_forms():
        found[form.__name__] = _form_schema(form)
    found["Code"] = _columns_schema(RecordKind.CODE, COLUMNS[RecordKind.CODE])
    found["SearchedWord"] = _columns_schema("", WORD_COLUMNS)
    for resource in RESOURCES:
        found[resource.row_name] = (
            _change(resource)
            if resource.row_name == "Change"
            else _columns_schema(resource.kind, resource.columns)
        )
        found[f"{resource.row_name}List"] = _list(resource)
        if resource.path_name() != "changes":
            found[f"One{resource.row_name}"] = _one(resource)
    return found


# Rows -------------------------------------------------------------------------------------------


def _columns_schema(kind: str, columns: Sequence[Column[Any]]) -> Schema:
    properties = {
        column.name: described(JSON_SCHEMA_TYPES[column.holds], column.description)
        for column in columns
    }
    for name in REPEATED_FIELDS.get(kind, ()):
        properties[name] = _field_schema(FORMS[kind].model_fields[name])
    return thing(**properties)


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


FORMER_FIELDS: Mapping[str, Mapping[str, Schema]] = {
    "Citation": {
        "breaks_off": FLAG,
        "quote_translator": TEXT,
        "credibility": {"type": "integer"},
    },
    "ChainStep": {"speakers": {"type": "integer"}, "said": TEXT},
    "EventToEvent": {"factor": {"type": "number"}, "sense": TEXT},
    "FigureToFigure": {"factor": {"type": "number"}},
}
"""By form: promised fields that went. Rows of past editions may have them."""


def _form_schema(form: type[Form]) -> Schema:
    fields = {name: field for name, field in form.model_fields.items() if not is_private(field)}
    former = {
        name: described(schema, "In early editions only.")
        for name, schema in FORMER_FIELDS.get(form.__name__, {}).items()
    }
    now = {name: _field_schema(field) for name, field in fields.items()}
    description = (form.__doc__ or "").partition("\n")[0]
    return {
        **thing(description, **now, **former),
        "required": [name for name, field in fields.items() if field.is_required()],
    }


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
    is_union = get_origin(field.annotation) in {Union, UnionType}
    kinds = get_args(field.annotation) if is_union else [field.annotation]
    return [str(code) for kind in kinds if isinstance(kind, EnumType) for code in kind]


# Lists and single records -----------------------------------------------------------------------

HEADING: Mapping[str, Schema] = {
    "edition": {
        "type": "integer",
        "minimum": 1,
        "description": "Number of the edition that this is of.",
    },
    "licence": text("Under which it may be used."),
    "permalink": text("The address that will show the same for ever."),
}
NEXT = described(
    {"type": ["string", "null"]},
    "Address of the next page, on this host and within the same edition; null on the last one.",
)
FACETS = "For each key, how many rows each code would leave if that key were asked for it alone."


def _list(resource: type[Dataset[Any]]) -> Schema:
    properties = {
        "edition": HEADING["edition"],
        "query": described(by_key(many(TEXT)), "What was understood of the address."),
        "filter": text("The same in words."),
        "licence": HEADING["licence"],
        "permalink": HEADING["permalink"],
        "total": described(COUNT, "How many rows answer, on all pages."),
    }
    if resource.kind in LISTED_KINDS:
        properties |= {
            "undated": described(COUNT, "How many more answer but for a date that nobody gave."),
            "next": NEXT,
            "hint": SHAPES["Search"]["properties"]["hint"],
            "also": described(by_key(many(TEXT)), "Other words that were searched, by word."),
            "by_word": described(
                many(ref("SearchedWord")), "What each word finds, if nothing has them all."
            ),
            "facets": described(by_key(many(ref("Facet"))), FACETS),
        }
    elif resource.path_name() != "cities":
        properties["next"] = NEXT
    if resource.path_name() == "changes":
        properties |= {
            "derived_again": described(COUNT, "How many rows that say nothing new were left out."),
            "follow": text("What to ask when there is a new edition."),
        }
    return thing(**properties, items=many(ref(resource.row_name)))


def _one(resource: type[Dataset[Any]]) -> Schema:
    row = ref(resource.row_name)
    if not resource.kind:
        return {"allOf": [thing(**HEADING), row]}
    return {"allOf": [thing(**HEADING), ref("State"), {"anyOf": [row, ref("Withdrawn")]}]}


def _change(resource: type[Dataset[Any]]) -> Schema:
    first = ("Event", "Estimate", "Source", "Outlet", "Place", "Code")
    records = [
        ref(name)
        for name in dict.fromkeys((*first, *(noun.label for noun in NAMED_LISTS.values())))
    ]
    return thing(
        **_columns_schema("", resource.columns)["properties"],
        differences=many(ref("Difference")),
        record=described(
            {"anyOf": [*records, {"type": "null"}]},
            "As it read from then on; null where it was withdrawn, merged or removed.",
        ),
    )


SHAPES: dict[str, Schema] = {
    "Errors": thing(
        "What went wrong.",
        status={"type": "integer", "description": "The same as the status of the answer."},
        request=text(
            "The id of the request, as in `X-Request-ID`; operators find it in their log."
        ),
        errors=many(
            thing(
                key=text("The key of the address that is at fault."),
                reason=text("What is wrong with it, and what would do."),
            )
        ),
    ),
    "Facet": thing(code=TEXT, label=TEXT, count=COUNT, selected=FLAG),
    "State": thing(
        state={"type": "string", "enum": [RecordState.LIVE.value, RecordState.WITHDRAWN.value]},
        reason=text("Why it was last written, or withdrawn; may be empty."),
    ),
    "Withdrawn": thing("Of what was withdrawn only the id and the reason are told.", id=TEXT),
    "Difference": thing(
        field=text("Name of the field, with the id of the row it stands in."),
        title=TEXT,
        before=text("In words; empty where it said nothing."),
        after=text("In words; empty where it says nothing."),
    ),
    "Start": thing(**HEADING, at={"type": "string", "format": "date-time"}, lists=by_key(TEXT)),
    "Vocabulary": thing(**HEADING, lists=by_key(ref("CodeList"))),
    "CodeList": thing(title=TEXT, definition=TEXT, codes=many(ref("CodeOfList"))),
    "CodeOfList": thing(
        code=TEXT,
        label=TEXT,
        definition=TEXT,
        example=TEXT,
        uses=described(many(TEXT), "How many records use it."),
    ),
    "Search": thing(
        **HEADING,
        query={"type": "object", "description": "The keys as they were understood."},
        total=described(COUNT, "How many records and entries have all of the words."),
        cards=described(many(thing(kind=TEXT, id=TEXT)), "Places, actors and others named."),
        read_as=described(
            many({"type": "object", "properties": {"words": TEXT, "as": TEXT}}),
            "Misspelled words, and what they were read as.",
        ),
        hint=described(TEXT, "What to type instead of words that nearly every text has."),
        missing=described(many(TEXT), "Words that nothing has."),
        also={"type": "object", "description": "Other words that were searched, by word."},
        kinds={"type": "object", "description": "Title, total and list of each kind."},
        best=described(
            many(
                thing(
                    kind=TEXT,
                    id=TEXT,
                    title=TEXT,
                    what=many(TEXT),
                    text=TEXT,
                    why=text("Why it was found."),
                    page=TEXT,
                )
            ),
            "The best matches, best first.",
        ),
    ),
    "Lookup": thing(
        **HEADING,
        url=text("As it was asked."),
        normalised={"type": ["string", "null"], "description": "What of it counts."},
        known=described(FLAG, "Whether a published source was found there."),
        sources=many({"allOf": [ref("Source"), thing(page=TEXT)]}),
        rests_on_it=described(
            many(thing(id=TEXT, title=TEXT, page=TEXT)), "Events and figures that cite it."
        ),
    ),
}


# The document -----------------------------------------------------------------------------------


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
