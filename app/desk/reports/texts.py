"""The private text of a report: kept for some days, in no backup, and read by the desk alone.

The table's trigger deletes a text when the report is approved or its last draft is deleted.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import CursorResult, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.dates import edtf
from app.desk.drafts.report_settings import (
    MAX_TEXT_CHARACTERS,
    ReportPrint,
    ReportSheet,
    ReportText,
)
from app.desk.identity.models import DeskRole, Person
from app.desk.reading.relays import Fact, fingerprint
from app.documents import clean
from app.i18n.translate import _
from app.settings import Settings


def problem_of(text: str) -> str:
    """Return why a text or a translation can't be kept, with what to do; "" if it can."""
    length = len(clean(text))
    if length <= MAX_TEXT_CHARACTERS:
        return ""
    return _(
        "This text has {length} characters; the limit is {most}. Paste only the part "
        "that you enter."
    ).format(length=f"{length:,}", most=f"{MAX_TEXT_CHARACTERS:,}")


def store(
    db: Session,
    settings: Settings,
    by: Person,
    source: str,
    *,
    text: str,
    language: str,
    translation: str = "",
    today: date | None = None,
) -> ReportText:
    """Keep the text of a report, and return it. The same text keeps its marks.

    The day of its deletion counts from the first text: pasting it again wins no time.
    """
    day = (today or datetime.now(UTC).date()) + timedelta(days=settings.report_text_days)
    values = {"text": clean(text), "language": language, "translation": clean(translation)}
    before = read(db, source)
    new = insert(ReportText).values(source=source, by=by.id, delete_after=day, **values)
    is_same = before is not None and (before.text, before.language) == (values["text"], language)
    changes = values if is_same else {**values, "by": by.id, "marks": None, "problem": ""}
    db.execute(new.on_conflict_do_update(index_elements=["source"], set_=changes))
    if not is_same:
        keep_hashes(db, settings, source, values["text"])
    return db.get_one(ReportText, source, populate_existing=True)


def read(db: Session, source: str) -> ReportText | None:
    """Return the text of a report; None if there is none, or it was deleted."""
    return db.get(ReportText, source)


def may_change(db: Session, source: str, person: Person) -> bool:
    """Contributors replace and delete the texts that they entered, editors any."""
    kept = read(db, source)
    return kept is None or kept.by == person.id or person.may(DeskRole.EDITOR)


def remove(db: Session, source: str) -> None:
    """Delete the text of a report at the wish of an editor."""
    db.execute(delete(ReportText).where(ReportText.source == source))


def delete_due(db: Session, today: date | None = None) -> int:
    """Delete the texts whose days are over; return how many."""
    day = today or datetime.now(UTC).date()
    result = db.execute(delete(ReportText).where(ReportText.delete_after < day))
    assert isinstance(result, CursorResult)
    return result.rowcount


# Fingerprints -----------------------------------------------------------------------------------
# Keyed hashes of a text's shingles, and codes of its facts; no words. They stay when the text is
# deleted, so that later reports can be compared with it (`relays`).

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


# Purging ----------------------------------------------------------------------------------------


def purge_sheet(db: Session, id: str, _names: Sequence[str]) -> None:
    """Delete the block of a report."""
    db.execute(delete(ReportSheet).where(ReportSheet.source == id))


def purge_text(db: Session, id: str, _names: Sequence[str]) -> None:
    db.execute(delete(ReportText).where(ReportText.source == id))


def purge_fingerprint(db: Session, id: str, _names: Sequence[str]) -> None:
    db.execute(delete(ReportPrint).where(ReportPrint.source == id))
