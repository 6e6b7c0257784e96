"""Which types of event are measures, and which of them are laws (rule 2)."""

from collections.abc import Mapping

from app.kinds import CodeForm
from app.vocabulary.events import TypeNature

LAWS_BEFORE_THE_MARKER = frozenset({"legal-instrument", "sanctions-designation"})


def law_types(codes: Mapping[str, CodeForm]) -> frozenset[str]:
    """Return the types of event that are laws or listings. Past editions have no marker."""
    marked = frozenset(form.code for form in codes.values() if form.list == "type" and form.is_law)
    return marked or LAWS_BEFORE_THE_MARKER


def is_measure(type_: str, codes: Mapping[str, CodeForm]) -> bool:
    """Whether events of this type are measures. A type that the edition lacks counts as one."""
    form = codes.get(f"type:{type_}")
    return form is None or form.nature is TypeNature.MEASURE


NOT_OF_PEOPLE = frozenset({"import-detention", "sanctions-designation"})
"""Types of measure towards goods and firms. Limits on rights reach people where they live."""
