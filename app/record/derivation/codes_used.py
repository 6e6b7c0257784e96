"""Terms for codes that are in a payload but in no filter, so that their uses can be counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.record.terms import TermPair


@dataclass(frozen=True)
class Inside:
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
INSIDE = {
    "track": Inside("E", STEPS, "track"),
    "nature-of-type": Inside("V", FORM, "nature"),
    "stance": Inside("EM", CITATIONS, "stance"),
    "about": Inside("EM", CITATIONS, "kind"),
    "certainty": Inside("EM", CITATIONS, "certainty", "firm"),
    "locator": Inside("EM", CITATIONS, "locator"),
    "differs": Inside("EM", CITATIONS, "differs"),
    "quantifier": Inside("M", FORM, "quantifier"),
    "standing": Inside("M", FORM, "role", "ordinary"),
    "names": Inside("EM", TERMS, "key"),
    "role": Inside("EM", TERMS, "role"),
    "event-link": Inside("E", LINKS, "type"),
    "figure-link": Inside("M", LINKS, "type"),
    "relation": Inside("E", LEGAL, "relation"),
    "reading": Inside("E", LEGAL, "reading"),
    "outlet-kind": Inside("O", FORM, "kind"),
    "reliability": Inside("O", FORM, "reliability", "f"),
    "title": Inside("S", FORM, "title_basis"),
    "host": Inside("S", COPIES, "host_kind"),
    "extent": Inside("S", COPIES, "extent"),
    "derivation": Inside("S", PARENTS, "how"),
}
"""The lists of codes without a filter."""


def terms(kind: str, payload: Mapping[str, Any]) -> set[TermPair]:
    """Return the terms `uses list:code` of a payload."""
    return {
        ("uses", f"{name}:{code}")
        for name, place in INSIDE.items()
        if kind in place.kinds
        for code in place.codes(payload)
    }
