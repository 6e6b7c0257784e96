"""Two people with one draft: conflicts, and who may see or write the draft."""

import re

import pytest
from starlette.testclient import TestClient

from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_event
from tests.support.draft_pages import (
    WHY,
    begin,
    decide,
    fields,
    post,
    stored,
    title_now,
    two_versions,
)
from tests.support.html import unmarked
from tests.support.html import unmarked as text

CHECKED = r'name="(take\.[^"]+)"\s+value="(\w+)"(?:\s+required)? checked'


def test_second_save_shows_both_versions_to_choose_from(
    chidi: TestClient, basma: TestClient, desk_world: Settings
) -> None:
    at, answer = two_versions(chidi, basma)
    assert answer.status_code == 200
    assert stored(desk_world, at).document["title"] == "Her title", (
        "a conflicting second save must leave the first one stored"
    )
    for words in (
        "Basma saved this draft",
        "Her title",
        "His title",
        "She was told.",
        "His summary",
    ):
        assert words in text(answer.text)
    checked = re.findall(CHECKED, answer.text)
    row = stored(desk_world, at).document["citations"][0]["row"]
    assert sorted(checked) == [
        (f"take.citations.{row}.paraphrase", "theirs"),
        ("take.summary", "mine"),
    ]
    sent = fields(answer.text, "choices")
    assert chidi.post(answer.url, data=sent).headers["location"] == str(answer.url)
    assert stored(desk_world, at).document["summary"] != "His summary", "one choice is missing"
    chosen = chidi.post(answer.url, data={**sent, "take.title": "mine"})
    assert chosen.status_code == 303
    document = stored(desk_world, at).document
    assert (document["title"], document["summary"]) == ("His title", "His summary")
    assert document["citations"][0]["paraphrase"] == "She was told."


def test_save_during_choice_shows_both_versions_again(
    chidi: TestClient, basma: TestClient, desk_world: Settings
) -> None:
    at, answer = two_versions(chidi, basma)
    post(basma, at, title="Her second thought")
    names = set(re.findall(r'name="(take\.[^"]+)"', answer.text))
    sent = fields(answer.text, "choices") | dict.fromkeys(names, "mine")
    again = chidi.get(chidi.post(answer.url, data=sent).headers["location"])
    assert "It has changed since you opened it" in again.text
    assert "Her second thought" in text(again.text)
    assert stored(desk_world, at).document["title"] == "Her second thought"


def test_autosave_reports_that_somebody_else_saved(
    chidi: TestClient, basma: TestClient, desk_world: Settings
) -> None:
    at = begin(chidi)
    sent = fields(chidi.get(at).text)
    post(basma, at, title="Hers")
    answer = chidi.post(at, data={**sent, "title": "His", "do": "autosave"})
    assert "Basma saved this draft after you opened it" in answer.text
    assert 'name="number" value="0"' in answer.text and "data-saved" not in answer.text
    assert stored(desk_world, at).document["title"] == "Hers"
    history = chidi.get(f"/desk/records/{stored(desk_world, at).record}").text
    assert re.search("<ins>.*His.*</ins>", history), (
        "the history has the autosaved text, even if the page is never saved"
    )
    post(basma, at, title="Hers again")
    assert stored(desk_world, at).document["title"] == "Hers again", (
        "a version that was set aside must not block later saves"
    )


# Rebasing on the version that was approved meanwhile ----------------------------------------------


@pytest.fixture
def behind(chidi: TestClient, published: Settings) -> str:
    """A draft whose record was published in another way since the draft was started."""
    at = begin(chidi, record="E1")
    post(chidi, at, title="His title", summary="His summary.", **WHY)
    with desk_session(published) as db:
        save(
            db,
            make_event(
                title="Title meanwhile",
                citations="C2 S1 (paraphrase=New.); C1 S1",
            ),
        )
        publish_approved(db, "Meanwhile")
    return at


def test_update_merges_published_version_field_by_field(
    chidi: TestClient, basma: TestClient, published: Settings, behind: str
) -> None:
    assert "Published again since" in chidi.get(behind).text
    assert post(chidi, behind, "submit").headers["location"].endswith("?check=1")
    page = chidi.get(f"{behind}/update").text
    for each in ("Title meanwhile", "His title", "His summary."):
        assert each in unmarked(page)
    number = str(stored(published, behind).number)
    names = set(re.findall(r'name="(take\.[^"]+)"', page))
    chosen = dict(re.findall(CHECKED, page))
    assert chosen["take.summary"] == "mine" and "take.title" not in chosen
    assert "theirs" in {chosen[name] for name in names if name.startswith("take.citations")}
    chidi.post(f"{behind}/update", data={"number": number, **chosen, "take.title": "mine"})
    document = stored(published, behind).document
    assert (document["title"], document["summary"]) == ("His title", "His summary.")
    assert [row["id"] for row in document["citations"]] == ["C2", "C1"]
    assert "Published again since" not in chidi.get(behind).text
    assert post(chidi, behind, "submit").headers["location"] == "/desk"
    assert decide(basma, behind, "publish").status_code == 303
    assert title_now(published) == "His title"
