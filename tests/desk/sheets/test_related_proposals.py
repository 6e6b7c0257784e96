"""Proposed rows that refer to others, and towns that only the gazetteer has."""

from datetime import date

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

    rule, *stages = [row for row in rows if row["kind"] == "event"]
    assert (rule["sentences"], rule["type"]) == ("1", "deportation")
    linked = [(link["relation"], link["to"]) for row in stages for link in row["links"]]
    assert linked == [("part-of", rule["row"])] * 2
    # They have the day of the order.
    days = [(row["when"], row["deadline"]) for row in stages]
    assert days == [("2019-06-03", "2019-07-01"), ("2019-06-03", "2019-08-01")]
    words = "The ban takes effect from 1 July for restaurants, from 1 August for hotels."
    rows = proposing.propose(make_sheet(), read(words))["rows"]
    planned = [(row["when"], row["deadline"]) for row in rows if row["step"] == "planned"]
    assert planned == [("2019-07-01", ""), ("2019-08-01", "")]


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
    assert (denial["state"], denial["stance"], denial["when"]) == ("question", "disputes", "")
    (link,) = denial["links"]
    assert (link["relation"], link["to"]) == ("citation-of", rule["row"])
    assert denial["speaker"] not in {"", rule["speaker"]}


def test_number_of_an_earlier_version_is_retracted_and_linked() -> None:
    rows = proposing.propose(make_sheet(), read(CORRECTED))["rows"]

    correct, earlier = [row for row in rows if row["kind"] == "estimate"]
    assert (correct["point"], correct["stance"]) == ("260", "")
    assert (earlier["point"], earlier["stance"]) == ("360", "withdraws")
    relations = {link["relation"]: link["to"] for link in correct["links"]}
    assert relations["corrects"] == earlier["row"]
    assert "of-event" in relations, "the link to the event of its sentence stays"


def test_presses_on_related_rows_keep_their_relations() -> None:
    reading = read(STAGES)
    document = proposing.propose(make_sheet(), reading)
    rule, stage = [row for row in document["rows"] if row["kind"] == "event"][:2]
    denial = next(row for row in document["rows"] if row["kind"] == "citation")

    def after(line: str, of: Document) -> Document:
        changed = run_action(document, line, "", text_marks(STAGES, reading)).document
        return next(row for row in changed["rows"] if row["row"] == of["row"])

    accepted = after(f"accept {stage['row']}", stage)
    assert (accepted["deadline_text"], accepted["when_text"]) == ("by 1 July", "")
    # A denial that is made an event is a citation of nothing.
    event = after(f"new {denial['row']}", denial)
    assert (event["kind"], event["stance"], event["links"]) == ("event", "", [])
    # A question that is made an event takes its parts with it.
    rule |= {"kind": "citation", "state": "question", "record": "E5"}
    stage["links"][0]["to"] = "E5"
    parts = after(f"new {rule['row']}", stage)["links"]
    assert [link["to"] for link in parts] == [rule["row"]]


# Speakers ---------------------------------------------------------------------------------------


TRADER = "300 workers left Dandong, a trader said."


def speaker_after_accepting(
    words: str, *, names_speakers: bool = True, entered: str = ""
) -> tuple[str, str]:
    reading = read(words)
    document = proposing.propose(make_sheet(), reading)
    document["speakers"][0]["words"] = entered
    line, marks = f"accept {document['rows'][0]['row']}", text_marks(words, reading)
    changed = run_action(document, line, "", marks, names_speakers=names_speakers).document
    letter = document["rows"][0]["speaker"]
    speaker = next(each for each in changed["speakers"] if each["letter"] == letter)
    return speaker["attribution"], speaker["words"]


def test_accepted_row_copies_the_words_for_its_speaker() -> None:
    words = "300 workers left Dandong, a Chinese trader who deals in seafood said."
    assert speaker_after_accepting(words)[1] == "Chinese trader who deals in seafood"
    # Not words in another language, and none instead of those of an editor.
    assert speaker_after_accepting(TRADER, names_speakers=False)[1] == ""
    assert speaker_after_accepting(TRADER, entered="a merchant")[1] == "a merchant"


def test_name_of_a_person_who_is_not_usually_named_is_not_copied() -> None:
    resident = speaker_after_accepting("300 workers left Dandong, worker Kim Mi Rae said.")
    official = speaker_after_accepting("300 workers left Dandong, ambassador Kim Mi Rae said.")
    assert resident == ("resident", "")
    assert official == ("named-official", "ambassador Kim Mi Rae")
    for words in ("trader in North Korean seafood", "two people", "Chinese cook"):
        assert PERSON.search(words) is None


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
