"""Runs the examples of the API page against a live site."""

import html
import json
import re
import subprocess
import sys
from pathlib import Path

import httpx2
from starlette.testclient import TestClient

from app.site.api.routes import EXAMPLES
from tests.conftest import wait_until

UNTESTED = "not part of our tests"


def test_examples_print_what_they_promise(client: TestClient, site: str, tmp_path: Path) -> None:
    wait_until(
        lambda: "etag" in httpx2.get(f"{site}/api/v1").headers, "the site to know its edition"
    )
    page = client.get("/api").text
    outputs = {}
    for anchor, language, _title, _code in EXAMPLES:
        found = re.search(rf'<h3 id="{anchor}">(.*?)<pre[^>]*>(.*?)</pre>', page, re.DOTALL)
        assert found and (UNTESTED in found[1]) == (language == "R"), anchor
        if language != "R":
            program = html.unescape(found[2]).replace("http://testserver", site)
            command = ["sh", "-ec"] if language == "sh" else [sys.executable, "-c"]
            ran = subprocess.run(
                [*command, program], capture_output=True, text=True, check=True, cwd=tmp_path
            )
            outputs[anchor] = ran.stdout

    def total(path: str) -> str:
        return str(client.get(path).json()["total"])

    first = json.loads(outputs["curl-list"])
    assert len(first["items"]) == 5 < first["total"]
    assert outputs["curl-again"].strip() == "304"
    assert json.loads(outputs["curl-lookup"])["known"] is False
    estimates = total("/estimates.json?place=china")
    assert outputs["pandas-list"].splitlines()[0] == f"1 {estimates} {estimates}"
    assert outputs["pandas-csv"].split()[0] == total("/events.json?place=china")
    assert outputs["mirror"].split() == ["1", total("/api/v1/changes")]
