"""The changes of a list since a past edition."""

from sqlalchemy.orm import Session

from app.record.filters import EventFilters
from app.record.names.directory import read_directory
from app.record.publishing.publish import Merge, publish
from app.record.publishing.purge import purge
from app.record.reads.cited_rows import count_changes_since, removed_since, rows_of_list
from app.vocabulary.record import Why
from tests.make import a_small_world, make_event, make_outlet, publish_all, withdraw
from tests.support.indexed import select_indexed
from tests.support.tables import differing


def test_changes_since_an_edition_are_counted_in_the_list(desk: Session) -> None:
    publish_all(desk, *a_small_world(), *(make_event(number) for number in range(1, 8)))
    publish_all(desk, make_event(1, title="Corrected"), make_event(2, terms="place province-2"))
    publish_all(desk, make_event(8), make_event(9, terms="place province-2"))
    withdraw(desk, "E3")
    publish(desk, (), merged=[Merge("E4", "E5")])
    publish_all(desk, make_event(5, title="In other words"), why=Why.CLARIFIED)
    purge(desk, "E6")
    publish_all(desk, make_outlet(2, belongs_to="outlet-1"))  # recalculates no event of one outlet
    expected = {
        # By the edition since which they count: added, changed, gone, and what was removed.
        ("", "1"): (2, 2, 2, ["E3", "E4"]),
        ("", "2"): (2, 0, 2, ["E3", "E4"]),
        ("", "3"): (0, 0, 2, ["E3", "E4"]),
        ("", "5"): (0, 0, 0, []),
        # In a list that one event left for the province alone.
        ("place-1", "1"): (1, 1, 3, ["E3", "E4"]),
        ("place-1", "3"): (0, 0, 2, ["E3", "E4"]),
    }
    newest = select_indexed(desk)

    def found(place: str, edition: str) -> object:
        past = select_indexed(desk, edition)
        rows = rows_of_list(desk, EventFilters().with_(place=place or None))
        then, now = (rows(each, read_directory(desk, each)) for each in (past, newest))
        counted = count_changes_since(desk, then, now)
        removed = [row.id for row in removed_since(desk, then, newest, 1_000)]
        return counted.added, counted.changed, counted.gone, removed

    assert differing(found, expected) == {}
