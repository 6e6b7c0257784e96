"""Which codes a form uses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.record.terms import TermPair


@dataclass(frozen=True)
class Inside:
    """Where a list's codes stand in what is stored of a record."""

    kinds: str
    rows: Sequence[str]
    """The way to what carries one, in names of fields; the last may hold many."""
    field: str
    default: str = ""
    """What a row means that leaves it out."""

    @property
    def path(self) -> str:
        """The same as a JSON path, which takes what is no list for a list of one."""
        return ".".join(("$", *self.rows)) + "[*]"

    def codes(self, payload: Mapping[str, Any]) -> set[str]:
        found: Any = payload
        for name in self.rows:
            found = found.get(name, [])
        rows = found if isinstance(found, list) else [found]
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
"""The lists that nothing can be filtered by."""


def terms(kind: str, payload: Mapping[str, Any]) -> set[TermPair]:
    """What a row answers to so that uses can be counted without reading it."""
    return {
        ("uses", f"{name}:{code}")
        for name, place in INSIDE.items()
        if kind in place.kinds
        for code in place.codes(payload)
    }
