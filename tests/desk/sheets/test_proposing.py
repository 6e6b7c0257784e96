"""Rows that are proposed from marks: their values, questions about the record, and no words."""

from datetime import date

from sqlalchemy.orm import Session

from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import Document
from app.desk.identity.models import Person
from app.desk.reading.article import ArticleReading, read_article, usual_proposers
from app.desk.reading.known_names import RecordNames, name_rows
from app.desk.reading.marks import Figure, Language, MarkKind
from app.desk.reading.names import NameTable
from app.desk.sheets import proposing
from app.desk.sheets.actions import run_action
from app.desk.sheets.codes_in_force import in_force
from app.desk.sheets.form import StatementState
from app.desk.sheets.taking import SLOT_OF_FIELD, TextMark, marks_for
from tests.make import make_code, make_outlet, make_source
from tests.support.sheets import make_sheet, make_speaker
from tests.support.tables import failing

NAMES = NameTable.of(name_rows([RecordNames(MarkKind.PLACE, "place-1", ["Dandong"])]))
TEXT = (
    "About 300 North Korean workers were deported from Dandong on 15 June 2019, a trader said. "
    "The office denied it."
)
DEPORTED = "300 workers were deported from garment factories in Dandong, a trader said."


def read(words: str = TEXT, language: Language = "en", names: NameTable = NAMES) -> ArticleReading:
    return read_article(words, language, date(2019, 6, 18), usual_proposers(names))


def propose(
    words: str = TEXT, catalogue: Catalogue | None = None, language: Language = "en"
) -> Document:
    return proposing.propose(make_sheet(), read(words, language), (), catalogue)


def rows_of(document: Document, kind: str) -> list[Document]:
    return [row for row in document["rows"] if row["kind"] == kind]


def test_sentence_is_offered_as_estimate_and_event_with_its_marks() -> None:
    document = propose()
    (estimate,) = rows_of(document, "estimate")
    event = rows_of(document, "event")[0]
    figure = [estimate[name] for name in ("quantifier", "point", "type")]
    assert figure == ["about", "300", "departures"]
    for row in (estimate, event):
        assert (row["state"], row["where"], row["when"]) == ("proposed", "place-1", "2019-06-15")
        assert row["sentences"] == "1"
        assert document["speakers"][0]["letter"] == row["speaker"] == "A"
    assert event["type"] == "deportation"
    assert [(link["to"], link["relation"]) for link in estimate["links"]] == [
        (event["row"], "of-event")
    ]
    assert [(term["key"], term["ticked"]) for term in document["defaults"]] == [
        ("nationality", "")
    ], "the nationality is offered without a tick"
    assert document["rows"][0]["statement"] == ""
    assert "trader" not in str(document) and "Dandong" not in str(document), "no words of the text"


def test_proposals_come_once_and_rejected_ones_never_again() -> None:
    once = propose()
    rejected = [{**row, "state": StatementState.REJECTED.value} for row in once["rows"]]

    again = proposing.propose({**once, "rows": rejected}, read())

    assert (again["rows"], again["speakers"]) == (rejected, once["speakers"])


def test_speaker_and_places_of_the_sheet_are_used_again() -> None:
    speaker = make_speaker("C", attribution=propose()["speakers"][0]["attribution"])

    document = proposing.propose(make_sheet(speakers=[speaker], places="place-1"), read())

    assert {row["speaker"] for row in document["rows"] if row["sentences"] == "1"} == {"C"}
    assert document["rows"][0]["where"] == "", "the usual place is not repeated"


def test_place_around_another_named_one_is_left_out(db: Session, amal: Person) -> None:
    codes = {"place-1": "Dandong", "country-3": "Chinaland", "town:1": "Elsewhere"}
    rows = [RecordNames(MarkKind.PLACE, code, [name]) for code, name in codes.items()]
    words = "300 workers left Dandong in Chinaland and Elsewhere."
    reading = read(words, names=NameTable.of(name_rows(rows)))

    document = proposing.propose(make_sheet(), reading, (), Catalogue(db, amal))

    assert {row["where"] for row in document["rows"]} == {"place-1"}


def test_speakers_have_one_letter_each() -> None:
    texts: dict[str, tuple[Language, dict[str, str]]] = {
        # Named in full once, …
        "A local trader said 300 workers left Dandong. The trader said 20 workers stayed.": (
            "en",
            {"1": "A", "2": "A"},
        ),
        # … pointed at again, …
        "当地一名知情人士向本台透露,300人离开丹东。上述知情人士则认为,丹东约有1万人。": (
            "zh",
            {"1": "A", "2": "A"},
        ),
        # … or by a pronoun and by a noun that points back.
        "A manager said 300 workers left Dandong. About 40 stayed, he said. "
        "A woman at the station said 20 workers stayed. Some 50 workers came, the manager said.": (
            "en",
            {"1": "A", "2": "A", "3": "B", "4": "A"},
        ),
    }
    for words, (language, letters) in texts.items():
        document = propose(words, language=language)
        rows = rows_of(document, "estimate")
        assert {row["sentences"]: row["speaker"] for row in rows} == letters, words
        assert len(document["speakers"]) == len({*letters.values()})


def test_speaker_of_a_sentence_has_the_letter_that_its_rows_have(db: Session, amal: Person) -> None:
    words = "A manager said 300 workers left Dandong. He said the buses were full."
    catalogue = Catalogue(db, amal)

    added = proposing.propose_sentence(propose(words, catalogue), read(words), 2, catalogue)

    assert {row["speaker"] for row in added["rows"]} == {"A"}
    assert len(added["speakers"]) == 1


def test_who_asked_not_to_be_named_is_not_named() -> None:
    words = "A scholar, who asked not to be named, said 300 workers left. A ministry said 20 came."
    speakers = propose(words)["speakers"]
    assert [each["named"] for each in speakers] == ["no", "no"]
    assert speakers[0]["attribution"] == "expert"


def test_outlet_that_cites_a_source_passes_it_on(db: Session, amal: Person) -> None:
    save_all(db, [make_outlet(1), make_outlet(2), make_source(7, outlet="outlet-1")])
    names = {"outlet-1": "Own Times", "outlet-2": "Border Post"}
    rows = [RecordNames(MarkKind.OUTLET, code, [name]) for code, name in names.items()]
    words = (
        "Border Post reported, citing a trader, that 300 workers left. "
        "Own Times reported, citing a manager, that 40 workers stayed."
    )
    reading = read(words, names=NameTable.of(name_rows(rows)))

    document = proposing.propose(make_sheet("S7"), reading, (), Catalogue(db, amal))

    assert [(each["through"], each["attribution"]) for each in document["speakers"]] == [
        ("outlet-2", "anonymous-source"),
        ("", "anonymous-source"),
    ]


def test_day_of_a_report_is_the_day_said_and_not_that_of_the_event() -> None:
    words = "The newspaper reported on Monday, citing a trader, that 300 workers left Dandong."
    document = propose(words)
    (row,) = rows_of(document, "estimate")
    (day,) = document["days"]
    assert (row["when"], row["day"], day["letter"]) == ("", "X", "X")
    assert (day["said"], day["said_text"]) == ("2019-06-17", "")


def test_codes_that_the_record_lacks_are_not_proposed(db: Session, amal: Person) -> None:
    with_all, with_record = propose(DEPORTED), propose(DEPORTED, Catalogue(db, amal))
    for document, terms, type in (
        (with_all, {("sector", "garments")}, "deportation"),
        (with_record, set(), ""),
    ):
        found = {(term["key"], term["code"]) for row in document["rows"] for term in row["terms"]}
        (event,) = rows_of(document, "event")
        (estimate,) = rows_of(document, "estimate")
        assert (found, event["type"], estimate["type"]) == (terms, type, "departures")


def test_retired_codes_are_proposed_as_their_successors(db: Session, amal: Person) -> None:
    codes = [
        make_code("sending-home"),
        make_code("deportation", successor="sending-home"),
        make_code("textiles", "sector"),
        make_code("garments", "sector", successor="textiles"),
    ]
    save_all(db, codes)
    catalogue = Catalogue(db, amal)

    (event,) = rows_of(propose(DEPORTED, catalogue), "event")

    assert event["type"] == "sending-home"
    assert [term["code"] for term in event["terms"]] == ["textiles"]
    shown = in_force(catalogue, read(DEPORTED))
    (mark,) = [mark for mark in shown.marks[0] if mark.kind is MarkKind.TERM]
    assert mark.value == "sector:textiles"


def test_resolution_that_the_record_does_not_have_is_not_proposed(
    db: Session, amal: Person
) -> None:
    words = "Under Resolution 2397, 300 workers were deported from Dandong."
    catalogue = Catalogue(db, amal)
    document = propose(words, catalogue)

    assert {row["laws"] for row in document["rows"]} == {""}
    shown = in_force(catalogue, read(words)).marks[0]
    (mark,) = [mark for mark in shown if mark.kind is MarkKind.LAW]
    of_text = [TextMark(1, words[mark.start : mark.end], mark)]
    row = rows_of(document, "event")[0]
    assert marks_for(row, SLOT_OF_FIELD["law"], of_text) == [], "no key takes it"


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
    document = propose("About 300 workers returned home from Dandong in May.")
    (event,) = rows_of(document, "event")
    (estimate,) = rows_of(document, "estimate")
    assert [link["to"] for link in estimate["links"]] == [event["row"]]
    changed = run_action(document, f"kind {event['row']} citation", "", []).document
    (estimate,) = rows_of(changed, "estimate")
    assert estimate["links"] == []


def test_plans_and_deadlines_are_filled_in() -> None:
    document = propose(
        "Some 300 workers were expected to arrive in Dandong. About 40 arrived in May. "
        "The firm intends to hire another 150 workers in Dandong, a trader said. "
        "The others must leave by 1 December."
    )
    assert [(row["type"], row["nature"]) for row in rows_of(document, "estimate")] == [
        ("arrivals", "planned"),
        ("arrivals", ""),
        ("arrivals", "planned"),
    ]
    order = rows_of(document, "event")[-1]
    said = [order[name] for name in ("type", "when", "deadline")]
    assert said == ["departure-order", "", "2019-12-01"]


def test_bounds_of_a_figure_are_bounds() -> None:
    def filled(figure: Figure) -> str:
        fields = proposing.figure_fields(figure)
        names = ("quantifier", "low", "point", "high", "per")
        return " ".join(f"{name}={fields[name]}" for name in names if fields.get(name))

    cases = [
        (Figure("more-than", 300, 300), "quantifier=more-than low=300"),
        (Figure("up-to", 8000, 8000), "quantifier=up-to high=8000"),
        (Figure("range", 40, 60, per="week"), "quantifier=range low=40 high=60 per=week"),
        (Figure("exact", 0.4, 0.4, unit="ratio", form="share"), "quantifier=exact point=0.4"),
        (Figure("words"), "quantifier=words"),
    ]
    assert failing(cases, filled) == []


def test_number_of_other_people_leaves_out_the_offered_nationality(
    db: Session, amal: Person
) -> None:
    """Of two peoples it has both; a people that the record lacks is no term."""
    korean = "Some 300 North Korean workers left Dandong, a trader said. North Korean firms closed."
    for words, catalogue, own, is_left_out in (
        ("The plant has 40 workers from Vietnam.", None, ["vn"], True),
        ("About 40 citizens of North Korea and Vietnam were detained.", None, ["vn"], False),
        ("The firm hired 90 Indonesians in May 2019.", Catalogue(db, amal), [], True),
    ):
        document = propose(f"{korean} {words}", catalogue)
        offered = ", ".join(
            term["row"] for term in document["defaults"] if term["key"] == "nationality"
        )
        first, *_rest, other = rows_of(document, "estimate")
        assert first["left_out"] == ""
        assert other["left_out"] == (offered if is_left_out else ""), words
        assert [term["code"] for term in other["terms"] if term["key"] == "nationality"] == own
