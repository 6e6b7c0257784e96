"""Which group a rule falls into on the page of what applies."""

from datetime import date
from typing import Any

from app.record.rules.reported_status import status_on
from app.record.rules.rule_groups import concerns, is_general, rule_group
from tests.make import cited, make_code, make_event, payload_of, stages
from tests.support.tables import failing

SAID = "S1 (said=2026-05-31)"
HEDGED = "S1 (said=2026-05-31, certainty=hedged, certainty_text=may)"
DENIED, OTHER_DATE = (
    f"{SAID}; S2 (said=2026-05-31, stance=disputes, kind={kind})" for kind in ("occurrence", "date")
)


def group(steps: str, said: str = SAID, is_reversed: bool = False, **changes: Any) -> Any:
    values = {"stages": stages(steps), "happened": "2016", "citations": cited(said)} | changes
    made = payload_of(make_event(**values), make_code("a-decree", is_law=True))
    on = date(2026, 6, 1)
    found = status_on(made, on, is_law=changes.get("type") == "a-decree")
    return found and rule_group(made, found, on, is_reversed=is_reversed)


def test_group_of_a_rule() -> None:
    cases = [
        ("in-force 2026-01", SAID, "in-force"),
        ("in-force 2023-01", SAID, "older"),
        # An announcement is of the rule itself; for a later time, it is a plan until a report.
        ("announced 2026-01", SAID, "in-force"),
        ("announced 2026-01-10 (planned_for=2026-07)", SAID, "planned"),
        ("planned 2026-01", SAID, "planned"),
        # Who doubts that there is such a rule, or whom it covers.
        ("in-force 2026-01", HEDGED, "unclear"),
        ("in-force 2023-01", HEDGED, "older"),
        ("in-force 2026-01", DENIED, "unclear"),
        ("in-force 2026-01", OTHER_DATE, "in-force"),
        ("in-force 2020-01, not-enforced 2026-01", SAID, "unclear"),
        # An end or easing does not grow old.
        ("in-force 2016-01, eased 2017-01", SAID, "ended"),
        ("enforced 2016-01, no-longer 2017-01", SAID, "ended"),
        ("in-force 2020-01 (valid_until=2020-12-31)", SAID, "ended"),
        # A single act is no rule; what is of a later day is not known yet.
        ("done 2026-01", SAID, None),
        ("in-force 2026-07", SAID, None),
    ]
    assert failing(cases, group) == []
    assert group("not-enforced 2026-01", direction="eases") == "in-force"
    assert group("in-force 2016-01", is_reversed=True) == "ended"
    # A law needs no newer report.
    laws = [
        ("in-force 2017-01", SAID, "in-force"),
        ("announced 2017-01", SAID, "older"),
        ("in-force 2017-01, ended 2018-01", SAID, "ended"),
        ("in-force 2017-01", HEDGED, "unclear"),
    ]
    assert failing(laws, lambda *case: group(*case, type="a-decree")) == []


def test_rule_concerns_the_nationalities_that_it_names() -> None:
    def of(
        text: str, is_any: bool = False, type_: str = "stay-limit", test: Any = concerns
    ) -> bool:
        named = "any" if is_any else None
        event = make_event(terms=f"place{text}", no_nationality=named, type=type_)
        found: bool = test(event.model_dump(mode="json", exclude_defaults=True), ["kp"])
        return found

    assert of("; nationality kp")
    for text in ("", "; nationality ph", "; nationality kp (role=exempt)"):
        assert not of(text)
    # Nobody says whether these people are among foreigners of any nationality.
    assert not of("", is_any=True)
    assert of("; paper student", is_any=True, test=is_general)
    assert of("; paper student; nationality ph (role=exempt)", test=is_general)
    for text in ("nationality kp", "nationality ph", "nationality kp (role=exempt)"):
        assert not of(f"; paper student; {text}", test=is_general)
    assert not of("", is_any=True, type_="import-detention", test=is_general)
    assert not of("; nationality kp", type_="import-detention")
