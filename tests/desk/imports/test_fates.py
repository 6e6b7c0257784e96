"""The fate of each row of an import, and the reason for it."""

from html import unescape

import pytest
from starlette.testclient import TestClient

from app.desk.approved.draft_models import DraftState
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.drafts import commands as drafts
from app.documents import validate
from app.kinds import EventForm
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_citation, make_code, make_event, make_source, make_step, make_term
from tests.support.desk_people import person
from tests.support.imports import (
    BUNDLE,
    CITATIONS,
    EVENTS,
    MAKE,
    SOURCES,
    drafts_of,
    fates_by_row,
    make_drafts,
    report,
    upload_and_check,
)

PAPERS = ("a", "b", "c")
WHY = {"why": "clarified", "reason": "As printed."}


@pytest.fixture
def world(desk_world: Settings) -> Settings:
    """Approved records with private values and values that no import below has a column for."""
    with desk_session(desk_world) as db:
        private = make_citation(1, note="SECRET of the desk")
        event = make_event(
            1, slug="one", note="SECRET note", happened_text="in June", citations=[private]
        )
        save_all(
            db,
            [
                event,
                make_source(7, url="https://example.org/seven", slug="seven", author="A. Author"),
            ],
        )
        publish_approved(db, "The first")
    return desk_world


def test_each_row_gets_fate_and_reason(world: Settings, basma: TestClient) -> None:
    sources = SOURCES + (
        # Matches S7 by URL despite another id; only the title differs.
        "S902,seven,outlet-1,Another title,printed,http://www.example.org/seven/,en,news,2019-06-20,stated\n"
        "S903,third,nowhere,Of nobody,printed,,en,news,2019-06-20,stated\n"
        "S904,first,outlet-1,First again,printed,,en,news,2019-06-20,stated\n"
        "S905,fifth,outlet-1,,printed,,en,news,2019-06-20,unknown\n"
    )
    events = EVENTS + (
        "E1,Event 1,Reported.,stay-limit,2019-06-15\n"
        "E902,Rests on the third,Reported.,stay-limit,2018\n"
        "E903,Event 1,Reported.,stay-limit,2019-06-16\n"
        "E904,No such type,Reported.,no-such-type,2018\n"
        "E901,Given before,Reported.,stay-limit,2018\n"
    )
    terms = "record,key,code,role\n" + "".join(
        f"E{number},place,place-1,at\n" for number in (1, 901, 902, 903, 904)
    ) + "E999,place,place-1,at\nE903,place,place-1,wrong\n"  # fmt: skip
    citations = CITATIONS.replace("E901,C901", "E902,C901").replace("S901", "S903") + (
        "E1,C1,S1,supports,occurrence,It happened.\nE903,C903,S1,supports,occurrence,It happened.\n"
        "E904,C904,S1,supports,occurrence,It happened.\n"
    )
    chains = (
        "citation,attribution,words\nC901,resident,a resident\n"
        "C1,outlet-own-voice,\nC904,outlet-own-voice,\n"
    )
    files = {
        "sources.csv": sources, "events.csv": events,
        "citations.csv": citations, "chains.csv": chains,
        "terms.csv": terms.replace("E903,place,place-1,wrong\n", ""),
    }  # fmt: skip
    at = upload_and_check(basma, files)
    rows = {f"{row['file']}:{row['line']}": row for row in report(basma, at)}
    found = {row: each["fate"] for row, each in rows.items()}
    assert {row: fate for row, fate in found.items() if row.startswith(("sources", "events"))} == {
        "sources.csv:2": "new",
        "sources.csv:3": "changed",
        "sources.csv:4": "error",
        "sources.csv:5": "error",
        "sources.csv:6": "error",
        "events.csv:2": "error",
        "events.csv:3": "same",
        "events.csv:4": "error",
        "events.csv:5": "error",
        "events.csv:6": "error",
        "events.csv:7": "error",
    }
    reasons = {row: each["reason"] for row, each in rows.items()}
    assert rows["sources.csv:3"]["record"] == "S7" and reasons["sources.csv:3"] == "Title, Address"
    assert (
        reasons["sources.csv:4"]
        == "It refers to nowhere, which does not exist here or in the files."
    )
    assert reasons["sources.csv:5"] == "It is the same record as sources.csv:2."
    assert reasons["sources.csv:6"] == "Fill this in." and rows["sources.csv:6"]["field"] == "Title"
    assert reasons["events.csv:2"] == reasons["events.csv:7"] == "“E901” is used more than once."
    assert (
        reasons["events.csv:4"] == "It refers to S903, which has an error. Correct that row first."
    )
    assert "At least one row is needed in chains.csv" in reasons["citations.csv:4"]
    assert "One of its rows has an error: citations.csv, line 4" in reasons["events.csv:5"]
    assert (
        reasons["events.csv:6"]
        == "It refers to type:no-such-type, which does not exist here or in the files."
    )
    assert reasons["terms.csv:7"] == "No row “E999” in Events can have such rows."
    page = basma.get(f"{at}?fate=error").text
    assert "sources.csv:4" in page and "sources.csv:2<" not in page
    page = unescape(basma.get(at).text)
    assert "Type of change" in page and "1 record is new or changed" not in page
    assert "SECRET" not in page + "".join(map(str, rows.values())), (
        "the import's page and report must not show unchanged values"
    )


def test_possible_duplicates_are_left_out_unless_chosen(world: Settings, basma: TestClient) -> None:
    twin = {
        "events.csv": "id,title,summary,type,happened\n"
        "E902,Event 1 in words,Reported.,stay-limit,2019-06-20\n"
        "E903,Rests on it,Reported.,repatriation,2017\n",
        "terms.csv": "record,key,code,role\nE902,place,place-1,at\nE903,place,province-2,at\n",
        "citations.csv": "record,id,source,stance,kind,paraphrase\n"
        "E902,C902,S1,supports,occurrence,So.\n",
        "chains.csv": "citation,attribution\nC902,outlet-own-voice\n",
        "links.csv": "record,type,to\nE903,follows,E902\n",
    }
    at = upload_and_check(basma, twin)
    rows = {row["name"]: row for row in report(basma, at) if row["file"] == "events.csv"}
    assert rows["E902"]["fate"] == "twin" and rows["E902"]["reason"].startswith(
        "similar to E1: same source"
    )
    assert rows["E903"]["fate"] == "new"
    page = basma.get(at).text
    assert "Include 1 possible duplicate" in page
    make_drafts(basma, at)
    rows = {row["name"]: row for row in report(basma, at) if row["file"] == "events.csv"}
    assert [rows[name]["fate"] for name in ("E902", "E903")] == ["left-out", "left-out"]
    assert rows["E903"]["reason"] == "It refers to E902, which is left out."
    assert drafts_of(world, at) == {}
    at = upload_and_check(basma, twin)
    make_drafts(basma, at, with_twins="yes")
    assert {draft.record for draft in drafts_of(world, at).values()} == {"E902", "E903"}
    at = upload_and_check(basma, twin)
    assert "The draft E90" not in str(report(basma, at)), (
        "no event may be refused for a unique value that its draft has"
    )
    assert {row["fate"] for row in report(basma, at) if row["file"] == "events.csv"} == {"twin"}, (
        "events like an existing draft must be reported as possible duplicates"
    )


def test_change_keeps_fields_without_column(world: Settings, basma: TestClient) -> None:
    """A private note, an ignored column, and rows of a table that is not in the import."""
    at = upload_and_check(
        basma, {"events.csv": "slug,title,happened_text\none,A clearer title,in May\n"}
    )
    (row,) = report(basma, at)
    assert (row["fate"], row["reason"], row["record"]) == (
        "changed",
        "Title, Happened, in words",
        "E1",
    )
    answer = basma.post(at, data=MAKE)
    assert (
        answer.status_code == 422
        and "Enter a reason" in answer.text
        and "the type of change" in answer.text
    )
    make_drafts(basma, at, **WHY)
    draft = drafts_of(world, at)["E1"]
    assert (draft.why, draft.reason, draft.state) == (
        "clarified",
        "As printed.",
        DraftState.IN_REVIEW,
    )
    form = validate(EventForm, draft.document).form
    assert form is not None and draft.base is not None
    assert (form.title, form.happened_text, form.note) == (
        "A clearer title",
        "in May",
        "SECRET note",
    )
    assert form.citations[0].note == "SECRET of the desk" and form.happened == "2019-06-15"
    assert draft.document["citations"] == draft.base["citations"], (
        "citations of a changed record must keep their keys"
    )
    at = upload_and_check(basma, {"events.csv": "slug,title\none,Yet another\n"})
    assert "Basma has an open draft of it" in report(basma, at)[0]["reason"]


def test_rows_without_ids_keep_only_their_own_values(
    desk_world: Settings, basma: TestClient
) -> None:
    """One row is added before the others and one removed: no row gets values of a neighbour."""
    with desk_session(desk_world) as db:
        papers = [
            make_term("sector", code, printed=f"as {code}", number=n)
            for n, code in enumerate(PAPERS, 1)
        ]
        steps = [
            make_step("resident", "the first", occasion="at a gate", exact_words="SECRET first"),
            make_step(
                "resident", "the second", occasion="by telephone", exact_words="SECRET second"
            ),
        ]
        codes = [make_code(code, "sector") for code in PAPERS]
        save_all(
            db,
            [
                *codes,
                make_event(
                    1, terms=[make_term(), *papers], citations=[make_citation(1, chain=steps)]
                ),
            ],
        )
        publish_approved(db, "The first")
    files = {
        "events.csv": "id,title\nE1,Event 1\n",
        "terms.csv": "record,key,code,role\nE1,sector,d,target\n"
        "E1,sector,c,target\nE1,place,place-1,at\nE1,sector,a,target\n",
        "citations.csv": "record,id,source\nE1,C1,S1\n",
        "chains.csv": "citation,attribution,words\nC1,resident,a new one\nC1,resident,the second\n",
    }
    with desk_session(desk_world) as db:
        save_all(db, [make_code("d", "sector")])
    at = upload_and_check(basma, files)
    assert fates_by_row(basma, at)["events.csv:2"] == "changed", report(basma, at)
    make_drafts(basma, at, **WHY)
    form = validate(EventForm, drafts_of(desk_world, at)["E1"].document).form
    assert form is not None
    assert [(term.code, term.printed, term.number) for term in form.terms] == [
        ("d", "", None), ("c", "as c", 3), ("place-1", "", None), ("a", "as a", 1),
    ]  # fmt: skip
    assert [(step.words, step.occasion, step.exact_words) for step in form.citations[0].chain] == [
        ("a new one", "", ""), ("the second", "by telephone", "SECRET second"),
    ]  # fmt: skip


def test_taken_ids_are_replaced_in_all_references(world: Settings, basma: TestClient) -> None:
    """Ids of an import only connect its rows; new records get other ids if theirs are taken."""
    with desk_session(world) as db:
        taken = drafts.begin(db, person(world, "Amal"), "page", "E").record
    bundle = {
        name: content.replace("E901", taken).replace("S901", "S3")
        for name, content in BUNDLE.items()
    }
    bundle["stages.csv"] = f"record,step,date,citation\n{taken},announced,2020-01,C901\n"
    bundle["events.csv"] += "E999999999,Far off,Reported.,repatriation,2018\n"
    bundle["terms.csv"] += "E999999999,place,province-2,at\n"
    bundle["links.csv"] = f"record,type,to\nE999999999,follows,{taken}\n"
    at = upload_and_check(basma, bundle)
    make_drafts(basma, at)
    made = drafts_of(world, at)
    first, second = sorted(id for id in made if id[0] == "E")
    assert (taken, first, second) == ("E2", "E3", "E4")
    event = made[first].document
    assert event["citations"][0]["source"] == "S8" and set(made) == {"S8", "E3", "E4"}
    assert event["stages"][0]["citation"] == event["citations"][0]["id"] == "C901"
    assert made[second].document["links"][0]["to"] == first
    assert {row["record"] for row in report(basma, at) if row["name"] == taken} == {first}
