"""Dates are compared with today when they are entered, and never again: a clock may be slow."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.database.engines import libpq_url
from app.desk.approved import models
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import all_forms, save, save_all
from app.desk.csv import export_folder, import_folder
from app.desk.draft_form.advice import check_draft
from app.desk.draft_form.catalogue import Catalogue
from app.documents import document_of
from app.kinds import SourceForm
from app.record.models import RecordState, Version
from app.record.publishing.integrity import find_problems
from app.record.publishing.publish import Approved, publish
from app.record.publishing.working_set import live_keys
from app.settings import Settings
from app.vocabulary.record import Why
from tests.conftest import desk_session
from tests.make import a_small_world, make_code, make_event, make_law, make_source
from tests.support.desk_people import make_people, person
from tests.support.draft_pages import begin, fields

AHEAD = "2199-01-01"


@pytest.fixture
def ahead(database: Settings) -> Settings:
    """A desk with a source that was entered while the machine's clock was days ahead."""
    with desk_session(database) as db:
        save_all(db, [*a_small_world(), make_event(1)])
    run(
        database,
        "UPDATE desk.record SET document = document || "
        f"""'{{"published": "{AHEAD}"}}' WHERE id = 'S1'""",
    )
    return database


def run(settings: Settings, statement: str) -> None:
    with psycopg.connect(libpq_url(settings.migrate_database_url or "")) as connection:
        connection.execute(statement.encode())


def errors_of(settings: Settings, source: SourceForm) -> dict[str, str]:
    with desk_session(settings) as db:
        return dict(
            check_draft(
                SourceForm, document_of(source), Catalogue(db, person(settings, "Basma"))
            ).errors
        )


def test_stored_dates_are_not_compared_with_today(ahead: Settings, tmp_path: Path) -> None:
    with desk_session(ahead) as db:
        assert AHEAD in {form.published for form in all_forms(db) if isinstance(form, SourceForm)}
        publish_approved(db)
    with desk_session(ahead) as db:
        assert find_problems(db) == []
        publish_approved(db, again=live_keys(db))
        row = db.scalars(select(models.Record).where(models.Record.id == "S1")).one()
        assert save_all(db, [row.form]) == []
        export_folder(db, tmp_path)


def test_entered_date_in_the_future_is_rejected(ahead: Settings, tmp_path: Path) -> None:
    make_people(ahead, "Basma")
    found = errors_of(ahead, make_source(1).model_copy(update={"published": AHEAD}))
    assert list(found) == ["published"] and "in the future" in found["published"]
    with desk_session(ahead) as db:
        export_folder(db, tmp_path)
        report = import_folder(db, tmp_path)
        assert [(each.file, each.column) for each in report.errors] == [
            ("sources.csv", "published")
        ]


# Codes of a former list ---------------------------------------------------------------------------


LEGAL = [{"instrument": "act", "relation": "based-on", "reading": "source"}]


def code_row(db: Session) -> Version:
    return db.scalars(
        select(Version).where(Version.id == "instrument:act", Version.closed.is_(None))
    ).one()


def test_code_is_merged_into_the_law_with_its_name(desk: Session) -> None:
    publish(desk, [Approved(make_code("act", "instrument"), Why.ADDED)])
    save_all(desk, a_small_world())
    publish_approved(desk, "Without the law")
    assert code_row(desk).is_live, "nothing has taken its place yet"
    save(desk, make_law(1, "act"), Why.REINDEXED)
    save(desk, make_event(legal=LEGAL))
    publish_approved(desk, "With the law")
    row = code_row(desk)
    assert (row.state, row.payload["into"], row.why) == (RecordState.MERGED, "N1", "reindexed")


# Misleading web addresses -------------------------------------------------------------------------


MISLEADING = {
    "https://?例え.テスト/パス": "it names no site after ://",
    "http://www.": "it names no site after ://",
    "https://reuters.example@evil.example/": "has a user name before @",
    "https://reader:word@evil.example/": "has a user name before @",
    "http://[": "check its brackets and characters",
    "https://example.org/\nER  -": "an invisible character",
    "https://\u202egro.elpmaxe/": "an invisible character",
    "https://exam\u200bple.org/": "an invisible character",
}


def test_misleading_address_is_rejected_only_when_entered(
    chidi: TestClient, desk_world: Settings
) -> None:
    at = begin(chidi, "S")
    sent = fields(chidi.get(at).text)

    def errors_of(address: str) -> str:
        chidi.post(at, data={**sent, "url": address, "do": "save"})
        return chidi.get(f"{at}?check=1").text

    for address, error in MISLEADING.items():
        assert error in errors_of(address), address
        stored = make_source(1).model_copy(update={"url": address}).model_dump()
        assert SourceForm.model_validate(stored).url == address, "what is stored stays readable"
    assert "has a user name before @" not in errors_of("https://example.org/@reporter/1?to=a@b")
