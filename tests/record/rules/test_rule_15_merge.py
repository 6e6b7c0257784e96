"""Merged records redirect to their target; past editions stay unchanged (rule 15)."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.record.editions import select_edition
from app.record.models import Version
from app.record.publishing.integrity import find_problems
from app.record.publishing.publish import Approved, Merge, publish
from app.record.publishing.validation import PublishError
from tests.make import a_small_world, make_event, publish_all
from tests.support.record_queries import ids


@pytest.fixture
def three(desk: Session) -> Session:
    publish_all(desk, *a_small_world(), make_event(1), make_event(2), make_event(3))
    return desk


def seen(db: Session, id: str, edition: str = "") -> Version:
    return db.scalars(
        select(Version).where(Version.id == id, select_edition(db, edition).holds())
    ).one()


def test_merged_row_has_id_of_target_and_stays_in_past_editions(three: Session) -> None:
    publish(three, (), merged=[Merge("E1", "E2", "The same night, told twice.")])
    row = seen(three, "E1")
    assert (row.state, row.why, row.reason) == ("merged", "merged", "The same night, told twice.")
    assert row.payload["into"] == "E2"
    assert find_problems(three) == []
    assert [ids(three, f"edition={no}") for no in (1, 2)] == [["E1", "E2", "E3"], ["E2", "E3"]]
    assert seen(three, "E1", "1").state == "live"
    assert seen(three, "E2").opened == 1


def test_merge_chain_resolves_to_last_record_and_is_no_circle(three: Session) -> None:
    publish(three, (), merged=[Merge("E1", "E2")])
    for gone, into, refusal in (
        ("E2", "E1", "can't be merged into E1"),
        ("E1", "E3", "E1 is not in the record"),
    ):
        with pytest.raises(PublishError, match=refusal):
            publish(three, (), merged=[Merge(gone, into)])
    publish(three, (), merged=[Merge("E2", "E3")])
    steps = ["E1"]
    while seen(three, steps[-1]).state == "merged":
        steps.append(seen(three, steps[-1]).payload["into"])
    assert steps == ["E1", "E2", "E3"]
    assert find_problems(three) == []


def test_references_to_merged_record_change_in_same_edition(three: Session) -> None:
    publish_all(three, make_event(3, links="E1 follows"))
    with pytest.raises(PublishError, match="E3 still names E1"):
        publish(three, (), merged=[Merge("E1", "E2")])
    publish(
        three,
        [Approved(make_event(3, links="E2 follows"))],
        merged=[Merge("E1", "E2")],
    )
    assert [link["from"] for link in seen(three, "E2").payload["links_from"]] == ["E3"]
    assert find_problems(three) == []
