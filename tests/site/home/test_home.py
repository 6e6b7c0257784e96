"""The front page: what editors wrote, the picture, newest events and changes, and empty states."""

import re
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.make import make_event, make_page
from tests.support.event_pages import published_as
from tests.support.html import words

if TYPE_CHECKING:
    from playwright.sync_api import Page

SUBJECT = "North Korean workers in China and Russia: who must leave, and who stays"


def section(page: str, id: str) -> str:
    found = re.search(rf'<section[^>]*aria-labelledby="{id}".*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def test_heading_and_preview_come_from_the_page_record(client: TestClient) -> None:
    page = client.get("/").text
    assert f"<h1>{SUBJECT}</h1>" in page
    assert f'<meta property="og:title" content="{SUBJECT}">' in page
    [description] = re.findall(r'<meta name="description" content="([^"]*)">', page)
    assert "workers from North Korea may stay in China and Russia" in description
    assert f'<meta property="og:description" content="{description}">' in page
    [picture] = re.findall(r'<meta property="og:image" content="http://testserver([^"]*)">', page)
    assert client.get(picture).headers["content-type"] == "image/png"


def test_overview_and_picture_lead_to_records(client: TestClient) -> None:
    page = client.get("/").text
    paragraphs = re.findall(r"<p>(.*?)</p>", section(page, "overview"), re.DOTALL)
    sentences = [each for p in paragraphs for each in re.split(r"(?<=\.)\s+(?=[A-Z])", p.strip())]
    assert len(sentences) > 3
    assert [each for each in sentences if 'href="/events/E' not in each] == []
    rows = re.findall(r'<a class="story-row" href="(/events/E\d+)">', page)
    marks = re.findall(r'<a href="(/estimates/M\d+)"[^>]*>\s*<title>([^<]+)</title>', page)
    table = page[page.index("The picture as a table") :]
    assert len(rows) == len(client.get("/api/v1/pages/picture").json()["marks"])
    for address in [*rows, *(address for address, _ in marks)]:
        assert f'<a href="{address}">' in table
    assert any(label.startswith("Dandong: up to 80,000") for _, label in marks)
    assert "deadline 22 December 2019, date disputed" in words(page)


def test_headline_estimates_say_how_old_they_are(client: TestClient) -> None:
    aside = client.get("/").text.partition('aria-labelledby="how-many"')[2].partition("</aside>")[0]
    facts = [words(each) for each in re.findall(r"<dd>(.*?)</dd>", aside, re.DOTALL)]
    assert facts
    for fact in facts:
        assert re.search(r"\((at least )?\d+ (months?|years?) ago\)", fact), fact


def test_key_of_the_picture_explains_the_symbols_of_its_marks(client: TestClient) -> None:
    page = client.get("/").text
    picture, key = (page.partition(start)[2] for start in ('class="story"', "Key to the estimates"))
    key = key.partition("</ul>")[0]
    drawn = set(re.findall(r'class="em a-(\w+)"', picture.partition("</figure>")[0]))
    assert drawn and drawn == set(re.findall(r'interestfor="t-speaker-(\w+)"', key))


def test_newest_events_and_gathered_changes(client: TestClient, database: Settings) -> None:
    page = client.get("/").text
    assert re.findall(r'<a href="/events/(E\d+)">', section(page, "events"))[0] == "E68"
    assert section(page, "events").count("<li>") == section(page, "changes").count("<li>") == 5
    total = client.get("/events.json?limit=1").json()["total"]
    assert f"{total} events Added Edition 1" in words(section(page, "changes"))
    # Nothing is invented of the publisher.
    assert "The publisher has not been named here yet." in page
    assert "No check of a place is recorded yet." in page
    assert not re.search(r"\[[a-z][^\]]*\]", words(page))
    # The change of one record is named with its reason.
    changed = make_event(title="Another title")
    with published_as(database, (make_event(), make_event(2)), (changed,)) as small:
        page = small.get("/").text
    changes = words(section(page, "changes"))
    assert "Another title Corrected Edition 2: The report says otherwise." in changes
    assert "2 events Added" in changes
    # A record without pages has a general heading.
    assert "<h1>A record of restrictions on migrant workers</h1>" in page
    assert "Event 2" in section(page, "events") and not section(page, "picture")


def test_empty_record_says_what_there_is_to_read(database: Settings) -> None:
    with TestClient(create_app(database)) as client:
        answer = client.get("/")
    assert answer.status_code == 200
    assert "Nothing has been published yet" in answer.text
    assert 'href="/codebook"' in section(answer.text, "empty")
    assert not section(answer.text, "ways")


def test_picture_takes_events_and_places_that_have_little(
    database: Settings,
) -> None:
    page = make_page(
        kind="picture",
        marks=[{"event": "E1", "label": "A night"}, {"event": "E2", "label": "No day"}],
        places=["country-3"],
    )
    with published_as(database, (make_event(1), make_event(2, happened=""), page)) as client:
        shown = client.get("/").text
    assert "A night" in shown and "No day" in shown
    assert "Estimates of workers present" not in section(shown, "picture")


MAX_ELEMENTS, MAX_BYTES = 1_100, 90_000


@pytest.mark.parametrize("width", [390, 1280])
def test_front_page_fits_and_has_few_elements(page: "Page", width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    answer = page.goto("/")
    assert answer and len(answer.body()) <= MAX_BYTES
    assert page.evaluate("document.getElementsByTagName('*').length") <= MAX_ELEMENTS
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    labels = page.locator(f".story .{'at-wide' if width > 960 else 'at-narrow'}")
    notes = page.locator(".story .s-note")
    edges = notes.evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
    assert edges and max(edges) <= width
    boxes = labels.evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
    assert boxes and all(box["left"] >= 0 and box["right"] <= width for box in boxes)
