"""`sojourn doctor`: each problem and its remedy."""

from pathlib import Path

import pytest
from sqlalchemy import text

from app import paths
from app.cli.doctor import find_page_gaps, find_problems
from app.database.engines import migration_engine
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.purges import purge
from app.settings import Settings
from tests.cli.conftest import Run
from tests.conftest import desk_session
from tests.make import a_small_world, make_event
from tests.support.environment import environment_of


def test_doctor_compares_with_the_purge_list(run: Run, database: Settings, tmp_path: Path) -> None:
    with desk_session(database) as db:
        save_all(db, [*a_small_world(), make_event(1), make_event(2)])
        publish_approved(db)
        purge(db, "E2", None)
    (tmp_path / "purged.txt").write_text("E1\nE99\n")
    ended = run(
        ["doctor"], **environment_of(database), SOJOURN_PURGE_LIST=str(tmp_path / "purged.txt")
    )
    assert "E1 is in the purge list" in ended.output and "run `sojourn purge E1`" in ended.output
    assert "lacks E2: add them" in ended.output and "E99" not in ended.output


def test_public_site_without_contact_for_security_is_told(published: Settings) -> None:
    public = published.model_copy(update={"public_url": "https://sojourn.example.org"})
    listed = public.model_copy(update={"security_contact": ["mailto:security@example.org"]})
    told = [
        sum("SOJOURN_SECURITY_CONTACT" in gap for gap in find_page_gaps(settings))
        for settings in (published, public, listed)
    ]
    assert told == [0, 1, 0]


def test_doctor_names_problem_and_remedy(
    empty_database: Settings, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = find_problems(empty_database)
    assert any("run `sojourn migrate`" in problem for problem in missing)
    wrong = database.model_copy(update={"reader_database_url": database.database_url})
    assert any(
        "A login lacks its role" in problem and "migrate --logins" in problem
        for problem in find_problems(wrong)
    )
    strong = database.model_copy(update={"reader_database_url": database.migrate_database_url})
    assert any(
        "READER_DATABASE_URL has more rights than sojourn_reader" in problem
        for problem in find_problems(strong)
    )
    engine = migration_engine(database)
    with engine.begin() as connection:
        name = connection.scalar(text("SELECT current_database()"))
        connection.exec_driver_sql(f"GRANT TEMPORARY ON DATABASE {name} TO PUBLIC")
    assert ["REVOKE TEMPORARY ON DATABASE" in one for one in find_problems(database)] == [True]
    engine.dispose()
    for address, is_told in (
        ("http://sojourn.example.org", True),
        ("https://sojourn.example.org", False),
    ):
        told = find_problems(database.model_copy(update={"public_url": address}))
        assert (
            any("passwords of editors can be read on the network" in problem for problem in told)
            is is_told
        )
    nowhere = database.model_copy(
        update={"migrate_database_url": "postgresql://x:hidden@127.0.0.1:9/x"}
    )
    unreachable = find_problems(nowhere)
    assert any(problem.startswith("The database cannot be reached: ") for problem in unreachable)
    assert "hidden" not in str(unreachable)
    monkeypatch.setattr(paths, "HTMX", paths.NODE_MODULES / "gone.js")
    assert (
        "node_modules/gone.js is missing: run `npm ci --omit=dev`, or `make serve`, which runs it."
        in find_problems(database)
    )
