"""The examples of the page, run as a reader would: as they stand there, against a live site."""

import html
import json
import re
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from app.site.api.examples import EXAMPLES
from tests.conftest import wait_until

RUN = [(anchor, language) for anchor, language, _title, _code in EXAMPLES if language != "R"]


def as_printed(client: TestClient, anchor: str) -> str:
    page = client.get("/api").text
    found = re.search(rf'<h3 id="{anchor}">.*?<pre[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def run(language: str, program: str, folder: Path) -> str:
    command = ["sh", "-ec", program] if language == "sh" else [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder).stdout


@pytest.fixture(scope="module")
def printed(
    client: TestClient, site: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """What each of them prints."""
    wait_until(
        lambda: "etag" in httpx2.get(f"{site}/api/v1").headers, "the site to know its edition"
    )
    return {
        anchor: run(
            language,
            as_printed(client, anchor).replace("http://testserver", site),
            tmp_path_factory.mktemp(anchor),
        )
        for anchor, language in RUN
    }


def test_the_first_rows_of_a_list(printed: dict[str, str]) -> None:
    said = json.loads(printed["curl-list"])
    assert len(said["items"]) == 5 < said["total"]


def test_nothing_is_sent_twice(printed: dict[str, str]) -> None:
    assert printed["curl-again"].strip() == "304"


def test_a_look_up(printed: dict[str, str]) -> None:
    assert json.loads(printed["curl-lookup"])["known"] is False


def test_all_pages_as_a_table(printed: dict[str, str], client: TestClient) -> None:
    total = client.get("/estimates.json?place=china").json()["total"]
    assert printed["pandas-list"].splitlines()[0] == f"1 {total} {total}"


def test_the_same_as_csv(printed: dict[str, str], client: TestClient) -> None:
    total = client.get("/events.json?place=china").json()["total"]
    assert printed["pandas-csv"].split()[0] == str(total)


def test_a_copy(printed: dict[str, str], client: TestClient) -> None:
    assert printed["mirror"].split() == ["1", str(client.get("/api/v1/changes").json()["total"])]


def test_the_page_says_which_example_no_test_runs(client: TestClient) -> None:
    page = client.get("/api").text
    assert page.count("Not run by our tests") == 1
    assert "Not run by our tests" in page.partition('<h3 id="r-list">')[2].partition("<pre")[0]
