"""`/healthz/live` and `/healthz/ready`, and HEAD on every address that answers GET."""

from alembic.script import ScriptDirectory
from sqlalchemy import text
from starlette.testclient import TestClient

from app import paths
from app.database.engines import desk_login_engine, migration_engine, watch_engine
from app.database.server_checks import check_logins, describe_revision, newest_revision
from app.main import create_app
from app.settings import Settings, release
from tests.conftest import wait_until
from tests.support.routes import all_routes

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


def test_ready_names_release_edition_and_checks(client: TestClient) -> None:
    wait_until(lambda: client.get("/healthz/ready").status_code == 200, "the first check")
    body = client.get("/healthz/ready").json()
    body.pop("gathering", None)
    well = {"status": "ok", "edition": 1, "served": 1, "seconds_behind": 0}
    checks = dict.fromkeys(("edition", "reader_login", "migrations", "desk_login"), "ok")
    assert body == well | {"release": release(), "checks": checks}
    assert client.get("/healthz").json() == well


def test_replica_that_stopped_following_is_behind(published: Settings) -> None:
    app = create_app(published)
    with TestClient(app) as client:
        wait_until(lambda: client.get("/healthz").status_code == 200, "the first edition")
        app.state.watch.seconds_alone = 90.4
        answer = client.get("/healthz")
        assert (answer.status_code, answer.json()["status"]) == (503, "behind")
        assert answer.json()["seconds_behind"] == 90.4
        assert "This replica has had nothing from the main server for 90 s" in answer.text
        # Readers are still served: without the main server, all replicas are alone.
        wait_until(lambda: client.get("/healthz/ready").status_code == 200, "the first check")
        assert "for 90 s" in client.get("/healthz/ready").json()["checks"]["replica"]


def test_failing_desk_login_is_not_ready(published: Settings) -> None:
    locked_out = published.model_copy(update={"database_url": NOWHERE})
    with TestClient(create_app(locked_out)) as client:
        wait_until(
            lambda: client.get("/healthz/ready").json()["checks"]["reader_login"] == "ok",
            "the first check",
        )
        answer = client.get("/healthz/ready")
        assert answer.status_code == 503
        assert answer.json()["checks"]["desk_login"].startswith("The desk's login fails (")
        wait_until(lambda: client.get("/healthz").status_code == 200, "readers to be served")


def test_public_site_checks_no_desk(published: Settings) -> None:
    alone = published.model_copy(update={"public_only": True, "database_url": None})
    assert desk_login_engine(alone) is None
    assert check_logins(watch_engine(alone), None) == {"reader_login": "", "migrations": ""}


def test_tables_of_older_release_are_not_ready(database: Settings) -> None:
    engine = migration_engine(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE desk.alembic_version SET version_num = '0001'"))
    engine.dispose()
    found = check_logins(watch_engine(database), None)
    assert "run `sojourn upgrade`" in found["migrations"]


def test_revisions_of_files_are_those_of_alembic() -> None:
    assert newest_revision() == ScriptDirectory(str(paths.MIGRATIONS)).get_current_head()
    assert describe_revision(newest_revision()) == ""
    # A later release may migrate while this one still answers.
    assert describe_revision("of-a-later-release") == ""
    assert describe_revision(None)


def test_head_answers_where_get_does(client: TestClient) -> None:
    paths = {path for method, path in all_routes() if method == "GET" and "{" not in path}
    answers = {path: client.head(path) for path in sorted(paths)}
    wrong = [path for path, each in answers.items() if each.status_code == 405 or each.content]
    assert len(paths) > 100 and wrong == []
