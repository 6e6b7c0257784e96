"""Terms for codes that are in a payload but in no filter, so that their uses can be counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.record.terms import TermPair


@dataclass(frozen=True)
class CodeLocation:
    """Where a payload contains codes of a list."""

    kinds: str
    rows: Sequence[str]
    """Names of nested fields; the last one is an object or a list of objects."""
    field: str
    default: str = ""
    """The code of an object without the field."""

    @property
    def path(self) -> str:
        """JSON path to the objects; `[*]` also matches an object that is no list."""
        return ".".join(("$", *self.rows)) + "[*]"

    def codes(self, payload: Mapping[str, Any]) -> set[str]:
        value: Any = payload
        for name in self.rows:
            value = value.get(name, [])
        rows = value if isinstance(value, list) else [value]
        return {code for row in rows if (code := row.get(self.field, self.default))}


FORM, STEPS = ("form",), ("steps",)
CITATIONS, TERMS, LINKS, LEGAL, COPIES, PARENTS = (
    (*FORM, rows) for rows in ("citations", "terms", "links", "legal", "copies", "derived_from")
)
CODE_LOCATIONS = {
    "track": CodeLocation("E", STEPS, "track"),
    "nature-of-type": CodeLocation("V", FORM, "nature"),
    "stance": CodeLocation("EM", CITATIONS, "stance"),
    "about": CodeLocation("EM", CITATIONS, "kind"),
    "certainty": CodeLocation("EM", CITATIONS, "certainty", "firm"),
    "locator": CodeLocation("EM", CITATIONS, "locator"),
    "differs": CodeLocation("EM", CITATIONS, "differs"),
    "quantifier": CodeLocation("M", FORM, "quantifier"),
    "standing": CodeLocation("M", FORM, "role", "ordinary"),
    "names": CodeLocation("EM", TERMS, "key"),
    "role": CodeLocation("EM", TERMS, "role"),
    "event-link": CodeLocation("E", LINKS, "type"),
    "figure-link": CodeLocation("M", LINKS, "type"),
    "relation": CodeLocation("E", LEGAL, "relation"),
    "reading": CodeLocation("E", LEGAL, "reading"),
    "outlet-kind": CodeLocation("O", FORM, "kind"),
    "reliability": CodeLocation("O", FORM, "reliability", "f"),
    "title": CodeLocation("S", FORM, "title_basis"),
    "host": CodeLocation("S", COPIES, "host_kind"),
    "extent": CodeLocation("S", COPIES, "extent"),
    "derivation": CodeLocation("S", PARENTS, "how"),
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
