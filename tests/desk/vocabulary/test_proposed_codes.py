"""Codes proposed inside a draft: kept with it, and decided on by an admin before its approval."""

import pytest
from starlette.testclient import TestClient

from app.settings import Settings
from tests.support.draft_pages import begin, post, stored

PROPOSAL = {
    "proposals.0.label": "Pay withheld",
    "proposals.0.definition": "Employers keep back pay.",
    "proposals.0.example": "A plant pays nothing for months.",
    "proposals.0.group": "employer",
    "proposals.0.nature": "act",
}


pytestmark = pytest.mark.usefixtures("published_world")


def propose(chidi: TestClient) -> str:
    """Return the address of a draft that proposes a type, and has it."""
    at = begin(chidi)
    post(chidi, at, "add proposals type")
    post(chidi, at, **PROPOSAL)
    post(chidi, at, "add citations", type="pay-withheld")
    typed = {
        "title": "Pay is withheld",
        "summary": "A plant was said to pay nothing.",
        "terms.0.code": "place-1",
        "citations.0.source": "S1",
        "citations.0.stance": "supports",
        "citations.0.kind": "occurrence",
        "citations.0.paraphrase": "Nobody was paid.",
        "citations.0.chain.0.attribution": "resident",
    }
    post(chidi, at, **typed)
    return at


def review_of(settings: Settings, at: str) -> str:
    return f"/desk/review/{stored(settings, at).id}"


def approve(amal: TestClient, settings: Settings, at: str) -> str:
    draft = stored(settings, at)
    sent = {f"seen.{draft.id}": str(draft.number), f"tick.{draft.id}": "yes", "do": "decide"}
    answer = amal.post(review_of(settings, at), data=sent)
    return answer.text if answer.status_code == 422 else ""


def test_proposed_code_is_kept_with_the_draft_and_offered(
    chidi: TestClient, desk_world: Settings
) -> None:
    at = propose(chidi)
    page = chidi.get(at).text
    assert 'value="Pay withheld"' in page and "Employers keep back pay." in page
    assert '<optgroup label="Proposed">' in page
    assert stored(desk_world, at).document["type"] == "pay-withheld"
    other = begin(chidi, key="another")
    assert "Pay withheld: Employers" in chidi.get(other).text, "offered in one's other drafts"


def test_incomplete_or_unused_proposal_prevents_submitting(
    chidi: TestClient, desk_world: Settings
) -> None:
    at = propose(chidi)
    for typed, words in (
        ({"proposals.0.definition": ""}, "Definition: Fill this in."),
        ({"proposals.0.nature": ""}, "Choose a heading and a nature."),
        ({"type": "stay-limit"}, "Choose it above where it applies"),
        ({"proposals.0.code": "stay-limit"}, "already has this code"),
    ):
        before = {**PROPOSAL, "type": "pay-withheld", "proposals.0.code": ""}
        answer = post(chidi, at, "submit", **{**before, **typed})
        assert words in chidi.get(answer.headers["location"]).text
        assert stored(desk_world, at).state == "draft"


def test_record_is_approved_only_after_an_admin_accepts_its_code(
    amal: TestClient, chidi: TestClient, desk_world: Settings
) -> None:
    at = propose(chidi)
    post(chidi, at, "submit")
    assert stored(desk_world, at).state == "in-review"
    assert "Add to the codebook" in amal.get(review_of(desk_world, at)).text
    assert "an admin must first decide on the proposed code" in approve(amal, desk_world, at)
    sent = {"review": str(stored(desk_world, at).id), "do": "accept"}
    decision = "/desk/vocabulary/proposed/type:pay-withheld"
    assert chidi.post(decision, data=sent).status_code == 403
    assert amal.post(decision, data=sent).status_code == 303
    assert "Pay withheld" in amal.get("/codebook").text
    assert stored(desk_world, at).proposals == []
    assert approve(amal, desk_world, at) == ""
    assert stored(desk_world, at).state == "approved"


def test_admin_replaces_a_proposed_code_by_an_existing_one(
    amal: TestClient, chidi: TestClient, desk_world: Settings
) -> None:
    at = propose(chidi)
    post(chidi, at, "submit")
    sent = {"review": str(stored(desk_world, at).id), "do": "instead", "instead": "repatriation"}
    assert amal.post("/desk/vocabulary/proposed/type:pay-withheld", data=sent).status_code == 303
    draft = stored(desk_world, at)
    assert (draft.document["type"], draft.proposals) == ("repatriation", [])
    assert approve(amal, desk_world, at) == ""
    assert "Pay withheld" not in amal.get("/codebook").text
