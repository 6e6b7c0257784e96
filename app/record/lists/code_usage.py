"""Where the codes of each list are used: by the terms that readers filter by, and inside the forms for all others."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, String, cast, column, func, literal, select, true, values
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.orm import Session

from app.record.derivation.codes_used import INSIDE
from app.record.editions import Reading
from app.record.models import Term, Version

Uses = Mapping[str, Mapping[tuple[str, str], int]]
"""By the letter of what is counted (E events, M figures, S sources …), then by list and code."""


def by_term(db: Session, edition: Reading, keys: Iterable[str], kinds: str = "") -> Uses:
    """Records, or those of some kinds, that answer to each code of these keys; one statement."""
    term = func.unnest(Version.terms).table_valued("no").render_derived().lateral("used")
    rows = db.execute(
        select(Version.kind, Term.key, Term.code, func.count())
        .select_from(Version)
        .join(term, true())
        .join(Term, Term.no == term.c.no)
        .where(edition.holds(), Version.state == "live", Term.key.in_(list(keys)), *_of(kinds))
        .group_by(Version.kind, Term.key, Term.code)
    )
    return _by_kind((kind, key, code, count) for kind, key, code, count in rows)


def inside(db: Session, edition: Reading) -> Uses:
    """Records in whose form each code stands, by the list it is of; one statement."""
    asked = values(
        column("list", String), column("kinds", String), column("rows", String), column("field", String),
        column("default", String), name="asked",
    ).data([(name, p.kinds, p.path, p.field, p.default) for name, p in INSIDE.items()])  # fmt: skip
    rows = func.jsonb_path_query(Version.payload, cast(asked.c.rows, JSONPATH)).table_valued(
        column("row", JSONB)
    )
    row = rows.render_derived().lateral("found")
    code = func.coalesce(row.c.row[asked.c.field].astext, asked.c.default).label("code")
    live = (edition.holds(), Version.state == "live")
    stored = (
        select(Version.kind, asked.c.list, code, func.count(Version.seq.distinct()))
        .select_from(Version)
        .join(asked, func.strpos(asked.c.kinds, Version.kind) > 0)
        .join(row, true())
        .where(*live, code != "")
        .group_by(Version.kind, asked.c.list, code)
    )
    return _by_kind((kind, name, code, count) for kind, name, code, count in db.execute(stored))


def why(db: Session, edition: Reading, kinds: str = "") -> Uses:
    """For which reason records, or those of some kinds, were written; one statement."""
    written = select(Version.kind, literal("why"), Version.why, func.count()).where(
        edition.holds(), Version.state == "live", *_of(kinds)
    )
    rows = db.execute(written.group_by(Version.kind, Version.why))
    return _by_kind((kind, name, code, count) for kind, name, code, count in rows)


def together(*some: Uses) -> Uses:
    found: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for by_kind in some:
        for kind, counts in by_kind.items():
            found[kind] |= counts
    return found


def _of(kinds: str) -> list[ColumnElement[bool]]:
    return [Version.kind.in_(list(kinds))] if kinds else []


def _by_kind(rows: Iterable[tuple[str, str, str, int]]) -> Uses:
    found: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for kind, name, code, count in rows:
        found[kind][name, code] = count
    return found
