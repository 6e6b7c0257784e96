"""Limits of what the desk fetches: pages by person and time, copies also in total."""

from fastapi import FastAPI
from starlette.testclient import TestClient

from app.desk.captures.captures import BYTES_PER_MB
from app.desk.intake import Capture
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.desk_accounts import as_owner
from tests.support.desk_people import person
from tests.support.draft_pages import begin, post, stored
from tests.support.hostile_server import HostileServer

PAGE = b"<!doctype html><title>Workers leave</title>"


def add_capture(settings: Settings, by: int, size_mb: int) -> None:
    size = size_mb * BYTES_PER_MB
    as_owner(
        settings,
        "INSERT INTO desk.capture "
        "(source, url, address, at, by, media_type, sha256, size_bytes, warc) "
        f"""VALUES ('S9', 'u', 'u', now(), {by}, 'text/html', '{"0" * 64}', {size}, """
        f"""convert_to(repeat('x', {size}), 'UTF8'))""",
    )


def count_captures(settings: Settings) -> int:
    with desk_session(settings) as db:
        return db.query(Capture).count()


def test_daily_quota_of_one_person_does_not_block_another(
    database: Settings, hostile: HostileServer, app: FastAPI, chidi: TestClient, basma: TestClient
) -> None:
    app.state.settings = database.model_copy(update={"capture_daily_mb": 2})
    hostile.says("/a", PAGE)
    add_capture(database, person(database, "Chidi").id, 2)
    chidis_draft, basmas_draft = begin(chidi, "S", key="one"), begin(basma, "S", key="two")
    post(chidi, chidis_draft, "capture", url=hostile.at("/a"))
    page = chidi.get(chidis_draft).text
    assert "you can save only 2 MB within 24 hours" in page and hostile.at("/a") in page
    assert hostile.asked == [] and count_captures(database) == 1
    post(basma, basmas_draft, "capture", url=hostile.at("/a"))
    assert (
        "A private copy was saved" in basma.get(basmas_draft).text and count_captures(database) == 2
    )
    as_owner(database, "UPDATE desk.capture SET at = now() - interval '25 hours'")
    post(chidi, chidis_draft, "capture")
    assert "A private copy was saved" in chidi.get(chidis_draft).text


def test_pages_of_one_person_are_limited_in_a_quarter_of_an_hour(
    database: Settings, hostile: HostileServer, app: FastAPI, chidi: TestClient, basma: TestClient
) -> None:
    app.state.settings = database.model_copy(update={"pages_per_quarter_hour": 2})
    hostile.says("/a", PAGE)
    chidis_draft, basmas_draft = begin(chidi, "S", key="one"), begin(basma, "S", key="two")
    for do in ("capture", "archive", "capture"):
        post(chidi, chidis_draft, do, url=hostile.at("/a"))
    assert "at most 2 pages within 15 minutes" in chidi.get(chidis_draft).text
    report = stored(database, chidis_draft).record
    answer = chidi.post(f"/desk/sources/{report}", data={"number": "0", "do": "read-text"})
    assert "at most 2 pages within 15 minutes" in answer.text
    assert len(hostile.asked) == 2
    post(basma, basmas_draft, "capture", url=hostile.at("/a"))
    assert len(hostile.asked) == 3
    as_owner(database, "UPDATE desk.attempt SET at = now() - interval '16 minutes'")
    post(chidi, chidis_draft, "capture")
    assert len(hostile.asked) == 4


def test_total_quota_blocks_captures(
    database: Settings, hostile: HostileServer, app: FastAPI, basma: TestClient
) -> None:
    small = database.model_copy(update={"capture_total_mb": 10})
    app.state.settings = small
    hostile.says("/a", PAGE)
    add_capture(small, person(small, "Basma").id, 9)
    draft = begin(basma, "S", key="one")
    post(basma, draft, "capture", url=hostile.at("/a"))
    assert "A private copy was saved" in basma.get(draft).text
    add_capture(small, person(small, "Basma").id, 1)
    post(basma, draft, "capture")
    assert (
        "this installation’s limit of 10 MB" in basma.get(draft).text and count_captures(small) == 3
    )
