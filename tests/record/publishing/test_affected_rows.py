"""publish(): rows that are recalculated because a dependency changed."""

from sqlalchemy.orm import Session

from app.kinds import RecordForm
from app.vocabulary.record import Why
from tests.make import (
    make_citation,
    make_code,
    make_estimate,
    make_event,
    make_link,
    make_outlet,
    make_place,
    make_source,
    make_stage,
    make_term,
    publish_all,
    withdraw,
)
from tests.support.published_rows import row, written_by, written_in


def two_reports_of_one_event() -> list[RecordForm]:
    return [
        make_event(1, citations=[make_citation(1, 1), make_citation(2, 2)]),
        make_event(2, citations=[make_citation(3, 1)]),
    ]


def test_renamed_outlet_rewrites_only_its_row(world: Session) -> None:
    publish_all(world, *two_reports_of_one_event(), make_estimate())
    assert written_by(world, make_outlet(1, names=[{"text": "The New Name"}])) == "updated O1"


def test_renamed_place_rewrites_only_its_row(world: Session) -> None:
    publish_all(world, make_event(), make_estimate())
    assert (
        written_by(
            world,
            make_place(1, parent="province-2", names=[{"text": "丹东", "language": "zh-Hans"}]),
        )
        == "updated P1"
    )


def test_source_made_relay_lowers_corroboration(world: Session) -> None:
    publish_all(world, *two_reports_of_one_event())
    assert row(world, "E1").payload["corroboration"] == ["independent"]
    assert (
        written_by(
            world,
            make_source(2, outlet="outlet-2", derived_from=[{"source": "S1", "how": "relay"}]),
        )
        == "reindexed E1, updated S2"
    )
    assert row(world, "E1").payload["corroboration"] == ["relayed"]
    assert row(world, "E1").changed == 2


def test_indirect_relay_recalculates_all_dependents(world: Session) -> None:
    relay = make_source(3, outlet="outlet-2", derived_from=[{"source": "S2", "how": "relay"}])
    publish_all(world, relay, make_event(citations=[make_citation(1, 1), make_citation(2, 3)]))
    assert row(world, "E1").payload["corroboration"] == ["independent"]
    assert (
        written_by(
            world,
            make_source(2, outlet="outlet-2", derived_from=[{"source": "S1", "how": "quotes"}]),
        )
        == "reindexed E1 S3, updated S2"
    )
    assert row(world, "E1").payload["corroboration"] == ["relayed"]


def test_outlet_with_owner_counts_as_one_source(world: Session) -> None:
    publish_all(world, *two_reports_of_one_event())
    assert written_by(world, make_outlet(2, belongs_to="outlet-1")) == "reindexed E1, updated O2"
    assert row(world, "E1").payload["corroboration"] == ["relayed"]
    assert written_by(world, make_outlet(2)) == "reindexed E1, updated O2"
    assert row(world, "E1").payload["corroboration"] == ["independent"]


def test_estimates_of_one_owner_stop_conflicting(world: Session) -> None:
    publish_all(
        world,
        make_estimate(1, point=1_001, citations=[make_citation(401, 1, kind="number")]),
        make_estimate(2, point=2_003, citations=[make_citation(402, 2, kind="number")]),
    )
    assert row(world, "M1").payload["conflicts"] == ["M2"]
    assert written_by(world, make_outlet(2, belongs_to="outlet-1")) == "reindexed M1 M2, updated O2"
    assert row(world, "M1").payload["conflicts"] == []


def test_moved_place_recalculates_its_events(world: Session) -> None:
    elsewhere = make_event(2, terms=[make_term(code="country-3")])
    publish_all(world, make_place(4, "province-4", kind="province", parent="country-3"))
    publish_all(world, make_event(1), elsewhere, make_estimate())
    assert written_by(world, make_place(1, parent="province-4")) == "reindexed E1 M1 S1, updated P1"
    assert (
        written_by(world, make_place(4, "province-4", kind="province", parent=""))
        == "reindexed E1 M1 P1, updated P4"
    )


def test_region_finds_events_of_its_members(world: Session) -> None:
    publish_all(world, make_place(5, "northeast", kind="region"), make_event(1))
    assert (
        written_by(
            world,
            make_place(2, "province-2", kind="province", parent="country-3", regions=["northeast"]),
        )
        == "reindexed E1 P1 S1, updated P2"
    )


def test_added_estimate_is_listed_on_event(world: Session) -> None:
    publish_all(world, make_event(1), make_event(2))
    assert written_by(world, make_estimate(1, event="E1")) == "added M1, reindexed E1 S1"
    assert row(world, "E1").payload["estimates"] == ["M1"]
    assert written_by(world, make_estimate(1, event="E2")) == "reindexed E1 E2, updated M1"


def test_conflicting_estimate_rewrites_the_others(world: Session) -> None:
    publish_all(
        world, make_estimate(1, point=1_001), make_estimate(3, point=1_001, as_of="2015-06")
    )
    rival = make_estimate(2, point=2_003, citations=[make_citation(402, 2, kind="number")])
    assert written_in(world, publish_all(world, rival)) == "added M2, reindexed M1 S2"
    edition = withdraw(world, "M2")
    assert written_in(world, edition) == "reindexed M1 S2, withdrawn M2"
    assert row(world, "M1").payload["conflicts"] == []


def test_linked_event_citation_decides_whether_step_is_hedged(world: Session) -> None:
    said = make_event(2, citations=[make_citation(2)])
    rests = make_event(
        1, stages=[make_stage("planned", "2019-03", "C2")], links=[make_link("E2", "follows")]
    )
    publish_all(world, said, rests)
    assert row(world, "E1").payload["steps"][0]["hedged"] is False
    assert (
        written_by(world, make_event(2, citations=[make_citation(2, certainty="hedged")]))
        == "reindexed E1, updated E2"
    )
    assert row(world, "E1").payload["steps"][0]["hedged"] is True


def test_link_is_listed_on_target_event(world: Session) -> None:
    publish_all(world, make_event(1), make_event(2))
    assert (
        written_by(world, make_event(1, links=[make_link("E2", "follows")]))
        == "reindexed E2, updated E1"
    )
    assert row(world, "E2").payload["links_from"] == [{"id": "L1", "type": "follows", "from": "E1"}]
    assert written_by(world, make_event(1)) == "reindexed E2, updated E1"


def test_ongoing_event_lasts_until_last_report(world: Session) -> None:
    """The payload of the event stays equal; only its `published` days change."""
    publish_all(world, make_event(happened="2019-05/.."))
    assert row(world, "E1").span[0].upper.isoformat() == "2019-06-21"
    assert written_by(world, make_source(1, published="2019-07-01")) == "reindexed E1, updated S1"
    assert row(world, "E1").span[0].upper.isoformat() == "2019-07-02"


def test_redated_source_changes_published_days_of_event(world: Session) -> None:
    publish_all(world, make_event())
    assert written_by(world, make_source(1, published="2019-06-21")) == "reindexed E1, updated S1"
    assert row(world, "E1").published[0].lower.isoformat() == "2019-06-21"


def test_regrouped_code_recalculates_covered_rows_only(
    world: Session,
) -> None:
    publish_all(
        world, make_code("exchange", "paper", group="student"), make_code("short-stay", "paper")
    )
    covered = make_event(1, terms=[make_term(), make_term("paper", "exchange")])
    exempt = make_event(2, terms=[make_term(), make_term("paper", "exchange", "exempt")])
    publish_all(world, covered, exempt)
    assert (
        written_by(world, make_code("student", "paper", group="short-stay"))
        == "reindexed E1, updated paper:student"
    ), "an exempt code exempts no broader one, so E2 stays"


def test_edited_and_affected_row_is_written_once(world: Session) -> None:
    publish_all(world, *two_reports_of_one_event())
    edited = make_event(1, title="Edited", citations=[make_citation(1, 1), make_citation(2, 2)])
    assert (
        written_by(world, make_outlet(2, belongs_to="outlet-1"), edited, why=Why.CORRECTED)
        == "corrected E1 O2"
    )
