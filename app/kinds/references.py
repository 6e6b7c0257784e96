"""The places, outlets and other named records that a form refers to by code."""

from collections.abc import Iterator
from functools import cache

from app.kinds.base import Form, is_private, kind_named, rows_of
from app.kinds.terms import Term
from app.vocabulary.events import KIND_OF_TERM
from app.vocabulary.kinds import RecordKind


def named_references(form: Form) -> Iterator[tuple[str, str]]:
    """Yield kind and code of each named record in the public fields of a form and its rows."""
    codes, rows = _fields(type(form))
    for name, kind in codes:
        value = getattr(form, name)
        for code in value if isinstance(value, list) else [value]:
            if code:
                yield kind, code
    for name in rows:
        for row in getattr(form, name):
            yield from named_references(row)
    if isinstance(form, Term) and form.code and form.key in KIND_OF_TERM:
        yield KIND_OF_TERM[form.key], form.code


@cache
def _fields(form: type[Form]) -> tuple[list[tuple[str, RecordKind]], list[str]]:
    """Return the fields with codes and the kind of each, and the fields with rows."""
    fields = [(name, field) for name, field in form.model_fields.items() if not is_private(field)]
    codes = [(name, kind) for name, field in fields if (kind := kind_named(field))]
    return codes, [name for name, field in fields if rows_of(field)]
