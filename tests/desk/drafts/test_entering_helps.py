"""What the desk does so that an editor need not: a corrected name, a day, no false warnings."""

import re

from starlette.testclient import TestClient

from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.similar import similar
from app.desk.drafts.source_page import day_of_address
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.articles import enter
from tests.support.desk_people import person
from tests.support.draft_pages import fields, stored
from tests.support.reports import REPORT, reports, write_event

__all__ = ["reports"]


def test_day_is_read_from_an_address() -> None:
    days = {
        "https://example.org/2024/05/17/workers.html": "2024-05-17",
        "https://example.org/news/20240517-1.html": "2024-05-17",
        "https://example.org/2024-05-17": "2024-05-17",
        "https://example.org/n1/2024/0517/c1004-1.html": "2024-05-17",
        "https://example.org/202405/17/x.html": "2024-05-17",
        "https://example.org/view/AKR20240517100000001": "2024-05-17",
        "https://example.org/view/20240517100000001": "",
        "https://example.org/2024/02/31/x": "",
        "https://example.org/120240517/x": "",
        "https://example.org/2024/05": "",
        "https://2024-05-17.example.org/": "",
        "": "",
    }
    assert {address: day_of_address(address) for address in days} == days


def test_drafts_of_the_same_article_are_no_duplicates(reports: Settings, basma: TestClient) -> None:
    first = write_event(basma)
    second = write_event(basma)
    other = write_event(basma, "/desk/sources/S8")
    with desk_session(reports) as db:
        draft = stored(reports, first)
        found = similar(db, Catalogue(db, person(reports, "Basma")), draft.record, draft.document)
        ids = [each.id for each in found]
    assert stored(reports, other).record in ids and stored(reports, second).record not in ids


def test_source_cited_in_a_record_is_prefilled_as_another_source(
    reports: Settings, basma: TestClient
) -> None:
    at = enter(basma, REPORT, record="E1")
    page = basma.get(at).text
    assert re.search(r'name="change.why"\s+value="sourced" checked', page)
    sent = fields(page)
    assert sent["change.reason"] == "Another source: S7"
    assert sent["citations.1.source"] == "S7"
