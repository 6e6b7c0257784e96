"""The page on data: its files, its promise on columns, its example, and the dictionary."""

import html
import json
import re
import subprocess
import sys
from pathlib import Path

from starlette.testclient import TestClient

from app.site.data.page import DATASETS, files_of
from app.web.urls import url
from tests.support.html import first_match

RELEASED = json.loads((Path(__file__).parent / "released_columns.json").read_text())
"""The columns of the first release. Later columns are only added at the end."""


def test_every_file_on_data_page_can_be_downloaded(client: TestClient) -> None:
    page = client.get("/data").text
    files = re.findall(r'<a class="mono" href="([^"]+)" rel="nofollow">[.]', page)
    assert len(files) == sum(len(files_of(each)) for each in DATASETS)
    assert [address for address in files if client.get(address).status_code != 200] == []


def test_data_page_describes_every_key_and_column(client: TestClient) -> None:
    page = html.unescape(client.get("/data").text)
    for dataset in DATASETS:
        for key in dataset.filter_class.FILTERS:
            assert f"</b> {key.description}" in page, key
        for column in dataset.columns:
            assert f"{column.name}</th>" in page and column.description in page, column
            assert column.description.endswith("."), column
        header = (
            client.get(f"{url(dataset.name)}.csv").content.decode("utf-8-sig").partition("\r\n")[0]
        )
        assert header.split(",") == [column.name for column in dataset.columns]


def test_columns_are_only_added_at_the_end() -> None:
    columns = {each.name: [column.name for column in each.columns] for each in DATASETS}
    assert RELEASED.keys() == columns.keys()
    for name, released in RELEASED.items():
        assert columns[name][: len(released)] == released, name


def test_python_example_of_data_page_runs(site: str, client: TestClient) -> None:
    """Run the text of the page in a Python without packages."""
    page = client.get("/data").text
    found = first_match(r'<pre class="code" id="python"[^>]*>(.*?)</pre>', page)
    program = html.unescape(found).replace("http://testserver", site)
    ran = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    )
    lines = ran.stdout.splitlines()
    items = client.get("/events.json?from=2019&to=2019&place=china&limit=1000").json()["items"]
    assert lines[0] == f"1 {len(items)}"
    assert [line.split(" ")[0] for line in lines[1:]] == [item["id"] for item in items]


def test_dictionary_has_every_column_of_every_list(client: TestClient) -> None:
    items = client.get("/data/dictionary.json").json()["items"]
    assert {(item["list"], item["column"]) for item in items} >= {
        (url(each.name).strip("/"), column.name) for each in DATASETS for column in each.columns
    }
    assert all(item["description"].endswith(".") and item["holds"] for item in items)
    table = client.get("/data/dictionary.csv").text
    assert len(table.splitlines()) == len(items) + 1
