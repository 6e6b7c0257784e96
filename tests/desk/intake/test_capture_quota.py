"""Quotas of captures: by person and day, and in total."""

from fastapi import FastAPI
from starlette.testclient import TestClient

from app.cli.doctor import find_problems
from app.desk.captures.captures import BYTES_PER_MB
from app.desk.intake.models import Capture
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.desk_accounts import as_owner
from tests.support.desk_people import person
from tests.support.draft_pages import begin, post
from tests.support.hostile_server import HostileServer

PAGE = b"<!doctype html><title>Workers leave</title>"


def keep(settings: Settings, by: int, size_mb: int) -> None:
    size = size_mb * BYTES_PER_MB
    as_owner(
        settings,
        "INSERT INTO desk.capture "
        "(source, url, address, at, by, media_type, sha256, size_bytes, warc) "
        f"""VALUES ('S9', 'u', 'u', now(), {by}, 'text/html', '{"0" * 64}', {size}, """
        f"""convert_to(repeat('x', {size}), 'UTF8'))""",
    )


def kept(settings: Settings) -> int:
    with desk_session(settings) as db:
        return db.query(Capture).count()


def test_daily_quota_blocks_only_that_person(
    reaching: Settings, hostile: HostileServer, app: FastAPI, chidi: TestClient, basma: TestClient
) -> None:
    app.state.settings = reaching.model_copy(update={"capture_daily_mb": 2})
    hostile.says("/a", PAGE)
    keep(reaching, person(reaching, "Chidi").id, 2)
    of_chidi, of_basma = begin(chidi, "S", key="one"), begin(basma, "S", key="two")
    post(chidi, of_chidi, "capture", url=hostile.at("/a"))
    page = chidi.get(of_chidi).text
    assert "One person may keep 2 MB of copies within 24 hours" in page and hostile.at("/a") in page
    assert hostile.asked == [] and kept(reaching) == 1
    post(basma, of_basma, "capture", url=hostile.at("/a"))
    assert "A copy is kept" in basma.get(of_basma).text and kept(reaching) == 2
    as_owner(reaching, "UPDATE desk.capture SET at = now() - interval '25 hours'")
    post(chidi, of_chidi, "capture")
    assert "A copy is kept" in chidi.get(of_chidi).text


def test_full_quota_keeps_captures_and_doctor_warns(
    reaching: Settings, hostile: HostileServer, app: FastAPI, basma: TestClient
) -> None:
    small = reaching.model_copy(update={"capture_total_mb": 10})
    app.state.settings = small
    hostile.says("/a", PAGE)
    assert find_problems(small) == []
    keep(small, person(small, "Basma").id, 9)
    (warning,) = find_problems(small)
    assert "take 9 of 10 MB" in warning and "SOJOURN_CAPTURE_TOTAL_MB" in warning
    at = begin(basma, "S", key="one")
    post(basma, at, "capture", url=hostile.at("/a"))
    assert "A copy is kept" in basma.get(at).text
    keep(small, person(small, "Basma").id, 1)
    post(basma, at, "capture")
    assert "Copies of pages fill the 10 MB" in basma.get(at).text and kept(small) == 3
