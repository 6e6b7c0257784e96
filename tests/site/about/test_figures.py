"""How far the record reaches, on the page about it."""

import re

from starlette.testclient import TestClient


def test_page_about_names_figures_of_the_record(client: TestClient) -> None:
    text = client.get("/about").text
    assert re.search(r"\d+ events have two or more independent sources", text)
    assert re.search(r"China <small>newest of 20\d\d</small>", text)
