"""Writing without scripts: incomplete drafts are kept, and errors are shown at their fields."""

import re

from starlette.testclient import TestClient

from app.desk.approved.models import DraftState, Revision
from app.desk.approved.store import save_all
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_source
from tests.support.draft_pages import begin, fields, post, stored

# Saving -------------------------------------------------------------------------------------------


def test_invalid_values_are_kept_and_errors_link_to_fields(
    chidi: TestClient, desk_world: Settings
) -> None:
    at = begin(chidi)
    post(chidi, at, "add citations")
    typed = {"title": "Workers <told>", "happened": "2019-06-31", "citations.0.source": "S99"}
    answer = post(chidi, at, **typed)
    page = chidi.get(answer.headers["location"]).text
    for anchor, said in (
        ("card.when", "Date: 31 June 2019 is not a day; June has 30"),
        ("summary", "Summary: Fill this in."),
        ("citations.0.source", "Citation 1, Source: No record has this name."),
        ("citations.0.chain.0.attribution", "Citation 1, Speaker 1, Who: Fill this in."),
    ):
        assert f'<a href="#{anchor}">{said}' in page
        tag = re.search(rf'<[^>]*\sid="{re.escape(anchor)}"[^>]*>', page)
        assert tag and 'aria-invalid="true"' in tag[0] and f"{anchor}-error" in tag[0]
    assert 'value="Workers &lt;told&gt;"' in page and 'value="2019-06-31"' in page
    assert stored(desk_world, at).document["happened"] == "2019-06-31"
    assert post(chidi, at, "submit").headers["location"].endswith("?check=1")
    assert stored(desk_world, at).state == DraftState.DRAFT


def test_words_that_mean_one_date_are_saved_as_that_date(chidi: TestClient) -> None:
    at = begin(chidi)
    post(chidi, at, "autosave", happened="23 April 2019")
    assert 'value="23 April 2019"' in chidi.get(at).text, "autosave must keep date words as typed"
    post(chidi, at, number="1", happened="23 April 2019", deadline="by the end of June 2019")
    page = chidi.get(at).text
    assert 'value="2019-04-23"' in page
    assert 'value="by the end of June 2019"' in page, "words with two readings stay as typed"
    post(chidi, at, happened="late April 2019")
    page = chidi.get(f"{at}?check=1").text
    assert 'value="set card.when 2019-04~"' in page
    assert "This can mean more than one date: choose one below." in page
    answer = post(chidi, at, "set card.when 2019-04~")
    page = chidi.get(answer.headers["location"]).text
    assert "about April 2019" in page and "this means 1–30 April 2019" in page


def test_no_input_hides_the_form_from_scripts(chidi: TestClient) -> None:
    page = chidi.get(begin(chidi, "M")).text
    assert 'name="form-of-figure"' in page and 'name="form"' not in page


# Autosave -----------------------------------------------------------------------------------------


def test_autosave_returns_the_new_revision_number(chidi: TestClient, desk_world: Settings) -> None:
    at = begin(chidi, key="one")
    assert begin(chidi, key="one") == at != begin(chidi, key="two"), "a double click begins one"
    opened = fields(chidi.get(at).text)
    answer = chidi.post(at, data={**opened, "title": "Half", "do": "autosave"})
    assert answer.status_code == 200 and "<h1" not in answer.text
    assert 'name="number" value="1"' in answer.text and 'id="saved"' in answer.text
    with desk_session(desk_world) as db:
        assert db.get_one(Revision, (stored(desk_world, at).id, 1)).saved == "by-itself"
    # A double click on “Save” adds one revision.
    sent = {**fields(chidi.get(at).text), "title": "Workers leave", "do": "save"}
    assert [chidi.post(at, data=sent).status_code for _ in range(2)] == [303, 303]
    assert stored(desk_world, at).number == 2
    # A late autosave does not undo later typing, and nothing saves a form without fields.
    late = chidi.post(at, data={**sent, "title": "Work", "do": "autosave"})
    assert 'name="number" value="2"' in late.text and "data-saved" not in late.text
    empty = {name: sent[name] for name in ("number", "sheet", "id")}
    for do in ("autosave", "save", "submit"):
        assert chidi.post(at, data={**empty, "do": do}).status_code == 422
    assert stored(desk_world, at).document["title"] == "Workers leave"


def test_invalid_requests_find_and_begin_nothing(chidi: TestClient) -> None:
    for id in ("0", "99", "99999999999999999999", "x"):
        assert chidi.get(f"/desk/drafts/{id}").status_code == 404
    sent: dict[str, str]
    for sent in (
        {},
        {"kind": "E"},
        {"key": "k"},
        {"key": "k", "kind": "V"},
        {"key": "k", "kind": "X"},
    ):
        assert chidi.post("/desk/drafts", data=sent).status_code == 422


# Submitting and deleting --------------------------------------------------------------------------


def test_change_needs_a_reason_and_significance(chidi: TestClient, desk_world: Settings) -> None:
    at = begin(chidi, record="E1")
    answer = post(chidi, at, "submit", title="Another title")
    page = chidi.get(answer.headers["location"]).text
    assert "Reason for the change: Fill this in." in page
    assert "Type of change: Choose one of these." in page
    why = {"change.why": "corrected", "change.reason": "Otherwise. " * 50}
    page = chidi.get(post(chidi, at, "submit", **why).headers["location"]).text
    assert "The reason is too long. Use at most 500 characters." in page
    assert why["change.reason"].strip() in page
    why["change.reason"] = "The report says otherwise."
    assert post(chidi, at, "submit", **why).headers["location"] == "/desk"
    draft = stored(desk_world, at)
    found = draft.state, draft.why, draft.reason
    assert found == (DraftState.IN_REVIEW, "corrected", "The report says otherwise.")
    late = chidi.post(at, data={"number": "0", "do": "autosave", "title": "Too late"})
    assert late.status_code == 200 and "data-saved" not in late.text
    assert chidi.get(at, follow_redirects=True).url.path == f"/desk/records/{draft.record}"
    chidi.post(f"{at}/take-back")
    assert stored(desk_world, at).state == DraftState.DRAFT


# Rows of sources and estimates --------------------------------------------------------------------


COPIES = [
    {"host_kind": "own", "extent": "full"},
    {"host_kind": "republisher", "host": "Weekly", "extent": "full"},
]


def test_new_copy_gets_a_number_that_no_other_had(chidi: TestClient, desk_world: Settings) -> None:
    with desk_session(desk_world) as db:
        save_all(db, [make_source(1, copies=COPIES)])
    at = begin(chidi, record="S1")
    post(chidi, at, "remove copies.1")
    post(chidi, at, "add copies")
    numbers = [row["id"] for row in stored(desk_world, at).document["copies"]]
    assert numbers == ["1", "3"]
