"""Proposed rows that refer to others, and towns that only the gazetteer has."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import Document
from app.desk.identity.models import Person
from app.desk.reading.article import ArticleReading, read_article, usual_proposers
from app.desk.reading.known_names import RecordNames, name_rows
from app.desk.reading.marks import MarkKind
from app.desk.reading.names import NameTable
from app.desk.sheets import commands, proposing
from app.desk.sheets.actions import run_action
from app.desk.sheets.expanding import SheetReport, expand
from app.desk.sheets.speaker_names import PERSON
from app.desk.sheets.text_view import text_marks
from tests.make import make_code
from tests.support.sheets import make_sheet

NAMES = NameTable.of(name_rows([RecordNames(MarkKind.PLACE, "place-1", ["Dandong"])]))
STAGES = (
    "Workers were deported from Dandong on 3 June 2019, a trader said. In the first step women "
    "must leave by 1 July, in the second step all others by 1 August. The embassy denied it."
)
CORRECTED = (
    "Some 260 workers returned home from Dandong on 3 June 2019. Correction: An earlier version "
    "of this article said that 360 workers had left."
)


def read(words: str) -> ArticleReading:
    return read_article(words, "en", date(2019, 6, 18), usual_proposers(NAMES))


def test_stage_is_a_row_with_its_deadline_and_a_link_to_the_rule() -> None:
    rows = proposing.propose(make_sheet(), read(STAGES))["rows"]

    rule, first, second = [row for row in rows if row["kind"] == "event"]
    assert rule["sentences"] == "1" and rule["type"] == "deportation"
    assert [row["deadline"] for row in (first, second)] == ["2019-07-01", "2019-08-01"]
    assert [row["when"] for row in (first, second)] == ["2019-06-03"] * 2, "the day of the order"
    for row in (first, second):
        (link,) = row["links"]
        assert (link["relation"], link["to"]) == ("part-of", rule["row"])


def test_stage_that_begins_later_is_planned() -> None:
    words = "The ban takes effect from 1 July for restaurants, from 1 August for hotels."
    rows = proposing.propose(make_sheet(), read(words))["rows"]

    planned = [row for row in rows if row["step"] == "planned"]
    assert [(row["when"], row["deadline"]) for row in planned] == [
        ("2019-07-01", ""),
        ("2019-08-01", ""),
    ]


def test_stage_of_a_rejected_rule_is_expanded_without_its_link() -> None:
    document = proposing.propose(make_sheet(), read(STAGES))
    rule, stage = [row for row in document["rows"] if row["kind"] == "event"][:2]
    records = {rule["row"]: "E5"}

    linked = expand(stage, SheetReport(document, records=records))
    rule["state"] = "rejected"
    alone = expand(stage, SheetReport(document, records=records))

    assert [link["to"] for link in linked["links"]] == ["E5"]
    assert alone["links"] == []


def test_denial_is_a_question_about_the_row_with_a_speaker_of_its_own() -> None:
    document = proposing.propose(make_sheet(), read(STAGES))

    (denial,) = [row for row in document["rows"] if row["kind"] == "citation"]
    rule = document["rows"][0]
    assert (denial["state"], denial["stance"]) == ("question", "disputes")
    assert [(link["relation"], link["to"]) for link in denial["links"]] == [
        ("citation-of", rule["row"])
    ]
    assert denial["speaker"] not in {"", rule["speaker"]}
    assert denial["when"] == ""


def test_number_of_an_earlier_version_is_retracted_and_linked() -> None:
    rows = proposing.propose(make_sheet(), read(CORRECTED))["rows"]

    correct, earlier = [row for row in rows if row["kind"] == "estimate"]
    assert (correct["point"], correct["stance"]) == ("260", "")
    assert (earlier["point"], earlier["stance"]) == ("360", "withdraws")
    relations = {link["relation"]: link["to"] for link in correct["links"]}
    assert relations["corrects"] == earlier["row"]
    assert "of-event" in relations, "the link to the event of its sentence stays"


def test_question_that_is_made_an_event_takes_the_parts_with_it() -> None:
    document = proposing.propose(make_sheet(), read(STAGES))
    rule, stage = [row for row in document["rows"] if row["kind"] == "event"][:2]
    rule |= {"kind": "citation", "state": "question", "record": "E5"}
    stage["links"][0]["to"] = "E5"

    changed = run_action(document, f"new {rule['row']}", "", []).document

    links = next(row["links"] for row in changed["rows"] if row["row"] == stage["row"])
    assert [link["to"] for link in links] == [rule["row"]]


def test_denial_that_is_made_an_event_is_a_citation_of_nothing() -> None:
    document = proposing.propose(make_sheet(), read(STAGES))
    denial = next(row for row in document["rows"] if row["kind"] == "citation")

    changed = run_action(document, f"new {denial['row']}", "", []).document

    row = next(row for row in changed["rows"] if row["row"] == denial["row"])
    assert (row["kind"], row["stance"], row["links"]) == ("event", "", [])


def test_accepted_stage_has_the_words_of_its_deadline() -> None:
    reading = read(STAGES)
    document = proposing.propose(make_sheet(), reading)
    stage = next(row for row in document["rows"] if row["deadline"])

    changed = run_action(document, f"accept {stage['row']}", "", text_marks(STAGES, reading))

    row = next(row for row in changed.document["rows"] if row["row"] == stage["row"])
    assert (row["deadline_text"], row["when_text"]) == ("by 1 July", "")


# Speakers ---------------------------------------------------------------------------------------


def speaker_after_accepting(words: str, *, names_speakers: bool = True) -> Document:
    reading = read(words)
    document = proposing.propose(make_sheet(), reading)
    row = document["rows"][0]
    marks = text_marks(words, reading)
    changed = run_action(
        document, f"accept {row['row']}", "", marks, names_speakers=names_speakers
    ).document
    return next(each for each in changed["speakers"] if each["letter"] == row["speaker"])


def test_accepted_row_copies_the_words_for_its_speaker() -> None:
    words = "300 workers left Dandong, a Chinese trader who deals in seafood said."
    assert speaker_after_accepting(words)["words"] == "Chinese trader who deals in seafood"


def test_words_for_a_speaker_in_another_language_are_not_copied() -> None:
    words = "300 workers left Dandong, a trader said."
    assert speaker_after_accepting(words, names_speakers=False)["words"] == ""


def test_name_of_a_person_who_is_not_usually_named_is_not_copied() -> None:
    resident = speaker_after_accepting("300 workers left Dandong, worker Kim Mi Rae said.")
    official = speaker_after_accepting("300 workers left Dandong, ambassador Kim Mi Rae said.")
    assert (resident["attribution"], resident["words"]) == ("resident", "")
    assert (official["attribution"], official["words"]) == (
        "named-official",
        "ambassador Kim Mi Rae",
    )


@pytest.mark.parametrize("words", ["trader in North Korean seafood", "two people", "Chinese cook"])
def test_words_without_a_name_of_a_person_are_none(words: str) -> None:
    assert PERSON.search(words) is None


def test_words_that_an_editor_has_entered_stay() -> None:
    words = "300 workers left Dandong, a trader said."
    reading = read(words)
    document = proposing.propose(make_sheet(), reading)
    document["speakers"][0]["words"] = "a merchant"
    line = f"accept {document['rows'][0]['row']}"

    changed = run_action(document, line, "", text_marks(words, reading), names_speakers=True)

    assert changed.document["speakers"][0]["words"] == "a merchant"


# Submission -------------------------------------------------------------------------------------


def test_earlier_number_without_support_can_be_submitted(db: Session, amal: Person) -> None:
    save_all(db, [make_code("repatriation")])
    catalogue = Catalogue(db, amal)
    opened = commands.begin(db, amal, "S7")
    document = proposing.propose(opened.document, read(CORRECTED), (), catalogue)
    for row in document["rows"]:
        is_number = row["kind"] == "estimate"
        row["state"] = "accepted" if is_number else "rejected"
        row["links"] = [link for link in row["links"] if link["relation"] == "corrects"]
        row.update({"statement": "Workers left.", "population": "workers"} if is_number else {})
    document["nationality"] = "north-korean"
    commands.save(db, opened, document, opened.number, page="p", by=amal)

    assert commands.row_errors(db, opened, amal) == []
    assert commands.errors_of_submission(db, opened, amal) == []
