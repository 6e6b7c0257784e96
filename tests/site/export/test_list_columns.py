"""Columns read fields that the forms have, with the defaults of the forms."""

from typing import Any

from app.kinds import FORMS, KIND, LawForm, RecordForm, SourceForm, is_private
from app.kinds.base import F, Line
from app.record.derivation.rows import derive_row
from app.record.sql.rows import FileRow
from app.site.export.columns import COLUMNS, columns, row_as_json
from app.vocabulary.events import EventLink
from tests.make import (
    a_context,
    a_small_world,
    make_actor,
    make_estimate,
    make_event,
    make_law,
    make_link,
    make_page,
    make_source,
    make_stage,
    make_term,
)


class ReadFields(dict[str, Any]):
    """A stored form that records which fields are read, and with which defaults."""

    def __init__(self, form: dict[str, Any]) -> None:
        super().__init__(form)
        self.defaults: list[tuple[str, Any]] = []

    def get(self, name: str, default: Any = None) -> Any:
        self.defaults.append((name, default))
        return super().get(name, default)


def row_of(form: RecordForm, *others: RecordForm) -> dict[str, Any]:
    derived = derive_row(form, a_context(*a_small_world(), form, *others))
    row = FileRow(form.id, derived.payload, derived.sort_day, None, 1, 1)
    return row_as_json(KIND[type(form)], row)


def test_columns_read_public_fields_with_their_defaults() -> None:
    named: list[RecordForm] = [make_actor(), make_law(), make_page()]
    world = [*a_small_world(), *named, make_event(), make_estimate()]
    for kind in COLUMNS:
        form = next(form for form in world if KIND[type(form)] == kind)
        payload = dict(derive_row(form, a_context(*world)).payload)
        stored = payload["form"] = ReadFields(payload["form"])
        row_as_json(kind, FileRow("", payload, None, None, 1, 1))
        assert stored.defaults, kind
        for name, default in stored.defaults:
            if name in FORMS[kind].FORMER:
                continue
            field = FORMS[kind].model_fields[name]
            assert not is_private(field), name
            assert field.is_required() or (field.get_default() or "") == (default or ""), name


def test_new_field_is_the_last_column_of_its_kind() -> None:
    class WithMore(LawForm):
        secret: Line = F("Secret", "", "", private=True)
        elsewhere: Line = F("Elsewhere", "", "", listed=False)
        more: Line = F("More", "", "")

    names = [column.name for column in columns(WithMore, "id code name kind")]
    assert names[:4] == ["id", "code", "name", "kind"] and names[-1] == "more"
    assert not {"note", "secret", "elsewhere", "articles"} & {*names}


def test_column_of_a_former_field_is_filled_in_past_editions_only() -> None:
    source = make_source()
    for past, expected in (
        ({}, ("", "")),
        ({"rights": "free", "published_text": "May"}, ("free", "May")),
    ):
        payload = dict(derive_row(source, a_context(*a_small_world())).payload)
        payload["form"] |= past
        row = row_as_json(KIND[SourceForm], FileRow("", payload, None, None, 1, 1))
        assert (row["rights"], row["published_as_printed"]) == expected


def test_event_columns_say_what_a_form_has_in_rows() -> None:
    terms = [
        make_term("nationality", "kp", printed="women from there"),
        make_term("nationality", "", printed="African countries", number=25),
        make_term("group", "women-workers", printed="of twelve of them", number=12),
        make_term("sector", "manufacturing", "exempt", printed="plants"),
        make_term(printed="the town"),
    ]
    stages = [
        make_stage("announced", "2023-09-27", planned_for="2023-11-27"),
        make_stage("in-force", "2023-11-27", valid_until="2024-05-27"),
    ]
    links = [
        make_link("E3", EventLink.FOLLOWS, 1, citation="C1"),
        make_link("E2", EventLink.IMPLEMENTS, 2),
    ]
    event = make_event(1, terms=terms, stages=stages, links=links)
    plan = make_event(2, stages="planned 2019-05-01")
    assert row_of(plan, event, make_event(3))["carried_out_by"] == ["E1"]
    row = row_of(event, plan, make_event(3))
    assert row["links_ours"] == ["implements:E2"]
    assert row["planned_for"] == ["announced:2023-11-27:C1"]
    assert row["stated_ends"] == ["in-force:2024-05-27:C1"]
    assert row["covered_words"] == [
        "nationality:kp:women from there",
        "group:women-workers:of twelve of them",
    ]
    assert row["term_numbers"] == ["nationality:African countries:25", "group:women-workers:12"]


def test_earliest_day_is_no_day_on_or_before_which() -> None:
    for form, earliest in (
        (make_event(happened="[..2017-05-30]"), None),
        (make_event(happened="[2014-03..2014-04]"), "2014-03-01"),
        (make_event(happened="2017-05~"), "2017-05-01"),
        (make_estimate(as_of="[..2017-08-10]"), None),
        (make_estimate(as_of="2017-08-10"), "2017-08-10"),
    ):
        assert row_of(form)["earliest"] == earliest, form
