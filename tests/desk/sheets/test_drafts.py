"""Rows of a sheet become drafts, and what is saved in the forms comes back."""

import pytest
from sqlalchemy.orm import Session

from app import documents
from app.desk.approved.draft_models import Draft, DraftState, RevisionCause
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.private_values import can_see_record
from app.desk.drafts import commands as drafts
from app.desk.drafts import comments
from app.desk.drafts.commands import PostedDraft
from app.desk.drafts.new_from_name import begin_named, named_document
from app.desk.identity.models import Person
from app.desk.sheets import commands
from app.desk.sheets.commands import SheetInvalidError
from app.desk.sources.sheet_page import row_records, sheet_view
from app.kinds import Term
from tests.desk.sheets.conftest import Enter
from tests.support.sheets import (
    an_estimate,
    an_event,
    make_day,
    make_link,
    make_row,
    make_speaker,
)

OF_EVENT = make_link(relation="of-event", to="a1")
SAYS_SO = "A second source says so."


def test_rows_become_drafts_of_the_report(enter: Enter) -> None:
    entered = enter(
        an_event(speaker="A", day="X", certainty="hedged"),
        an_estimate(links=[OF_EVENT]),
        speakers=[make_speaker("A")],
        days=[make_day("X", "2019-03-17")],
    )

    event, estimate = entered.make_drafts()

    assert [draft.article for draft in (event, estimate)] == ["S7", "S7"]
    assert entered.row("a1")["record"] == event.record
    assert event.document["title"] == event.document["summary"] == "Workers go home."
    citation = event.document["citations"][0]
    said = citation["source"], citation["said"], citation["certainty"]
    assert said == ("S7", "2019-03-17", "hedged")
    assert citation["chain"][0]["attribution"] == "anonymous-source"
    assert estimate.document["event"] == event.record
    assert entered.errors() == []
    assert [draft.state for draft in entered.hand_in()] == [DraftState.IN_REVIEW] * 2


def test_changed_row_keeps_drafts_and_ids_of_its_citations(enter: Enter) -> None:
    entered = enter(an_event(step="in-force", type="stay-limit"))
    (draft,) = entered.make_drafts()
    number, before = draft.number, draft.document["citations"][0]["id"]
    assert [(each.id, each.number) for each in entered.make_drafts()] == [(draft.id, number)]
    assert draft.document["stages"][0]["citation"] == before

    second = make_link(relation="also-said-by", speaker="A", statement="A trader says so too.")
    row = {**entered.row("a1"), "statement": "Workers left.", "links": [second]}
    entered.save(row, speakers=[make_speaker("A")])
    (draft,) = entered.make_drafts()

    first, other = draft.document["citations"]
    assert first["id"] == draft.document["stages"][0]["citation"] == before
    found = other["paraphrase"], draft.document["title"]
    assert found == ("A trader says so too.", "Workers left.")
    # Removed, its draft is deleted, and restored with it.
    row = entered.row("a1")
    for rows, expected in (([], DraftState.DELETED), ([row], DraftState.DRAFT)):
        entered.save(*rows)
        commands.refresh(entered.db, entered.sheet, entered.by)
        assert entered.sheet.document["rows"] == rows
        entered.make_drafts()
        entered.db.refresh(draft)
        assert draft.state == expected


def test_form_of_a_row_is_shown_by_the_sheet_after_saving(enter: Enter) -> None:
    entered = enter(an_event())
    db, amal = entered.db, entered.by
    draft = commands.open_row(db, entered.sheet, "a1", amal)
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
    entered.save({**entered.row("a1"), "type": "stay-limit"})

    commands.refresh(db, entered.sheet, amal)

    row = entered.row("a1")
    assert (row["statement"], row["summary"]) == ("Workers go home.", "In more words.")
    assert (row["when"], row["when_is"], row["type"]) == ("2019-03-15", "attested", "stay-limit")
    assert row["speaker"] == "A"
    assert entered.sheet.document["speakers"][0]["words"] == "a cook"
    assert "lead" in row["more"]
    assert "phone" not in str(entered.sheet.document)
    (again,) = entered.make_drafts()
    cited = again.document["citations"][0]
    assert again.document["type"] == "stay-limit"
    assert (cited["locator"], cited["note"]) == ("lead", "Told by phone.")


def test_citation_row_changes_the_record_that_exists(enter: Enter) -> None:
    row = make_row("b1", "citation", record="E1", statement=SAYS_SO)
    entered = enter(row)

    (draft,) = entered.make_drafts()

    assert [each["source"] for each in draft.document["citations"]] == ["S1", "S7"]
    assert draft.base is not None
    assert (draft.why, draft.reason) == ("sourced", "Another source: S7")
    assert entered.errors() == []
    entered.save()
    entered.make_drafts()
    entered.db.refresh(draft)
    assert draft.state == DraftState.DELETED


@pytest.mark.parametrize("values", [{"stance": "disputes"}, {"step": "in-force"}])
def test_source_that_says_otherwise_is_an_update(enter: Enter, values: dict[str, str]) -> None:
    row = make_row("b1", "citation", record="E1", statement=SAYS_SO, **values)
    (draft,) = enter(row).make_drafts()
    assert draft.why == "updated"


def test_reason_that_was_chosen_before_stays(enter: Enter, db: Session, amal: Person) -> None:
    chosen = drafts.begin_to_change(db, amal, "E1", "S7")
    assert chosen is not None
    chosen.why, chosen.reason = "corrected", "The day was wrong."
    (draft,) = enter(make_row("b1", "citation", record="E1", statement=SAYS_SO)).make_drafts()
    assert draft is chosen and (draft.why, draft.reason) == ("corrected", "The day was wrong.")


def test_citation_of_a_row_is_in_the_draft_of_that_row(enter: Enter) -> None:
    link = make_link(relation="citation-of", to="a1")
    values = {"statement": "The office denies it.", "stance": "disputes", "links": [link]}
    entered = enter(an_event(), make_row("b1", "citation", **values))

    (draft,) = entered.make_drafts()
    commands.refresh(entered.db, entered.sheet, entered.by)
    (again,) = entered.make_drafts()

    assert [each["stance"] for each in again.document["citations"]] == ["supports", "disputes"]
    assert again.number == draft.number
    assert entered.row("a1")["links"] == []


def test_outlet_of_another_person_is_submitted_by_that_person(enter: Enter, chidi: Person) -> None:
    """Whether it is finished knows who drafted it."""
    entered = enter(an_event())
    db, amal, sheet = entered.db, entered.by, entered.sheet
    document = named_document("outlet", "Harbour Echo")[1] | {"kind": "newspaper"}
    own = begin_named(db, amal, "outlet", "Border Post", "S7")
    outlet = drafts.begin(db, chidi, "k", "O", document=document, article="S7")

    errors = commands.errors_beside_rows(db, sheet, amal)
    assert errors and all(each.message.startswith(own.record) for each in errors)
    assert commands.unsubmitted_of_others(db, sheet, amal) == [outlet]
    drafts.move(db, own, amal, drafts.DELETE)
    (handed_in,) = entered.hand_in()

    assert (handed_in.kind, outlet.state) == ("E", DraftState.DRAFT)
    (words,) = sheet_view(db, amal, "S7", page="p", sheet=sheet).waiting
    assert words == (
        f"Harbour Echo ({outlet.record}) is not submitted with this report: Chidi has to submit it."
    )
    drafts.move(db, outlet, chidi, drafts.SUBMIT)
    assert commands.unsubmitted_of_others(db, sheet, amal) == []


def test_errors_name_row_and_field(enter: Enter) -> None:
    entered = enter(
        an_event(when="tomorrow or so", type=""),
        an_estimate(unit="", links=[make_link("c1", relation="rounds", to="M99")]),
        an_event("a3", speaker="A", links=[make_link("c2", relation="also-said-by", speaker="Q")]),
        make_row("b1", "citation", record="E99", statement="It says so."),
    )

    with pytest.raises(SheetInvalidError) as refused:
        entered.hand_in()

    found = {(error.number, error.field) for error in refused.value.errors}
    assert found >= {
        *((1, "when"), (1, "type"), (2, "links.0.to"), (2, "unit")),
        *((3, "speaker"), (3, "links.0.speaker"), (4, "record")),
    }
    assert {error.number for error in entered.errors()} == {1, 2, 3, 4}
    assert [draft.state for draft in entered.make_drafts()] == [DraftState.DRAFT] * 3


def test_what_only_a_trial_publication_finds_is_named_with_its_row(enter: Enter) -> None:
    unknown = documents.blank_row(Term, key="sector", code="unheard-of", role="target")
    entered = enter(an_event(), an_estimate(terms=[unknown]))

    with pytest.raises(SheetInvalidError) as refused:
        entered.hand_in()

    assert entered.errors() == []
    (error,) = commands.errors_of_submission(entered.db, entered.sheet, entered.by)
    assert (error.number, "unheard-of" in error.message) == (2, True)
    assert refused.value.errors == [error]


def test_row_waits_for_a_record_that_another_contributor_writes(
    enter: Enter, db: Session, amal: Person, chidi: Person
) -> None:
    new = drafts.begin(db, amal, "k", "E")
    cited = make_row("b1", "citation", record=new.record, statement=SAYS_SO)
    entered = enter(an_event(), cited, by=chidi)

    (handed_in,) = entered.hand_in()

    assert handed_in.record == entered.row("a1")["record"]
    (error,) = entered.errors()
    assert (error.number, error.is_waiting) == (2, True)


def test_drafts_written_in_forms_get_rows(enter: Enter) -> None:
    entered = enter(an_event(), an_estimate())
    db, amal = entered.db, entered.by
    made = entered.make_drafts()
    for draft in made:
        drafts.next_revision(db, draft, amal, RevisionCause.SAVED, sheet="")
    drafts.begin(db, amal, "opened, nothing typed", "E", article="S7")
    db.delete(entered.sheet)
    db.flush()
    db.expunge_all()

    shown = commands.unsaved(db, amal, "S7")
    again = commands.begin(db, amal, "S7")
    commands.refresh(db, again, amal)

    rows = again.document["rows"]
    assert len(shown.document["rows"]) == len(rows)
    assert sorted(row["record"] for row in rows) == sorted(draft.record for draft in made)
    assert {row["statement"] for row in rows} == {"Workers go home.", "About 300 went."}
    unchanged = {(draft.id, draft.number) for draft in made}
    made = commands.make_drafts(db, again, amal)
    assert {(draft.id, draft.number) for draft in made} == unchanged


def test_row_takes_no_record_of_others(
    enter: Enter, db: Session, amal: Person, basma: Person, chidi: Person
) -> None:
    """Who drafts a record sees its private values, also those that others write later."""
    other, never_issued = drafts.begin(db, amal, "k", "E").record, "E99999"
    deleted = drafts.begin(db, basma, "gone", "E", article="S7")
    drafts.move(db, deleted, basma, drafts.DELETE)
    entered = enter(an_event(record=deleted.record), by=chidi)

    assert entered.make_drafts() == []
    db.refresh(deleted)
    assert deleted.state == DraftState.DELETED, "it stays deleted"

    entered.save(an_event(record=other), an_event("a2", record=never_issued))
    made: list[Draft] = entered.make_drafts()
    records = {draft.record for draft in made}

    assert records == {entered.row(key)["record"] for key in ("a1", "a2")}
    assert len(records - {other, never_issued}) == 2
    assert not can_see_record(db, chidi, other)
    assert not can_see_record(db, chidi, never_issued)


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
