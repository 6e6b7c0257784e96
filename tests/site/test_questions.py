"""`docs/questions.md` is true: each address it gives shows the words that it says stand there."""

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
    """The number of the question, an address, and the words to be found there."""
    for number, section in re.findall(r"^## (\d+)\. (.+?)(?=^## |\Z)", TEXT, re.M | re.S):
        for address, said in re.findall(r"^- `(/[^`]*)`: (.+?)(?=^- |^$|\Z)", section, re.M | re.S):
            yield int(number), address, re.findall(r"\*\*(.+?)\*\*", " ".join(said.split()))


ANSWERS = list(answers())


def test_all_twenty_questions_have_an_answer() -> None:
    assert sorted({number for number, _, _ in ANSWERS}) == list(range(1, 21))
    assert len(ANSWERS) == TEXT.count("\n- `/")
    assert all(any(words for n, _, words in ANSWERS if n == number) for number in range(1, 21))


@pytest.mark.parametrize(
    ("number", "address", "words"), ANSWERS, ids=[f"{n} {address}" for n, address, _ in ANSWERS]
)
def test_the_answer_stands_at_its_address(
    page: "Page", number: int, address: str, words: list[str]
) -> None:
    answer = page.goto(address)
    assert answer and answer.status == 200
    told = " ".join(page.locator("main").inner_text().split())
    assert [phrase for phrase in words if phrase not in told] == []


@pytest.mark.parametrize("address", sorted({address for _, address, _ in ANSWERS}))
def test_the_addresses_are_written_as_the_site_writes_them(
    client: TestClient, address: str
) -> None:
    assert client.get(address).status_code == 200
