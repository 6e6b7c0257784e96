"""The signature of an edition: the editor's role, or the name that the editor has chosen."""

from typing import Any

from starlette.testclient import TestClient

from app.settings import Settings
from tests.support.desk_people import email
from tests.support.review import decide, handed_in


def published_by(client: TestClient) -> list[str]:
    items: list[dict[str, Any]] = client.get("/changes.json?id=E1").json()["items"]
    return [item["published_by"] for item in items]


def sign_as(client: TestClient, name: str) -> Any:
    return client.post("/desk/account/signature", data={"signs_as": name})


def test_signature_is_the_role_unless_a_name_is_chosen(
    chidi: TestClient, basma: TestClient, published_world: Settings
) -> None:
    decide(basma, handed_in(chidi, title="Once more"), "publish")
    assert published_by(basma) == ["editor", ""]

    assert sign_as(basma, "B. Karimova").status_code == 303
    assert 'value="B. Karimova"' in basma.get("/desk/account").text
    decide(basma, handed_in(chidi, title="And again"), "publish")
    assert sign_as(basma, "").status_code == 303
    decide(basma, handed_in(chidi, title="At last"), "publish")
    assert published_by(basma) == ["editor", "B. Karimova", "editor", ""]

    for address in (
        "/changes",
        "/events/E1",
        "/changes.csv",
        "/changes.atom",
        "/changes.json",
        "/",
    ):
        text = basma.get(address).text
        assert "Basma" not in text and "Chidi" not in text and email("Basma") not in text, address
    for address in ("/changes", "/events/E1"):
        text = basma.get(address).text
        assert text.count("by B. Karimova") == 1 and text.count("by editor") == 2
