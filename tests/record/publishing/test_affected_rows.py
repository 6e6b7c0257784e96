"""publish(): rows that are recalculated because a dependency changed."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.kinds import RecordForm
from app.record.publishing.integrity import find_problems
from app.vocabulary.record import Why
from tests.make import (
    cited,
    make_code,
    make_estimate,
    make_event,
    make_outlet,
    make_place,
    make_source,
    publish_all,
)
from tests.support.published_rows import row, written_by

INDEPENDENT, RELAYED = "corroboration: ['independent']", "corroboration: ['relayed']"
BY_TWO = cited("S1; S2")
TWO_REPORTS = [make_event(1, citations=BY_TWO), make_event(2, citations="C3 S1")]
RIVAL = make_estimate(2, point=2_003, citations="S2 (kind=number)")
AFTER = make_event(1, links="E2 follows")
RESTS_ON_E2 = make_event(1, stages="planned 2019-03 C2", links="E2 follows")
Edition = tuple[RecordForm, str, str]
"""What is published, which rows that writes, and what the first recalculated one has."""


def relay_of(source: str, number: int = 2, how: str = "relay") -> RecordForm:
    return make_source(number, outlet="outlet-2", derived_from=[{"source": source, "how": how}])


def province(number: int, code: str = "", **changes: object) -> RecordForm:
    return make_place(number, code, kind="province", **{"parent": "country-3", **changes})


CASES: list[tuple[Sequence[RecordForm], list[Edition]]] = [
    # Renamed: the row of the name alone.
    (
        [*TWO_REPORTS, make_estimate()],
        [(make_outlet(1, names=[{"text": "The New Name"}]), "updated O1", "")],
    ),
    (
        [make_event(), make_estimate()],
        [(make_place(1, parent="province-2", names=[{"text": "丹东"}]), "updated P1", "")],
    ),
    # A source that is made a relay, directly or by way of another; an outlet with an owner.
    (TWO_REPORTS, [(relay_of("S1"), "reindexed E1, updated S2", RELAYED)]),
    (
        [relay_of("S2", 3), make_event(citations="S1; S3")],
        [(relay_of("S1", how="quotes"), "reindexed E1 S3, updated S2", RELAYED)],
    ),
    (
        TWO_REPORTS,
        [
            (make_outlet(2, belongs_to="outlet-1"), "reindexed E1, updated O2", RELAYED),
            (make_outlet(2), "reindexed E1, updated O2", INDEPENDENT),
        ],
    ),
    # Estimates that conflict, and stop to.
    (
        [make_estimate(1, point=1_001), RIVAL],
        [(make_outlet(2, belongs_to="outlet-1"), "reindexed M1 M2, updated O2", "conflicts: []")],
    ),
    (
        [make_estimate(1, point=1_001), make_estimate(3, point=1_001, as_of="2015-06")],
        [(RIVAL, "added M2, reindexed M1 S2", "conflicts: ['M2']")],
    ),
    # Places that move, and regions.
    (
        [
            *(province(4), make_event(1), make_estimate()),
            make_event(2, terms="place country-3"),
        ],
        [
            (make_place(1, parent="place-4"), "reindexed E1 M1 S1, updated P1", ""),
            (province(4, parent=""), "reindexed E1 M1 P1, updated P4", ""),
        ],
    ),
    (
        [make_place(5, "northeast", kind="region"), make_event(1)],
        [
            (
                province(2, "province-2", regions=["northeast"]),
                *("reindexed E1 P1 S1, updated P2", ""),
            )
        ],
    ),
    # Estimates of an event, and links, are listed at their other end.
    (
        [make_event(1), make_event(2)],
        [
            (make_estimate(1, event="E1"), "added M1, reindexed E1 S1", "estimates: ['M1']"),
            (make_estimate(1, event="E2"), "reindexed E1 E2, updated M1", "estimates: []"),
        ],
    ),
    (
        [make_event(1), make_event(2)],
        [
            (
                AFTER,
                *("reindexed E2, updated E1", "links_from: [{'id': 'L1', 'from': 'E1', "),
            ),
            (make_event(1), "reindexed E2, updated E1", "links_from: []"),
        ],
    ),
    (
        [make_event(2), RESTS_ON_E2],
        [
            (
                make_event(2, citations="S1 (certainty=hedged)"),
                *("reindexed E1, updated E2", ""),
            )
        ],
    ),
    # A code that is regrouped: an exempt one exempts no broader one, so E2 stays.
    (
        [
            make_code("exchange", "paper", group="student"),
            make_code("short-stay", "paper"),
            make_event(1, terms="place; paper exchange"),
            make_event(2, terms="place; paper exchange (role=exempt)"),
        ],
        [
            (
                make_code("student", "paper", group="short-stay"),
                *("reindexed E1, updated paper:student", ""),
            )
        ],
    ),
]


def test_change_recalculates_the_rows_that_depend_on_it(world: Session) -> None:
    for before, editions in CASES:
        with world.begin_nested() as course:
            publish_all(world, *before)
            for form, written, payload in editions:
                assert written_by(world, form) == written
                if payload:
                    key, _, value = payload.partition(": ")
                    first = written.partition("reindexed ")[2].split(",")[0].split()[0]
                    found = row(world, first)
                    assert str(found.payload[key]).startswith(value), (written, found.payload[key])
                    assert found.changed == 2
            assert find_problems(world) == []
            course.rollback()
        world.expire_all()


def test_redated_source_changes_days_of_event(world: Session) -> None:
    """The payload of an ongoing event stays equal; only its days change."""
    publish_all(world, make_event(happened="2019-05/.."))
    assert row(world, "E1").span[0].upper.isoformat() == "2019-06-21"
    assert written_by(world, make_source(1, published="2019-07-01")) == "reindexed E1, updated S1"
    assert row(world, "E1").span[0].upper.isoformat() == "2019-07-02"
    assert row(world, "E1").published[0].lower.isoformat() == "2019-07-01"


def test_edited_and_affected_row_is_written_once(world: Session) -> None:
    publish_all(world, *TWO_REPORTS)
    edited = make_event(1, title="Edited", citations=BY_TWO)
    written = written_by(world, make_outlet(2, belongs_to="outlet-1"), edited, why=Why.CORRECTED)
    assert written == "corrected E1 O2"
