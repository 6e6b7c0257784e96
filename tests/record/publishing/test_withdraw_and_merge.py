"""publish(): withdrawn, restored and merged records."""

import pytest
from sqlalchemy.orm import Session

from app.forms import PlaceForm
from app.record.models import Version
from app.record.publishing.publish import Merge, Withdrawal, publish
from app.record.publishing.validation import Refused
from app.record.publishing.working_set import Shelf
from tests.make import (
    a_small_world,
    make_event,
    make_link,
    publish_all,
    withdraw,
)
from tests.support.published_rows import row, rows, written_in


def test_what_is_withdrawn_keeps_its_page_and_its_reason(world: Session) -> None:
    publish_all(
        world, make_event(1), make_event(2, links=[make_link("E3", "follows")]), make_event(3)
    )
    edition = withdraw(world, "E2", "It was told twice.")
    assert written_in(world, edition) == {"E2": "withdrawn", "E3": "reindexed", "S1": "reindexed"}
    gone = row(world, "E2")
    assert (gone.state, gone.reason, gone.payload["form"]["title"]) == (
        "withdrawn",
        "It was told twice.",
        "Event 2",
    )
    assert (gone.terms, gone.plain, gone.sort_day, list(gone.span)) == ([], "", None, [])
    assert rows(world, "E2")[0].state == "live"
    assert row(world, "E3").payload["links_from"] == []


def test_withdrawing_twice_makes_no_new_edition_unless_the_reason_changes(world: Session) -> None:
    publish_all(world, make_event())
    withdraw(world, "E1", "A mistake.")
    assert withdraw(world, "E1", "A mistake.") is None
    assert withdraw(world, "E1", "A mistake of ours.") is not None


def test_a_withdrawal_needs_a_reason_and_a_record(world: Session) -> None:
    publish_all(world, make_event())
    with pytest.raises(Refused, match="without a reason"):
        withdraw(world, "E1", " ")
    with pytest.raises(Refused, match="E9 is not in the record"):
        withdraw(world, "E9")


def test_what_was_withdrawn_can_come_back(world: Session) -> None:
    publish_all(world, make_event())
    withdraw(world, "E1")
    edition = publish_all(world, make_event(), reason="It was this city after all.")
    assert written_in(world, edition) == {"E1": "updated", "S1": "reindexed"}
    assert (row(world, "E1").state, row(world, "E1").added) == ("live", 2)


def test_nothing_is_merged_into_what_is_not_there_or_is_going_itself(world: Session) -> None:
    publish_all(world, make_event(1), make_event(2), make_event(3))
    with pytest.raises(Refused, match="can't be merged into E9"):
        publish(world, (), merged=[Merge("E1", "E9")])
    with pytest.raises(Refused, match="can't be merged into E1"):
        publish(world, (), merged=[Merge("E1", "E1")])
    with pytest.raises(Refused, match="can't be merged into E2"):
        publish(world, (), merged=[Merge("E1", "E2"), Merge("E2", "E1")])
    with pytest.raises(Refused, match="can't be merged into E2"):
        publish(world, (), withdrawn=[Withdrawal("E2", "gone")], merged=[Merge("E1", "E2")])


def test_of_places_outlets_and_codes_only_forms_are_read_until_a_row_is_asked_for(
    desk: Session,
) -> None:
    publish_all(desk, *a_small_world(), make_event(1))
    desk.expunge_all()
    shelf = Shelf(desk)
    assert isinstance(shelf.form("P", "P1"), PlaceForm) and not len(desk.identity_map)
    row = shelf.open_row("P", "P1")
    assert row and (row.id, row.opened) == ("P1", 1) and shelf.open_row("P", "place-1") is row
    assert [shelf.open_row(kind, id) for kind, id in (("P", "nowhere"), ("E", "E1"))] == [
        None,
        None,
    ]
    shelf.load([("O", "O1"), ("O", "outlet-2"), ("E", "E1")])
    assert {each.id for each in desk.identity_map.values() if isinstance(each, Version)} == {
        "P1",
        "O1",
        "O2",
        "E1",
    }
