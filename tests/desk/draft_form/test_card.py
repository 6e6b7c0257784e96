"""The compact fields of a draft say what its document says, and write only what was changed."""

from dataclasses import replace
from typing import Any

import pytest

from app.desk.draft_form.card import (
    WAS,
    CardReport,
    CardSpeaker,
    read,
    term_row,
    unanswered,
    write,
)
from app.desk.draft_form.fields import CARD
from app.documents import ROW, Document, blank, blank_row
from app.kinds import ChainStep, Citation, EstimateForm, EventForm, Form, Term

STEP = {ROW: "aa", **blank(ChainStep, attribution="resident", words="a trader")}
OWN = {ROW: "bb", **blank(ChainStep, attribution="outlet-own-voice")}
GARMENTS = term_row("sector", "garments", "target")
REPORT = CardReport(
    "S7",
    "2019-05",
    speakers=[CardSpeaker("O", "own", [OWN]), CardSpeaker("A", "a trader", [STEP])],
    usual=[GARMENTS],
)


def document_of(form: type[Form], **texts: Any) -> Document:
    place = blank_row(Term, key="place", code="dandong", role="at")
    citation = blank_row(Citation, source="S7", chain=[OWN], paraphrase="It says so.")
    same: Document = {"terms": [place], "citations": [citation]}
    if form is EventForm:
        same |= {"title": "It says so.", "summary": "It says so."}
    return blank(form, **same) | texts


def posted(form: type[Form], document: Document, **changed: str) -> dict[str, str]:
    texts = read(form, document, REPORT).texts
    sent = {f"{CARD}{name}": text for name, text in texts.items()}
    sent |= {f"{WAS}{name}": text for name, text in texts.items()}
    return sent | {f"{CARD}{name}": text for name, text in changed.items()}


TIMES: list[tuple[type[Form], dict[str, Any], str, str]] = [
    (EventForm, {"happened": "2019-04"}, "on", "2019-04"),
    (EventForm, {"attested": "2019-04"}, "ongoing", "2019-04"),
    (EventForm, {"happened": "2019-04/.."}, "since", "2019-04"),
    (EventForm, {"happened": "../2019-04"}, "until", "2019-04"),
    (EventForm, {}, "unknown", ""),
    (EventForm, {"title": "", "summary": "", "citations": []}, "on", ""),
    (EstimateForm, {"counts": "present", "as_of": "2019-04"}, "usual", "2019-04"),
    (EventForm, {"deadline": "2019-04"}, "due", "2019-04"),
    (EstimateForm, {"counts": "departures", "period": "2019-04"}, "usual", "2019-04"),
]


@pytest.mark.parametrize(("form", "texts", "mode", "when"), TIMES)
def test_card_that_was_not_changed_leaves_the_document(
    form: type[Form], texts: dict[str, Any], mode: str, when: str
) -> None:
    document = document_of(form, **texts)
    found = read(form, document, REPORT).texts
    assert (found["mode"], found["when"]) == (mode, when)
    assert (found["where"], found.get("says", "O")) == ("dandong", "O")
    assert write(form, document, posted(form, document), REPORT) == document


@pytest.mark.parametrize(
    ("before", "mode", "when", "after"),
    [
        ("", "since", "2006~/..", "2006~/.."),
        ("", "since", "1980/1989", "[1980..1989]/.."),
        ("[1980..1989]/..", "since", "[1980..1989]", "[1980..1989]/.."),
        ("", "until", "1980/1989", "../1989"),
        ("", "unknown", "2025-12~", "2025-12~"),
        ("2025-12~", "unknown", "2025-12~", ""),
    ],
)
def test_typed_date_is_kept_and_opened_once(before: str, mode: str, when: str, after: str) -> None:
    document = document_of(EventForm, happened=before)
    sent = posted(EventForm, document, mode=mode, when=when)
    assert write(EventForm, document, sent, REPORT)["happened"] == after


def test_unusual_time_is_not_on_the_card() -> None:
    for form, texts in (
        (EventForm, {"happened": "2019", "attested": "2019-04"}),
        (EstimateForm, {"counts": "present", "period": "2019-04"}),
    ):
        document = document_of(form, **texts)
        compact = read(form, document, REPORT)
        assert "when" not in compact.texts
        assert write(form, document, posted(form, document), REPORT) == document


def test_what_is_so_when_it_was_published_has_that_day_and_no_deadline() -> None:
    for form, texts, field in (
        (EventForm, {"deadline": "2019-04"}, "attested"),
        (EstimateForm, {"counts": "money", "per": "month"}, "as_of"),
    ):
        document = document_of(form, **texts)
        changed = write(form, document, posted(form, document, mode="now"), REPORT)
        assert changed[field] == "2019-05" and not changed.get("deadline")


def test_statement_changes_the_texts_that_said_the_same() -> None:
    document = document_of(EventForm, summary="A longer summary.")
    sent = posted(EventForm, document, statement="Another.")
    changed = write(EventForm, document, sent, REPORT)
    assert (changed["title"], changed["summary"]) == ("Another.", "A longer summary.")
    assert changed["citations"][0]["paraphrase"] == "Another."
    # A page that has saved itself sends what it was opened with, and its texts as they were.
    again = write(EventForm, document, sent | {"card.statement": "Another one."}, REPORT)
    assert again["title"] == again["citations"][0]["paraphrase"] == "Another one."


def test_letter_copies_the_chain_of_the_speaker() -> None:
    document = document_of(EventForm)
    changed = write(EventForm, document, posted(EventForm, document, says="A"), REPORT)
    assert changed["citations"][0]["chain"] == [STEP]
    assert read(EventForm, changed, REPORT).texts["says"] == "A"
    changed["citations"][0]["chain"] = [blank_row(ChainStep)]
    assert read(EventForm, changed, REPORT).texts["says"] == ""
    other = write(EventForm, changed, posted(EventForm, changed, says="other"), REPORT)
    assert other["citations"][0]["chain"][0]["attribution"] == ""
    assert read(EventForm, other, REPORT).texts["says"] == "other"


def test_names_of_places_keep_terms_with_other_roles() -> None:
    via = blank_row(Term, key="place", code="sinuiju", role="via")
    document = document_of(EventForm)
    document["terms"].append(via)
    changed = write(EventForm, document, posted(EventForm, document, where="Hunchun, x"), REPORT)
    assert [(row["code"], row["role"]) for row in changed["terms"]] == [
        *(("Hunchun", "at"), ("x", "at"), ("sinuiju", "via")),
    ]
    assert via in changed["terms"]


@pytest.mark.parametrize(
    ("typed", "terms", "answer"),
    [
        ({"by": "a", "by.as": "orders:home-state"}, [("actor", "a", "orders", "home-state")], ""),
        ({"nationality": "kp"}, [("nationality", "kp", "target", "")], ""),
        ({"nationality": "any"}, [], "any"),
    ],
)
def test_who_did_it_and_whom_it_covers(
    typed: dict[str, str], terms: list[tuple[str, ...]], answer: str
) -> None:
    document = document_of(EventForm)
    changed = write(EventForm, document, posted(EventForm, document, **typed), REPORT)
    rows = changed["terms"][1:]
    assert [(r["key"], r["code"], r["role"], r["side"]) for r in rows] == terms
    assert changed["no_nationality"] == answer
    assert typed.items() <= read(EventForm, changed, REPORT).texts.items()
    emptied = posted(EventForm, changed, **dict.fromkeys(typed, ""))
    assert write(EventForm, changed, emptied, REPORT) == document


def test_default_of_the_report_is_ticked_and_unticked() -> None:
    document = document_of(EventForm)
    ticked = write(EventForm, document, posted(EventForm, document, **{"tick.0": "yes"}), REPORT)
    assert ("sector", "garments") in {(row["key"], row["code"]) for row in ticked["terms"]}
    without = {**posted(EventForm, ticked)}
    del without[f"{CARD}tick.0"]
    assert write(EventForm, ticked, without, REPORT) == document


@pytest.mark.parametrize(
    ("step", "happened", "stage"),
    [
        ("in-force", "2019-04/..", {"date": "2019-04", "planned_for": ""}),
        ("announced", "2019-04/..", {"first_reported": "2019-03-02", "planned_for": "2019-04"}),
        ("announced", "2019-02", {"date": "2019-02", "planned_for": ""}),
        ("ended", "", {"date": "unknown", "first_reported": "2019-03-02", "planned_for": ""}),
    ],
)
def test_status_is_of_the_report_and_the_time(
    step: str, happened: str, stage: dict[str, str]
) -> None:
    document = document_of(EventForm, happened=happened)
    document["citations"][0] |= {"id": "C1", "said": "2019-03-02"}
    changed = write(EventForm, document, posted(EventForm, document, status=step), REPORT)
    (row,) = changed["stages"]
    assert {name: row[name] for name in stage} == stage and row["citation"] == "C1"
    assert read(EventForm, changed, REPORT).texts["status"] == step
    # A page sends the time only by its card.
    sent = posted(EventForm, changed, mode="on", when="2020")
    later = write(EventForm, {**changed, "happened": ""}, sent, REPORT)
    assert "2020" in {later["stages"][0]["date"], later["stages"][0]["planned_for"]}
    row["remark"] = "Also elsewhere."
    assert "status" not in read(EventForm, changed, REPORT).texts


def test_further_statement_of_the_report_has_its_speakers() -> None:
    document = document_of(EventForm)
    document["citations"].append(blank_row(Citation, source="S7", chain=[blank_row(ChainStep)]))
    name = f"says.{document['citations'][1][ROW]}"
    changed = write(EventForm, document, posted(EventForm, document, **{name: "A"}), REPORT)
    assert [row["chain"] for row in changed["citations"]] == [[OWN], [STEP]]


def test_number_with_a_percent_sign_is_a_share() -> None:
    document = document_of(EstimateForm, counts="present", unit="people", point="90 %")
    after = write(EstimateForm, document, posted(EstimateForm, document), REPORT)
    assert [after[name] for name in ("point", "unit", "form")] == ["0.90", "ratio", "share"]


def test_money_is_about_what_the_statement_says() -> None:
    document = document_of(EstimateForm, counts="money")
    sent = posted(EstimateForm, document, statement="Pay of a month.")
    changed = write(EstimateForm, document, sent, REPORT)
    assert changed["population_text"] == "Pay of a month"
    corrected = posted(EstimateForm, changed, statement="Pay.")
    assert write(EstimateForm, changed, corrected, REPORT)["population_text"] == "Pay"


def test_only_a_new_citation_is_asked_whether_its_speaker_is_that_of_another() -> None:
    mine, theirs = (
        {ROW: key, **blank(ChainStep, attribution="named-official", words=words)}
        for key, words in (("aa", "Masir Kujat, a minister"), ("cc", "The ministry"))
    )
    document = document_of(EventForm)
    document["citations"][0] |= {"id": "C2", "chain": [mine]}
    report = replace(REPORT, speakers=[CardSpeaker("=C1", "the same", [theirs])])
    assert [*unanswered(EventForm, document, report)] == ["citations.0.same"]
    assert not unanswered(EventForm, document, replace(report, approved=["C2"]))
