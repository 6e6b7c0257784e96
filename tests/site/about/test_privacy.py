"""The numbers and promises of the privacy page match the code."""

import re
from datetime import timedelta
from html import unescape

from starlette.testclient import TestClient

from app.desk.identity import sign_ins, throttle
from app.desk.round import items
from app.main import create_app
from app.settings import Settings
from app.web.response_cache import PUBLISHED_COOKIE_SECONDS


def words_of_page(client: TestClient) -> str:
    return unescape(re.sub(r"<[^>]+>", "", client.get("/privacy").text))


def test_privacy_page_gives_retention_times_of_code(client: TestClient) -> None:
    page = words_of_page(client)
    assert f"deleted {items.CONTACT_RETENTION.days} days after the matter is closed" in page
    assert (
        f"for {sign_ins.MAX_IDLE_TIME.days} days without use, "
        f"or for {sign_ins.MAX_SIGN_IN_AGE.days} days at most" in page
    )
    assert timedelta(minutes=15) == throttle.WINDOW and "after about 15 minutes" in page
    assert PUBLISHED_COOKIE_SECONDS == 60 and "the number of the edition for a minute" in page


def test_page_tells_that_requests_are_logged(published: Settings) -> None:
    logging_all = published.model_copy(update={"log_requests": True})
    with TestClient(create_app(logging_all)) as client:
        assert "log the time of each response" in client.get("/privacy").text
    with TestClient(create_app(published)) as client:
        assert "writes no log of visits" in client.get("/privacy").text
