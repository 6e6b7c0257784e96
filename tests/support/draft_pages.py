"""What a browser without scripts does with a draft: submit the form of the page, with changes."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from starlette.testclient import TestClient

from app.desk.approved.models import Draft
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.html import sent_by


def begin(client: TestClient, kind: str = "E", key: str = "page", **more: str) -> str:
    answer = client.post("/desk/drafts", data={"key": key, "kind": kind, **more})
    assert answer.status_code == 303, answer.status_code
    return str(answer.headers["location"]).partition("?")[0]


def fields(html: str, form_id: str = "draft") -> dict[str, str]:
    """Return what a browser without scripts would submit from the draft's form, or another one."""
    return sent_by(html, f"//form[@id='{form_id}']")


MODES = {"happened": "on", "attested": "ongoing", "as_of": "as_of", "period": "period"}
"""How a date is meant that a field of the document has, for the card of its draft."""


def on_card(sent: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """Return what is typed, by the names that the fields have where the card stands for them."""
    found: dict[str, str] = {}
    for name, text in typed.items():
        if name in MODES and name not in sent:
            found |= {"card.mode": MODES[name], "card.when": text}
        else:
            found[name] = text
    return found


def post(client: TestClient, at: str, do: str = "save", **typed: str) -> Any:
    sent = fields(client.get(at).text)
    typed = on_card(sent, typed)
    unknown = set(typed) - set(sent) - {"change.why", "change.reason"}
    assert not unknown, f"the form has no fields named {unknown}"
    return client.post(at, data={**sent, **typed, "do": do})


def stored(settings: Settings, at: str) -> Draft:
    with desk_session(settings) as db:
        draft = db.get_one(Draft, int(at.partition("?")[0].rsplit("/", 1)[1]))
        db.expunge(draft)
        return draft


def draft_states(settings: Settings) -> dict[str, str]:
    """Return the states of all drafts, by their records."""
    with desk_session(settings) as db:
        return {draft.record: draft.state for draft in db.scalars(select(Draft))}


def two_versions(chidi: TestClient, basma: TestClient) -> tuple[str, Any]:
    """Create a conflict: Basma and Chidi edit a draft, and she saves first.

    Returns the draft's address and the response to his save.
    """
    at = begin(chidi)
    post(chidi, at, "add citations", title="As it began", summary="As it began")
    hers, his = fields(basma.get(at).text), fields(chidi.get(at).text)
    hers |= {"title": "Her title", "citations.0.paraphrase": "She was told."}
    his |= {"title": "His title", "summary": "His summary"}
    assert basma.post(at, data={**hers, "do": "save"}).status_code == 303
    refused = chidi.post(at, data={**his, "do": "save"})
    return at, chidi.get(refused.headers["location"])
