"""The front page: what it is, what applies now, one picture, newest events, and empty states."""

import re

import pytest
from playwright.sync_api import Page
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.make import make_event
from tests.support.event_pages import published_as, section

SUBJECT = "North Korean workers in China and Russia: who must leave, and who stays"


def test_heading_and_preview_come_from_the_page_record(client: TestClient) -> None:
    page = client.get("/").text
    assert f"<h1>{SUBJECT}</h1>" in page
    assert f'<meta property="og:title" content="{SUBJECT}">' in page
    [description] = re.findall(r'<meta name="description" content="([^"]*)">', page)
    assert "workers from North Korea may stay in China and Russia" in description
    assert f'<meta property="og:description" content="{description}">' in page
    [picture] = re.findall(r'<meta property="og:image" content="http://testserver([^"]*)">', page)
    assert client.get(picture).headers["content-type"] == "image/png"


def test_rows_tell_state_newest_event_workers_and_age(client: TestClient) -> None:
    page = client.get("/").text
    # On a phone, where no heads of columns are, a value names itself.
    assert 'data-h="Workers there:"' in page
    now = section(page, "now")
    for part in (
        "Newest event: 10–12 September 2025,",
        "China The newest report of a rule about North Korean workers in China is of about June",
        "up to 80,000 2022, at least",
        "Worldwide 3 laws about North Korean workers with no recorded end : UN Security Council",
    ):
        assert part in now.replace("\xa0", " ").replace("&nbsp;", " "), part
    old = section(client.get("/?edition=1").text, "now")
    assert "Newest event" in old


def test_picture_has_the_events_of_each_year_by_direction(client: TestClient) -> None:
    picture = client.get("/").text.partition('id="picture"')[2].partition("</section>")[0]
    assert "2019: " in picture and 'class="b-tightens"' in picture and 'class="b-eases"' in picture


def test_newest_events_have_direction_and_support(client: TestClient, database: Settings) -> None:
    page = client.get("/").text
    assert re.findall(r'href="/events/(E\d+)">', page.partition('id="events"')[2])[0] == "E68"
    newest = section(page, "events")
    assert (
        "Workers sent Sinuiju, Dandong, Donggang One report, source not named Disputed: the date"
        in newest
    )
    # Nothing is asked of readers that the editors have not written yet.
    assert "yet" not in section(page, "ways") + newest
    with published_as(database, (make_event(), make_event(2, happened=""))) as small:
        page = small.get("/").text
    assert "<h1>A record of restrictions on migrant workers</h1>" in page
    assert "Event 2" in section(page, "events")
    assert not section(page, "now")


def test_empty_record_says_what_there_is_to_read(database: Settings) -> None:
    with TestClient(create_app(database)) as client:
        answer = client.get("/")
    assert answer.status_code == 200
    assert "Nothing has been published yet" in answer.text
    assert "Codebook" in section(answer.text, "empty")
    assert not section(answer.text, "ways")


MAX_ELEMENTS, MAX_BYTES = 800, 60_000
HEIGHTS = {1280: 2_000, 390: 3_600}


@pytest.mark.parametrize("width", [390, 1280])
def test_front_page_fits_and_has_few_elements(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    answer = page.goto("/")
    assert answer and len(answer.body()) <= MAX_BYTES
    assert page.evaluate("document.getElementsByTagName('*').length") <= MAX_ELEMENTS
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.scrollHeight") <= HEIGHTS[width]
