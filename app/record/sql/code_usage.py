"""Counts the records that use each code, by terms or by a search in the payloads."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, func, literal, select, true
from sqlalchemy.orm import Session

from app.record.editions import SelectedEdition
from app.record.models import FilterTerm, Version

CodeUses = Mapping[str, Mapping[tuple[str, str], int]]
"""Number of records by letter of the kind (E, M, S …), then by list and code."""


def count_terms(
    db: Session, edition: SelectedEdition, keys: Iterable[str], kinds: str = ""
) -> CodeUses:
    """Count the records with each term of these keys; all kinds if `kinds` is empty."""
    term = func.unnest(Version.terms).table_valued("no").render_derived().lateral("used")
    rows = db.execute(
        select(Version.kind, FilterTerm.key, FilterTerm.code, func.count())
        .select_from(Version)
        .join(term, true())
        .join(FilterTerm, FilterTerm.no == term.c.no)
        .where(
            edition.holds(), Version.is_live, FilterTerm.key.in_(list(keys)), *_is_of_kinds(kinds)
        )
        .group_by(Version.kind, FilterTerm.key, FilterTerm.code)
    )
    return _by_kind((kind, key, code, count) for kind, key, code, count in rows)


def count_reasons(db: Session, edition: SelectedEdition, kinds: str = "") -> CodeUses:
    """Count the records by the reason of their newest version; all kinds if `kinds` is empty."""
    statement = select(Version.kind, literal("why"), Version.why, func.count()).where(
        edition.holds(), Version.is_live, *_is_of_kinds(kinds)
    )
    rows = db.execute(statement.group_by(Version.kind, Version.why))
    return _by_kind((kind, name, code, count) for kind, name, code, count in rows)


def merge_uses(*some: CodeUses) -> CodeUses:
    merged_counts: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for by_kind in some:
        for kind, counts in by_kind.items():
            merged_counts[kind] |= counts
    return merged_counts


def _is_of_kinds(kinds: str) -> list[ColumnElement[bool]]:
    return [Version.kind.in_(list(kinds))] if kinds else []


def _by_kind(rows: Iterable[tuple[str, str, str, int]]) -> CodeUses:
    found: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for kind, name, code, count in rows:
        found[kind][name, code] = count
    return found
