"""What every list has, and one that somebody adds with its class and its template alone."""

import json

import pytest
from jinja2 import ChoiceLoader, DictLoader
from starlette.testclient import TestClient

from app.i18n.translate import N_
from app.main import create_app
from app.record.filters import EstimateFilters
from app.record.lists import backend
from app.settings import Settings
from app.site.dataset import FILES, REGISTERED, Dataset, routes
from app.site.export.columns import Column, ColumnType
from app.site.references.citable import CitableView, cite_address
from app.web.templates import environment
from app.web.urls import ADDRESSES
from tests.support.html import first_match

Row = tuple[str, int]
TEMPLATE = """{% extends "base.html" %}
{% block title %}{{ listing.title }}{% endblock %}
{% block main %}
  <h1>{{ listing.title }}</h1>
  {% for code, count in listing.file_rows() %}<p>{{ code }}: {{ count }}</p>{% endfor %}
  {% include "site/components/share_links.html" %}{% include "site/components/citebox.html" %}
{% endblock %}"""


class EstimatesByOutlet(Dataset[EstimateFilters]):
    name = "estimates-by-outlet"
    path = "/by-outlet"
    heading = N_("Estimates by outlet")
    filter_class = EstimateFilters
    template = "site/estimates/by_outlet.html"
    endings = FILES
    columns = [
        Column[Row]("outlet", "Code of the outlet.", lambda row: row[0]),
        Column[Row]("estimates", "How many cite it.", lambda row: row[1], ColumnType.COUNT),
    ]

    def file_rows(self) -> list[Row]:
        matching = backend.match(self.db, self.edition, self.filters, self.directory)
        return sorted(matching.counts().facets["outlet"].items(), key=lambda row: -row[1])

    @property
    def view(self) -> CitableView:
        return CitableView(self.edition, self.link(), self.name, self.title)


def test_new_list_has_page_files_and_citation(
    published: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates = [DictLoader({EstimatesByOutlet.template: TEMPLATE}), environment().loader]
    monkeypatch.setattr(environment(), "loader", ChoiceLoader([*filter(None, templates)]))
    # Put back what `routes` adds to them.
    monkeypatch.setitem(ADDRESSES, EstimatesByOutlet.name, EstimatesByOutlet.path)
    monkeypatch.setitem(REGISTERED, EstimatesByOutlet.path, EstimatesByOutlet)
    app = create_app(published)
    app.include_router(routes(EstimatesByOutlet))
    with TestClient(app, follow_redirects=False) as client:
        page = client.get("/by-outlet?place=dandong").text
        assert page.count("/by-outlet?place=dandong&amp;edition=1") > 2
        table = client.get("/by-outlet.csv?place=dandong").text.splitlines()
        found = client.get("/by-outlet.json?place=dandong").json()
        assert table[0].endswith("outlet,estimates") and found["total"] == len(table) - 1 > 0
        for address, status in [
            ("/by-outlet?q=&place=dandong", 303),
            ("/by-outlet.json?colour=red", 422),
            (cite_address("/by-outlet?place=dandong&edition=1"), 200),
        ]:
            assert client.get(address).status_code == status, address


@pytest.mark.parametrize("name", ["places", "outlets", "actors", "laws", "pages"])
def test_named_list_is_described_and_can_be_cited(client: TestClient, name: str) -> None:
    described = first_match(r'ld\+json"[^>]*>(.*?)</script>', client.get(f"/{name}").text)
    files = [each["contentUrl"] for each in json.loads(described)["distribution"]]
    assert [client.get(file).status_code for file in files] == [200, 200]
    total = client.get(f"/{name}.json").json()["total"]
    assert f"{total} rows" in client.get(f"/cite?of=/{name}?edition=1").text


def test_formats_that_went_lead_to_others(client: TestClient) -> None:
    for address, now in (
        ("/events.feed.json?place=china&edition=1", "/events.atom?place=china&edition=1"),
        ("/status.xlsx", "/status.csv"),
        ("/cities.geojson?place=china", "/cities.json?place=china"),
        ("/cities.feed.json?place=jilin", "/changes.atom?place=jilin"),
        ("/data/dictionary.xlsx?edition=1", "/data/dictionary.csv?edition=1"),
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["location"]) == (301, now)
        assert client.get(now).status_code == 200
