"""What a record refers to: other records, citations, and codes of the vocabulary."""

from collections.abc import Iterator
from functools import cache

from app.kinds.base import (
    Form,
    Holds,
    holds,
    is_private,
    kind_named,
    notes,
    refers_by_id,
    rows_of,
)
from app.kinds.pages import linked_ids
from app.kinds.terms import Term
from app.kinds.vocabulary import CodeForm
from app.vocabulary.events import KIND_OF_TERM
from app.vocabulary.kinds import NAMED_KINDS, RecordKind


def references(
    form: Form, *, private: bool = False, path: str = ""
) -> Iterator[tuple[str, str, str]]:
    """Yield path, kind and name of what the form and its rows refer to.

    The path names fields, and the type of a link: `citations.source`, `links.part-of.to`. The name
    is the code of a named record, else the id.
    """
    codes, ids, texts, rows = _fields(type(form), private)
    for name, of_kind, list_ in codes:
        value = getattr(form, name)
        for code in value if isinstance(value, list) else [value]:
            if code:
                yield path + name, of_kind, f"{list_}:{code}" if list_ else code
    for name in ids:
        if id := getattr(form, name):
            yield path + name, id[0], id
    for name in texts:
        for id in linked_ids(getattr(form, name)):
            yield path + name, id[0], id
    if isinstance(form, Term) and form.code:
        kind = KIND_OF_TERM.get(form.key)
        yield (
            path + "code",
            kind or RecordKind.CODE,
            form.code if kind else f"{form.key}:{form.code}",
        )
    elif isinstance(form, CodeForm) and form.successor:
        yield path + "successor", RecordKind.CODE, f"{form.list}:{form.successor}"
    for name in rows:
        for row in getattr(form, name):
            of_type = f"{row.type}." if name == "links" else ""
            yield from references(row, private=private, path=f"{path}{name}.{of_type}")


def named_references(form: Form) -> Iterator[tuple[str, str]]:
    """Yield kind and code of each named record in the public fields of a form and its rows."""
    return ((kind, name) for _path, kind, name in references(form) if kind in NAMED_KINDS)


@cache
def _fields(
    form: type[Form], private: bool
) -> tuple[list[tuple[str, str, str]], list[str], list[str], list[str]]:
    """Return the fields with codes (kind and list), with ids, with links in texts, with rows."""
    fields = [
        (name, field)
        for name, field in form.model_fields.items()
        if private or not is_private(field)
    ]
    codes = [(name, str(kind), "") for name, field in fields if (kind := kind_named(field))]
    codes += [
        (name, str(RecordKind.CODE), notes(field).codes)
        for name, field in fields
        if notes(field).codes
    ]
    ids = [name for name, field in fields if name != "id" and refers_by_id(field)]
    texts = [name for name, field in fields if holds(field, Holds.LINKS)]
    return codes, ids, texts, [name for name, field in fields if rows_of(field)]
