"""Misleading web addresses are rejected when entered, and stay readable when stored."""

import pytest
from starlette.testclient import TestClient

from app.forms import SourceForm
from app.settings import Settings
from tests.make import make_source
from tests.support.draft_pages import begin, fields

MISLEADING = {
    "https://?例え.テスト/パス": "it names no site after ://",
    "http://www.": "it names no site after ://",
    "https://reuters.example@evil.example/": "has a user name before @",
    "https://reader:word@evil.example/": "has a user name before @",
    "http://[": "check its brackets and characters",
    "https://example.org/\nER  -": "an invisible character",
    "https://\u202egro.elpmaxe/": "an invisible character",
    "https://exam\u200bple.org/": "an invisible character",
}


@pytest.mark.parametrize("address", MISLEADING)
def test_misleading_address_is_rejected_when_entered(
    chidi: TestClient, desk_world: Settings, address: str
) -> None:
    at = begin(chidi, "S")
    chidi.post(at, data={**fields(chidi.get(at).text), "url": address, "do": "save"})
    assert MISLEADING[address] in chidi.get(f"{at}?check=1").text


@pytest.mark.parametrize("address", MISLEADING)
def test_stored_misleading_address_stays_readable(address: str) -> None:
    assert (
        SourceForm.model_validate(
            make_source(1).model_copy(update={"url": address}).model_dump()
        ).url
        == address
    )


def test_address_with_at_sign_in_path_is_accepted(chidi: TestClient, desk_world: Settings) -> None:
    at = begin(chidi, "S")
    sent = {
        **fields(chidi.get(at).text),
        "url": "https://example.org/@reporter/1?to=a@b",
        "do": "save",
    }
    chidi.post(at, data=sent)
    assert "has a user name before @" not in chidi.get(f"{at}?check=1").text
