"""Which group a rule falls into on the page of what applies."""

from datetime import date
from functools import partial
from typing import Any, cast

from app.record.derivation.rows import derive_row
from app.record.payloads import EventPayload
from app.record.rules.reported_status import status_on
from app.record.rules.rule_groups import concerns, is_general, rule_group
from tests.make import (
    a_context,
    a_small_world,
    make_citation,
    make_code,
    make_event,
    make_stage,
    make_term,
)
from tests.support.notation import stages

IN_FORCE, UNCLEAR, ENDED, OLDER, PLANNED = "in-force", "unclear", "ended", "older", "planned"
LATER = make_stage("announced", "2026-01-10", planned_for="2026-07")


def payload(event: Any) -> EventPayload:
    world = a_small_world(), make_code("a-decree", is_law=True), make_code("tolerance")
    forms = [*world[0], *world[1:], event]
    return cast(EventPayload, derive_row(event, a_context(*forms)).payload)


cited = partial(make_citation, said="2026-05-31")


def group(steps: Any, on: str = "2026-06-01", *, is_reversed: bool = False, **changes: Any) -> Any:
    written = stages(steps) if isinstance(steps, str) else [steps]
    values = {"stages": written, "happened": "2016", "citations": [cited()]} | changes
    made = payload(make_event(**values))
    found = status_on(made, date.fromisoformat(on), is_law=changes.get("type") == "a-decree")
    return found and rule_group(made, found, date.fromisoformat(on), is_reversed=is_reversed)


def test_group_of_a_rule() -> None:
    doubt: dict[str, Any] = {"certainty": "hedged", "certainty_text": "may"}
    denied = cited(2, 2, stance="disputes", kind="occurrence")
    cases: list[tuple[Any, dict[str, Any], str | None]] = [
        ("in-force 2026-01", {}, IN_FORCE),
        ("in-force 2023-01", {}, OLDER),
        # An announcement is of the rule itself; for a later time, it is a plan until a report.
        ("announced 2026-01", {}, IN_FORCE),
        (LATER, {}, PLANNED),
        ("planned 2026-01", {}, PLANNED),
        # A law needs no newer report.
        ("in-force 2017-01", {"type": "a-decree"}, IN_FORCE),
        ("announced 2017-01", {"type": "a-decree"}, OLDER),
        ("in-force 2017-01, ended 2018-01", {"type": "a-decree"}, ENDED),
        ("in-force 2017-01", {"type": "a-decree", "citations": [cited(**doubt)]}, UNCLEAR),
        # Who doubts that there is such a rule, or whom it covers.
        ("in-force 2026-01", {"citations": [cited(**doubt)]}, UNCLEAR),
        ("in-force 2023-01", {"citations": [cited(**doubt)]}, OLDER),
        ("in-force 2026-01", {"citations": [cited(), denied]}, UNCLEAR),
        (
            "in-force 2026-01",
            {"citations": [cited(), cited(2, 2, stance="disputes", kind="date")]},
            IN_FORCE,
        ),
        ("in-force 2020-01, not-enforced 2026-01", {}, UNCLEAR),
        ("not-enforced 2026-01", {"direction": "eases"}, IN_FORCE),
        # An end or easing does not grow old.
        ("in-force 2016-01, eased 2017-01", {}, ENDED),
        ("enforced 2016-01, no-longer 2017-01", {}, ENDED),
        (make_stage("in-force", "2020-01", valid_until="2020-12-31"), {}, ENDED),
        ("in-force 2016-01", {"is_reversed": True}, ENDED),
        # A single act is no rule; what is of a later day is not known yet.
        ("done 2026-01", {}, None),
        ("in-force 2026-07", {}, None),
    ]
    faults = [
        (steps, changes, found, expected)
        for steps, changes, expected in cases
        if (found := group(steps, **changes)) != expected
    ]
    assert not faults


def test_rule_concerns_the_nationalities_that_it_names() -> None:
    north_korean, student = make_term("nationality", "kp"), make_term("paper", "student")

    def of(
        *terms: Any, any_: bool = False, type_: str = "stay-limit", test: Any = concerns
    ) -> bool:
        event = make_event(
            terms=[make_term(), *terms], no_nationality="any" if any_ else None, type=type_
        )
        found: bool = test(event.model_dump(mode="json", exclude_defaults=True), ["kp"])
        return found

    assert of(north_korean)
    assert not of(make_term("nationality", "ph"))
    assert not of(make_term("nationality", "kp", "exempt"))
    assert not of()
    # Nobody says whether these people are among foreigners of any nationality.
    assert not of(any_=True)
    assert of(student, any_=True, test=is_general)
    assert of(student, make_term("nationality", "ph", "exempt"), test=is_general)
    for term in (
        north_korean,
        make_term("nationality", "ph"),
        make_term("nationality", "kp", "exempt"),
    ):
        assert not of(student, term, test=is_general)
    assert not of(any_=True, type_="import-detention", test=is_general)
    assert not of(north_korean, type_="import-detention")
