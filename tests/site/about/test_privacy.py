"""The numbers and promises of the privacy page match the code."""

import re
import urllib.request
from datetime import timedelta
from html import unescape
from pathlib import Path

from starlette.testclient import TestClient

from app.desk.identity import sign_ins, throttle
from app.desk.round import items
from app.main import create_app
from app.settings import Settings
from app.web.response_cache import PUBLISHED_COOKIE_SECONDS
from tests.conftest import wait_until
from tests.support.processes import free_port, running_command
from tests.support.serving import log_lines


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


def test_visits_leave_no_line_in_log(published: Settings, tmp_path: Path) -> None:
    port = free_port()
    environment = {
        "SOJOURN_PUBLIC_ONLY": "1",
        "READER_DATABASE_URL": published.reader_database_url or "",
        "SOJOURN_HASH_SECRET": published.hash_secret or "",
    }

    def answer(path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as response:
                return int(response.status)
        except OSError as error:
            return int(getattr(error, "code", 0))

    with running_command(["sojourn", "serve", "--port", str(port)], environment) as process:
        wait_until(lambda: answer("/healthz") or process.poll() is not None, "the site")
        paths = {"/events?q=Dandong": 200, "/nothing?q=Dandong": 404, "/tell": 200}
        assert {path: answer(path) for path in paths} == paths
        process.terminate()
        said, complaint = process.communicate(timeout=60)
    lines = [
        line for line in said.splitlines() if not line.startswith("The site runs under the account")
    ]
    assert lines == [f"Sojourn is at http://127.0.0.1:{port} (Ctrl-C stops it)."]
    # Facts about the start, and no line for a visit. `/healthz` answers 503 until it is ready.
    found = [line for line in log_lines(complaint) if line.get("route") != "/healthz"]
    assert {line["message"] for line in found} == {"Sojourn starts", "This worker answers"}


def test_page_tells_that_requests_are_logged(published: Settings) -> None:
    logging_all = published.model_copy(update={"log_requests": True})
    with TestClient(create_app(logging_all)) as client:
        assert "log the time of each response" in client.get("/privacy").text
    with TestClient(create_app(published)) as client:
        assert "writes no log of visits" in client.get("/privacy").text
