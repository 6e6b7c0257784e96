"""Runs the examples of the API page against a live site."""

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


def example_code(client: TestClient, anchor: str) -> str:
    page = client.get("/api").text
    found = re.search(rf'<h3 id="{anchor}">.*?<pre[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def run(language: str, program: str, folder: Path) -> str:
    command = ["sh", "-ec", program] if language == "sh" else [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder).stdout


@pytest.fixture(scope="module")
def outputs(
    client: TestClient, site: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """The output of each example."""
    wait_until(
        lambda: "etag" in httpx2.get(f"{site}/api/v1").headers, "the site to know its edition"
    )
    return {
        anchor: run(
            language,
            example_code(client, anchor).replace("http://testserver", site),
            tmp_path_factory.mktemp(anchor),
        )
        for anchor, language in RUN
    }


def test_curl_list_example_prints_first_rows(outputs: dict[str, str]) -> None:
    said = json.loads(outputs["curl-list"])
    assert len(said["items"]) == 5 < said["total"]


def test_curl_again_example_gets_304(outputs: dict[str, str]) -> None:
    assert outputs["curl-again"].strip() == "304"


def test_curl_lookup_example_finds_source(outputs: dict[str, str]) -> None:
    assert json.loads(outputs["curl-lookup"])["known"] is False


def test_pandas_list_example_reads_all_pages(outputs: dict[str, str], client: TestClient) -> None:
    total = client.get("/estimates.json?place=china").json()["total"]
    assert outputs["pandas-list"].splitlines()[0] == f"1 {total} {total}"


def test_pandas_csv_example_reads_the_same_rows(
    outputs: dict[str, str], client: TestClient
) -> None:
    total = client.get("/events.json?place=china").json()["total"]
    assert outputs["pandas-csv"].split()[0] == str(total)


def test_mirror_example_copies_the_record(outputs: dict[str, str], client: TestClient) -> None:
    assert outputs["mirror"].split() == ["1", str(client.get("/api/v1/changes").json()["total"])]


def test_page_marks_examples_that_no_test_runs(client: TestClient) -> None:
    page = client.get("/api").text
    assert page.count("not part of our tests") == 1
    assert "not part of our tests" in page.partition('<h3 id="r-list">')[2].partition("<pre")[0]
