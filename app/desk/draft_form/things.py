"""The kinds of records that drafts refer to by name, and which fields do so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.desk.draft_form.documents import Document
from app.i18n.translate import _
from app.kinds import FORMS, EventToEvent, FigureToFigure, Form, Term
from app.kinds.base import is_list, kind_named
from app.vocabulary.events import KIND_OF_TERM
from app.vocabulary.kinds import LISTED_KINDS, NAMED_KINDS, RecordKind
from app.vocabulary.record import NOUN_OF_KIND

Thing = str
"""The noun of a kind of record (`RecordNoun`), such as `place`."""
THING_OF_KIND: dict[str, Thing] = {
    kind: NOUN_OF_KIND[kind].value for kind in (*NAMED_KINDS, *LISTED_KINDS)
}
NUMBERED: dict[str, str] = {THING_OF_KIND[kind]: kind for kind in LISTED_KINDS}
"""Kinds that others refer to by id."""

FIELDS_WITH_IDS: dict[str, Thing] = {"source": "source", "event": "event"}
LINKED: dict[type[Form], Thing] = {EventToEvent: "event", FigureToFigure: "estimate"}

TITLES: dict[str, list[str]] = {
    RecordKind.SOURCE: ["title", "title_en", "url"],
    RecordKind.EVENT: ["title"],
    RecordKind.ESTIMATE: ["population_text", "printed_words"],
}
"""The fields in which titles of each kind are searched."""


def thing_named(form: type[Form], name: str, row: Document) -> Thing | None:
    """Return what kind of record a field of this row refers to by name, if any."""
    if form is Term:
        kind = KIND_OF_TERM.get(row["key"]) if name == "code" else None
        return THING_OF_KIND[kind] if kind else None
    if name == "to":
        return LINKED[form]
    field = form.model_fields[name]
    if (kind := kind_named(field)) and not is_list(field):
        return THING_OF_KIND[kind]
    return FIELDS_WITH_IDS.get(name)


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
