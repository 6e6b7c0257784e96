"""`docs/questions.md`, over the seeds: addresses show the quoted words, and how to get there."""

import re
from collections.abc import Iterator
from functools import partial
from urllib.parse import unquote_plus, urlsplit

import pytest
from playwright.sync_api import Error, Page, expect

from app import paths
from app.desk.approved.publish import publish_approved
from app.desk.csv import import_folder, publish_checks_of
from app.settings import Settings
from tests.conftest import desk_session, serving

TEXT = (paths.ROOT / "docs" / "questions.md").read_text()
SECTIONS = {
    int(number): section
    for number, section in re.findall(r"^## (\d+)\. (.+?)(?=^## |\Z)", TEXT, re.M | re.S)
}
ANSWERS = {
    number: [
        (address, re.findall(r"\*\*(.+?)\*\*", " ".join(text.split())))
        for address, text in re.findall(r"^- `(/[^`]*)`: (.+?)(?=^- |^$|\Z)", section, re.M | re.S)
    ]
    for number, section in SECTIONS.items()
}
"""Addresses by the number of the question, with the words quoted from each."""
MAX_CLICKS = 3


@pytest.fixture(scope="module")
def site(module_database: Settings) -> Iterator[str]:
    """The address of a running site on the seeds."""
    with desk_session(module_database) as session:
        report = import_folder(session, paths.SEEDS, False)
        assert not report.errors, "\n".join(str(problem) for problem in report.errors)
        edition = publish_approved(session, "The first reports")
        assert not publish_checks_of(session, paths.SEEDS, edition)
    with serving(module_database) as address:
        yield address


def test_address_of_each_answer_shows_the_quoted_words(page: Page, site: str) -> None:
    assert list(ANSWERS) == list(range(1, 51))
    assert sum(map(len, ANSWERS.values())) == TEXT.count("\n- `/")
    assert all(any(words for _, words in answers) for answers in ANSWERS.values())
    wrong: list[str] = []
    for number, answers in ANSWERS.items():
        for address, words in answers:
            response = page.goto(address)
            assert response
            if response.status != 200 or response.request.redirected_from:
                wrong.append(f"{number} {address}: it has status {response.status} or redirects")
            page.locator("main .fold").evaluate_all(
                "folds => folds.forEach(fold => fold.open = true)"
            )
            # A row far down a list has no inner text until it is scrolled to.
            page.locator("main .event").evaluate_all(
                "rows => rows.forEach(row => row.style.contentVisibility = 'visible')"
            )
            for each in words:
                try:  # a browser may still be laying out what is far down the page
                    expect(page.locator("main")).to_contain_text(each, use_inner_text=True)
                except AssertionError:
                    wrong.append(f"{number} {address}: {each}")
    assert not wrong, "\n".join(wrong)


def test_answers_are_at_most_three_clicks_from_the_front_page(page: Page) -> None:
    wrong: list[str] = []
    for size in ({"width": 1280, "height": 900}, {"width": 390, "height": 844}):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for number, section in SECTIONS.items():
            [path] = re.findall(r"^Path: (.+?)$(?=\n\n)", section, re.M | re.S)
            steps = " ".join(path.split()).split(", then ")
            address, words = ANSWERS[number][0]
            assert len(steps) <= MAX_CLICKS, number
            page.goto("/")
            try:
                for step in steps:
                    take_step(page, step)
                page.wait_for_url(partial(leads_to, address))
                # The address of a filtered list changes before its rows do.
                for phrase in words:
                    expect(page.locator("main")).to_contain_text(phrase, use_inner_text=True)
            except (AssertionError, Error) as error:
                said = str(error).splitlines()[0]
                wrong.append(f"{number}, {size['width']} pixels, at {page.url}: {said}")
    assert not wrong, "\n".join(wrong)


def take_step(page: Page, step: str) -> None:
    """Follow a visible link, search for words, open a fold or set a field; each is one click."""
    fold = re.fullmatch(r"open “(.+)”", step)
    field = re.fullmatch(r"set “(.+)” to “(.+)”", step)
    search = re.fullmatch(r"search “(.+)”", step)
    if search:
        page.locator(".hero-find input[type=search]").fill(search[1])
        page.locator(".hero-find button").click()
        page.wait_for_url("**?*q=*")
    elif fold:
        page.locator("main .fold > summary", has_text=re.compile(rf"^\s*{fold[1]}")).first.click()
    elif field:
        page.get_by_label(field[1], exact=True).fill(field[2])
        page.locator("main form button").first.click()
    else:
        address = step.strip("`")
        page.locator(f'a:not(.m-link)[href="{address}"]').locator("visible=true").first.click()
        page.wait_for_url(lambda url: path_of(url).endswith(unquote_plus(address)))


def path_of(url: str) -> str:
    """The path, query and fragment, in plain letters."""
    return unquote_plus(urlsplit(url)._replace(scheme="", netloc="").geturl())


def leads_to(address: str, url: str) -> bool:
    return path_of(url) == unquote_plus(address)
