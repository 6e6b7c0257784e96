"""The kinds of records that drafts refer to by name, and which fields do so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from app.desk.approved import models
from app.i18n.translate import _
from app.kinds import FORMS
from app.vocabulary.kinds import LISTED_KINDS, NAMED_KINDS, RecordKind
from app.vocabulary.record import NOUN_OF_KIND

Thing = str
"""The noun of a kind of record (`RecordNoun`), such as `place`."""
THING_OF_KIND: dict[str, Thing] = {
    kind: NOUN_OF_KIND[kind].value for kind in (*NAMED_KINDS, *LISTED_KINDS)
}
NUMBERED: dict[str, str] = {THING_OF_KIND[kind]: kind for kind in LISTED_KINDS}
"""Kinds that others refer to by id."""

TITLES: dict[str, list[InstrumentedAttribute[Any]]] = {
    RecordKind.SOURCE: [models.Source.title, models.Source.title_en, models.Source.url],
    RecordKind.EVENT: [models.Event.title],
    RecordKind.ESTIMATE: [models.Estimate.population_text, models.Estimate.printed_words],
}
"""The columns in which titles of each kind are searched."""


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
