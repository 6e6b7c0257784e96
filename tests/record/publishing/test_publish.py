"""The one door: what an act of publishing writes, what it leaves alone, and what it refuses."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.forms import PlaceForm, RecordForm
from app.record.models import Counter, Edition, Version
from app.record.publishing.integrity import problems
from app.record.publishing.publish import Approved, Merge, Withdrawal, publish
from app.record.publishing.validation import Refused
from app.record.publishing.working_set import Shelf
from app.settings import Settings
from app.vocabulary.record import Why
from tests.conftest import MOST_SECONDS, desk_session
from tests.make import (
    a_small_world,
    make_citation,
    make_code,
    make_estimate,
    make_event,
    make_link,
    make_outlet,
    make_place,
    make_source,
    make_stage,
    make_step,
    make_term,
    publish_all,
    withdraw,
)


@pytest.fixture
def world(desk: Session) -> Iterator[Session]:
    """A small world, published as edition 1. Whatever a test does, the record must then be what is derived from it."""
    publish_all(desk, *a_small_world())
    yield desk
    assert problems(desk) == []


def rows(db: Session, id: str) -> list[Version]:
    return list(db.scalars(select(Version).where(Version.id == id).order_by(Version.opened)))


def row(db: Session, id: str) -> Version:
    return db.scalars(select(Version).where(Version.id == id, Version.closed.is_(None))).one()


def written_in(db: Session, edition: Edition | None) -> dict[str, str]:
    """The ids of the rows that an edition wrote, each with why."""
    assert edition is not None
    return {
        row.id: row.why for row in db.scalars(select(Version).where(Version.opened == edition.no))
    }


# Editions ---------------------------------------------------------------------------------------------------------


def test_the_first_edition_adds_all_that_was_approved(world: Session) -> None:
    edition = publish_all(world, make_event(), make_estimate())
    assert edition is not None
    assert edition.no == 2
    assert written_in(world, edition) == {"E1": "added", "M1": "added", "S1": "reindexed"}
    assert (row(world, "E1").added, row(world, "E1").changed) == (2, 2)


def test_publishing_the_same_thing_twice_makes_no_new_edition(world: Session) -> None:
    forms: list[RecordForm] = [*a_small_world(), make_event(), make_estimate()]
    publish_all(world, *forms)
    assert publish_all(world, *forms) is None
    assert publish_all(world, *forms, why=Why.CORRECTED, reason="again") is None
    assert publish(world, ()) is None
    assert world.scalars(select(Edition.no)).all() == [1, 2]


def test_a_private_edit_makes_no_new_edition(world: Session) -> None:
    publish_all(world, make_event())
    assert (
        publish_all(
            world, make_event(note="secret", exact_happened="2019-06-15", exact_place="place-1")
        )
        is None
    )


def test_what_changed_is_closed_and_opened_in_the_same_edition(world: Session) -> None:
    publish_all(world, make_event())
    publish_all(
        world, make_event(title="Another title"), why=Why.CORRECTED, reason="The title was wrong."
    )
    old, new = rows(world, "E1")
    assert (old.opened, old.closed, old.payload["form"]["title"]) == (2, 3, "Event 1")
    assert (new.opened, new.closed, new.payload["form"]["title"]) == (3, None, "Another title")
    assert (new.why, new.reason, new.added, new.changed) == (
        "corrected",
        "The title was wrong.",
        2,
        3,
    )


def test_a_mended_typo_does_not_move_changed_since(world: Session) -> None:
    publish_all(world, make_event())
    publish_all(world, make_event(title="Event 1!"), why=Why.CLARIFIED)
    assert (row(world, "E1").opened, row(world, "E1").changed) == (3, 2)


def test_two_publishers_at_once_get_consecutive_editions(database: Settings) -> None:
    with desk_session(database) as session:
        publish_all(session, *a_small_world())
    has_published, may_commit = threading.Event(), threading.Event()
    editions: dict[str, int] = {}

    def slow() -> None:
        with desk_session(database) as session:
            edition = publish_all(session, make_event(1))
            assert edition is not None
            editions["slow"] = edition.no
            has_published.set()
            assert may_commit.wait(MOST_SECONDS)

    def quick() -> None:
        assert has_published.wait(MOST_SECONDS)
        with desk_session(database) as session:
            threading.Timer(0.3, may_commit.set).start()
            edition = publish_all(session, make_event(2), make_event(1))
            assert may_commit.is_set(), "the second publisher did not wait for the first"
            assert edition is not None
            editions["quick"] = edition.no

    threads = [threading.Thread(target=slow), threading.Thread(target=quick)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(MOST_SECONDS)
    assert editions == {"slow": 2, "quick": 3}
    with desk_session(database) as session:
        assert written_in(session, session.get(Edition, 3)) == {"E2": "added", "S1": "reindexed"}
        assert problems(session) == []


def test_a_failure_half_way_leaves_nothing(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk_session(database) as session:
        publish_all(session, *a_small_world(), make_event())

    def fail(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("the disk is full"))

    monkeypatch.setattr("app.record.publishing.publish.insert_rows", fail)
    with pytest.raises(OperationalError), desk_session(database) as session:
        publish_all(
            session,
            make_event(title="Half way"),
            make_event(2, terms=[make_term(), make_term("paper", "student")]),
        )
    with desk_session(database) as session:
        assert row(session, "E1").payload["form"]["title"] == "Event 1"
        assert session.scalars(select(Edition.no)).all() == [1]
        assert session.scalars(select(Counter.edition)).one() == 1
        assert problems(session) == []


# What a change affects --------------------------------------------------------------------------------------------


def two_reports_of_one_event() -> list[RecordForm]:
    return [
        make_event(1, citations=[make_citation(1, 1), make_citation(2, 2)]),
        make_event(2, citations=[make_citation(3, 1)]),
    ]


def test_an_outlet_renamed_rewrites_only_its_own_row(world: Session) -> None:
    publish_all(world, *two_reports_of_one_event(), make_estimate())
    edition = publish_all(world, make_outlet(1, names=[{"text": "The New Name"}]))
    assert written_in(world, edition) == {"O1": "updated"}


def test_a_place_renamed_rewrites_only_its_own_row(world: Session) -> None:
    publish_all(world, make_event(), make_estimate())
    edition = publish_all(
        world, make_place(1, parent="province-2", names=[{"text": "丹东", "language": "zh-Hans"}])
    )
    assert written_in(world, edition) == {"P1": "updated"}


def test_a_label_renamed_rewrites_only_its_own_row(world: Session) -> None:
    publish_all(world, make_event(terms=[make_term(), make_term("paper", "student")]))
    edition = publish_all(world, make_code("student", "paper", label="Study visa"))
    assert written_in(world, edition) == {"paper:student": "updated"}


def test_a_source_found_to_be_a_relay_takes_support_from_what_rests_on_it(world: Session) -> None:
    publish_all(world, *two_reports_of_one_event())
    assert row(world, "E1").payload["corroboration"] == ["independent"]
    edition = publish_all(
        world, make_source(2, outlet="outlet-2", derived_from=[{"source": "S1", "how": "relay"}])
    )
    assert written_in(world, edition) == {"S2": "updated", "E1": "reindexed"}
    assert row(world, "E1").payload["corroboration"] == ["relayed"]
    assert row(world, "E1").changed == 2


def test_a_relay_further_up_reaches_all_that_rest_on_it(world: Session) -> None:
    relay = make_source(3, outlet="outlet-2", derived_from=[{"source": "S2", "how": "relay"}])
    publish_all(world, relay, make_event(citations=[make_citation(1, 1), make_citation(2, 3)]))
    assert row(world, "E1").payload["corroboration"] == ["independent"]
    edition = publish_all(
        world, make_source(2, outlet="outlet-2", derived_from=[{"source": "S1", "how": "quotes"}])
    )
    assert written_in(world, edition) == {"S2": "updated", "S3": "reindexed", "E1": "reindexed"}
    assert row(world, "E1").payload["corroboration"] == ["relayed"]


def test_an_outlet_found_to_be_a_service_of_another_is_one_origin_with_it(world: Session) -> None:
    publish_all(world, *two_reports_of_one_event())
    edition = publish_all(world, make_outlet(2, belongs_to="outlet-1"))
    assert written_in(world, edition) == {"O2": "updated", "E1": "reindexed"}
    assert row(world, "E1").payload["corroboration"] == ["relayed"]
    edition = publish_all(world, make_outlet(2))
    assert written_in(world, edition) == {"O2": "updated", "E1": "reindexed"}
    assert row(world, "E1").payload["corroboration"] == ["independent"]


def test_two_figures_of_one_owner_no_longer_conflict(world: Session) -> None:
    publish_all(
        world,
        make_estimate(1, point=1_001, citations=[make_citation(401, 1, kind="number")]),
        make_estimate(2, point=2_003, citations=[make_citation(402, 2, kind="number")]),
    )
    assert row(world, "M1").payload["conflicts"] == ["M2"]
    edition = publish_all(world, make_outlet(2, belongs_to="outlet-1"))
    assert written_in(world, edition) == {"O2": "updated", "M1": "reindexed", "M2": "reindexed"}
    assert row(world, "M1").payload["conflicts"] == []


def test_a_place_moved_in_the_tree_moves_what_happened_there(world: Session) -> None:
    elsewhere = make_event(2, terms=[make_term(code="country-3")])
    publish_all(world, make_place(4, "province-4", kind="province", parent="country-3"))
    publish_all(world, make_event(1), elsewhere, make_estimate())
    edition = publish_all(world, make_place(1, parent="province-4"))
    assert written_in(world, edition) == {
        "P1": "updated",
        "E1": "reindexed",
        "M1": "reindexed",
        "S1": "reindexed",
    }
    edition = publish_all(world, make_place(4, "province-4", kind="province", parent=""))
    assert written_in(world, edition) == {
        "P4": "updated",
        "P1": "reindexed",
        "E1": "reindexed",
        "M1": "reindexed",
    }


def test_a_region_that_cuts_across_finds_what_lies_in_it(world: Session) -> None:
    publish_all(world, make_place(5, "northeast", kind="region"), make_event(1))
    edition = publish_all(
        world,
        make_place(2, "province-2", kind="province", parent="country-3", regions=["northeast"]),
    )
    assert written_in(world, edition) == {
        "P2": "updated",
        "P1": "reindexed",
        "E1": "reindexed",
        "S1": "reindexed",
    }


def test_a_picture_of_a_place_that_moved_moves_too(world: Session) -> None:
    shown = make_event(terms=[make_term(code="country-3"), make_term(role="shown-only")])
    publish_all(world, shown, make_place(4, "province-4", kind="province"))
    edition = publish_all(world, make_place(1, parent="province-4"))
    assert written_in(world, edition) == {"P1": "updated", "E1": "reindexed"}


def test_a_figure_added_to_an_event_shows_on_the_event(world: Session) -> None:
    publish_all(world, make_event(1), make_event(2))
    edition = publish_all(world, make_estimate(1, event="E1"))
    assert written_in(world, edition) == {"M1": "added", "E1": "reindexed", "S1": "reindexed"}
    assert row(world, "E1").payload["estimates"] == ["M1"]
    edition = publish_all(world, make_estimate(1, event="E2"))
    assert written_in(world, edition) == {"M1": "updated", "E1": "reindexed", "E2": "reindexed"}


def test_a_rival_figure_rewrites_those_it_conflicts_with(world: Session) -> None:
    publish_all(
        world, make_estimate(1, point=1_001), make_estimate(3, point=1_001, as_of="2015-06")
    )
    rival = make_estimate(2, point=2_003, citations=[make_citation(402, 2, kind="number")])
    assert written_in(world, publish_all(world, rival)) == {
        "M2": "added",
        "M1": "reindexed",
        "S2": "reindexed",
    }
    edition = withdraw(world, "M2")
    assert written_in(world, edition) == {"M2": "withdrawn", "M1": "reindexed", "S2": "reindexed"}
    assert row(world, "M1").payload["conflicts"] == []


def test_a_linked_events_citation_decides_how_firm_a_step_is(world: Session) -> None:
    said = make_event(2, citations=[make_citation(2)])
    rests = make_event(
        1, stages=[make_stage("planned", "2019-03", "C2")], links=[make_link("E2", "follows")]
    )
    publish_all(world, said, rests)
    assert row(world, "E1").payload["steps"][0]["hedged"] is False
    edition = publish_all(world, make_event(2, citations=[make_citation(2, certainty="hedged")]))
    assert written_in(world, edition) == {"E2": "updated", "E1": "reindexed"}
    assert row(world, "E1").payload["steps"][0]["hedged"] is True


def test_a_link_shows_on_the_event_it_leads_to(world: Session) -> None:
    publish_all(world, make_event(1), make_event(2))
    edition = publish_all(world, make_event(1, links=[make_link("E2", "follows")]))
    assert written_in(world, edition) == {"E1": "updated", "E2": "reindexed"}
    assert row(world, "E2").payload["links_from"] == [{"id": "L1", "type": "follows", "from": "E1"}]
    edition = publish_all(world, make_event(1))
    assert written_in(world, edition) == {"E1": "updated", "E2": "reindexed"}


def test_an_event_that_goes_on_lasts_up_to_the_last_report_of_it(world: Session) -> None:
    """Nothing that is printed changes with the day of a report; only the days on which the event may have been."""
    publish_all(world, make_event(happened="2019-05/.."))
    assert row(world, "E1").span[0].upper.isoformat() == "2019-06-21"
    edition = publish_all(world, make_source(1, published="2019-07-01"))
    assert written_in(world, edition) == {"S1": "updated", "E1": "reindexed"}
    assert row(world, "E1").span[0].upper.isoformat() == "2019-07-02"


def test_a_source_dated_anew_moves_the_days_on_which_an_event_was_reported(world: Session) -> None:
    publish_all(world, make_event())
    edition = publish_all(world, make_source(1, published="2019-06-21"))
    assert written_in(world, edition) == {"S1": "updated", "E1": "reindexed"}
    assert row(world, "E1").published[0].lower.isoformat() == "2019-06-21"


def test_a_code_put_under_another_reaches_what_it_covers_and_what_it_leaves_out(
    world: Session,
) -> None:
    publish_all(
        world, make_code("exchange", "paper", group="student"), make_code("short-stay", "paper")
    )
    covered = make_event(1, terms=[make_term(), make_term("paper", "exchange")])
    exempt = make_event(2, terms=[make_term(), make_term("paper", "exchange", "exempt")])
    publish_all(world, covered, exempt)
    edition = publish_all(world, make_code("student", "paper", group="short-stay"))
    assert written_in(world, edition) == {
        "paper:student": "updated",
        "E1": "reindexed",
        "E2": "reindexed",
    }


def test_a_row_that_is_edited_and_affected_at_once_is_written_once(world: Session) -> None:
    publish_all(world, *two_reports_of_one_event())
    edited = make_event(1, title="Edited", citations=[make_citation(1, 1), make_citation(2, 2)])
    edition = publish_all(world, make_outlet(2, belongs_to="outlet-1"), edited, why=Why.CORRECTED)
    assert written_in(world, edition) == {"O2": "corrected", "E1": "corrected"}


# What is refused --------------------------------------------------------------------------------------------------


DANGLING: list[tuple[RecordForm, str]] = [
    (make_event(terms=[make_term(code="nowhere")]), "nowhere"),
    (make_event(terms=[make_term(), make_term("paper", "no-such")]), "paper:no-such"),
    (make_event(type="no-such"), "type:no-such"),
    (make_event(citations=[make_citation(source=99)]), "S99"),
    (make_event(citations=[make_citation(chain=[make_step(outlet="no-such")])]), "no-such"),
    (make_event(links=[make_link("E99", "follows")]), "E99"),
    (
        make_event(legal=[{"instrument": "no-such", "relation": "based-on", "reading": "source"}]),
        "instrument:no-such",
    ),
    (make_estimate(event="E99"), "E99"),
    (make_estimate(links=[make_link("M99", "rounds")]), "M99"),
    (make_source(outlet="no-such"), "no-such"),
    (make_source(derived_from=[{"source": "S99", "how": "relay"}]), "S99"),
    (make_source(derived_from=[{"outlet": "no-such", "how": "relay"}]), "no-such"),
    (make_place(1, parent="nowhere"), "nowhere"),
    (make_place(1, regions=["nowhere"]), "nowhere"),
    (make_outlet(1, belongs_to="no-such"), "no-such"),
]


@pytest.mark.parametrize(
    ("form", "missing"), DANGLING, ids=lambda value: value if isinstance(value, str) else ""
)
def test_nothing_published_points_at_something_that_is_not(
    world: Session, form: RecordForm, missing: str
) -> None:
    with pytest.raises(Refused, match=f"names {missing}, which is not in the record"):
        publish_all(world, form)


def test_two_that_name_each_other_are_published_together(world: Session) -> None:
    one, other = (
        make_event(1, links=[make_link("E2", "follows")]),
        make_event(2, links=[make_link("E1", "explains", 2)]),
    )
    assert written_in(world, publish_all(world, one, other)) == {
        "E1": "added",
        "E2": "added",
        "S1": "reindexed",
    }


STILL_NAMED: list[tuple[str, RecordForm]] = [
    ("E2", make_event(1, links=[make_link("E2", "follows")])),
    ("E2", make_estimate(1, event="E2")),
    ("M2", make_estimate(1, links=[make_link("M2", "rounds")], as_of="2010")),
    ("S3", make_event(1, citations=[make_citation(source=3)])),
    ("S3", make_source(1, derived_from=[{"source": "S3", "how": "relay"}])),
    ("O3", make_source(1, outlet="outlet-3")),
    ("O3", make_source(1, derived_from=[{"outlet": "outlet-3", "how": "relay"}])),
    ("O3", make_outlet(1, belongs_to="outlet-3")),
    ("O3", make_event(1, citations=[make_citation(chain=[make_step(outlet="outlet-3")])])),
    ("P4", make_place(1, parent="place-4")),
    ("P4", make_place(1, regions=["place-4"])),
    ("P4", make_event(1, terms=[make_term(), make_term(code="place-4", role="shown-only")])),
    ("P4", make_estimate(1, terms=[make_term(code="place-4")])),
]


@pytest.mark.parametrize(
    ("id", "namer"), STILL_NAMED, ids=lambda value: value if isinstance(value, str) else value.id
)
def test_what_others_still_name_can_not_be_withdrawn(
    world: Session, id: str, namer: RecordForm
) -> None:
    publish_all(world, make_event(2), make_estimate(2), make_outlet(3), make_place(4))
    publish_all(world, make_source(3, outlet="outlet-2"))
    publish_all(world, namer)
    with pytest.raises(Refused, match=f"{namer.id} still names"):
        withdraw(world, id)
    without = {form.id: form for form in [*a_small_world(), make_event(1), make_estimate(1)]}[
        namer.id
    ]
    edition = publish(world, [Approved(without)], withdrawn=[Withdrawal(id, "A mistake.")])
    assert written_in(world, edition)[id] == "withdrawn"


def test_only_measures_have_stages(world: Session) -> None:
    with pytest.raises(Refused, match="only measures have stages"):
        publish_all(
            world, make_event(type="repatriation", stages=[make_stage("planned", "2019-03")])
        )


def test_a_type_whose_events_have_stages_stays_a_measure(world: Session) -> None:
    publish_all(world, make_event(stages=[make_stage("planned", "2019-03")]))
    with pytest.raises(Refused, match="only measures have stages"):
        publish_all(world, make_code(nature="act"))


def test_a_stage_rests_on_a_citation_of_its_event_or_of_a_linked_one(world: Session) -> None:
    with pytest.raises(Refused, match="rests on C9"):
        publish_all(world, make_event(stages=[make_stage("planned", "2019-03", "C9")]))
    rests = make_event(
        1, stages=[make_stage("planned", "2019-03", "C2")], links=[make_link("E2", "follows")]
    )
    publish_all(world, rests, make_event(2))
    with pytest.raises(Refused, match="E1: the stage “planned” rests on C2"):
        publish_all(world, make_event(2, citations=[]))


def test_a_form_without_ids_is_refused(world: Session) -> None:
    with pytest.raises(Refused, match="has no id yet"):
        publish_all(world, make_event(id=""))
    with pytest.raises(Refused, match="E1: a citation or a link has no id yet"):
        publish_all(world, make_event(citations=[make_citation(id="")]))
    with pytest.raises(Refused, match="M1: a citation or a link has no id yet"):
        publish_all(
            world, make_estimate(2), make_estimate(1, links=[make_link("M2", "rounds", id="")])
        )


def test_a_code_never_changes_and_is_never_used_again(world: Session) -> None:
    with pytest.raises(Refused, match="P1: a code never changes"):
        publish_all(world, make_place(1, "another"))
    with pytest.raises(Refused, match="P9: a code never changes"):
        publish_all(world, make_place(9, "place-1"))
    with pytest.raises(Refused, match="O1: a code never changes"):
        publish_all(world, make_outlet(1, "another"))


def test_a_bound_that_the_date_lies_outside_of_is_refused_in_words(world: Session) -> None:
    """The form sees most of these; here the bound ends with the last report, which only the door knows."""
    before_the_bound = make_event(happened="XXXX-05", within="2019-06/..", within_reason="ours")
    with pytest.raises(Refused, match=r"E1: XXXX-05 does not lie within 2019-06/\.\."):
        publish_all(world, before_the_bound)


# Withdrawing and merging ------------------------------------------------------------------------------------------


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
