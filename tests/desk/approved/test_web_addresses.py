"""Misleading web addresses are rejected when entered, and stay readable when stored."""

from starlette.testclient import TestClient

from app.kinds import SourceForm
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


def test_misleading_address_is_rejected_only_when_entered(
    chidi: TestClient, desk_world: Settings
) -> None:
    at = begin(chidi, "S")
    sent = fields(chidi.get(at).text)

    def errors_of(address: str) -> str:
        chidi.post(at, data={**sent, "url": address, "do": "save"})
        return chidi.get(f"{at}?check=1").text

    for address, error in MISLEADING.items():
        assert error in errors_of(address), address
        stored = make_source(1).model_copy(update={"url": address}).model_dump()
        assert SourceForm.model_validate(stored).url == address, "what is stored stays readable"
    assert "has a user name before @" not in errors_of("https://example.org/@reporter/1?to=a@b")
