"""publish(): forms that are refused."""

import re

import pytest
from sqlalchemy.orm import Session

from app.kinds import RecordForm
from app.record.publishing.publish import Approved, Withdrawal, publish
from app.record.publishing.validation import PublishError
from tests.make import (
    a_small_world,
    make_actor,
    make_citation,
    make_code,
    make_estimate,
    make_event,
    make_law,
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
from tests.support.published_rows import refusal, written_in

DANGLING: list[tuple[RecordForm, str]] = [
    (make_event(terms=[make_term(code="nowhere")]), "nowhere"),
    (make_event(terms=[make_term(), make_term("paper", "no-such")]), "paper:no-such"),
    (make_event(type="no-such"), "type:no-such"),
    (make_event(citations=[make_citation(source=99)]), "S99"),
    (make_event(citations=[make_citation(chain=[make_step(outlet="no-such")])]), "no-such"),
    (make_event(links=[make_link("E99", "follows")]), "E99"),
    (
        make_event(legal=[{"instrument": "no-such", "relation": "based-on", "reading": "source"}]),
        "no-such",
    ),
    (make_estimate(event="E99"), "E99"),
    (make_estimate(links=[make_link("M99", "rounds")]), "M99"),
    (make_source(outlet="no-such"), "no-such"),
    (make_source(derived_from=[{"source": "S99", "how": "relay"}]), "S99"),
    (make_source(derived_from=[{"outlet": "no-such", "how": "relay"}]), "no-such"),
    (make_place(1, parent="nowhere"), "nowhere"),
    (make_place(1, regions=["nowhere"]), "nowhere"),
    (make_outlet(1, belongs_to="no-such"), "no-such"),
    (make_event(terms=[make_term(), make_term("actor", "nobody")]), "nobody"),
    (make_actor(1, parent="nobody"), "nobody"),
    (make_law(1, issuer="nobody"), "nobody"),
    (make_place(1, kind="site", operator="nobody"), "nobody"),
]


def test_reference_to_unpublished_record_is_refused(world: Session) -> None:
    for form, missing in DANGLING:
        assert f"names {missing}, which is not in the record" in refusal(world, form), form


CIRCLES: list[tuple[RecordForm, RecordForm]] = [
    (make_place(7, "east", parent="west"), make_place(8, "west", parent="east")),
    (make_place(7, "east", regions=["west"]), make_place(8, "west", parent="east")),
    (make_outlet(7, "desk", belongs_to="house"), make_outlet(8, "house", belongs_to="desk")),
    (
        make_source(7, derived_from=[{"source": "S8", "how": "relay"}]),
        make_source(8, derived_from=[{"source": "S7", "how": "relay"}]),
    ),
    (
        make_code("farms", "sector", successor="fields"),
        make_code("fields", "sector", successor="farms"),
    ),
]


def test_record_above_itself_is_refused(world: Session) -> None:
    for pair in CIRCLES:
        assert re.search(r"would .* its(elf| own successor), through", refusal(world, *pair)), pair


def test_circle_that_a_change_closes_names_the_way(world: Session) -> None:
    publish_all(
        world,
        make_place(7, "plant", kind="site", parent="street"),
        make_place(8, "street", kind="site", parent="quarter"),
        make_place(9, "quarter", kind="site"),
    )
    assert "P9 would be within itself, through plant and street" in refusal(
        world, make_place(9, "quarter", kind="site", parent="plant")
    )


def test_records_that_refer_to_each_other_publish_together(world: Session) -> None:
    one, other = (
        make_event(1, links=[make_link("E2", "follows")]),
        make_event(2, links=[make_link("E1", "explains", 2)]),
    )
    assert written_in(world, publish_all(world, one, other)) == "added E1 E2, reindexed S1"


OUTLET_3 = make_step("other-outlet", outlet="outlet-3")
STILL_NAMED: list[tuple[str, RecordForm]] = [
    ("E2", make_event(1, links=[make_link("E2", "follows")])),
    ("E2", make_estimate(1, event="E2")),
    ("M2", make_estimate(1, links=[make_link("M2", "rounds")], as_of="2010")),
    ("S3", make_event(1, citations=[make_citation(source=3)])),
    ("S3", make_source(1, derived_from=[{"source": "S3", "how": "relay"}])),
    ("O3", make_source(1, outlet="outlet-3")),
    ("O3", make_source(1, derived_from=[{"outlet": "outlet-3", "how": "relay"}])),
    ("O3", make_outlet(1, belongs_to="outlet-3")),
    ("O3", make_event(1, citations=[make_citation(chain=[OUTLET_3])])),
    ("P4", make_place(1, parent="place-4")),
    ("P4", make_place(1, regions=["place-4"])),
    ("P4", make_event(1, terms=[make_term(), make_term(code="place-4", role="shown-only")])),
    ("P4", make_estimate(1, terms=[make_term(code="place-4")])),
]


def test_withdrawal_of_referenced_record_is_refused(world: Session) -> None:
    publish_all(world, make_event(2), make_estimate(2), make_outlet(3), make_place(4))
    publish_all(world, make_source(3, outlet="outlet-2"))
    plain = {form.id: form for form in [*a_small_world(), make_event(1), make_estimate(1)]}
    for id, namer in STILL_NAMED:
        with world.begin_nested() as course:
            publish_all(world, namer)
            with pytest.raises(PublishError, match=f"{namer.id} still names"):
                withdraw(world, id)
            without = [Approved(plain[namer.id])]
            edition = publish(world, without, withdrawn=[Withdrawal(id, "A mistake.")])
            assert f"withdrawn {id}" in written_in(world, edition), namer
            course.rollback()
        world.expire_all()


def test_stages_of_other_types_are_refused(world: Session) -> None:
    assert "so it can only be planned" in refusal(
        world, make_event(type="repatriation", stages=[make_stage("enforced", "2019-03")])
    )


def test_type_with_staged_events_can_not_become_act(world: Session) -> None:
    publish_all(world, make_event(stages=[make_stage("enforced", "2019-03")]))
    assert "so it can only be planned" in refusal(world, make_code(nature="act"))


def test_stage_needs_citation_of_own_or_linked_event(world: Session) -> None:
    assert "cites C9" in refusal(world, make_event(stages=[make_stage("planned", "2019-03", "C9")]))
    rests = make_event(
        1, stages=[make_stage("planned", "2019-03", "C2")], links=[make_link("E2", "follows")]
    )
    publish_all(world, rests, make_event(2))
    assert "E1: the status change “planned” cites C2" in refusal(world, make_event(2, citations=[]))


def test_form_without_ids_is_refused(world: Session) -> None:
    assert "has no id yet" in refusal(world, make_event(id=""))
    assert "E1: a citation or a link has no id yet" in refusal(
        world, make_event(citations=[make_citation(id="")])
    )
    assert "M1: a citation or a link has no id yet" in refusal(
        world, make_estimate(2), make_estimate(1, links=[make_link("M2", "rounds", id="")])
    )


def test_changed_or_reused_code_is_refused(world: Session) -> None:
    assert "P1: a code never changes" in refusal(world, make_place(1, "another"))
    assert "P9: the code “place-1” is that of P1" in refusal(world, make_place(9, "place-1"))
    assert "O1: a code never changes" in refusal(world, make_outlet(1, "another"))


def test_speaker_with_values_of_another_is_not_published(world: Session) -> None:
    chain = [make_step(occasion="regular briefing", named="yes")]
    event = make_event(citations=[make_citation(chain=chain)])
    with pytest.raises(
        PublishError, match="“Outlet's own voice”, which has no Occasion"
    ) as refused:
        publish_all(world, event)
    assert len(refused.value.reasons) == 1, "the form itself empties whether an own voice is named"
