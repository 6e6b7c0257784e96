"""Estimates by the actor that says or denies them, as the seeds name them."""

from starlette.testclient import TestClient


def ids(client: TestClient, query: str) -> set[str]:
    return {row["id"] for row in client.get(f"/estimates.json?{query}").json()["items"]}


def test_estimates_are_found_by_who_says_them(client: TestClient) -> None:
    said = ids(client, "actor=government-of-china")
    assert {"M46", "M47", "M36"} <= said
    assert "M36" not in ids(client, "actor_role=says:government-of-china")
    assert ids(client, "actor_role=denies:government-of-china") == {"M36", "M37"}


def test_body_under_an_actor_says_it_for_the_actor_too(client: TestClient) -> None:
    assert "M79" in ids(client, "actor=ministry-of-internal-affairs-of-russia")
    assert "M79" in ids(client, "actor=government-of-russia")


def test_speaker_leads_to_its_page_and_its_estimates(client: TestClient) -> None:
    assert 'href="/actors/government-of-china"' in client.get("/estimates/M46").text
    listed = client.get("/actors?q=Government of China").text
    assert 'href="/estimates?actor=government-of-china"' in listed
