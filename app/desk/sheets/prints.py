"""Fingerprints of reports: keyed hashes of a text's shingles, and codes of its facts. No words.

They stay when the text is deleted, so that later reports can be compared with it (`relays`).
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.dates import edtf
from app.desk.reading.relays import Fact, fingerprint
from app.desk.sheets.models import ReportPrint
from app.settings import Settings

SIGN_BIT = 1 << 63


def keep_hashes(db: Session, settings: Settings, source: str, text: str) -> None:
    """Keep the hashes of a text, keyed by the hash secret; they replace those of an earlier one."""
    hashes = fingerprint(text, settings.require_hash_secret().encode())
    _keep(db, source, hashes=sorted(map(_signed, hashes)))


def keep_facts(db: Session, source: str, published: str, facts: Iterable[Fact]) -> None:
    """Keep the facts of a text in codes, and its day from the EDTF date of its source.

    Without a day nothing is compared by facts.
    """
    codes = sorted([kind.value, value] for kind, value in facts)
    _keep(db, source, published=_day(published), facts=codes)


def _keep(db: Session, source: str, **values: object) -> None:
    new = insert(ReportPrint).values(source=source, **{"hashes": [], **values})
    db.execute(new.on_conflict_do_update(index_elements=["source"], set_=values))
    kept = db.get(ReportPrint, source)
    if kept is not None:
        db.refresh(kept)


def _day(published: str) -> date | None:
    """Return the first day of an EDTF date; None if it has none."""
    parsed = edtf.parse_or_none(published)
    return parsed.whole.first if parsed and parsed.whole else None


def _signed(number: int) -> int:
    """Return an unsigned number of 64 bits as PostgreSQL stores it."""
    return number - 2 * SIGN_BIT if number >= SIGN_BIT else number
