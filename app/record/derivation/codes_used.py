"""Terms for codes that are in a payload but in no filter, so that their uses can be counted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.record.terms import TermPair
from app.vocabulary.kinds import CITING_KINDS, NAMED_NOUNS, RecordKind


@dataclass(frozen=True)
class CodeLocation:
    """Where a payload contains codes of a list."""

    kinds: Collection[str]
    rows: Sequence[str]
    """Names of nested fields; the last one is an object or a list of objects."""
    field: str
    default: str = ""
    """The code of an object without the field."""

    def codes(self, payload: Mapping[str, Any]) -> set[str]:
        rows: list[Any] = [payload]
        for name in self.rows:
            values = (row.get(name, []) for row in rows)
            rows = [
                each for value in values for each in (value if isinstance(value, list) else [value])
            ]
        return {code for row in rows if (code := row.get(self.field, self.default))}


FORM, STEPS = ("form",), ("steps",)
CITATIONS, TERMS, LINKS, LEGAL, COPIES, PARENTS, JOINED_SOURCES, SECTIONS = (
    (*FORM, rows)
    for rows in (
        "citations",
        "terms",
        "links",
        "legal",
        "copies",
        "derived_from",
        "joined_sources",
        "sections",
    )
)
CHAIN_STEPS = (*CITATIONS, "chain")
CODE_LOCATIONS = {
    "track": CodeLocation(RecordKind.EVENT, STEPS, "track"),
    "nature-of-type": CodeLocation(RecordKind.CODE, FORM, "nature"),
    "counting": CodeLocation(CITING_KINDS, JOINED_SOURCES, "how"),
    "named": CodeLocation(CITING_KINDS, CHAIN_STEPS, "named"),
    "stance": CodeLocation(CITING_KINDS, CITATIONS, "stance"),
    "about": CodeLocation(CITING_KINDS, CITATIONS, "kind"),
    "reports-event": CodeLocation(RecordKind.EVENT, CITATIONS, "reports_event"),
    "certainty": CodeLocation(CITING_KINDS, CITATIONS, "certainty", "firm"),
    "locator": CodeLocation(CITING_KINDS, CITATIONS, "locator"),
    "differs": CodeLocation(CITING_KINDS, CITATIONS, "differs"),
    "quantifier": CodeLocation(RecordKind.ESTIMATE, FORM, "quantifier"),
    "standing": CodeLocation(RecordKind.ESTIMATE, FORM, "role", "ordinary"),
    "names": CodeLocation(CITING_KINDS, TERMS, "key"),
    "role": CodeLocation(CITING_KINDS, TERMS, "role"),
    "term-scope": CodeLocation(RecordKind.ESTIMATE, TERMS, "scope"),
    "no-nationality": CodeLocation(RecordKind.EVENT, FORM, "no_nationality"),
    "event-link": CodeLocation(RecordKind.EVENT, LINKS, "type"),
    "figure-link": CodeLocation(RecordKind.ESTIMATE, LINKS, "type"),
    "relation": CodeLocation(RecordKind.EVENT, LEGAL, "relation"),
    "reading": CodeLocation(RecordKind.EVENT, LEGAL, "reading"),
    **{
        f"{noun}-kind": CodeLocation(kind, FORM, "kind")
        for noun, kind in NAMED_NOUNS.items()
        if kind is not RecordKind.PLACE  # the filter of levels has its kinds
    },
    "page-part": CodeLocation(RecordKind.PAGE, SECTIONS, "part"),
    "reliability": CodeLocation(RecordKind.OUTLET, FORM, "reliability", "f"),
    "title": CodeLocation(RecordKind.SOURCE, FORM, "title_basis"),
    "host": CodeLocation(RecordKind.SOURCE, COPIES, "host_kind"),
    "extent": CodeLocation(RecordKind.SOURCE, COPIES, "extent"),
    "derivation": CodeLocation(RecordKind.SOURCE, PARENTS, "how"),
}
"""The lists of codes without a filter."""


def usage_terms(kind: str, payload: Mapping[str, Any]) -> set[TermPair]:
    """Return the terms `uses list:code` of a payload."""
    return {
        ("uses", f"{name}:{code}")
        for name, place in CODE_LOCATIONS.items()
        if kind in place.kinds
        for code in place.codes(payload)
    }
