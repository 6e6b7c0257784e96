"""Accepted rows of a sheet become drafts, and what is saved in the forms comes back."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft, DraftState, RevisionCause
from app.desk.draft_form import documents
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import Document
from app.desk.draft_form.private_values import can_see_record
from app.desk.drafts import commands as drafts
from app.desk.drafts import comments
from app.desk.drafts.commands import PostedDraft
from app.desk.drafts.new_from_name import begin_named, named_document
from app.desk.identity.models import Person
from app.desk.sheets import commands
from app.desk.sheets.commands import SheetInvalidError
from app.desk.sheets.models import ReportSheet
from app.desk.sources.sheet_page import row_records, sheet_view
from app.forms import Term
from tests.support.sheets import make_day, make_link, make_row, make_speaker

EVENT = {"statement": "Workers go home.", "type": "repatriation", "when": "2019-03-15"}
ESTIMATE = {
    "statement": "About 300 went.",
    "type": "departures",
    "quantifier": "about",
    "point": "300",
    "population": "workers",
    "when": "2019-03-15",
}


def an_event(key: str = "a1", **changes: Any) -> Document:
    return make_row(key, **{**EVENT, "where": "place-1", **changes})


def an_estimate(key: str = "a2", **changes: Any) -> Document:
    return make_row(key, "estimate", **{**ESTIMATE, "where": "place-1", **changes})


def a_sheet(db: Session, by: Person, *rows: Document, **values: Any) -> ReportSheet:
    """Begin and save the sheet of S7 with these rows."""
    sheet = commands.begin(db, by, "S7")
    document = {**sheet.document, "rows": list(rows), **values}
    commands.save(db, sheet, document, sheet.number, page="p", by=by)
    return sheet


def row_of(sheet: ReportSheet, key: str) -> Document:
    return next(row for row in sheet.document["rows"] if row["row"] == key)


def test_accepted_rows_become_drafts_of_the_report(db: Session, amal: Person) -> None:
    sheet = a_sheet(
        db,
        amal,
        an_event(speaker="A", day="X", certainty="hedged"),
        an_estimate(links=[make_link(relation="of-event", to="a1")]),
        an_event("a3", state="proposed"),
        an_event("a4", state="rejected"),
        speakers=[make_speaker("A")],
        days=[make_day("X", "2019-03-17")],
    )

    event, estimate = commands.make_drafts(db, sheet, amal)

    assert [draft.article for draft in (event, estimate)] == ["S7", "S7"]
    assert row_of(sheet, "a1")["record"] == event.record
    assert event.document["title"] == event.document["summary"] == "Workers go home."
    citation = event.document["citations"][0]
    assert (citation["source"], citation["said"], citation["certainty"]) == (
        "S7",
        "2019-03-17",
        "hedged",
    )
    assert citation["chain"][0]["attribution"] == "anonymous-source"
    assert estimate.document["event"] == event.record
    assert commands.row_errors(db, sheet, amal) == []


def test_second_time_changes_no_draft(db: Session, amal: Person) -> None:
    sheet = a_sheet(db, amal, an_event(step="", links=[make_link(relation="also-said-by")]))
    made = [(draft.id, draft.number) for draft in commands.make_drafts(db, sheet, amal)]

    again = [(draft.id, draft.number) for draft in commands.make_drafts(db, sheet, amal)]

    assert again == made
    assert len(db.get_one(Draft, made[0][0]).document["citations"]) == 2


def test_changed_row_keeps_ids_of_its_citations(db: Session, amal: Person) -> None:
    sheet = a_sheet(db, amal, an_event(step="in-force", type="stay-limit"))
    (draft,) = commands.make_drafts(db, sheet, amal)
    before = draft.document["citations"][0]["id"]
    assert draft.document["stages"][0]["citation"] == before

    second = make_link(relation="also-said-by", speaker="A", statement="A trader says so too.")
    row = {**row_of(sheet, "a1"), "statement": "Workers left.", "links": [second]}
    document = {**sheet.document, "rows": [row], "speakers": [make_speaker("A")]}
    commands.save(db, sheet, document, sheet.number, page="p", by=amal)
    (draft,) = commands.make_drafts(db, sheet, amal)

    first, other = draft.document["citations"]
    assert first["id"] == draft.document["stages"][0]["citation"] == before
    assert (other["paraphrase"], draft.document["title"]) == (
        "A trader says so too.",
        "Workers left.",
    )


def test_row_taken_back_deletes_its_draft_and_restores_it(db: Session, amal: Person) -> None:
    sheet = a_sheet(db, amal, an_event())
    (draft,) = commands.make_drafts(db, sheet, amal)
    for state, expected in (("rejected", DraftState.DELETED), ("accepted", DraftState.DRAFT)):
        rows = [{**row_of(sheet, "a1"), "state": state}]
        commands.save(db, sheet, {**sheet.document, "rows": rows}, sheet.number, page="p", by=amal)
        commands.make_drafts(db, sheet, amal)
        db.refresh(draft)
        assert draft.state == expected


def test_form_of_a_row_is_shown_by_the_sheet_after_saving(db: Session, amal: Person) -> None:
    sheet = a_sheet(db, amal, an_event())
    draft = commands.open_row(db, sheet, "a1", amal)
    citation = {**draft.document["citations"][0], "locator": "lead", "note": "Told by phone."}
    chain = [{**citation["chain"][0], "attribution": "resident", "words": "a cook", "named": "no"}]
    document = {
        **draft.document,
        "summary": "In more words.",
        "attested": "2019-03-15",
        "happened": "",
        "citations": [{**citation, "chain": chain}],
    }
    drafts.save(db, draft, PostedDraft(document, draft.number, "long"), amal)
    # Meanwhile the sheet is changed too.
    row = {**row_of(sheet, "a1"), "type": "stay-limit"}
    commands.save(db, sheet, {**sheet.document, "rows": [row]}, sheet.number, page="p", by=amal)

    commands.refresh(db, sheet, amal)

    row = row_of(sheet, "a1")
    assert (row["statement"], row["summary"]) == ("Workers go home.", "In more words.")
    assert (row["when"], row["when_is"], row["type"]) == ("2019-03-15", "attested", "stay-limit")
    assert row["speaker"] == "A"
    assert sheet.document["speakers"][0]["words"] == "a cook"
    assert "lead" in row["more"]
    assert "phone" not in str(sheet.document)
    (again,) = commands.make_drafts(db, sheet, amal)
    assert again.document["type"] == "stay-limit"
    assert again.document["citations"][0]["locator"] == "lead"
    assert again.document["citations"][0]["note"] == "Told by phone."


def test_citation_row_changes_the_record_that_exists(db: Session, amal: Person) -> None:
    row = make_row("b1", "citation", record="E1", statement="A second source says so.")
    sheet = a_sheet(db, amal, row)

    (draft,) = commands.make_drafts(db, sheet, amal)

    assert [each["source"] for each in draft.document["citations"]] == ["S1", "S7"]
    assert draft.base is not None
    assert (draft.why, draft.reason) == ("sourced", "Another source: S7")
    assert commands.row_errors(db, sheet, amal) == []
    rows = [{**row, "state": "rejected"}]
    commands.save(db, sheet, {**sheet.document, "rows": rows}, sheet.number, page="p", by=amal)
    commands.make_drafts(db, sheet, amal)
    db.refresh(draft)
    assert draft.state == DraftState.DELETED


@pytest.mark.parametrize(
    ("values", "why"),
    [({"stance": "disputes"}, "updated"), ({"step": "in-force"}, "updated"), ({}, "sourced")],
)
def test_source_that_agrees_is_another_source(
    db: Session, amal: Person, values: dict[str, str], why: str
) -> None:
    row = make_row("b1", "citation", record="E1", statement="A second source says so.", **values)
    (draft,) = commands.make_drafts(db, a_sheet(db, amal, row), amal)
    assert draft.why == why


def test_reason_that_was_chosen_before_stays(db: Session, amal: Person) -> None:
    chosen = drafts.begin_to_change(db, amal, "E1", "S7")
    assert chosen is not None
    chosen.why, chosen.reason = "corrected", "The day was wrong."
    row = make_row("b1", "citation", record="E1", statement="A second source says so.")
    (draft,) = commands.make_drafts(db, a_sheet(db, amal, row), amal)
    assert draft is chosen and (draft.why, draft.reason) == ("corrected", "The day was wrong.")


def test_citation_of_a_row_is_in_the_draft_of_that_row(db: Session, amal: Person) -> None:
    sheet = a_sheet(
        db,
        amal,
        an_event(),
        make_row(
            "b1",
            "citation",
            statement="The office denies it.",
            stance="disputes",
            links=[make_link(relation="citation-of", to="a1")],
        ),
    )

    (draft,) = commands.make_drafts(db, sheet, amal)
    commands.refresh(db, sheet, amal)
    (again,) = commands.make_drafts(db, sheet, amal)

    assert [each["stance"] for each in again.document["citations"]] == ["supports", "disputes"]
    assert again.number == draft.number
    assert row_of(sheet, "a1")["links"] == []


def test_report_is_handed_in_as_one(db: Session, amal: Person) -> None:
    sheet = a_sheet(
        db, amal, an_event(), an_estimate(links=[make_link(relation="of-event", to="a1")])
    )

    handed_in = commands.hand_in(db, sheet, amal)

    assert [draft.state for draft in handed_in] == [DraftState.IN_REVIEW] * 2


def test_outlet_of_another_person_is_submitted_by_that_person(
    db: Session, amal: Person, chidi: Person
) -> None:
    """Whether it is finished knows who drafted it."""
    document = named_document("outlet", "Harbour Echo")[1] | {"kind": "newspaper"}
    own = begin_named(db, amal, "outlet", "Border Post", "S7")
    outlet = drafts.begin(db, chidi, "k", "O", document=document, article="S7")
    sheet = a_sheet(db, amal, an_event())

    errors = commands.errors_beside_rows(db, sheet, amal)
    assert errors and all(each.message.startswith(own.record) for each in errors)
    assert commands.unsubmitted_of_others(db, sheet, amal) == [outlet]
    drafts.move(db, own, amal, drafts.DELETE)
    (handed_in,) = commands.hand_in(db, sheet, amal)

    assert (handed_in.kind, outlet.state) == ("E", DraftState.DRAFT)
    (words,) = sheet_view(db, amal, "S7", page="p", sheet=sheet).waiting
    assert words == (
        f"Harbour Echo ({outlet.record}) is not submitted with this report: Chidi has to submit it."
    )
    drafts.move(db, outlet, chidi, drafts.SUBMIT)
    assert commands.unsubmitted_of_others(db, sheet, amal) == []


def test_errors_name_row_and_field(db: Session, amal: Person) -> None:
    sheet = a_sheet(
        db,
        amal,
        an_event(when="tomorrow or so", type=""),
        an_estimate(point="", links=[make_link("c1", relation="rounds", to="M99")]),
        an_event("a3", speaker="A", links=[make_link("c2", relation="also-said-by", speaker="Q")]),
        make_row("b1", "citation", record="E99", statement="It says so."),
    )

    with pytest.raises(SheetInvalidError) as refused:
        commands.hand_in(db, sheet, amal)

    found = {(error.number, error.field) for error in refused.value.errors}
    assert found >= {
        (1, "when"),
        (1, "type"),
        (2, "links.0.to"),
        (3, "speaker"),
        (3, "links.0.speaker"),
        (4, "record"),
    }
    assert {error.number for error in commands.row_errors(db, sheet, amal)} == {1, 2, 3, 4}
    states = [draft.state for draft in commands.make_drafts(db, sheet, amal)]
    assert states == [DraftState.DRAFT] * 3


def test_what_only_a_trial_publication_finds_is_named_with_its_row(
    db: Session, amal: Person
) -> None:
    unknown = documents.blank_row(Term, key="sector", code="unheard-of", role="target")
    sheet = a_sheet(db, amal, an_event(), an_estimate(terms=[unknown]))

    with pytest.raises(SheetInvalidError) as refused:
        commands.hand_in(db, sheet, amal)

    assert commands.row_errors(db, sheet, amal) == []
    (error,) = commands.errors_of_submission(db, sheet, amal)
    assert (error.number, "unheard-of" in error.message) == (2, True)
    assert refused.value.errors == [error]


def test_second_report_is_cited_while_the_first_is_in_review(
    db: Session, amal: Person, basma: Person
) -> None:
    other = drafts.begin_to_change(db, basma, "E1", "S2")
    assert other is not None
    drafts.move(db, other, basma, drafts.SUBMIT)
    cited = make_row("b1", "citation", record="E1", statement="A second source says so.")

    (handed_in,) = commands.hand_in(db, a_sheet(db, amal, cited), amal)

    assert (handed_in.record, handed_in.article) == ("E1", "S7")
    assert handed_in.id != other.id


def test_row_waits_for_a_record_that_another_contributor_writes(
    db: Session, amal: Person, chidi: Person
) -> None:
    new = drafts.begin(db, amal, "k", "E")
    cited = make_row("b1", "citation", record=new.record, statement="A second source says so.")
    sheet = a_sheet(db, chidi, an_event(), cited)

    (handed_in,) = commands.hand_in(db, sheet, chidi)

    assert handed_in.record == row_of(sheet, "a1")["record"]
    (error,) = commands.row_errors(db, sheet, chidi)
    assert (error.number, error.is_waiting) == (2, True)


def test_drafts_written_in_forms_get_rows(db: Session, amal: Person) -> None:
    sheet = a_sheet(db, amal, an_event(), an_estimate())
    made = commands.make_drafts(db, sheet, amal)
    for draft in made:
        drafts.next_revision(db, draft, amal, RevisionCause.SAVED, sheet="")
    drafts.begin(db, amal, "opened, nothing typed", "E", article="S7")
    db.delete(sheet)
    db.flush()
    db.expunge_all()

    shown = commands.unsaved(db, amal, "S7")
    again = commands.begin(db, amal, "S7")
    commands.refresh(db, again, amal)

    assert len(shown.document["rows"]) == len(again.document["rows"])
    rows = again.document["rows"]
    assert sorted(row["record"] for row in rows) == sorted(draft.record for draft in made)
    assert {row["statement"] for row in rows} == {"Workers go home.", "About 300 went."}
    drafts_again = commands.make_drafts(db, again, amal)
    assert {(draft.id, draft.number) for draft in drafts_again} == {
        (draft.id, draft.number) for draft in made
    }


def test_row_takes_no_record_of_others(db: Session, amal: Person, chidi: Person) -> None:
    """Who drafts a record sees its private values, also those that others write later."""
    other = drafts.begin(db, amal, "k", "E")
    never_issued = "E99999"
    sheet = a_sheet(db, chidi, an_event(record=other.record), an_event("a2", record=never_issued))

    made = {draft.record for draft in commands.make_drafts(db, sheet, chidi)}

    assert made == {row_of(sheet, key)["record"] for key in ("a1", "a2")}
    assert len(made - {other.record, never_issued}) == 2
    assert not can_see_record(db, chidi, other.record)
    assert not can_see_record(db, chidi, never_issued)


def test_deleted_draft_of_another_stays_deleted(db: Session, basma: Person, chidi: Person) -> None:
    other = drafts.begin(db, basma, "k", "E", article="S7")
    drafts.move(db, other, basma, drafts.DELETE)
    sheet = a_sheet(db, chidi, an_event(record=other.record))

    assert commands.make_drafts(db, sheet, chidi) == []

    db.refresh(other)
    assert other.state == DraftState.DELETED


def test_comment_on_hidden_field_is_masked_on_the_sheet(
    db: Session, basma: Person, chidi: Person
) -> None:
    draft = drafts.begin_to_change(db, chidi, "E1", "S7")
    assert draft is not None
    comments.comment(db, draft, basma, "Not so: a secret.", place="note")
    document = {"source": "S7", "rows": [{"record": "E1"}]}

    words = [
        row_records(db, Catalogue(db, person), document)["E1"].comments[0].words
        for person in (chidi, basma)
    ]

    assert words == ["About a private field that is hidden from you.", "Not so: a secret."]
