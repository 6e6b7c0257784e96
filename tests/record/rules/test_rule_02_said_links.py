"""A link names the citation whose source says so, or is our reading (rule 2)."""

from typing import Any, cast

import pytest
from pydantic import ValidationError

from app.record.derivation.rows import derive_row
from app.record.payloads import EventPayload
from app.record.rules.reported_status import is_our_reading
from tests.make import a_context, a_small_world, make_citation, make_event, make_link, make_stage


@pytest.mark.parametrize(
    ("link", "citations", "is_ours"),
    [
        ({}, [make_citation(2)], True),
        ({"citation": "C2"}, [make_citation(2)], False),
        ({"citation": "C2", "reason": "In part only."}, [make_citation(2)], False),
        ({}, [make_citation(2), make_citation(3, about="L2", kind="context")], False),
        (
            {"reason": "By the order of events."},
            [make_citation(2), make_citation(3, about="L2", kind="context")],
            True,
        ),
    ],
)
def test_link_with_a_citation_is_not_our_reading(
    link: dict[str, Any], citations: list[Any], is_ours: bool
) -> None:
    plan = make_event(1, stages=[make_stage("planned", "2019-05-01")])
    links = [make_link("E1", "implements", 2, **link)]
    carrier = make_event(2, links=links, citations=citations)
    context = a_context(*a_small_world(), plan, carrier)
    payload = cast(EventPayload, derive_row(carrier, context).payload)
    assert is_our_reading(payload, "L2") is is_ours
    [carried] = derive_row(plan, context).payload["carried_out_by"]
    assert carried["is_ours"] is is_ours


@pytest.mark.parametrize(
    ("cited", "refused"),
    [
        ("C9", "the link to E1 cites C9, which is no citation here; choose one of C2"),
        ("C3", "the link to E1 cites C3, which does not support it"),
    ],
)
def test_link_rests_on_a_supporting_citation_of_its_event(cited: str, refused: str) -> None:
    with pytest.raises(ValidationError, match=refused):
        make_event(
            2,
            links=[make_link("E1", "reverses", citation=cited)],
            citations=[make_citation(2), make_citation(3, stance="disputes")],
        )
