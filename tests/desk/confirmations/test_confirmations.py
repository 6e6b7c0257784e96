"""Withdrawing, publishing again, merging and purging need a second person's confirmation."""

import re

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.desk.approved.store import published_version
from app.desk.identity import confirmations
from app.desk.purges import read_list
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_estimate, make_event
from tests.support.desk_accounts import logged
from tests.support.merges import sent
from tests.support.messages import store_message
from tests.support.worlds import desk_with, publish_new

WHY = "It was another city."


@pytest.fixture
def nobody_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after five withdrawals and merges in a day."""
    monkeypatch.setattr(confirmations, "FREE_RECORDS", 0)


pytestmark = pytest.mark.usefixtures("nobody_alone")


linked_records = desk_with(
    "linked_records",
    make_event(2, links="E1 follows"),
    make_event(3, terms="place country-3"),
    make_estimate(1, event="E1"),
)
"""E1, to which an event and an estimate refer, and E3."""


def state_of(settings: Settings, id: str) -> str:
    with desk_session(settings) as db:
        row = published_version(db, id)
        return row.state if row else ""


def editions(settings: Settings) -> int:
    with desk_session(settings) as db:
        return db.scalar(text("SELECT max(no) FROM record.edition")) or 0


def waiting(client: TestClient) -> list[str]:
    return re.findall(r'action="(/desk/confirmations/\d+)"', client.get("/desk/confirmations").text)


def decide(client: TestClient, do: str, words: str = "") -> tuple[int, str]:
    (address,) = waiting(client)
    answer = client.post(address, data={"do": do, "words": words})
    return answer.status_code, answer.text


ACTS = (
    *("asked-second-person", "confirmed", "declined", "took-request-back"),
    *("withdrew", "purged", "hid"),
)


def log(settings: Settings) -> list[tuple[str, str]]:
    """Return the (person, action) entries of the audit log about confirmations."""
    return [(name, action) for name, action, _about in logged(settings, *ACTS)]


def ask_to_withdraw(client: TestClient) -> str:
    """Request a withdrawal and return the cookie that the response sets."""
    typed = {"reason": WHY, "becomes.E2": "stays", "becomes.M1": "stays"}
    answer = client.post("/desk/records/E1/withdraw", data=typed)
    assert answer.status_code == 303
    return str(answer.headers.get("set-cookie", ""))


def test_withdrawal_waits_for_a_second_person(
    amal: TestClient, basma: TestClient, linked_records: Settings
) -> None:
    assert "sojourn-edition" not in ask_to_withdraw(basma), (
        "an unconfirmed withdrawal must set no edition cookie"
    )
    assert state_of(linked_records, "E1") == "live" and editions(linked_records) == 1
    assert "Waiting for a second person" in basma.get("/desk/records/E1").text
    for page in ("/desk", "/desk/review"):
        assert "/desk/confirmations" in amal.get(page).text
    queue = amal.get("/desk/confirmations").text
    assert (
        "Event 1" in queue
        and WHY in queue
        and "No longer refers to it: E2" in queue
        and "No longer refers to it: M1" in queue
        and "Basma" in queue
    )
    # The requester can't confirm, whatever the request contains.
    status, page = decide(basma, "confirm")
    assert (
        status == 422
        and "Another person must confirm it" in page
        and state_of(linked_records, "E1") == "live"
    )
    assert 'value="confirm"' not in basma.get("/desk/confirmations").text
    assert decide(amal, "confirm")[0] == 303
    states = [state_of(linked_records, id) for id in ("E1", "E2", "M1")]
    assert states == ["withdrawn", "live", "live"] and waiting(amal) == []
    assert ("Basma", "asked-second-person") in log(linked_records) and ("Amal", "confirmed") in log(
        linked_records
    )


def test_declined_request_changes_nothing(
    amal: TestClient, basma: TestClient, linked_records: Settings
) -> None:
    ask_to_withdraw(basma)
    status, page = decide(amal, "decline", " ")
    assert status == 422 and '<a href="#words-1">Give a reason for declining.</a>' in page
    assert decide(amal, "decline", "It was this city.")[0] == 303
    assert state_of(linked_records, "E1") == "live" and editions(linked_records) == 1
    assert "It was this city." in basma.get("/desk/confirmations").text
    assert log(linked_records) == [("Basma", "asked-second-person"), ("Amal", "declined")]


def test_requester_takes_request_back(
    amal: TestClient, basma: TestClient, linked_records: Settings
) -> None:
    ask_to_withdraw(basma)
    address = waiting(basma)[0]
    assert basma.post(address, data={"do": "nothing"}).status_code == 422
    answer = basma.post(
        "/desk/records/E1/withdraw",
        data={"reason": WHY, "becomes.E2": "stays", "becomes.M1": "stays"},
    )
    assert answer.status_code == 422 and "Basma has already requested this" in answer.text
    assert decide(basma, "decline")[0] == 303
    assert amal.post(address, data={"do": "confirm"}).status_code == 303
    assert state_of(linked_records, "E1") == "live" and editions(linked_records) == 1


def ask_to_merge(client: TestClient) -> None:
    """Request the merge of E3 into E1, with all citations confirmed."""
    at = "/desk/records/E1/merge"
    values = sent(client.get(f"{at}?with=E3").text)
    values |= {"reason": "Told twice."}
    confirm = re.findall(r'name="(confirm\.C\d+)"', client.post(at, data=values).text)
    values |= dict.fromkeys(confirm, "yes")
    assert client.post(at, data=values).status_code == 303


def test_merge_waits_for_a_second_person(
    amal: TestClient, basma: TestClient, linked_records: Settings
) -> None:
    ask_to_merge(basma)
    assert state_of(linked_records, "E3") == "live" and editions(linked_records) == 1
    queue = amal.get("/desk/confirmations").text
    assert "E3 redirects to E1" in queue
    compared = amal.get("/desk/records/E1/merge?with=E3&keep=E1").text
    assert "/desk/records/E1/merge?with=E3&amp;keep=E1" in queue and "Country-3" in compared
    assert decide(amal, "confirm")[0] == 303
    assert state_of(linked_records, "E3") == "merged" and "Country-3" in amal.get("/events/E1").text
    (undo,) = set(
        re.findall(r'action="(/desk/merges/\d+/undo)"', basma.get("/desk/records/E1").text)
    )
    assert basma.post(undo, data={"reason": "They were two."}).status_code == 303
    assert state_of(linked_records, "E3") == "merged"
    assert decide(amal, "confirm")[0] == 303
    assert state_of(linked_records, "E3") == "live"


def test_merge_of_changed_records_is_rejected(
    amal: TestClient, basma: TestClient, linked_records: Settings
) -> None:
    ask_to_merge(basma)
    publish_new(linked_records, make_event(3, summary="Another summary"))
    status, page = decide(amal, "confirm")
    assert status == 422 and "One of the two records has changed since then" in page
    assert state_of(linked_records, "E3") == "live"


def test_purge_waits_for_a_second_person(
    amal: TestClient, basma: TestClient, linked_records: Settings
) -> None:
    typed = {"typed": "M1", "reason": "Asked for by SECRET.", "cause": "request"}
    assert amal.post("/desk/records/M1/purge", data=typed).status_code == 303
    assert state_of(linked_records, "M1") == "live"
    assert decide(amal, "confirm")[0] == 422 and state_of(linked_records, "M1") == "live"
    queue = basma.get("/desk/confirmations").text
    assert "Removed on request" in queue and "SECRET" in queue
    assert decide(basma, "confirm")[0] == 303
    assert state_of(linked_records, "M1") == "purged"
    assert linked_records.purge_list is None or read_list(linked_records.purge_list) == ["M1"]
    assert "SECRET" not in basma.get("/desk/confirmations").text
    with desk_session(linked_records) as db:
        assert "SECRET" not in str(db.execute(text("SELECT * FROM desk.confirmation")).all())
    assert log(linked_records) == [
        ("Amal", "asked-second-person"),
        ("Basma", "purged"),
        ("Basma", "confirmed"),
    ]


def test_request_of_disabled_person_cannot_be_confirmed(
    amal: TestClient, basma: TestClient, linked_records: Settings
) -> None:
    ask_to_withdraw(basma)
    with desk_session(linked_records) as db:
        db.execute(text("UPDATE desk.person SET disabled_at = now() WHERE name = 'Basma'"))
    assert decide(amal, "confirm")[0] == 422 and state_of(linked_records, "E1") == "live"
    assert decide(amal, "decline", "Basma is gone.")[0] == 303


# Urgent hides -------------------------------------------------------------------------------------


def hide(client: TestClient, settings: Settings) -> None:
    store_message(settings, about="E3", words="It names me.")
    hidden = {"record": "E3", "reason": "Looked into."}
    assert client.post("/desk/round/messages/1/hide", data=hidden).status_code == 303


def test_urgent_hide_is_confirmed_afterwards(
    amal: TestClient, basma: TestClient, linked_records: Settings
) -> None:
    hide(basma, linked_records)
    assert state_of(linked_records, "E3") == "withdrawn", (
        "one person must be able to hide a record at once"
    )
    assert decide(basma, "confirm")[0] == 422
    queue = amal.get("/desk/confirmations").text
    assert (
        "Hidden in edition 2, because of message 1." in queue
        and 'href="/desk/round/messages/1"' in queue
    )
    assert decide(amal, "confirm")[0] == 303
    assert (
        state_of(linked_records, "E3") == "withdrawn"
        and editions(linked_records) == 2
        and waiting(amal) == []
    )


def test_declined_urgent_hide_is_published_again(
    amal: TestClient, basma: TestClient, linked_records: Settings
) -> None:
    hide(basma, linked_records)
    assert decide(amal, "decline", "Nobody is named in it.")[0] == 303
    assert state_of(linked_records, "E3") == "live" and waiting(amal) == []
    assert "Nobody is named in it." in amal.get("/changes").text


def test_publishing_again_closes_the_urgent_hide(
    amal: TestClient, basma: TestClient, linked_records: Settings
) -> None:
    hide(basma, linked_records)
    basma.post("/desk/records/E3/publish", data={"reason": "Nothing was wrong."})
    assert len(waiting(amal)) == 2
    amal.post(waiting(amal)[1], data={"do": "confirm"})
    assert state_of(linked_records, "E3") == "live" and waiting(amal) == []


@pytest.mark.parametrize("by", ["Basma", "Amal"])
def test_declining_old_hide_keeps_a_later_withdrawal(
    amal: TestClient, basma: TestClient, linked_records: Settings, by: str
) -> None:
    hide(basma, linked_records)
    (old,) = waiting(basma)
    publish_new(linked_records, make_event(3, summary="Nobody is named."))
    assert state_of(linked_records, "E3") == "live"
    assert "Readers have seen it again since then." in amal.get("/desk/confirmations").text
    answer = amal.post(old, data={"do": "confirm"})
    assert (
        answer.status_code == 422
        and "Readers have seen it again since it was hidden" in answer.text
    )
    assert amal.post("/desk/records/E3/withdraw", data={"reason": WHY}).status_code == 303
    (new,) = set(waiting(basma)) - {old}
    assert basma.post(new, data={"do": "confirm"}).status_code == 303
    assert state_of(linked_records, "E3") == "withdrawn"
    client = basma if by == "Basma" else amal
    assert client.post(old, data={"do": "decline", "words": "A mistake."}).status_code == 303
    assert state_of(linked_records, "E3") == "withdrawn" and waiting(amal) == []


def test_one_person_withdraws_and_merges_a_few_records_and_any_editor_undoes_it(
    amal: TestClient,
    basma: TestClient,
    linked_records: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(confirmations, "FREE_RECORDS", 1)
    ask_to_withdraw(basma)
    assert [state_of(linked_records, id) for id in ("E1", "M1")] == ["withdrawn", "live"]
    assert "Done by one person" in amal.get("/desk/notices").text
    page = amal.get("/desk/records/E1").text
    assert ">The withdrawal was undone.</textarea>" in page
    assert "These were withdrawn with it or lost a reference" in page
    again = {"reason": "The withdrawal was undone."}
    assert amal.post("/desk/records/E1/publish", data=again).status_code == 303
    assert [state_of(linked_records, id) for id in ("E1", "M1")] == ["live", "live"]

    # It counts, even if undone; the second in a day waits.
    basma.post("/desk/records/E3/withdraw", data={"reason": WHY})
    assert state_of(linked_records, "E3") == "live" and len(waiting(amal)) == 1
    assert decide(amal, "confirm")[0] == 303
    # What two people decided, one person does not undo.
    amal.post("/desk/records/E3/publish", data={"reason": "It was this one."})
    assert state_of(linked_records, "E3") == "withdrawn" and len(waiting(basma)) == 1
