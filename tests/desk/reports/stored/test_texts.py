"""The private text of a report: kept for some days, in no backup, and nowhere else."""

import logging
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.database.backup import write_backup
from app.desk.approved.models import Draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands as drafts
from app.desk.drafts.report_settings import (
    MAX_TEXT_CHARACTERS,
    ReportPrint,
    ReportSheet,
    ReportText,
    begin,
)
from app.desk.identity.models import Person
from app.desk.purges import purge
from app.desk.reports import texts
from app.desk.review.commands import APPROVE, RETURN
from app.scheduler import tick
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.reports.stored.conftest import an_entry

TEXT = "Kvasimirska said on Monday that about 300 workers had left Place-1 on 15 March 2019."
PRIVATE = "Kvasimirska"
TODAY = date(2026, 11, 28)


def keep(db: Session, settings: Settings, by: Person, words: str = TEXT) -> ReportText:
    return texts.store(db, settings, by, "S7", text=words, language="en", today=TODAY)


def kept_texts(db: Session) -> set[str]:
    return {*db.scalars(select(ReportText.source))}


def has_text(db: Session) -> bool:
    return bool(kept_texts(db))


def test_text_is_kept_until_a_day(db: Session, world: Settings, amal: Person) -> None:
    kept = keep(db, world, amal)

    assert (kept.text, kept.language, kept.by) == (TEXT, "en", amal.id)
    assert kept.delete_after == TODAY + timedelta(days=90)


def test_too_long_text_is_refused_in_words() -> None:
    assert "the limit is 100,000" in texts.problem_of("x" * (MAX_TEXT_CHARACTERS + 1))
    assert texts.problem_of("x" * MAX_TEXT_CHARACTERS) == ""


@pytest.mark.parametrize("days", [0, 91])
def test_setting_allows_1_to_90_days(stored_report: Settings, days: int) -> None:
    with pytest.raises(ValidationError):
        Settings(database_url=stored_report.database_url, SOJOURN_REPORT_TEXT_DAYS=days)


def test_scheduled_job_deletes_due_texts(stored_report: Settings) -> None:
    with desk_session(stored_report) as db:
        amal = db.scalars(select(Person).limit(1)).one()
        for source, days in (("S1", 1), ("S7", 0)):
            texts.store(db, stored_report, amal, source, text=TEXT, language="en")
            due = datetime.now(UTC).date() - timedelta(days=days)
            of_source = update(ReportText).where(ReportText.source == source)
            db.execute(of_source.values(delete_after=due))

    done = tick(stored_report)

    assert done is not None
    assert "The text of 1 report is deleted." in done.done
    with desk_session(stored_report) as db:
        assert [*db.scalars(select(ReportText.source))] == ["S7"]


def test_approval_of_all_drafts_deletes_text(db: Session, world: Settings, amal: Person) -> None:
    keep(db, world, amal)
    first, second = (an_entry(db, amal) for _ in range(2))
    for draft in (first, second):
        drafts.move(db, draft, amal, drafts.SUBMIT)

    for draft, step in (
        *((first, APPROVE), (second, RETURN), (second, drafts.SUBMIT)),
        (second, APPROVE),
    ):
        assert has_text(db)
        drafts.move(db, draft, amal, step)

    assert not has_text(db)


def test_deletion_of_last_draft_deletes_text_of_its_report(
    db: Session, world: Settings, amal: Person
) -> None:
    keep(db, world, amal)
    texts.store(db, world, amal, "S1", text=TEXT, language="en")
    first, second = (an_entry(db, amal) for _ in range(2))

    drafts.move(db, first, amal, drafts.DELETE)
    assert kept_texts(db) == {"S1", "S7"}
    drafts.move(db, second, amal, drafts.DELETE)
    assert kept_texts(db) == {"S1"}

    texts.remove(db, "S1")
    assert not has_text(db)


def test_approval_of_the_source_alone_keeps_text(
    db: Session, world: Settings, amal: Person
) -> None:
    source = drafts.begin_to_change(db, amal, "S7")
    assert source is not None
    keep(db, world, amal)

    drafts.move(db, source, amal, drafts.SUBMIT)
    drafts.move(db, source, amal, APPROVE)

    assert has_text(db)


def test_text_is_in_no_draft_revision_log_index_or_backup(
    stored_report: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with desk_session(stored_report) as db:
        amal = db.scalars(select(Person).where(Person.name == "Amal")).one()
        kept = texts.store(
            db, stored_report, amal, "S7", text=TEXT, language="en", translation=TEXT
        )
        begin(db, amal, "S7")
        assert texts.mark_text(db, Catalogue(db, amal), kept, "2019-03-18")
        an_entry(db, amal)

    with desk_session(stored_report) as db:
        tables = db.execute(
            text(
                "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('desk','record')"
            )
        ).all()
        assert len(tables) > 30
        holding = [
            table
            for schema, table in tables
            for found in [
                db.scalar(text(f"SELECT string_agg(t::text, '') FROM {schema}.\"{table}\" t"))
            ]
            if PRIVATE in (found or "")
        ]
        assert holding == ["report_text"]
    assert PRIVATE not in caplog.text
    write_backup(stored_report, tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        assert archive.read("desk/report_text.copy") == b""
        assert archive.read("desk/sheet.copy") != b""
        assert all(PRIVATE.encode() not in archive.read(name) for name in archive.namelist())


def test_purge_deletes_block_revisions_text_and_fingerprint(stored_report: Settings) -> None:
    with desk_session(stored_report) as db:
        amal = db.scalars(select(Person).where(Person.name == "Amal")).one()
        keep(db, stored_report, amal)
        begin(db, amal, "S7")
        an_entry(db, amal)
        assert db.get_one(ReportPrint, "S7").hashes is not None
    with desk_session(stored_report) as db:
        again = db.scalars(select(Person).where(Person.name == "Amal")).one()
        purge(db, "S7", again, reason="For somebody's safety.")
    with desk_session(stored_report) as db:
        for table in (ReportSheet, ReportText, ReportPrint):
            assert db.scalars(select(table)).all() == []
        assert db.scalars(select(Draft).where(Draft.record == "S7")).all() == []
