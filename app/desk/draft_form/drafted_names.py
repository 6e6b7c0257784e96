"""Drafted places and outlets, which other drafts can name before they are published."""

from collections.abc import Iterable, Sequence

from app.desk.approved.draft_models import Draft
from app.desk.draft_form.documents import validate
from app.forms import FORMS, OutletForm, PlaceForm, RecordForm, public

ABOVE = frozenset({"parent", "belongs_to"})
"""Fields in which a place or outlet names the one above it."""


def drafted_forms(known: Iterable[RecordForm], drafts: Sequence[Draft]) -> list[RecordForm]:
    """Return the forms of valid drafts. One above that has no code yet is left out.

    A draft with the code of a known form is left out: its name would replace the known one.
    """
    known = list(known)
    codes = _codes_by_name(known, drafts)
    taken = {(form.id[0], form.code) for form in known if isinstance(form, PlaceForm | OutletForm)}
    found = []
    for draft in drafts:
        document = {**draft.document}
        for name in document.keys() & ABOVE:
            document[name] = codes.get((draft.kind, document[name].strip().casefold()), "")
        drafted = validate(FORMS[draft.kind], document).form
        if drafted and (draft.kind, document["code"].strip().lower()) not in taken:
            found.append(public(drafted))
    return found


def _codes_by_name(
    known: Iterable[RecordForm], drafts: Iterable[Draft]
) -> dict[tuple[str, str], str]:
    """Return codes by kind and by each code or name."""
    named = [
        (form.id[0], form.code, [name.text for name in form.names])
        for form in known
        if isinstance(form, PlaceForm | OutletForm)
    ]
    for draft in drafts:
        names = [row["text"].strip() for row in draft.document.get("names", [])]
        named.append((draft.kind, draft.document.get("code", "").strip(), names))
    by_name = {
        (kind, name.casefold()): code for kind, code, names in named for name in names if code
    }
    return by_name | {(kind, code): code for kind, code, _names in named if code}
