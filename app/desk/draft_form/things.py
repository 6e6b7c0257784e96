"""The kinds of records that drafts refer to by name, and which fields do so."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from app.desk.approved.draft_models import Draft
from app.documents import Document, codes_of, thing_named, validate, without_grouping
from app.i18n.translate import _
from app.kinds import FORMS, EstimateForm, NamedForm, RecordForm, public
from app.record.names.quantity import BOUNDS, measure_in_words, quantity
from app.vocabulary.estimates import Quantifier
from app.vocabulary.kinds import LISTED_KINDS, NAMED_KINDS, NAMED_NOUNS, NOUN_OF_KIND, RecordKind

Thing = str
"""The noun of a kind of record (`RecordNoun`), such as `place`."""
THING_OF_KIND: dict[str, Thing] = {
    kind: NOUN_OF_KIND[kind].value for kind in (*NAMED_KINDS, *LISTED_KINDS)
}
NUMBERED: dict[str, str] = {THING_OF_KIND[kind]: kind for kind in LISTED_KINDS}
"""Kinds that others refer to by id."""

TITLES: dict[str, list[str]] = {
    RecordKind.SOURCE: ["title", "title_en", "url"],
    RecordKind.EVENT: ["title"],
    RecordKind.ESTIMATE: ["population_text", "printed_words"],
}
"""The fields in which titles of each kind are searched."""


@dataclass(frozen=True)
class Match:
    """A record that a text may refer to: its code or id, and how it is shown."""

    code: str
    label: str
    names: Sequence[tuple[str, str]] = ()
    about: str = ""


NAME_HINTS: dict[Thing, str] = {
    thing: FORMS[kind].WORDS.hint for kind, thing in THING_OF_KIND.items()
}
MAKE_LABELS: dict[Thing, str] = {
    thing: make for kind, thing in THING_OF_KIND.items() if (make := FORMS[kind].WORDS.make)
}
WEB_ADDRESS = re.compile(r"https?://[^\s/]+")


def make_label(thing: Thing, text: str) -> str:
    """Return the button's label.

    A new event or estimate, or a source without an address, can't be started from a name.
    """
    return (
        _(MAKE_LABELS[thing])
        if text and thing in MAKE_LABELS and (thing != "source" or WEB_ADDRESS.match(text))
        else ""
    )


# Drafts as records ------------------------------------------------------------------------------


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


FIGURE_FIELDS = (
    *("counts", "papers_were", "nature", "unit", "per", "form"),
    "quantifier",
)


def figure_in_words(document: Document) -> list[str]:
    """Return number and measure, such as "about 23.5 per cent" and "Share"; "" for what is missing.

    While a number can't be read, the fields are returned as typed.
    """
    form: Any = {}
    for name in FIGURE_FIELDS:
        codes = codes_of(EstimateForm.model_fields[name])
        if codes and (code := document.get(name, "")) in codes.by_code():
            form[name] = code
    measure = measure_in_words(form) if "counts" in form else ""
    typed = [text for name in BOUNDS if (text := document[name])]
    if not typed or "quantifier" not in form:
        words = document["printed_words"]
        quoted = _("“{words}”").format(words=words) if words else ""
        return ["–".join(typed) or quoted, measure]
    if form["quantifier"] == Quantifier.WORDS:
        return ["–".join(typed), measure]
    try:
        form |= {
            name: Decimal(without_grouping(document[name])) for name in BOUNDS if document[name]
        }
    except InvalidOperation:
        return ["–".join(typed), measure]
    return [quantity(form), measure]
