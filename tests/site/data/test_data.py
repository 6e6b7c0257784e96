"""The page on data: its files, its promise on columns, and the dictionary."""

import html
import json
import re
from pathlib import Path

from starlette.testclient import TestClient

from app.site.data.page import DATASETS
from app.web.urls import url

RELEASED = json.loads((Path(__file__).parent / "released_columns.json").read_text())
"""The columns of the first release. Later columns are only added at the end."""


def test_every_file_on_data_page_can_be_downloaded(client: TestClient) -> None:
    page = client.get("/data").text
    files = re.findall(r'<a class="mono" href="([^"]+)" rel="nofollow">[.]', page)
    assert len(files) == sum(len(each.endings) for each in DATASETS)
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
