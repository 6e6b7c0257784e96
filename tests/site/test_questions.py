"""Each address in `docs/questions.md` shows the words that the document quotes.

The path to the first address of each question is walked from the front page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus, urlsplit

import pytest
from starlette.testclient import TestClient

from app import paths

if TYPE_CHECKING:
    from playwright.sync_api import Page

TEXT = (paths.ROOT / "docs" / "questions.md").read_text()
QUESTIONS = range(1, 51)
MAX_CLICKS = 3
WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}


@dataclass(frozen=True)
class Answer:
    """An address in the document, and the words quoted from it."""

    number: int
    address: str
    words: list[str]


def sections() -> Iterator[tuple[int, str]]:
    for number, section in re.findall(r"^## (\d+)\. (.+?)(?=^## |\Z)", TEXT, re.M | re.S):
        yield int(number), section


def answers() -> Iterator[Answer]:
    for number, section in sections():
        for address, text in re.findall(r"^- `(/[^`]*)`: (.+?)(?=^- |^$|\Z)", section, re.M | re.S):
            yield Answer(number, address, re.findall(r"\*\*(.+?)\*\*", " ".join(text.split())))


def path_steps() -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each question, and the steps of its path."""
    for number, section in sections():
        for path in re.findall(r"^Path: (.+?)$(?=\n\n)", section, re.M | re.S):
            yield number, " ".join(path.split()).split(", then ")


ANSWERS = list(answers())
PATHS = dict(path_steps())


def missing_words(page: "Page", words: list[str]) -> list[str]:
    text = " ".join(page.locator("main").inner_text().split())
    return [phrase for phrase in words if phrase not in text]


def test_document_answers_each_question_and_says_how_to_get_there() -> None:
    assert sorted({answer.number for answer in ANSWERS}) == list(QUESTIONS)
    assert len(ANSWERS) == TEXT.count("\n- `/")
    assert all(any(a.words for a in ANSWERS if a.number == number) for number in QUESTIONS)
    assert sorted(PATHS) == list(QUESTIONS) and TEXT.count("\nPath: ") == len(PATHS)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: f"{answer.number} {answer.address}")
def test_address_of_answer_shows_the_quoted_words(page: "Page", answer: Answer) -> None:
    response = page.goto(answer.address)
    assert response and response.status == 200
    assert missing_words(page, answer.words) == []


@pytest.mark.parametrize("size", WIDTHS.values(), ids=list(WIDTHS))
@pytest.mark.parametrize("number", QUESTIONS)
def test_answer_is_at_most_three_clicks_from_the_front_page(
    page: "Page", number: int, size: tuple[int, int]
) -> None:
    from playwright.sync_api import expect

    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto("/")
    for step in PATHS[number]:
        take_step(page, step)
    answer = next(each for each in ANSWERS if each.number == number)
    assert len(PATHS[number]) <= MAX_CLICKS
    page.wait_for_url(lambda url: path_of(url) == unquote_plus(answer.address))
    # The address of a filtered list changes before its rows do.
    for phrase in answer.words:
        expect(page.locator("main")).to_contain_text(phrase, use_inner_text=True)


def take_step(page: "Page", step: str) -> None:
    """Follow a visible link by its address, or search for words; each is one click."""
    search = re.fullmatch(r"(search|find) “(.+)”", step)
    if search:
        form = ".hero-find" if search[1] == "search" else ".list-find"
        page.locator(f"{form} input[type=search]").fill(search[2])
        page.locator(f"{form} button").click()
        page.wait_for_url("**?*q=*")
    else:
        address = step.strip("`")
        page.locator(f'a:not(.m-link)[href="{address}"]').locator("visible=true").first.click()
        page.wait_for_url(lambda url: path_of(url).endswith(unquote_plus(address)))


def path_of(url: str) -> str:
    """The path, query and fragment, in plain letters."""
    return unquote_plus(urlsplit(url)._replace(scheme="", netloc="").geturl())


@pytest.mark.parametrize("address", sorted({answer.address for answer in ANSWERS}))
def test_addresses_in_questions_doc_are_canonical(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 200
