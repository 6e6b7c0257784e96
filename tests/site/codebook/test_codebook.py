"""The codebook: all codes with definitions and numbers of uses."""

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.forms.vocabulary import words_by_language
from app.record.filters import LISTS
from app.record.names.directory import read_directory
from app.site.codebook.lists import EVERY_LIST, CodebookList
from app.site.codebook.page import codebook
from app.vocabulary.code import Code
from app.vocabulary.estimates import CURRENCY_UNITS
from app.vocabulary.record import CONCEPT
from tests.make import (
    a_small_world,
    make_citation,
    make_code,
    make_event,
    make_stage,
    make_term,
    publish_all,
)
from tests.support.indexed import select_indexed
from tests.support.vocabulary import ENUMS

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def book(client: TestClient) -> str:
    return client.get("/codebook").text


@pytest.mark.parametrize("codes", ENUMS, ids=lambda codes: codes.__name__)
def test_codebook_has_every_enumeration_with_all_codes(book: str, codes: type[Code]) -> None:
    key = next(listed.key for listed in EVERY_LIST if listed.codes is codes)
    assert f'id="{key}"' in book
    text = unescape(book)
    # Currencies are listed where an estimate has them.
    for code in (code for code in codes if code not in CURRENCY_UNITS):
        row = text.partition(f'<div id="{key}-{code}">')[2].partition("</div>")[0]
        assert code.label in row and code.definition in row and code.example in row


def test_codebook_has_every_stored_code(book: str, client: TestClient, reader: Session) -> None:
    for form in read_directory(reader, select_indexed(reader)).codes.values():
        row = (
            unescape(book)
            .partition(f'<div id="{form.list}-{form.code}">')[2]
            .partition("</div>")[0]
        )
        told = [form.definition]
        if form.list == CONCEPT:
            told = [" | ".join(words) for _language, words in words_by_language(form.definition)]
        text = re.sub(r"</?span[^>]*>", "", row)
        assert form.label in row and all(words in text for words in told)


def test_anchors_are_unique(book: str) -> None:
    anchors = re.findall(r'id="([^"]+)"', book)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#([^"]+)"', book)) <= set(anchors)


@pytest.mark.parametrize("anchor", ["type-stay-limit", "concept-worker", "sector"])
def test_link_to_a_code_opens_its_list_without_scripts(plain_page: "Page", anchor: str) -> None:
    plain_page.set_viewport_size({"width": 390, "height": 844})
    plain_page.goto("/codebook")
    assert plain_page.evaluate("document.documentElement.scrollHeight") < 10_000
    assert not plain_page.locator(f"#{anchor}").is_visible()
    plain_page.goto(f"/codebook#{anchor}")
    expect_in_view(plain_page, anchor)
    plain_page.goto("about:blank")
    plain_page.goto(f"/codebook#{anchor}")
    expect_in_view(plain_page, anchor)


def expect_in_view(page: "Page", anchor: str) -> None:
    from playwright.sync_api import expect

    expect(page.locator(f"#{anchor}")).to_be_in_viewport()


def test_uses_match_linked_lists(book: str, client: TestClient) -> None:
    uses = re.findall(
        r'<a href="(/(?:events|estimates|sources)\?[^"]+)" rel="nofollow">(\d+) \w+</a>', book
    )
    assert len(uses) > 200
    for address, count in uses[::7]:
        path, _, query = unescape(address).partition("?")
        assert client.get(f"{path}.json?{query}&limit=1").json()["total"] == int(count), address


def test_uses_equal_facet_counts(client: TestClient) -> None:
    lists = client.get("/codebook.json").json()["lists"]
    for filters, path in (
        (LISTS["E"], "/events"),
        (LISTS["M"], "/estimates"),
        (LISTS["S"], "/sources"),
    ):
        told = client.get(f"{path}.json?limit=1").json()["facets"]
        for key in filters.terms():
            if key.key in lists:
                listed = {code["code"]: " ".join(code["uses"]) for code in lists[key.key]["codes"]}
                for option in told[key.key]:
                    if option["count"] and option["code"] in listed and option["code"] != "none":
                        assert re.search(rf"\b{option['count']}\b", listed[option["code"]]), (
                            key.key,
                            option,
                        )


def test_codebook_draws_dates_and_icons_like_pages(book: str) -> None:
    assert book.count('class="rail"') == 12
    for shape in ("st-planned", "st-evasion", "co-relayed", "at-doc", "at-ana"):
        assert f"#{shape}" in book
    assert "May or June 2019" in book and "with a deadline on 30 June, shown by a flag" in book


def test_uses_count_each_record_once(desk: Session) -> None:
    publish_all(
        desk,
        *a_small_world(),
        make_event(
            1,
            citations=[
                make_citation(1),
                make_citation(2, 2, certainty="hedged"),
                make_citation(3, certainty="hedged"),
            ],
            stages=[make_stage("in-force", "2019-06-01"), make_stage("enforced", "2019-06-02")],
            terms=[make_term(), make_term("paper", "student", "exempt")],
        ),
        make_event(2),
    )
    edition = select_indexed(desk)
    lists = codebook(desk, edition, read_directory(desk, edition)).lists
    uses = {
        (key, row.code): [use.words for use in row.uses]
        for key, view in lists.items()
        for block in view.blocks
        for row in block.rows
    }
    assert uses["certainty", "firm"] == ["2 events"]
    assert uses["certainty", "hedged"] == ["1 event"]
    assert (
        uses["track", "law"]
        == uses["track", "practice"]
        == uses["stage", "in-force"]
        == ["1 event"]
    )
    assert uses["role", "exempt"] == ["1 event"]
    assert uses["paper", "student"] == ["1 event"]  # exempt terms are named, but not covered
    assert uses["why", "added"][:1] == ["2 events"]
    assert uses["stance", "disputes"] == []
    assert lists["counting"].is_counted, "no record uses any of its codes"
    assert not lists["heading"].is_counted


def test_past_edition_has_its_own_definitions(desk: Session) -> None:
    publish_all(desk, make_code(label="Old words"))
    publish_all(desk, make_code(label="New words"))

    def label(edition: str) -> str:
        asked = select_indexed(desk, edition)
        return (
            codebook(desk, asked, read_directory(desk, asked)).lists["type"].blocks[0].rows[0].label
        )

    assert (label("1"), label("2")) == ("Old words", "New words")


@pytest.mark.parametrize("listed", EVERY_LIST, ids=lambda listed: listed.key)
def test_list_has_page_with_its_codes_and_all_other_lists(
    client: TestClient, listed: CodebookList
) -> None:
    view = client.get("/codebook.json").json()["lists"][listed.key]
    answer = client.get(f"/codebook/{listed.key}")
    if not view["codes"]:  # A list of past editions.
        assert answer.status_code == 404
        return
    for code in view["codes"]:
        assert f'id="{listed.key}-{code["code"]}"' in answer.text
    lists = set(re.findall(r'href="/codebook/([a-z_-]+)"', answer.text)) - {"rules", "changes"}
    whole = client.get("/codebook.json").json()["lists"]
    assert lists == {key for key, each in whole.items() if each["codes"]}


def test_unknown_list_is_not_found(client: TestClient) -> None:
    assert client.get("/codebook/unheard-of").status_code == 404


def test_search_of_codebook_finds_labels_first(client: TestClient) -> None:
    page = client.get("/codebook?q=force").text
    found = page.partition('aria-labelledby="found"')[2].partition("</section>")[0]
    assert found.index('href="/codebook/stage#stage-in-force"') < found.index("</dl>")
    assert "No code" not in found and "codes match “force”" in found
    assert "0 codes match “zzyzx”" in client.get("/codebook?q=zzyzx").text


def test_badge_opens_its_term_which_links_to_the_codebook(client: TestClient) -> None:
    """Each term of a page is explained once, however many badges name it."""
    for address in ("/events", "/events/E5", "/status?place=dandong", "/embed/events"):
        page = client.get(address).text
        used = set(re.findall(r'popovertarget="([^"]+)"', page))
        explained = re.findall(r'class="term-note" id="([^"]+)" popover ', page)
        assert used and sorted(used) == sorted(explained), address
        for target in re.findall(r'popover href="([^"]+)"', page):
            path, _, anchor = target.partition("#")
            assert not anchor or f'id="{anchor}"' in client.get(path).text, target
