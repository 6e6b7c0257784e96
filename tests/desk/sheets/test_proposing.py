"""Rows that are proposed from marks: their values, questions about the record, and no words."""

from datetime import date

from sqlalchemy.orm import Session

from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import Document
from app.desk.identity.models import Person
from app.desk.reading.article import ArticleReading, read_article, usual_proposers
from app.desk.reading.known_names import RecordNames, name_rows
from app.desk.reading.marks import Figure, MarkKind
from app.desk.reading.names import NameTable
from app.desk.sheets import proposing
from app.desk.sheets.actions import run_action
from app.desk.sheets.codes_in_force import in_force
from app.desk.sheets.form import StatementState
from app.desk.sheets.taking import SLOT_OF_FIELD, TextMark, marks_for
from app.forms import CodeForm
from tests.make import make_code, make_outlet, make_source
from tests.support.sheets import make_sheet, make_speaker

NAMES = NameTable.of(name_rows([RecordNames(MarkKind.PLACE, "place-1", ["Dandong"])]))
TEXT = (
    "About 300 North Korean workers were deported from Dandong on 15 June 2019, a trader said. "
    "The office denied it."
)


def read(words: str = TEXT) -> ArticleReading:
    return read_article(words, "en", date(2019, 6, 18), usual_proposers(NAMES))


def rows_of(document: Document, kind: str) -> list[Document]:
    return [row for row in document["rows"] if row["kind"] == kind]


def test_sentence_is_offered_as_estimate_and_event_with_its_marks() -> None:
    document = proposing.propose(make_sheet(), read())

    (estimate,) = rows_of(document, "estimate")
    event = rows_of(document, "event")[0]
    assert (estimate["quantifier"], estimate["point"], estimate["type"]) == (
        "about",
        "300",
        "departures",
    )
    for row in (estimate, event):
        assert (row["state"], row["where"], row["when"]) == ("proposed", "place-1", "2019-06-15")
        assert row["sentences"] == "1"
        assert document["speakers"][0]["letter"] == row["speaker"] == "A"
    assert event["type"] == "deportation"
    assert estimate["links"][0]["to"] == event["row"]
    assert estimate["links"][0]["relation"] == "of-event"


def test_rows_have_no_words_of_the_text() -> None:
    document = proposing.propose(make_sheet(), read())

    assert "trader" not in str(document)
    assert "Dandong" not in str(document)
    assert document["rows"][0]["statement"] == ""


def test_proposals_come_once_and_rejected_ones_never_again() -> None:
    once = proposing.propose(make_sheet(), read())
    rejected = [{**row, "state": StatementState.REJECTED.value} for row in once["rows"]]

    again = proposing.propose({**once, "rows": rejected}, read())

    assert again["rows"] == rejected
    assert again["speakers"] == once["speakers"]


def test_speaker_of_the_sheet_is_used_again() -> None:
    kind = proposing.propose(make_sheet(), read())["speakers"][0]["attribution"]
    sheet = make_sheet(speakers=[make_speaker("C", attribution=kind, words="A trader")])

    document = proposing.propose(sheet, read())

    assert {row["speaker"] for row in document["rows"] if row["sentences"] == "1"} == {"C"}


def test_place_around_another_named_one_is_left_out(db: Session, amal: Person) -> None:
    rows = [
        RecordNames(MarkKind.PLACE, "place-1", ["Dandong"]),
        RecordNames(MarkKind.PLACE, "country-3", ["Chinaland"]),
        RecordNames(MarkKind.PLACE, "town:1", ["Elsewhere"]),
    ]
    names = usual_proposers(NameTable.of(name_rows(rows)))
    words = "300 workers left Dandong in Chinaland and Elsewhere."
    reading = read_article(words, "en", date(2019, 6, 18), names)

    document = proposing.propose(make_sheet(), reading, (), Catalogue(db, amal))

    assert {row["where"] for row in document["rows"]} == {"place-1"}


def test_speaker_named_in_full_once_has_one_letter() -> None:
    words = "A local trader said 300 workers left Dandong. The trader said 20 workers stayed."

    document = proposing.propose(make_sheet(), read(words))

    assert len(document["speakers"]) == 1


def test_speaker_pointed_at_again_has_one_letter() -> None:
    words = "当地一名知情人士向本台透露,300人离开丹东。上述知情人士则认为,丹东约有1万人。"
    reading = read_article(words, "zh", date(2019, 6, 18), usual_proposers(NAMES))

    document = proposing.propose(make_sheet(), reading)

    assert len(document["rows"]) > 1
    assert len(document["speakers"]) == 1


def test_pronoun_and_noun_that_points_back_have_the_letter_of_their_speaker() -> None:
    words = (
        "A manager said 300 workers left Dandong. About 40 stayed, he said. "
        "A woman at the station said 20 workers stayed. Some 50 workers came, the manager said."
    )
    document = proposing.propose(make_sheet(), read(words))

    letters = {row["sentences"]: row["speaker"] for row in rows_of(document, "estimate")}
    assert letters == {"1": "A", "2": "A", "3": "B", "4": "A"}


def test_speaker_of_a_sentence_has_the_letter_that_its_rows_have(db: Session, amal: Person) -> None:
    words = "A manager said 300 workers left Dandong. He said the buses were full."
    sheet = make_sheet()
    sheet = proposing.propose(sheet, read(words), (), Catalogue(db, amal))

    added = proposing.propose_sentence(sheet, read(words), 2, Catalogue(db, amal))

    assert {row["speaker"] for row in added["rows"]} == {"A"}
    assert len(added["speakers"]) == 1


def test_who_asked_not_to_be_named_is_not_named() -> None:
    words = "A scholar, who asked not to be named, said 300 workers left. A ministry said 20 came."
    document = proposing.propose(make_sheet(), read(words))

    assert [each["named"] for each in document["speakers"]] == ["no", "no"]
    assert document["speakers"][0]["attribution"] == "expert"


def test_outlet_that_cites_a_source_passes_it_on(db: Session, amal: Person) -> None:
    save_all(db, [make_outlet(1), make_outlet(2), make_source(7, outlet="outlet-1")])
    rows = [
        RecordNames(MarkKind.OUTLET, "outlet-1", ["Own Times"]),
        RecordNames(MarkKind.OUTLET, "outlet-2", ["Border Post"]),
    ]
    names = usual_proposers(NameTable.of(name_rows(rows)))
    words = (
        "Border Post reported, citing a trader, that 300 workers left. "
        "Own Times reported, citing a manager, that 40 workers stayed."
    )
    reading = read_article(words, "en", date(2019, 6, 18), names)

    document = proposing.propose(make_sheet("S7"), reading, (), Catalogue(db, amal))

    assert [each["through"] for each in document["speakers"]] == ["outlet-2", ""]
    assert {each["attribution"] for each in document["speakers"]} == {"anonymous-source"}


def test_day_of_a_report_is_the_day_said_and_not_that_of_the_event() -> None:
    words = "The newspaper reported on Monday, citing a trader, that 300 workers left Dandong."
    document = proposing.propose(make_sheet(), read(words))

    (row,) = rows_of(document, "estimate")
    (day,) = document["days"]
    assert (row["when"], row["day"], day["letter"]) == ("", "X", "X")
    assert (day["said"], day["said_text"]) == ("2019-06-17", "")


def test_nationality_is_offered_without_a_tick() -> None:
    document = proposing.propose(make_sheet(), read())

    (term,) = document["defaults"]
    assert (term["key"], term["ticked"]) == ("nationality", "")


def test_word_of_the_thesaurus_without_a_code_in_the_record_is_not_proposed(
    db: Session, amal: Person
) -> None:
    words = "300 workers were deported from garment factories in Dandong, a trader said."
    reading = read_article(words, "en", date(2019, 6, 18), usual_proposers(NAMES))
    terms = [
        {(term["key"], term["code"]) for row in document["rows"] for term in row["terms"]}
        for document in (
            proposing.propose(make_sheet(), reading),
            proposing.propose(make_sheet(), reading, (), Catalogue(db, amal)),
        )
    ]

    assert terms == [{("sector", "garments")}, set()]


def propose_with(
    db: Session, amal: Person, words: str, *codes: CodeForm
) -> tuple[ArticleReading, Document]:
    """Return the rows of words in a record with these codes, besides those of every test."""
    save_all(db, codes)
    catalogue = Catalogue(db, amal)
    reading = read_article(words, "en", date(2019, 6, 18), usual_proposers(NAMES))
    return reading, proposing.propose(make_sheet(), reading, (), catalogue)


DEPORTED = "300 workers were deported from garment factories in Dandong, a trader said."


def test_type_that_the_record_does_not_have_is_left_empty(db: Session, amal: Person) -> None:
    _reading, document = propose_with(db, amal, DEPORTED)

    (event,) = rows_of(document, "event")
    (estimate,) = rows_of(document, "estimate")
    assert (event["type"], estimate["type"]) == ("", "departures")


def test_retired_codes_are_proposed_as_their_successors(db: Session, amal: Person) -> None:
    codes = [
        make_code("sending-home"),
        make_code("deportation", successor="sending-home"),
        make_code("textiles", "sector"),
        make_code("garments", "sector", successor="textiles"),
    ]
    reading, document = propose_with(db, amal, DEPORTED, *codes)

    (event,) = rows_of(document, "event")
    assert event["type"] == "sending-home"
    assert [term["code"] for term in event["terms"]] == ["textiles"]
    shown = in_force(Catalogue(db, amal), reading)
    (mark,) = [mark for mark in shown.marks[0] if mark.kind is MarkKind.TERM]
    assert mark.value == "sector:textiles"


def test_resolution_that_the_record_does_not_have_is_not_proposed(
    db: Session, amal: Person
) -> None:
    words = "Under Resolution 2397, 300 workers were deported from Dandong."
    reading, document = propose_with(db, amal, words)

    assert {row["laws"] for row in document["rows"]} == {""}
    (mark,) = [
        TextMark(1, words[mark.start : mark.end], mark)
        for mark in in_force(Catalogue(db, amal), reading).marks[0]
        if mark.kind is MarkKind.LAW
    ]
    row = rows_of(document, "event")[0]
    assert marks_for(row, SLOT_OF_FIELD["law"], [mark]) == [], "no key takes it"


def test_usual_places_are_not_repeated() -> None:
    document = proposing.propose(make_sheet(places="place-1"), read())

    assert document["rows"][0]["where"] == ""


def test_known_event_close_in_place_time_and_type_is_a_question(db: Session, amal: Person) -> None:
    catalogue = Catalogue(db, amal)
    known = proposing.known_events(db, catalogue)
    assert [(event.id, event.type) for event in known] == [("E1", "stay-limit")]
    assert {"place-1", "province-2", "country-3"} <= known[0].places
    as_deported = [type(known[0])("E1", "deportation", known[0].places, known[0].days)]

    document = proposing.propose(make_sheet(), read(), as_deported, catalogue)

    (row,) = [row for row in rows_of(document, "citation") if row["sentences"] == "1"]
    # Its places are kept for “New event”.
    assert (row["state"], row["record"], row["where"]) == ("question", "E1", "place-1")


def test_estimate_loses_the_event_of_a_row_that_becomes_a_citation() -> None:
    words = "About 300 workers returned home from Dandong in May."
    document = proposing.propose(make_sheet(), read(words))
    (event,) = rows_of(document, "event")
    (estimate,) = rows_of(document, "estimate")
    assert [link["to"] for link in estimate["links"]] == [event["row"]]
    changed = run_action(document, f"kind {event['row']} citation", "", []).document
    (estimate,) = rows_of(changed, "estimate")
    assert estimate["links"] == []


def test_number_of_people_who_are_expected_is_planned() -> None:
    words = "Some 300 workers were expected to arrive in Dandong. About 40 arrived in May."
    first, second = rows_of(proposing.propose(make_sheet(), read(words)), "estimate")
    assert (first["type"], first["nature"]) == ("arrivals", "planned")
    assert (second["type"], second["nature"]) == ("arrivals", "")


def test_bounds_of_a_figure_are_bounds() -> None:
    fields = proposing.figure_fields

    assert fields(Figure("more-than", 300, 300))["low"] == "300"
    assert fields(Figure("more-than", 300, 300))["point"] == ""
    assert fields(Figure("up-to", 8000, 8000))["high"] == "8000"
    ranged = fields(Figure("range", 40, 60, per="week"))
    assert (ranged["low"], ranged["point"], ranged["high"], ranged["per"]) == (
        "40",
        "",
        "60",
        "week",
    )
    assert fields(Figure("exact", 0.4, 0.4, unit="ratio", form="share"))["point"] == "0.4"
    assert fields(Figure("words"))["quantifier"] == "words"


def test_plan_and_deadline_are_filled_in() -> None:
    text = (
        "The firm intends to hire another 150 workers in Dandong, a trader said. "
        "The others must leave by 1 December."
    )
    document = proposing.propose(make_sheet(), read(text))

    (estimate,) = rows_of(document, "estimate")
    assert (estimate["nature"], estimate["type"]) == ("planned", "arrivals")
    order = rows_of(document, "event")[-1]
    assert (order["type"], order["when"], order["deadline"]) == (
        "departure-order",
        "",
        "2019-12-01",
    )


def test_number_of_other_people_leaves_out_the_offered_nationality() -> None:
    text = (
        "Some 300 North Korean workers left Dandong, a trader said. North Korean firms closed. "
        "The plant has 40 workers from Vietnam."
    )
    document = proposing.propose(make_sheet(), read(text))

    (offered,) = [term for term in document["defaults"] if term["key"] == "nationality"]
    own, other = rows_of(document, "estimate")
    assert own["left_out"] == ""
    assert other["left_out"] == offered["row"]
    assert "vn" in {term["code"] for term in other["terms"]}


def test_nationality_that_the_record_lacks_is_no_term(db: Session, amal: Person) -> None:
    text = (
        "Some 300 North Korean workers left Dandong, a trader said. North Korean firms closed. "
        "The firm hired 90 Indonesians in May 2019."
    )
    document = proposing.propose(make_sheet(), read(text), catalogue=Catalogue(db, amal))

    offered = [term["row"] for term in document["defaults"] if term["key"] == "nationality"]
    others = [row for row in document["rows"] if row["sentences"] == "3"]
    assert others and not any(
        term["key"] == "nationality" for row in others for term in row["terms"]
    )
    assert all(row["left_out"] == ", ".join(offered) for row in others)


def test_number_of_two_peoples_has_both() -> None:
    text = (
        "Some 300 North Korean workers left Dandong, a trader said. North Korean firms closed. "
        "About 40 citizens of North Korea and Vietnam were detained."
    )
    document = proposing.propose(make_sheet(), read(text))

    both = rows_of(document, "estimate")[-1]
    assert both["left_out"] == ""
    assert [term["code"] for term in both["terms"] if term["key"] == "nationality"] == ["vn"]
