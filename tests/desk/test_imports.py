"""A bundle in the browser: its columns, what each row would become, drafts of it, its report, and taking it back."""

import csv
import io
import logging
import re
from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select, text, update
from starlette.testclient import TestClient

from app import paths
from app.database.engines import desk_engine
from app.desk import numbers
from app.desk.commands import everything, save_all
from app.desk.drafts import commands as drafts
from app.desk.drafts.commands import NotNow
from app.desk.drafts.documents import check
from app.desk.drafts.models import Draft, Revision, Saved, State
from app.desk.importing import import_folder
from app.desk.imports import commands, making, working
from app.desk.imports.models import Import, ImportRow, Stage
from app.desk.merging.combining import Taken
from app.desk.merging.commands import Proposal, merge
from app.desk.publishing import publish_approved
from app.desk.purging.commands import purge
from app.desk.ticking import tick
from app.forms import FORMS, CodeForm, EventForm
from app.settings import Settings
from tests.browser import complaints_of, grave_faults
from tests.conftest import desk_session, serving
from tests.desk.cast import PASSWORD, email, person, sign_in
from tests.desk.conftest import Visit
from tests.desk.importing import (
    BUNDLE,
    CITATIONS,
    EVENTS,
    SOURCES,
    checked,
    done,
    fates,
    kept,
    packed,
    report,
    send,
    told,
)
from tests.make import make_citation, make_code, make_event, make_source, make_step, make_term

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MAKE = {"do": "make", "hand_in": "yes"}
PAPERS = ("a", "b", "c")
WHY = {"why": "clarified", "reason": "As printed."}


def drafts_of(settings: Settings, at: str) -> dict[str, Draft]:
    with desk_session(settings) as db:
        id = int(at.rsplit("/", 1)[1])
        found = db.scalars(select(Draft).join(ImportRow, ImportRow.draft == Draft.id).where(ImportRow.import_id == id))
        made = {draft.record: draft for draft in found}
        db.expunge_all()
        return made


# The whole way ----------------------------------------------------------------------------------------------------


def test_a_bundle_becomes_drafts_that_are_reviewed_and_published(
    desk_world: Settings, basma: TestClient, visit: Visit
) -> None:
    with desk_session(desk_world) as db:
        publish_approved(db, "The first")
    at = kept(basma, {"bundle.zip": packed(BUNDLE)})
    page = basma.get(at).text
    assert "events.csv" in page and "Nothing is made yet" in page
    basma.post(at, data={"do": "check"})
    page = done(basma, at)
    assert "2 records are new or changed" in page
    assert set(fates(basma, at).values()) == {"new"}
    with desk_session(desk_world) as db:
        assert db.scalars(select(Draft)).all() == [], "looking makes nothing"
        last = numbers.last(db, "E")
        db.rollback()
    basma.post(at, data=MAKE)
    page = done(basma, at)
    assert "Imported" in page and "Take 2 drafts back" in page
    made = drafts_of(desk_world, at)
    assert {draft.state for draft in made.values()} == {State.IN_REVIEW} and last == 1
    event = made["E901"]
    assert event.document["citations"][0]["source"] == "S901" and event.document["citations"][0]["id"] == "C901"
    with desk_session(desk_world) as db:
        revisions = db.scalars(select(Revision).where(Revision.draft == event.id).order_by(Revision.number)).all()
        assert [each.saved for each in revisions] == [Saved.BEGUN, Saved.IMPORTED, Saved.SUBMITTED]
        assert db.scalar(select(func.count()).where(ImportRow.cells.is_not(None))) == 0, "it is in the drafts alone"
    assert "Imported" in basma.get(f"/desk/drafts/{event.id}/history").text

    amal = visit("203.0.113.9")
    sign_in(amal, "Amal")
    for record in ("S901", "E901"):
        id = made[record].id
        seen = re.search(r'name="number" value="(\d+)"', amal.get(f"/desk/review/{id}").text)
        assert seen
        answer = amal.post(f"/desk/review/{id}", data={"number": seen[1], "do": "approve"})
        assert answer.status_code == 303, told(answer.text)
    ready = dict(re.findall(r'name="(take\.\d+)" value="(yes)"', amal.get("/desk/review").text))
    amal.post("/desk/review", data={**ready, "message": "From a bundle."})
    assert "Workers are told to leave" in amal.get("/events/E901").text
    page = basma.get(at).text
    assert "can’t be taken back whole any more" in page and 'href="/desk/records/E901"' in page
    answer = basma.post(at, data={"do": "take-back"})
    assert answer.status_code == 422 and "E901 is published" in answer.text
    lines = {(row["file"], row["line"]): row for row in report(basma, at)}
    assert lines["events.csv", "2"]["state"] == "Published" and lines["events.csv", "2"]["record"] == "E901"
    assert lines["citations.csv", "2"]["record"] == "C901"
    log = told(amal.get("/desk/audit").text)
    assert "Imported a bundle import:1 2" in log and "Workers" not in log

    again = checked(basma, {"again.zip": packed(BUNDLE)})
    assert set(fates(basma, again).values()) == {"same"}, "by its ids, it is known again"
    assert "Make the drafts" in basma.get(again).text
    answer = basma.post(again, data=MAKE)
    assert answer.status_code == 422 and "nothing to make a draft of" in answer.text


def test_the_seeds_become_the_drafts_of_what_the_command_line_would_approve(
    database: Settings, empty_database: Settings, visit: Visit
) -> None:
    """The same files by both ways; codes are an admin's, and there before."""
    from tests.desk.cast import make_people

    make_people(database, "Basma")
    with desk_session(database) as db:
        attempt = db.begin_nested()
        assert not import_folder(db, paths.SEEDS).errors
        wanted = {form.id: form for form in everything(db)}
        attempt.rollback()
        db.expire_all()
        save_all(db, [form for form in wanted.values() if isinstance(form, CodeForm)])
    basma = visit()
    sign_in(basma, "Basma")
    files = {path.name: path.read_bytes() for path in sorted(paths.SEEDS.iterdir())}
    at = checked(basma, {"seeds.zip": packed({f"seeds/{name}": content for name, content in files.items()})})
    page = basma.get(at).text
    assert "README.md" in page
    found = fates(basma, at)
    assert {fate for row, fate in found.items() if row.startswith("vocabulary")} == {"same"}
    assert {fate for row, fate in found.items() if row.startswith("statements")} == {"left-out"}
    assert "error" not in found.values(), {row["reason"] for row in report(basma, at) if row["fate"] == "error"}
    basma.post(at, data={**MAKE, "with_twins": "yes"})
    done(basma, at)
    made = drafts_of(database, at)
    assert set(made) == {id for id, form in wanted.items() if not isinstance(form, CodeForm)}
    for id, draft in made.items():
        understood = check(FORMS[id[0]], draft.document)
        assert understood.form == wanted[id], (id, understood.errors)


def test_a_workbook_is_brought_in_as_its_tables_are(desk_world: Settings, basma: TestClient) -> None:
    """With a sheet for each, by whose names they are known."""
    book = openpyxl.Workbook()
    for name, content in BUNDLE.items():
        sheet = book.create_sheet(name.removesuffix(".csv"))
        for line in csv.reader(io.StringIO(content)):
            sheet.append(line)
    del book["Sheet"]
    buffer = io.BytesIO()
    book.save(buffer)
    at = checked(basma, {"bundle.xlsx": buffer.getvalue()})
    assert set(fates(basma, at).values()) == {"new"} and len(fates(basma, at)) == len(BUNDLE)
    basma.post(at, data=MAKE)
    done(basma, at)
    made = drafts_of(desk_world, at)
    assert {*made} == {"S901", "E901"}
    assert made["E901"].document["citations"][0]["chain"][0]["attribution"] == "resident"
    assert made["E901"].document["happened"] == "2020-01-02"


# What a row would become ------------------------------------------------------------------------------------------


@pytest.fixture
def world(desk_world: Settings) -> Settings:
    """What is approved, with something private and something that no bundle below has a column for."""
    with desk_session(desk_world) as db:
        private = make_citation(1, note="SECRET of the desk")
        event = make_event(1, slug="one", note="SECRET note", happened_text="in June", citations=[private])
        save_all(db, [event, make_source(7, url="https://example.org/seven", slug="seven", author="A. Author")])
        publish_approved(db, "The first")
    return desk_world


def test_all_that_is_wrong_with_a_row_is_told_at_once(world: Settings, basma: TestClient) -> None:
    at = checked(basma, {"sources.csv": SOURCES + "S902,second,outlet-1,,printed,,en,news,soon,stated\n"})
    row = next(row for row in report(basma, at) if row["line"] == "3")
    assert (row["fate"], row["field"]) == ("error", "Title")
    assert re.fullmatch(r"Fill this in\. Published: \S.*", row["reason"])


def test_each_row_is_told_its_fate(world: Settings, basma: TestClient) -> None:
    sources = SOURCES + (
        # Known by its address, though it has another id there; the same but for its title.
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
    chains = "citation,attribution,words\nC901,resident,a resident\nC1,outlet-own-voice,\nC904,outlet-own-voice,\n"
    files = {
        "sources.csv": sources, "events.csv": events, "citations.csv": citations, "chains.csv": chains,
        "terms.csv": terms.replace("E903,place,place-1,wrong\n", ""),
    }  # fmt: skip
    at = checked(basma, files)
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
    assert reasons["sources.csv:4"] == "It names nowhere, which is neither here nor in the bundle."
    assert reasons["sources.csv:5"] == "It is the same record as sources.csv:2."
    assert reasons["sources.csv:6"] == "Fill this in." and rows["sources.csv:6"]["field"] == "Title"
    assert reasons["events.csv:2"] == reasons["events.csv:7"] == "“E901” is there more than once."
    assert reasons["events.csv:4"] == "It names S903, which is in error itself."
    assert "At least one row is needed in chains.csv" in reasons["citations.csv:4"]
    assert "A row that stands under it is in error: citations.csv, line 4" in reasons["events.csv:5"]
    assert reasons["events.csv:6"] == "It names type:no-such-type, which is neither here nor in the bundle."
    assert reasons["terms.csv:7"] == "No row “E999” of Events has such rows."
    page = basma.get(f"{at}?fate=error").text
    assert "sources.csv:4" in page and "sources.csv:2<" not in page
    page = unescape(basma.get(at).text)
    assert "What kind of change" in page and "1 record is new or changed" not in page
    assert "SECRET" not in page + "".join(map(str, rows.values())), "what stays as it is is not told"


def test_what_may_be_there_already_is_left_out_unless_one_says_otherwise(world: Settings, basma: TestClient) -> None:
    twin = {
        "events.csv": "id,title,summary,type,happened\nE902,Event 1 in words,Reported.,stay-limit,2019-06-20\n"
        "E903,Rests on it,Reported.,repatriation,2017\n",
        "terms.csv": "record,key,code,role\nE902,place,place-1,at\nE903,place,province-2,at\n",
        "citations.csv": "record,id,source,stance,kind,paraphrase\nE902,C902,S1,supports,occurrence,So.\n",
        "chains.csv": "citation,attribution\nC902,outlet-own-voice\n",
        "links.csv": "record,type,to\nE903,follows,E902\n",
    }
    at = checked(basma, twin)
    rows = {row["name"]: row for row in report(basma, at) if row["file"] == "events.csv"}
    assert rows["E902"]["fate"] == "twin" and rows["E902"]["reason"].startswith("like E1: same source")
    assert rows["E903"]["fate"] == "new"
    page = basma.get(at).text
    assert "Also 1 possible twin" in page
    basma.post(at, data=MAKE)
    done(basma, at)
    rows = {row["name"]: row for row in report(basma, at) if row["file"] == "events.csv"}
    assert [rows[name]["fate"] for name in ("E902", "E903")] == ["left-out", "left-out"]
    assert rows["E903"]["reason"] == "It names E902, which is left out."
    assert drafts_of(world, at) == {}
    at = checked(basma, twin)
    basma.post(at, data={**MAKE, "with_twins": "yes"})
    done(basma, at)
    assert {draft.record for draft in drafts_of(world, at).values()} == {"E902", "E903"}
    at = checked(basma, twin)
    assert "The draft E90" not in str(report(basma, at)), "it has no name that only one can have"
    assert {row["fate"] for row in report(basma, at) if row["file"] == "events.csv"} == {"twin"}, "its twins are drafts"


def test_a_change_keeps_what_no_column_holds(world: Settings, basma: TestClient) -> None:
    """A private note, words in a column that is left out, and rows of a table that is not there."""
    at = checked(basma, {"events.csv": "slug,title,happened_text\none,A clearer title,in May\n"})
    (row,) = report(basma, at)
    assert (row["fate"], row["reason"], row["record"]) == ("changed", "Title, Happened, in words", "E1")
    answer = basma.post(at, data=MAKE)
    assert answer.status_code == 422 and "needs a reason" in answer.text and "how much the change weighs" in answer.text
    basma.post(at, data={**MAKE, **WHY})
    done(basma, at)
    draft = drafts_of(world, at)["E1"]
    assert (draft.why, draft.reason, draft.state) == ("clarified", "As printed.", State.IN_REVIEW)
    form = check(EventForm, draft.document).form
    assert form is not None and draft.base is not None
    assert (form.title, form.happened_text, form.note) == ("A clearer title", "in May", "SECRET note")
    assert form.citations[0].note == "SECRET of the desk" and form.happened == "2019-06-15"
    assert draft.document["citations"] == draft.base["citations"], "rows are known by the same keys"
    at = checked(basma, {"events.csv": "slug,title\none,Yet another\n"})
    assert "Basma has an open draft of it" in report(basma, at)[0]["reason"]


def test_rows_without_ids_keep_only_what_is_theirs(desk_world: Settings, basma: TestClient) -> None:
    """One is put in before the others and one is taken out: nobody gets what no column holds from a neighbour."""
    with desk_session(desk_world) as db:
        papers = [make_term("sector", code, printed=f"as {code}", number=n) for n, code in enumerate(PAPERS, 1)]
        steps = [
            make_step("resident", "the first", occasion="at a gate", exact_words="SECRET first"),
            make_step("resident", "the second", occasion="by telephone", exact_words="SECRET second"),
        ]
        codes = [make_code(code, "sector") for code in PAPERS]
        save_all(db, [*codes, make_event(1, terms=[make_term(), *papers], citations=[make_citation(1, chain=steps)])])
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
    at = checked(basma, files)
    assert fates(basma, at)["events.csv:2"] == "changed", report(basma, at)
    basma.post(at, data={**MAKE, **WHY})
    done(basma, at)
    form = check(EventForm, drafts_of(desk_world, at)["E1"].document).form
    assert form is not None
    assert [(term.code, term.printed, term.number) for term in form.terms] == [
        ("d", "", None), ("c", "as c", 3), ("place-1", "", None), ("a", "as a", 1),
    ]  # fmt: skip
    assert [(step.words, step.occasion, step.exact_words) for step in form.citations[0].chain] == [
        ("a new one", "", ""), ("the second", "by telephone", "SECRET second"),
    ]  # fmt: skip


def test_what_was_merged_does_not_come_back_as_new(desk_world: Settings, basma: TestClient) -> None:
    copy = {"host_kind": "mirror", "url": "https://example.org/copy", "extent": "full"}
    with desk_session(desk_world) as db:
        save_all(db, [make_source(7, url="https://example.org/seven"), make_source(8, copies=[copy])])
        publish_approved(db, "The first")
    with desk_session(desk_world) as db:
        # The one that is kept has an address of its own, and nothing of the other.
        taken = Taken("S1", frozenset())
        merge(db, person(desk_world, "Basma"), Proposal("S7", "S1", taken, "One report.", frozenset()))
    header, row = SOURCES.splitlines()
    rows = [
        row.replace("S901,first", "S7,seven"),
        row.replace("S901,first", "S902,second").replace("/first", "/seven"),
        row.replace("S901,first", "S903,third").replace("/first", "/copy"),
    ]
    at = checked(
        basma,
        BUNDLE | {"sources.csv": "\n".join([header, *rows]) + "\n", "citations.csv": CITATIONS.replace("S901", "S902")},
    )
    said = {line["name"]: (line["fate"], line["reason"]) for line in report(basma, at) if line["file"] == "sources.csv"}
    assert said == {
        "S7": ("error", "S7 was merged into S1: name that one"),
        "S902": ("twin", "a source that was merged into S1 was at its address"),
        "S903": ("twin", "a copy of S8 is at its address"),
    }
    at = checked(basma, {name: text.replace("S901", "S7") for name, text in BUNDLE.items() if name != "sources.csv"})
    assert "It names S7, which was merged into S1." in {line["reason"] for line in report(basma, at)}


def test_ids_that_others_had_are_given_anew_and_named_so(world: Settings, basma: TestClient) -> None:
    """In the bundle an id holds rows together; what it becomes here is another matter."""
    with desk_session(world) as db:
        taken = drafts.begin(db, person(world, "Amal"), "page", "E").record
    bundle = {name: content.replace("E901", taken).replace("S901", "S3") for name, content in BUNDLE.items()}
    bundle["stages.csv"] = f"record,step,date,citation\n{taken},announced,2020-01,C901\n"
    bundle["events.csv"] += "E999999999,Far off,Reported.,repatriation,2018\n"
    bundle["terms.csv"] += "E999999999,place,province-2,at\n"
    bundle["links.csv"] = f"record,type,to\nE999999999,follows,{taken}\n"
    at = checked(basma, bundle)
    basma.post(at, data=MAKE)
    done(basma, at)
    made = drafts_of(world, at)
    first, second = sorted(id for id in made if id[0] == "E")
    assert (taken, first, second) == ("E2", "E3", "E4")
    event = made[first].document
    assert event["citations"][0]["source"] == "S8" and set(made) == {"S8", "E3", "E4"}
    assert event["stages"][0]["citation"] == event["citations"][0]["id"] == "C901"
    assert made[second].document["links"][0]["to"] == first
    assert {row["record"] for row in report(basma, at) if row["name"] == taken} == {first}


# Sending ----------------------------------------------------------------------------------------------------------


def test_what_can_not_be_read_leaves_nothing(desk_world: Settings, basma: TestClient) -> None:
    for files, words in (
        ({"a.csv": "id,title\n\xff".encode("latin-1")}, "is not UTF-8"),
        ({"good.csv": "id\nE1\n", "bad.csv": 'id\n"x"y\n'}, "bad.csv is not CSV at line 2"),
        ({"a.csv": "id,title\n"}, "There is no row"),
        ({"a.zip": packed({"README.md": "x"})}, "There is no row"),
        ({"": ""}, "Choose a file"),
        ({f"{number}.csv": "id\nE1\n" for number in range(41)}, "More than 40 files were sent."),
    ):
        answer = send(basma, files)
        assert answer.status_code == 422 and words in unescape(answer.text), (words, told(answer.text))
    assert basma.post("/desk/imports", data={"files": "x"}).status_code == 422
    with desk_session(desk_world) as db:
        assert db.scalar(select(func.count()).select_from(Import)) == 0
        assert db.scalar(select(func.count()).select_from(ImportRow)) == 0


def test_more_than_fits_is_refused(desk_world: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.desk.imports.commands.MOST_ROWS", 3)
    answer = send(basma, {"a.csv": "id\n" + "E1\n" * 4})
    assert answer.status_code == 422 and "more than 3 rows" in answer.text
    monkeypatch.setattr("app.web.LARGEST_UPLOAD_BYTES", 1_000)
    answer = send(basma, {"a.csv": "id\n" + "E1\n" * 500})
    assert answer.status_code == 422 and "send it in parts" in answer.text
    assert send(basma, {"a.csv": "id\n" + "E1\n" * 5_000}).status_code == 413


def test_columns_are_named_by_who_knows_them(desk_world: Settings, basma: TestClient) -> None:
    """Titles in another language, one twice, and one that nobody wants."""
    listed = "Zeitung,Titel,Titel,Wie,Art,Datum,Datum sicher\noutlet-1,Ein Bericht,x,printed,news,2020,stated\n"
    at = kept(basma, {"liste.csv": listed})
    page = basma.get(at).text
    assert "Leave it out" in page and "Ein Bericht" not in page, "nobody knows yet what it is"
    answer = basma.post(at, data={"do": "check"})
    assert answer.status_code == 422 and "no table of records" in answer.text
    answer = basma.post(at, data={"do": "check", "table.1": "sources.csv"})
    assert "look at its columns" in basma.get(answer.headers["location"]).text
    page = basma.get(at).text
    assert "Ein Bericht" in page and "No column holds what a new record needs: Outlet, Title" in told(page)
    assert "Note (desk only)" in page
    names = ["outlet", "title", "title", "title_basis", "kind", "published", "published_basis"]
    chosen = {f"column.1.{at}": name for at, name in enumerate(names)}
    answer = basma.post(at, data={"do": "check", **chosen})
    assert answer.status_code == 422 and "two columns hold “Title”" in answer.text
    assert re.search(r'<option value="published_basis" selected', answer.text), "what was chosen is still there"
    basma.post(at, data={"do": "check", **chosen, "column.1.2": "note"})
    done(basma, at)
    assert set(fates(basma, at).values()) == {"new"}
    basma.post(at, data={"do": "make"})
    done(basma, at)
    (draft,) = drafts_of(desk_world, at).values()
    assert (draft.state, draft.document["title"], draft.document["note"]) == (State.DRAFT, "Ein Bericht", "x")


# Going on, and ending ---------------------------------------------------------------------------------------------


def test_all_of_it_is_taken_back_at_once(desk_world: Settings, basma: TestClient, visit: Visit) -> None:
    at = checked(basma, BUNDLE)
    early = basma.post(at, data={"do": "take-back"})
    assert "It has gone on meanwhile" in basma.get(early.headers["location"]).text
    assert "Make the drafts" in basma.get(at).text, "nothing is made that could be taken back"
    basma.post(at, data=MAKE)
    done(basma, at)
    with desk_session(desk_world) as db:
        draft = db.scalars(select(Draft).where(Draft.record == "E901")).one()
        amal = person(desk_world, "Amal")
        drafts.move(db, draft, amal, drafts.TAKE_BACK)
        drafts.next_revision(db, draft, amal, Saved.SAVED, sheet="another")
    other = visit("203.0.113.9")
    sign_in(other, "Amal")
    answer = basma.post(at, data={"do": "take-back"})
    assert "2 drafts are taken back." in basma.get(answer.headers["location"]).text
    made = drafts_of(desk_world, at)
    assert {draft.state for draft in made.values()} == {State.DELETED}
    with desk_session(desk_world) as db:
        for draft in made.values():
            newest = drafts.revision(db, draft, draft.number)
            assert newest is not None and newest.saved == Saved.DELETED and newest.document == draft.document
    assert other.post(f"/desk/drafts/{made['E901'].id}/bring-back").status_code == 303, "nothing is lost"
    assert basma.post(at, data={"do": "make"}).status_code == 303
    assert "It has gone on meanwhile" in basma.get(at).text


def test_pages_name_the_first_of_many_drafts(
    desk_world: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thousands of them would keep everybody from their desk."""
    for at in ("app.desk.drafts.home", "app.desk.review.queues"):
        monkeypatch.setattr(f"{at}.MOST_LISTED", 1)
    for made in ({"do": "make"}, MAKE):
        at = checked(basma, BUNDLE)
        basma.post(at, data=made)
        done(basma, at)
        home = told(basma.get("/desk").text)
        assert "My drafts 2" in home and "and 1 more" in home
        if made is MAKE:
            page = told(basma.get("/desk/review").text)
            assert "Waiting for review 2, oldest" in page and page.count("and 1 more") == 1
        basma.post(at, data={"do": "take-back"})


def test_who_dies_at_it_leaves_it_to_the_next(
    desk_world: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that ended between two parts: what it made is made once, and a tick goes on."""
    at = checked(basma, BUNDLE)
    id = int(at.rsplit("/", 1)[1])
    with desk_session(desk_world) as db:
        it = db.get_one(Import, id)
        commands.make(db, it, with_twins=False, hand_in=True, why="", reason="")
        assert working.missed(db) == []
    page = basma.get(at).text
    assert "It goes on by itself" in page and 'hx-trigger="every 2s"' in page
    with desk_session(desk_world) as db:
        db.execute(update(Import).values(beat=text("now() - interval '2 minutes'")))
        assert working.missed(db) == [id]
    page = basma.get(at).text
    assert "Nobody is at work on it any more" in page and "Go on" in page
    with monkeypatch.context() as patch:
        patch.setattr("app.desk.imports.working.making.make_some", lambda *_: 1 // 0)
        ticked = tick(desk_world)
    assert ticked is not None and "1 import went on." not in ticked.done, "it failed again"
    with desk_session(desk_world) as db:
        db.execute(update(Import).values(problem=""))
    ticked = tick(desk_world)
    assert ticked is not None and "1 import went on." in ticked.done
    assert len(drafts_of(desk_world, at)) == 2 and "Imported" in basma.get(at).text
    engine = desk_engine(desk_world)
    working.work(engine, id)
    engine.dispose()
    assert len(drafts_of(desk_world, at)) == 2


def test_what_ends_its_process_each_time_is_not_begun_for_ever(
    desk_world: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is left to say why: it is begun three times, then said so, and somebody must press a button."""

    class Killed(BaseException):
        """As where the system ends a process: nothing catches it."""

    def dies(*_: object) -> int:
        raise Killed

    at = kept(basma, BUNDLE)
    id, engine = int(at.rsplit("/", 1)[1]), desk_engine(desk_world)
    with desk_session(desk_world) as db:
        commands.check(db.get_one(Import, id))
    with monkeypatch.context() as patch:
        patch.setattr("app.desk.imports.working.checking.check_some", dies)
        for _time in range(3):
            with pytest.raises(Killed):
                working.work(engine, id)
            with desk_session(desk_world) as db:
                db.execute(update(Import).values(beat=text("now() - interval '2 minutes'")))
                assert working.missed(db) == [id]
        assert not working.work(engine, id)
    engine.dispose()
    page = told(basma.get(at).text)
    assert "It was begun 3 times" in page and "send them in smaller parts" in page and "Go on" in page
    ticked = tick(desk_world)
    assert ticked is not None and (ticked.done, ticked.failed) == ([], [])
    with desk_session(desk_world) as db:
        assert db.scalar(select(func.count()).where(ImportRow.cells.is_not(None))) == 5
    basma.post(at, data={"do": "go-on"})
    assert "Looked at" in done(basma, at) and set(fates(basma, at).values()) == {"new"}


def test_what_gets_on_may_be_begun_more_often(
    desk_world: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drafts that are made stay made, so that it comes to its end."""
    at = checked(basma, {"sources.csv": SOURCES + SOURCES.splitlines()[1].replace("S901,first", "S902,") + "\n"})
    id, engine = int(at.rsplit("/", 1)[1]), desk_engine(desk_world)
    with desk_session(desk_world) as db:
        it = db.get_one(Import, id)
        commands.make(db, it, with_twins=True, hand_in=True, why="", reason="")
        it.starts = 2
    monkeypatch.setattr("app.desk.imports.making.AT_ONCE", 1)
    assert working.work(engine, id)
    engine.dispose()
    with desk_session(desk_world) as db:
        it = db.get_one(Import, id)
        assert (it.stage, it.starts) == (Stage.MADE, 0)


def test_what_fails_is_told_and_can_go_on(
    desk_world: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("SECRET words of somebody")

    caplog.set_level(logging.DEBUG)
    at = kept(basma, BUNDLE)
    with monkeypatch.context() as patch:
        patch.setattr("app.desk.imports.working.checking.check_some", fails)
        basma.post(at, data={"do": "check"})
        from tests.conftest import wait_until

        wait_until(lambda: "Nobody is at work" in basma.get(at).text, "it to fail")
    assert "RuntimeError" in basma.get(at).text and "SECRET" not in basma.get(at).text + caplog.text
    basma.post(at, data={"do": "go-on"})
    assert "Looked at" in done(basma, at)


def test_what_nobody_goes_on_with_is_given_up(desk_world: Settings, basma: TestClient) -> None:
    first, second = kept(basma, BUNDLE), kept(basma, BUNDLE)
    assert "It is given up" in basma.get(basma.post(first, data={"do": "give-up"}).headers["location"]).text
    with desk_session(desk_world) as db:
        assert commands.give_up_old(db) == 0
        db.execute(update(Import).values(since=text("now() - interval '15 days'")))
        assert commands.give_up_old(db) == 1
    with desk_session(desk_world) as db:
        assert db.scalar(select(func.count()).where(ImportRow.cells.is_not(None))) == 0
        assert {it.stage for it in db.scalars(select(Import))} == {Stage.GIVEN_UP}
    assert "Given up" in basma.get(second).text


def test_of_what_stopped_nothing_is_kept_without_end(desk_world: Settings, basma: TestClient) -> None:
    """Somebody takes it back, or nobody goes on with it; what only waits for its process is not ended."""
    ended = {}
    for stage, problem in ((Stage.CHECKING, "OSError"), (Stage.MAKING, "OSError"), (Stage.MAKING, "")):
        id = int(kept(basma, BUNDLE).rsplit("/", 1)[1])
        ended[id] = (stage, problem)
        with desk_session(desk_world) as db:
            values = {"stage": stage, "problem": problem, "since": text("now() - interval '15 days'")}
            db.execute(update(Import).where(Import.id == id).values(values))
    first, second, third = ended
    with desk_session(desk_world) as db:
        assert commands.give_up_old(db) == 2
    with desk_session(desk_world) as db:
        found = {it.id: (it.stage, it.problem) for it in db.scalars(select(Import))}
        assert found == {first: (Stage.GIVEN_UP, ""), second: (Stage.MADE, ""), third: (Stage.MAKING, "")}
        held = select(ImportRow.import_id).where(ImportRow.cells.is_not(None)).distinct()
        assert db.scalars(held).all() == [third]
        by = person(desk_world, "Basma")
        db.get_one(Import, third).beat = datetime.now(UTC)
        db.flush()
        with pytest.raises(NotNow):
            making.take_back(db, db.get_one(Import, third), by)
        db.get_one(Import, third).problem = "OSError"
        assert making.take_back(db, db.get_one(Import, third), by) == 0
        assert db.scalars(held).all() == []


def test_only_editors_and_each_with_their_own(
    desk_world: Settings, basma: TestClient, chidi: TestClient, visit: Visit
) -> None:
    at = kept(basma, BUNDLE)
    for address in ("/desk/imports", at, f"{at}/report.csv"):
        assert chidi.get(address).status_code == 403
    assert send(chidi, BUNDLE).status_code == chidi.post(at, data={"do": "check"}).status_code == 403
    amal = visit("203.0.113.9")
    sign_in(amal, "Amal")
    assert amal.get(at).status_code == 200
    assert amal.post(at, data={"do": "check"}).status_code == 403, "the drafts would be hers"
    assert basma.post(at, data={"do": "nonsense"}).status_code == 422
    assert amal.post(at, data={"do": "give-up"}).status_code == 303
    for address in ("/desk/imports/99", "/desk/imports/99999999999", "/desk/imports/99/report.csv"):
        assert basma.get(address).status_code == 404
    assert basma.get(f"{at}?fate=nothing&after=x&rows=some").status_code == 200


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(desk_world: Settings, basma: TestClient) -> None:
    at = checked(basma, {"sources.csv": "id,title\n=1+1,x\n"})
    row = next(csv.DictReader(io.StringIO(basma.get(f"{at}/report.csv").content.decode("utf-8-sig"))))
    assert row["name"] == "'=1+1"


# Private ----------------------------------------------------------------------------------------------------------


def test_what_a_bundle_says_shows_to_nobody_who_may_not_see_it(
    desk_world: Settings, basma: TestClient, chidi: TestClient, visit: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    """A secret in every cell that can hold one, also in names of files, columns and ids; rows in error among them."""
    from tests.desk.test_secrets import every_address

    caplog.set_level(logging.DEBUG)
    with desk_session(desk_world) as db:
        publish_approved(db, "The first")
    secret = {
        "SECRET.zip": packed(
            BUNDLE
            | {
                "SECRET.txt": "x",
                "SECRET.csv": "SECRET column\nSECRET cell\n",
                "events.csv": "id,title,summary,type,happened,note,exact_happened,SECRET\n"
                "E901,SECRET title,SECRET summary,stay-limit,2020-01,SECRET note,2020-01-02,SECRET\n"
                "SECRET id,SECRET title,x,stay-limit,2020,x,,x\n",
                "citations.csv": "record,id,source,stance,kind,paraphrase,note\n"
                "E901,C901,S901,supports,occurrence,SECRET said,SECRET\nSECRET,C902,S1,supports,occurrence,x,x\n",
                "chains.csv": "citation,attribution,words,exact_words\nC901,resident,SECRET words,SECRET exactly\n",
            }
        )
    }
    at = kept(basma, secret)
    addresses = every_address({"id": at.rsplit("/", 1)[1], "token": "token", "code": "outlet-1", "record": "E1"})
    reader = visit("192.0.2.2")

    def look() -> None:
        for client in (reader, chidi):
            for name, address in addresses.items():
                if name in {"sign-out", "end-sign-in", "end-other-sign-ins"}:
                    continue
                for answer in (client.get(address), client.post(address, data={"do": "check", "kind": "E"})):
                    assert "SECRET" not in answer.text + str(answer.headers), name
            for address in ("/", "/events", "/events.json", "/changes", "/events/E901"):
                assert "SECRET" not in client.get(address).text

    shown = {name for name, address in addresses.items() if "SECRET" in basma.get(address).text}
    assert shown == {"imports", "import", "import-review"}, "there is something to hide"
    basma.post(at, data={"do": "check"})
    assert "SECRET" in done(basma, at) and "SECRET" in str(report(basma, at))
    look()
    basma.post(at, data=MAKE)
    done(basma, at)
    document = drafts_of(desk_world, at)["E901"].document
    assert document["note"] == "SECRET note" and document["citations"][0]["chain"][0]["exact_words"]
    look()
    with desk_session(desk_world) as db:
        for table in ("record.version", "desk.audit"):
            assert "SECRET" not in "".join(map(str, db.execute(text(f"SELECT * FROM {table}")))), table
    ours = "".join(record.getMessage() for record in caplog.records if not record.name.startswith(("http", "asyncio")))
    assert "SECRET" not in ours


def test_a_purge_takes_it_out_of_reports_and_of_what_is_kept(desk_world: Settings, basma: TestClient) -> None:
    made = checked(basma, BUNDLE)
    basma.post(made, data=MAKE)
    done(basma, made)
    named = {name: content.replace("A first report", "Ravensworth") for name, content in BUNDLE.items()}
    waits = checked(basma, {f"{name[:-4]}-first.csv": content for name, content in named.items()})
    assert "The draft S901 has this short name" in str(report(basma, waits))
    other = kept(basma, {"sources.csv": SOURCES.replace("S901,first", "S77,other").replace("/first", "/other")})
    with desk_session(desk_world) as db:
        assert purge(db, "S901", person(desk_world, "Amal"), reason="Asked for.") is not None
    with desk_session(desk_world) as db:
        rows = db.scalars(select(ImportRow)).all()
        assert "Ravensworth" not in str([row.cells for row in rows])
        assert {it.stage for it in db.scalars(select(Import))} == {Stage.MADE, Stage.GIVEN_UP, Stage.COLUMNS}
        of_it = [row for row in rows if row.record == "S901"]
        assert [(row.name, row.words, row.draft) for row in of_it] == [("", "", None)]
        assert [row.cells for row in rows if row.import_id == int(other.rsplit("/", 1)[1])] != [None]
    for address in (made, waits, other):
        assert basma.get(address).status_code == 200


# In a browser -----------------------------------------------------------------------------------------------------


def test_in_a_browser_and_on_a_phone(desk_world: Settings, browser: "Browser", tmp_path: Any) -> None:
    """One walk from the file to the report, with scripts; each page is for everybody and fits a phone."""
    files = []
    for name, content in (
        BUNDLE | {"sources.csv": SOURCES + "S905,fifth,outlet-1,,printed,,en,news,2019,stated\n"}
    ).items():
        (tmp_path / name).write_text(content)
        files.append(tmp_path / name)
    with serving(desk_world) as site:
        context = browser.new_context(base_url=site, viewport={"width": 390, "height": 844})
        context.set_default_timeout(30_000)
        page = context.new_page()
        complaints = complaints_of(page)

        def look() -> None:
            page.locator("details").evaluate_all("all => all.forEach(details => { details.open = true })")
            assert grave_faults(page) == [], page.url
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url

        page.goto("/desk/sign-in")
        page.get_by_label("E-mail").fill(email("Basma"))
        page.get_by_label("Password").fill(PASSWORD)
        with page.expect_navigation():
            page.get_by_role("button", name="Sign in").click()
        page.goto("/desk/imports")
        look()
        page.get_by_label("Files").set_input_files(files)
        page.get_by_role("button", name="Send it").click()
        expect(page.get_by_role("heading", name="sources.csv 2 rows")).to_be_visible()
        look()
        page.get_by_role("button", name="Look at each row").click()
        # Whatever the page said first, it comes to this without being loaded again.
        expect(page.get_by_role("button", name="Make the drafts")).to_be_visible()
        expect(page.get_by_text("Fill this in.")).to_be_visible()
        look()
        page.get_by_role("link", name="Error 1").click()
        expect(page.get_by_role("heading", name="Error")).to_be_visible()
        page.get_by_role("button", name="Make the drafts").click()
        expect(page.get_by_role("button", name="Take 2 drafts back")).to_be_visible()
        look()
        page.get_by_role("button", name="Take 2 drafts back").click()
        expect(page.get_by_text("2 drafts are taken back.")).to_be_visible()
        look()
        assert complaints == []
        context.close()
