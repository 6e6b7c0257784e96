"""Rebasing a draft on the version that was approved meanwhile."""

import re

import pytest
from starlette.testclient import TestClient

from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_citation, make_event
from tests.support.draft_pages import begin, post, stored
from tests.support.html import unmarked
from tests.support.review import WHY, decide, published, title_now

__all__ = ["published"]


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
                citations=[make_citation(2, paraphrase="New."), make_citation()],
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
    chosen = dict(re.findall(r'name="(take\.[^"]+)" value="(\w+)" checked', page))
    assert chosen["take.summary"] == "mine" and "take.title" not in chosen
    assert "theirs" in {chosen[name] for name in names if name.startswith("take.citations")}
    refused = chidi.post(f"{behind}/update", data={"number": number, **chosen})
    assert refused.status_code == 422 and 'href="#take.title"' in refused.text
    chidi.post(f"{behind}/update", data={"number": number, **chosen, "take.title": "mine"})
    document = stored(published, behind).document
    assert (document["title"], document["summary"]) == ("His title", "His summary.")
    assert [row["id"] for row in document["citations"]] == ["C2", "C1"]
    assert "Published again since" not in chidi.get(behind).text
    assert post(chidi, behind, "submit").headers["location"] == "/desk"
    assert decide(basma, behind, "publish").status_code == 303
    assert title_now(published) == "His title"
