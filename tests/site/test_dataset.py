"""What every list has, and one that somebody adds with its class and its template alone."""

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
