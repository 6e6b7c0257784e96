"""Each address in `docs/questions.md` shows the words that the document quotes."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from app import paths

if TYPE_CHECKING:
    from playwright.sync_api import Page

TEXT = (paths.ROOT / "docs" / "questions.md").read_text()


def answers() -> Iterator[tuple[int, str, list[str]]]:
    """Yield the number of each question, an address, and the words quoted from it."""
    for number, section in re.findall(r"^## (\d+)\. (.+?)(?=^## |\Z)", TEXT, re.M | re.S):
        for address, said in re.findall(r"^- `(/[^`]*)`: (.+?)(?=^- |^$|\Z)", section, re.M | re.S):
            yield int(number), address, re.findall(r"\*\*(.+?)\*\*", " ".join(said.split()))


ANSWERS = list(answers())


def test_questions_doc_answers_all_twenty_questions() -> None:
    assert sorted({number for number, _, _ in ANSWERS}) == list(range(1, 21))
    assert len(ANSWERS) == TEXT.count("\n- `/")
    assert all(any(words for n, _, words in ANSWERS if n == number) for number in range(1, 21))


@pytest.mark.parametrize(
    ("number", "address", "words"), ANSWERS, ids=[f"{n} {address}" for n, address, _ in ANSWERS]
)
def test_address_of_answer_shows_the_quoted_words(
    page: "Page", number: int, address: str, words: list[str]
) -> None:
    answer = page.goto(address)
    assert answer and answer.status == 200
    told = " ".join(page.locator("main").inner_text().split())
    assert [phrase for phrase in words if phrase not in told] == []


@pytest.mark.parametrize("address", sorted({address for _, address, _ in ANSWERS}))
def test_addresses_in_questions_doc_are_canonical(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 200
