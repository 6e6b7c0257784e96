"""What the desk does so that an editor need not: a corrected name, a day, no false warnings."""

import re

from starlette.testclient import TestClient

from app.desk.approved.draft_models import Significance
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.similar import similar
from app.desk.drafts.source_page import day_of_address
from app.settings import Settings
from app.vocabulary.record import Why
from tests.conftest import desk_session
from tests.support.articles import enter
from tests.support.desk_people import person
from tests.support.draft_pages import begin, fields, post, stored
from tests.support.reports import REPORT, reports, write_event

__all__ = ["reports"]


def test_outlet_whose_name_is_corrected_in_the_detour_is_entered(
    desk_world: Settings, chidi: TestClient
) -> None:
    source = begin(chidi, "S")
    answer = post(chidi, source, "make outlet", outlet="Amnok Ilbo")
    outlet = answer.headers["location"].partition("?")[0]
    typed = {"names.0.text": "Amnok Daily", "code": "amnok-daily", "kind": "newspaper"}
    answer = post(chidi, outlet, "submit", **typed)
    assert answer.headers["location"] == source, answer.headers["location"]
    assert stored(desk_world, source).document["outlet"] == "amnok-daily"


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


def test_day_of_the_address_is_offered_as_published(chidi: TestClient) -> None:
    data = {"key": "k", "url": "https://example.org/2024/05/17/x.html"}
    answer = chidi.post("/desk/sources", data=data)
    page = chidi.get(answer.headers["location"]).text
    assert "set published 2024-05-17" in page and "the address" in page


def test_drafts_of_the_same_article_are_no_duplicates(reports: Settings, basma: TestClient) -> None:
    first = write_event(basma)
    second = write_event(basma)
    other = write_event(basma, "/desk/sources/S8")
    with desk_session(reports) as db:
        draft = stored(reports, first)
        found = similar(db, Catalogue(db, person(reports, "Basma")), draft.record, draft.document)
        ids = [each.id for each in found]
    assert stored(reports, other).record in ids and stored(reports, second).record not in ids


def test_another_source_is_a_kind_of_change(chidi: TestClient) -> None:
    assert "Another source" in chidi.get(begin(chidi, record="E1")).text
    assert Significance.SOURCED.why is Why.UPDATED


def test_source_cited_in_a_record_is_prefilled_as_another_source(
    reports: Settings, basma: TestClient
) -> None:
    at = enter(basma, REPORT, record="E1")
    page = basma.get(at.partition("#")[0]).text
    assert re.search(r'name="change.why"\s+value="sourced" checked', page)
    sent = fields(page)
    assert sent["change.reason"] == "Another source: S7"
    assert sent["citations.1.source"] == "S7"


def test_hints_that_repeat_are_shown_once_and_still_describe_their_fields(
    chidi: TestClient,
) -> None:
    at = begin(chidi)
    post(chidi, at, "add citations")
    post(chidi, at, "add citations")
    page = chidi.get(at).text
    panel = page[page.index("How to fill this in") : page.index('id="s-what"')]
    entries = dict(re.findall(r'<dd id="(how-\d+)">([^<]+)</dd>', panel))
    assert entries
    for hint in entries.values():
        assert page.count(hint) == 1, "a hint of the panel must not be repeated at its fields"
    described = re.findall(r'aria-describedby="([^"]+)"', page)
    ids = set(re.findall(r' id="([^"]+)"', page))
    assert {id for each in described for id in each.split()} <= ids
    paraphrases = re.findall(
        r'name="citations\.\d\.paraphrase"[^>]*aria-describedby="(how-\d+)[" ]', page
    )
    assert len(paraphrases) == 2 and len(set(paraphrases)) == 1
