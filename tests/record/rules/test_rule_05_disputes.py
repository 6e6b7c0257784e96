"""Disputed fields, citations to confirm again after an edit, contradictions (rules 5, 13, 14)."""

from sqlalchemy.orm import Session

from app.record.rules.independence import citations_to_reconfirm, disputed_fields
from app.vocabulary.support import Disputed
from tests.make import (
    a_small_world,
    cited,
    facts_of,
    fields,
    make_citation,
    make_estimate,
    make_event,
    payload_of,
    publish_all,
)
from tests.support.record_queries import counted, ids
from tests.support.tables import differing


def test_disputed_fields_by_citations() -> None:
    disputes = "S1 (stance=disputes, kind={})".format
    fields = {
        # Each kind of citation disputes a field, unless it names another one.
        **{
            disputes(kind): [(field, ["C1"])]
            for field, kinds in (
                ("occurrence", "occurrence effect statement forecast"),
                ("date", "date"),
                ("number", "number"),
                ("scope", "scope legal"),
                ("cause", "cause context"),
            )
            for kind in kinds.split()
        },
        **{disputes(f"occurrence, field={field}"): [(field, ["C1"])] for field in Disputed},
        # Other stances and statements dispute nothing: who could not verify it, who denies another
        # citation, who retracts the dispute, and who has another value.
        "S1": [],
        "S1 (stance=mentions)": [],
        "S1 (stance=disputes, about=C2); S1": [],
        "S1 (stance=disputes); S1 (stance=withdraws, about=C1)": [],
        "S1 (field=date, value=2019-05, differs=rival)": [],
        # In the order of the codebook.
        f"{disputes('cause')}; {disputes('occurrence')}; S2 (stance=disputes, kind=statement)": [
            ("occurrence", ["C2", "C3"]),
            ("cause", ["C1"]),
        ],
    }
    assert differing(lambda text: [*disputed_fields(cited(text)).items()], fields) == {}
    said = [make_citation(401, kind="number", stance="disputes")]
    assert payload_of(make_estimate(citations=said))["disputed"] == {"number": ["C401"]}


def test_events_are_found_by_disputed_field(desk: Session) -> None:
    denied = make_event(1, citations="S1; S2 (stance=disputes)")
    dated = make_event(2, citations="C3 S1; C4 S2 (stance=disputes, kind=date)")
    publish_all(desk, *a_small_world(), denied, dated, make_event(3, citations="C5 S1"))
    assert ids(desk, "disputed=occurrence") == ["E1"]
    assert ids(desk, "disputed=occurrence&disputed=date") == ["E1", "E2"]
    assert ids(desk, "disputed=none") == ["E3"]
    assert counted(desk).facets["disputed"] == {"occurrence": 1, "date": 1, "none": 1}


def test_edit_of_cited_fields_lists_citations() -> None:
    """Rule 13."""
    before = make_event(citations="S1; S2")
    edits = {
        "title=Another title": True,
        "happened=2019-07": True,
        "deadline=2019-06-30": True,
        "type=repatriation": True,
        "terms=place province-2": True,
        "terms=place; paper student": True,
        "terms=place; paper student (role=exempt)": True,
        "": False,
        "summary=Said better.": False,
        "slug=a-name": False,
        "happened_text=in mid-June": False,
        "links=E2 follows": False,
        "note=For the desk.": False,
    }

    def is_listed(edit: str) -> bool:
        after = make_event(citations=before.citations, **fields(edit))
        return citations_to_reconfirm(before, after) == ["C1", "C2"]

    assert differing(is_listed, edits) == {}
    # New and removed citations are not listed.
    after = make_event(title="Another title", citations="C2 S2; C3 S1")
    assert citations_to_reconfirm(before, after) == ["C2"]


def test_contradicts_link_and_dispute_are_independent() -> None:
    """Rule 14."""
    ours = make_event(1, links="E2 contradicts (reason=Both name the same day.)")
    theirs = make_event(2, citations="S1; S2 (stance=disputes)")
    assert facts_of(ours, theirs).disputed == {}
    assert facts_of(theirs, ours).disputed == {"occurrence": ["C3"]}
