"""publish(): forms that are refused."""

import re
from collections.abc import Sequence

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
    make_page,
    make_place,
    make_source,
    make_step,
    publish_all,
    withdraw,
)
from tests.support.published_rows import refusal, written_in

DANGLING: list[tuple[RecordForm, str]] = [
    (make_event(terms="place nowhere"), "nowhere"),
    (make_event(terms="place; paper no-such"), "paper:no-such"),
    (make_event(terms="place; actor nobody"), "nobody"),
    (make_event(type="no-such"), "type:no-such"),
    (make_event(citations="S99"), "S99"),
    (make_event(citations=[make_citation(chain=[make_step(outlet="no-such")])]), "no-such"),
    (make_event(links="E99 follows"), "E99"),
    (make_event(legal=[{"instrument": "x", "relation": "based-on", "reading": "source"}]), "x"),
    (make_estimate(event="E99"), "E99"),
    (make_estimate(links="M99 rounds"), "M99"),
    (make_source(outlet="no-such"), "no-such"),
    (make_source(derived_from=[{"source": "S99", "how": "relay"}]), "S99"),
    (make_source(derived_from=[{"outlet": "no-such", "how": "relay"}]), "no-such"),
    (make_place(1, parent="nowhere"), "nowhere"),
    (make_place(1, regions=["nowhere"]), "nowhere"),
    (make_place(1, kind="site", operator="nobody"), "nobody"),
    (make_outlet(1, belongs_to="no-such"), "no-such"),
    (make_actor(1, parent="nobody"), "nobody"),
    (make_law(1, issuer="nobody"), "nobody"),
    (make_page(body="Read [this](E9)."), "E9"),
    (make_page(marks=[{"event": "E9", "label": "Nothing"}]), "E9"),
    (make_page(places=["nowhere"]), "nowhere"),
]
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
REFUSED: list[tuple[Sequence[RecordForm], str]] = [
    *(([form], f"names {missing}, which is not in the record") for form, missing in DANGLING),
    *((pair, "would .* its(elf| own successor)") for pair in CIRCLES),
    (
        [make_event(type="repatriation", stages="enforced 2019-03")],
        "so it can only be planned",
    ),
    ([make_event(stages="planned 2019-03 C9")], "cites C9"),
    ([make_event(id="")], "has no id yet"),
    (
        [make_event(citations=[make_citation(id="")])],
        "E1: a citation or a link has no id yet",
    ),
    (
        [make_estimate(2), make_estimate(1, links=[make_link("M2", "rounds", id="")])],
        "M1: a citation or a link has no id yet",
    ),
    ([make_place(1, "another")], "P1: a code never changes"),
    ([make_place(9, "place-1")], "P9: the code “place-1” is that of P1"),
    ([make_outlet(1, "another")], "O1: a code never changes"),
]


def test_form_that_contradicts_the_record_is_refused(world: Session) -> None:
    for forms, words in REFUSED:
        assert re.search(words, refusal(world, *forms)), words


def test_records_that_refer_to_each_other_publish_together(world: Session) -> None:
    one, other = (
        make_event(1, links="E2 follows"),
        make_event(2, links="L2 E1 explains"),
    )
    assert written_in(world, publish_all(world, one, other)) == "added E1 E2, reindexed S1"


OUTLET_3 = make_step("other-outlet", outlet="outlet-3")
STILL_NAMED: list[tuple[str, RecordForm]] = [
    ("E2", make_event(1, links="E2 follows")),
    ("E2", make_estimate(1, event="E2")),
    ("M2", make_estimate(1, links="M2 rounds", as_of="2010")),
    ("S3", make_event(1, citations="S3")),
    ("S3", make_source(1, derived_from=[{"source": "S3", "how": "relay"}])),
    ("O3", make_source(1, outlet="outlet-3")),
    ("O3", make_source(1, derived_from=[{"outlet": "outlet-3", "how": "relay"}])),
    ("O3", make_outlet(1, belongs_to="outlet-3")),
    ("O3", make_event(1, citations=[make_citation(chain=[OUTLET_3])])),
    ("P4", make_place(1, parent="place-4")),
    ("P4", make_place(1, regions=["place-4"])),
    ("P4", make_event(1, terms="place; place place-4 (role=shown-only)")),
    ("P4", make_estimate(1, terms="place place-4")),
    ("E2", make_page(body="Read [this](E2).")),
    ("E2", make_page(marks=[{"event": "E2", "label": "A rule"}])),
]


def test_withdrawal_of_referenced_record_is_refused(world: Session) -> None:
    publish_all(world, make_event(2), make_estimate(2), make_outlet(3), make_place(4))
    publish_all(world, make_source(3, outlet="outlet-2"))
    others = make_event(1), make_estimate(1), make_page()
    plain = {form.id: form for form in (*a_small_world(), *others)}
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


def test_type_with_staged_events_can_not_become_act(world: Session) -> None:
    publish_all(world, make_event(stages="enforced 2019-03"))
    assert "so it can only be planned" in refusal(world, make_code(nature="act"))


def test_stage_needs_citation_of_own_or_linked_event(world: Session) -> None:
    rests = make_event(stages="planned 2019-03 C2", links="E2 follows")
    publish_all(world, rests, make_event(2))
    assert "E1: the status change “planned” cites C2" in refusal(world, make_event(2, citations=[]))


def test_speaker_with_values_of_another_is_not_published(world: Session) -> None:
    chain = [make_step(occasion="regular briefing", named="yes")]
    event = make_event(citations=[make_citation(chain=chain)])
    with pytest.raises(
        PublishError, match="“Outlet's own voice”, which has no Occasion"
    ) as refused:
        publish_all(world, event)
    assert len(refused.value.reasons) == 1, "the form itself empties whether an own voice is named"
