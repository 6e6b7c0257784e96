"""Rate limits of messages by network: a flood never blocks requests for removal."""

import pytest
from sqlalchemy import select

from app.desk.intake import MessageCount, MessageSalt, ReaderMessage
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.support.desk_accounts import as_owner
from tests.support.messages import WORDS, send_message, stored_messages

pytestmark = pytest.mark.usefixtures("quick_writers")


def test_network_over_its_limit_sends_only_removals(
    visit: Visit, desk_world: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All requests are in one hour, because counts are deleted after an hour.
    monkeypatch.setattr("app.site.tell.time.time", lambda: 1_800_000_000)
    reader = visit("2001:db8:1:2::1")
    assert [send_message(reader, kind="mistake").status_code for _ in range(7)] == [303] * 5 + [
        429
    ] * 2
    again = send_message(visit("2001:db8:1:2:ffff::9"), kind="mistake")
    assert again.status_code == 429 and WORDS in again.text and "in an hour" in again.text
    assert again.headers["retry-after"] == "3600"
    assert send_message(visit("203.0.113.77"), kind="mistake").status_code == 303
    assert [send_message(reader).status_code for _ in range(7)] == [303] * 7
    assert [
        letter.rushed for letter in stored_messages(desk_world) if letter.kind == "removal"
    ] == [False] * 5 + [True] * 2
    with desk_session(desk_world) as db:
        counted = str(
            [*db.scalars(select(MessageCount.key)), *db.scalars(select(MessageSalt.salt))]
        )
    assert "2001" not in counted and "203.0" not in counted


def test_wide_ipv6_networks_have_their_own_limits(
    visit: Visit, desk_world: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.site.tell.time.time", lambda: 1_800_000_000)

    def sent(address: str) -> int:
        return int(send_message(visit(address), kind="mistake").status_code)

    assert [sent(f"2001:db8:1:{number:x}::1") for number in range(12)] == [303] * 10 + [429] * 2, (
        "one IPv6 /56 network must be limited to ten messages"
    )
    assert [sent(f"2001:db8:1:{number:x}00::1") for number in range(1, 13)] == [303] * 10 + [
        429
    ] * 2, "one IPv6 /48 network must be limited to ten messages"
    assert sent("2001:db8:2::1") == 303
    assert [sent(f"::ffff:192.0.2.{number}") for number in range(1, 8)] == [303] * 7, (
        "IPv4 addresses in IPv6 notation must be limited separately"
    )


def test_flood_from_many_networks_refuses_no_removal(visit: Visit, desk_world: Settings) -> None:
    for network in range(9):
        reader = visit(f"198.51.100.{network}")
        assert [send_message(reader).status_code for _ in range(5)] == [303] * 5
    assert send_message(visit("203.0.113.9")).status_code == 303
    assert [letter.rushed for letter in stored_messages(desk_world)] == [False] * 46


def test_removals_of_one_network_end_before_disk_is_full(
    visit: Visit, desk_world: Settings
) -> None:
    reader = visit("198.51.100.9")
    assert send_message(reader).status_code == 303
    with desk_session(desk_world) as db:
        (key,) = db.scalars(select(MessageCount.key))
    as_owner(
        desk_world,
        f"INSERT INTO desk.letter_count (key) SELECT '{key}' FROM generate_series(1, 99)",
    )
    refused = send_message(reader)
    assert refused.status_code == 429 and WORDS in refused.text


def test_flood_of_other_messages_admits_removals(desk_world: Settings, visit: Visit) -> None:
    with desk_session(desk_world) as db:
        for number in range(40):
            db.add(ReaderMessage(key=str(number), kind="other", about="", words="Flood", reach=""))
    slowed = send_message(visit("198.51.100.9"), kind="mistake")
    assert slowed.status_code == 429 and "are accepted now" in slowed.text
    assert send_message(visit("198.51.100.10"), kind="removal").status_code == 303
