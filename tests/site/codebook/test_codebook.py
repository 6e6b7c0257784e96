"""The codebook: all codes with definitions and numbers of uses."""

import re
from html import unescape

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.kinds.vocabulary import words_by_language
from app.record.names.directory import read_directory
from app.record.rules import __name__ as rules_package
from app.site.codebook import EVERY_LIST, codebook, method_changes, rules
from app.vocabulary.estimates import CURRENCY_UNITS
from app.vocabulary.record import CONCEPT
from tests.make import (
    a_small_world,
    make_citation,
    make_code,
    make_event,
    publish_all,
)
from tests.support.indexed import select_indexed
from tests.support.vocabulary import ENUMS


@pytest.fixture(scope="module")
def book(client: TestClient) -> str:
    return client.get("/codebook").text


def row_of(book: str, list_: str, code: str) -> str:
    return unescape(book).partition(f'<div id="{list_}-{code}">')[2].partition("</div>")[0]


def test_codebook_has_every_enumeration_with_all_codes(book: str) -> None:
    keys = {listed.codes: listed.key for listed in EVERY_LIST}
    wrong = []
    for codes in ENUMS:
        assert f'id="{keys[codes]}"' in book
        # Currencies are listed where an estimate has them.
        for code in (code for code in codes if code not in CURRENCY_UNITS):
            row = row_of(book, keys[codes], code)
            wrong += [
                f"{code}: {words}"
                for words in (code.label, code.definition, code.example)
                if words not in row
            ]
    assert wrong == []


def test_codebook_has_every_stored_code(book: str, client: TestClient, reader: Session) -> None:
    concepts = client.get("/codebook/concept").text
    assert 'href="/codebook/concept"' in book and 'id="concept-' not in book
    for form in read_directory(reader, select_indexed(reader)).codes.values():
        told, page = [form.definition], book
        if form.list == CONCEPT:
            # Synonyms of the search are no definitions: they are on a page of their own.
            page = concepts
            told = [" | ".join(words) for _language, words in words_by_language(form.definition)]
        text = re.sub(r"</?span[^>]*>", "", row_of(page, form.list, form.code))
        assert all(words in text for words in (form.label, *told)), form.code


def test_link_to_a_code_opens_its_list_without_scripts(plain_page: Page) -> None:
    from playwright.sync_api import expect

    plain_page.set_viewport_size({"width": 390, "height": 844})
    plain_page.goto("/codebook")
    assert plain_page.evaluate("document.documentElement.scrollHeight") < 10_000
    for anchor in ("type-stay-limit", "sector"):
        plain_page.goto("/codebook")
        assert not plain_page.locator(f"#{anchor}").is_visible()
        plain_page.goto(f"/codebook#{anchor}")
        expect(plain_page.locator(f"#{anchor}")).to_be_in_viewport()
        plain_page.goto("about:blank")
        plain_page.goto(f"/codebook#{anchor}")
        expect(plain_page.locator(f"#{anchor}")).to_be_in_viewport()


def test_uses_count_each_record_once(desk: Session) -> None:
    hedged = make_citation(2, 2, certainty="hedged"), make_citation(3, certainty="hedged")
    event = make_event(
        1,
        citations=[make_citation(1), *hedged],
        stages="in-force 2019-06-01, enforced 2019-06-02",
        terms="place; paper student (role=exempt)",
    )
    publish_all(desk, *a_small_world(), event, make_event(2))
    edition = select_indexed(desk)
    lists = codebook(desk, edition, read_directory(desk, edition))
    uses = {
        (key, row.code): [words for words, _address in row.uses]
        for key, view in lists.items()
        for row in view.rows
    }
    assert uses["certainty", "firm"] == ["2 events"]
    assert uses["stance", "disputes"] == []
    for key in (
        ("certainty", "hedged"),
        ("track", "law"),
        ("track", "practice"),
        ("stage", "in-force"),
        ("role", "exempt"),
        ("paper", "student"),  # exempt terms are named, but not covered
    ):
        assert uses[key] == ["1 event"], key


def test_past_edition_has_its_own_definitions(desk: Session) -> None:
    publish_all(desk, make_code(label="Old words"))
    publish_all(desk, make_code(label="New words"))

    labels = []
    for number in ("1", "2"):
        asked = select_indexed(desk, number)
        lists = codebook(desk, asked, read_directory(desk, asked))
        labels.append(lists["type"].rows[0].label)
    assert labels == ["Old words", "New words"]


def test_list_has_page_with_its_codes_and_all_other_lists(client: TestClient) -> None:
    whole = client.get("/codebook.json").json()["lists"]
    with_codes = {key for key, each in whole.items() if each["codes"]}
    for key in {listed.key for listed in EVERY_LIST} | {"unheard-of"}:
        answer = client.get(f"/codebook/{key}")
        if key not in with_codes:  # Some are lists of past editions.
            assert answer.status_code == 404, key
            continue
        for code in whole[key]["codes"]:
            assert f'id="{key}-{code["code"]}"' in answer.text
        lists = set(re.findall(r'href="/codebook/([a-z_-]+)"', answer.text))
        assert lists - {"rules", "changes"} == with_codes, key


# Rules, and changes of method ---------------------------------------------------------------------


def test_page_has_every_rule_without_code(client: TestClient) -> None:
    numbers = [rule.number for rule in rules()]
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) > 15
    page = client.get("/codebook/rules").text
    assert all(f'id="rule-{number}"' in page for number in numbers)
    assert rules_package.replace(".", "/") not in page and "tests/" not in page


def test_tables_and_points_of_rules_are_shown(client: TestClient) -> None:
    page = client.get("/codebook/rules").text
    assert "<th" in page and "<code>match=certain</code>" in page
    assert not any(mark in page for mark in ("| ---", "**", "`"))


def test_changes_of_method_name_their_rule_and_day(client: TestClient) -> None:
    page = client.get("/codebook/changes").text
    assert "27&nbsp;November&nbsp;2026" in page
    days = [day for day, _text in method_changes()]
    assert days == sorted(days, reverse=True)
    assert len(re.findall(r"<li>\s*<p>Rule \d+: ", page)) > 40 and "](" not in page
