"""publish(): withdrawn, restored and merged records."""

import pytest
from sqlalchemy.orm import Session

from app.record.publishing.publish import Merge, Withdrawal, publish
from app.record.publishing.validation import PublishError
from tests.make import (
    make_event,
    publish_all,
    withdraw,
)
from tests.support.published_rows import row, rows, written_by, written_in


def test_withdrawn_record_keeps_form_and_reason(world: Session) -> None:
    publish_all(world, make_event(1), make_event(2, links="E3 follows"), make_event(3))
    edition = withdraw(world, "E2", "It was told twice.")
    assert written_in(world, edition) == "reindexed E3 S1, withdrawn E2"
    gone = row(world, "E2")
    assert (gone.state, gone.reason, gone.payload["form"]["title"]) == (
        "withdrawn",
        "It was told twice.",
        "Event 2",
    )
    assert (gone.terms, gone.plain, gone.sort_day, list(gone.span)) == ([], "", None, [])
    assert rows(world, "E2")[0].state == "live"
    assert row(world, "E3").payload["links_from"] == []


def test_second_withdrawal_needs_new_reason_for_edition(world: Session) -> None:
    publish_all(world, make_event())
    withdraw(world, "E1", "A mistake.")
    assert withdraw(world, "E1", "A mistake.") is None
    assert withdraw(world, "E1", "A mistake of ours.") is not None


def test_withdrawal_without_reason_or_record_is_refused(world: Session) -> None:
    publish_all(world, make_event())
    with pytest.raises(PublishError, match="without a reason"):
        withdraw(world, "E1", " ")
    with pytest.raises(PublishError, match="E9 is not in the record"):
        withdraw(world, "E9")


def test_withdrawn_record_can_be_published_again(world: Session) -> None:
    publish_all(world, make_event())
    withdraw(world, "E1")
    assert (
        written_by(world, make_event(), reason="It was this city after all.")
        == "reindexed S1, updated E1"
    )
    assert (row(world, "E1").state, row(world, "E1").added) == ("live", 2)


def test_merge_into_missing_or_removed_record_is_refused(world: Session) -> None:
    publish_all(world, make_event(1), make_event(2), make_event(3))
    with pytest.raises(PublishError, match="can't be merged into E9"):
        publish(world, (), merged=[Merge("E1", "E9")])
    with pytest.raises(PublishError, match="can't be merged into E1"):
        publish(world, (), merged=[Merge("E1", "E1")])
    with pytest.raises(PublishError, match="can't be merged into E2"):
        publish(world, (), merged=[Merge("E1", "E2"), Merge("E2", "E1")])
    with pytest.raises(PublishError, match="can't be merged into E2"):
        publish(world, (), withdrawn=[Withdrawal("E2", "gone")], merged=[Merge("E1", "E2")])
