"""Drafted records with names, which other drafts can name before they are published."""

from collections.abc import Iterable, Sequence

from app.desk.approved.draft_models import Draft
from app.documents import thing_named, validate
from app.kinds import FORMS, NamedForm, RecordForm, public
from app.vocabulary.record import NAMED_NOUNS


def drafted_forms(known: Iterable[RecordForm], drafts: Sequence[Draft]) -> list[RecordForm]:
    """Return the forms of valid drafts. References to records without a code are left out.

    A draft with the code of a known form is left out: its name would replace the known one.
    """
    known = list(known)
    codes = _codes_by_name(known, drafts)
    taken = {(form.id[0], form.code) for form in known if isinstance(form, NamedForm)}
    found = []
    for draft in drafts:
        document = {**draft.document}
        form = FORMS[draft.kind]
        for name in form.model_fields.keys() & document.keys():
            if thing := thing_named(form, name, document):
                key = (NAMED_NOUNS[thing], document[name].strip().casefold())
                document[name] = codes.get(key, "")
        drafted = validate(form, document).form
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
        if isinstance(form, NamedForm)
    ]
    for draft in drafts:
        names = [row["text"].strip() for row in draft.document.get("names", [])]
        named.append((draft.kind, draft.document.get("code", "").strip(), names))
    by_name = {
        (kind, name.casefold()): code for kind, code, names in named for name in names if code
    }
    return by_name | {(kind, code): code for kind, code, _names in named if code}
