"""Writing without scripts: incomplete drafts are kept, and errors are shown at their fields."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.desk.approved.draft_models import DraftState, Revision
from app.desk.draft_form import documents
from app.desk.draft_form.documents import document_of
from app.desk.draft_form.layout import SECTIONS, row_parts
from app.desk.draft_form.parts import Fields, Folded, Part, PublicAndPrivate, RowList
from app.forms import FORMS, EstimateForm, Form, JoinedSources, Term
from app.forms.base import rows_of
from app.settings import Settings
from app.vocabulary.citations import Counting
from app.vocabulary.events import TermKey
from app.vocabulary.kinds import RecordKind
from tests.conftest import desk_session
from tests.make import make_event
from tests.support.draft_pages import begin, fields, post, stored

# The form -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(FORMS.keys() - {RecordKind.CODE}))
def test_every_field_is_on_the_form_exactly_once(kind: str) -> None:
    form = FORMS[kind]
    on_form = [name for section in SECTIONS[form] for name in field_names(section.parts)]
    assert set(on_form) == set(form.model_fields) - {"id"}
    assert len([name for name in on_form if name != "terms"]) == len(set(on_form) - {"terms"})
    for field_info in form.model_fields.values():
        if child := rows_of(field_info):
            _check_fields_of_row(child)


CODE_OF_BUTTON: dict[type[Form], tuple[str, list[str]]] = {
    Term: ("key", list(TermKey)),
    JoinedSources: ("how", list(Counting)),
}
"""A hidden field of a row, with the values that the buttons preset."""


def _check_fields_of_row(form: type[Form]) -> None:
    name, codes = CODE_OF_BUTTON.get(form, ("", [""]))
    rows = [documents.blank_row(form, **({name: code} if name else {})) for code in codes]
    on_form = {
        name
        for row in rows
        for record in (None, EstimateForm)
        for name in field_names(row_parts(form, row, record))
    }
    assert on_form == set(form.model_fields) - {"id", name}, form
    for field_info in form.model_fields.values():
        if child := rows_of(field_info):
            _check_fields_of_row(child)


def field_names(parts: Any) -> list[str]:
    found: list[str] = []
    part: Part
    for part in parts:
        match part:
            case str():
                found.append(part)
            case Fields(inner):
                found += inner
            case Folded(_, inner_parts):
                found += field_names(inner_parts)
            case PublicAndPrivate(public, private):
                found += [*field_names(public), private]
            case RowList():
                found.append(part.name)
    return found


@pytest.mark.parametrize("kind", sorted(FORMS.keys() - {RecordKind.CODE}))
def test_page_sends_back_the_whole_document(
    chidi: TestClient, desk_world: Settings, kind: str
) -> None:
    at = begin(chidi, kind)
    before = stored(desk_world, at)
    assert post(chidi, at).status_code == 303
    after = stored(desk_world, at)
    assert (after.document, after.number) == (before.document, 0), (
        "a form sent without changes must save no new version"
    )


def test_page_sends_back_approved_record_unchanged(chidi: TestClient, desk_world: Settings) -> None:
    at = begin(chidi, record="E1")
    assert stored(desk_world, at).document == document_of(make_event())
    post(chidi, at)
    assert stored(desk_world, at).document == document_of(make_event())


def test_types_are_offered_under_headings_with_definitions(chidi: TestClient) -> None:
    at = begin(chidi)
    select = chidi.get(at).text.partition('<select id="type"')[2].partition("</select>")[0]
    headings = re.findall(r'<optgroup label="([^"]+)">', select)
    assert headings == ["Host country", "No known order"], "the order of the codebook"
    assert ">Stay-limit: What stay-limit is.</option>" in select


def test_definition_of_chosen_type_is_shown_below_it(chidi: TestClient) -> None:
    at = begin(chidi)
    post(chidi, at, type="repatriation")
    assert 'hx-target="next .reads"' in chidi.get(at).text
    for page in (
        chidi.get(at),
        chidi.post(f"{at}/reading", data={"path": "type", "type": "repatriation"}),
    ):
        reading = page.text.partition('id="type-reads"')[2].partition("</div>")[0]
        assert "What repatriation is." in reading


def test_bound_of_plan_is_taken_with_one_press(chidi: TestClient, desk_world: Settings) -> None:
    at = begin(chidi)
    post(chidi, at, "add stages")
    step = {"stages.0.step": "planned", "stages.0.date": "2019-03-27"}
    post(chidi, at, deadline="2019-10-31", **step)
    press = re.search(r'value="(bound within [^"]+)"', chidi.get(at).text)
    assert press
    post(chidi, at, press[1])
    document = stored(desk_world, at).document
    assert document["within"] == "2019-03-27/2019-10-31"
    assert document["within_reason"] == "From the announcement of the plan to its deadline."
    assert "bound within" not in chidi.get(at).text


# Saving -------------------------------------------------------------------------------------------


def test_invalid_values_are_kept_and_errors_link_to_fields(
    chidi: TestClient, desk_world: Settings
) -> None:
    at = begin(chidi)
    post(chidi, at, "add citations")
    answer = post(
        chidi,
        at,
        **{"title": "Workers <told>", "happened": "2019-06-31", "citations.0.source": "S99"},
    )
    page = chidi.get(answer.headers["location"]).text
    assert "things to fix before review" in page
    for anchor, words in (
        ("happened", "Happened: 31 June 2019 is not a day; June has 30"),
        ("summary", "Summary: Fill this in."),
        ("citations.0.source", "Citation 1, Source: No record has this name."),
        ("citations.0.chain.0.attribution", "Citation 1, Speaker 1, Who: Choose one."),
    ):
        assert f'<a href="#{anchor}">{words}' in page
        tag = re.search(rf'<[^>]*\sid="{re.escape(anchor)}"[^>]*>', page)
        assert tag and 'aria-invalid="true"' in tag[0] and f"{anchor}-error" in tag[0]
    assert 'value="Workers &lt;told&gt;"' in page and 'value="2019-06-31"' in page
    assert stored(desk_world, at).document["happened"] == "2019-06-31"


def test_error_says_which_format_is_needed(chidi: TestClient) -> None:
    at = begin(chidi, "O")
    post(chidi, at, "add names")
    typed = {
        "code": "Gasang Ilbo!",
        "country": "korea",
        "names.0.text": "가상일보",
        "names.0.language": "no language",
    }
    page = chidi.get(post(chidi, at, **typed).headers["location"]).text
    assert "Code: Use lower-case letters from a to z, digits and hyphens" in page
    assert "Country: Enter the name or code of a country" in page
    assert "Name 1, Language: Enter the name or code of a language" in page


def test_names_of_languages_and_countries_are_offered_and_read(chidi: TestClient) -> None:
    at = begin(chidi, "O")
    page = chidi.get(at).text
    assert re.search(r'<input [^>]*list="countries"[^>]*id="country"', page)
    assert '<option value="KP">North Korea</option>' in page
    post(chidi, at, "add names")
    typed = {"country": "north korea", "names.0.text": "가상일보", "names.0.language": "korean"}
    page = chidi.get(post(chidi, at, **typed).headers["location"]).text
    assert "name or code of a country" not in page and "name or code of a language" not in page
    assert page.count('<datalist id="languages">') == 1 and 'list="languages"' in page


def test_date_in_words_gets_suggestions_after_saving(chidi: TestClient) -> None:
    at = begin(chidi)
    post(chidi, at, happened="late April 2019")
    page = chidi.get(f"{at}?check=1").text
    assert 'value="set happened 2019-04~"' in page
    assert "Happened: This can mean more than one date: choose one below." in page
    assert "is not a date we can read" not in page
    answer = post(chidi, at, "set happened 2019-04~")
    page = chidi.get(answer.headers["location"]).text
    assert "about April 2019" in page and "this means 1–30 April 2019" in page


def test_words_that_mean_one_date_are_saved_as_that_date(chidi: TestClient) -> None:
    at = begin(chidi)
    post(chidi, at, "autosave", happened="23 April 2019")
    assert 'value="23 April 2019"' in chidi.get(at).text, "autosave must keep date words as typed"
    post(chidi, at, number="1", happened="23 April 2019", deadline="by the end of June 2019")
    page = chidi.get(at).text
    assert 'value="2019-04-23"' in page
    assert 'value="by the end of June 2019"' in page, (
        "date words with two readings must stay as typed"
    )


def test_reading_of_a_removed_row_returns_204(chidi: TestClient) -> None:
    """An error page would interrupt the editor."""
    at = begin(chidi)
    assert (
        chidi.post(
            f"{at}/reading", data={"path": "terms.0.code", "terms.0.code": "place-1"}
        ).status_code
        == 200
    )
    for path in ("terms.9.code", "nothing", "", "terms"):
        assert chidi.post(f"{at}/reading", data={"path": path}).status_code == 204, path


def test_place_is_found_by_any_name_and_kept_as_typed(
    chidi: TestClient, desk_world: Settings
) -> None:
    at = begin(chidi)
    post(chidi, at, **{"terms.0.code": " PLACE-1 "})
    page = chidi.get(at).text
    assert "city in Province-2, Country-3" in page
    assert stored(desk_world, at).document["terms"][0]["code"] == " PLACE-1 "
    post(chidi, at, **{"terms.0.code": "plac"})
    assert 'value="set terms.0.code place-1"' in chidi.get(at).text


def test_row_buttons_keep_everything_typed(chidi: TestClient, desk_world: Settings) -> None:
    at = begin(chidi)
    post(chidi, at, "add citations", title="Typed before")
    post(chidi, at, "add citations", **{"citations.0.paraphrase": "First."})
    post(chidi, at, "swap citations.1 citations.0", **{"citations.1.paraphrase": "Second."})
    post(chidi, at, "add citations.0.chain")
    document = stored(desk_world, at).document
    assert [row["paraphrase"] for row in document["citations"]] == ["Second.", "First."]
    assert (document["title"], len(document["citations"][0]["chain"])) == ("Typed before", 2)
    answer = post(chidi, at, "remove citations.0", summary="Typed at last")
    assert answer.headers["location"].endswith("#citations.0.source")
    document = stored(desk_world, at).document
    assert ([row["paraphrase"] for row in document["citations"]], document["summary"]) == (
        ["First."],
        "Typed at last",
    )


def test_rows_are_numbered_by_kind(chidi: TestClient) -> None:
    at = begin(chidi)
    for code in ("nationality", "sector", "nationality"):
        post(chidi, at, f"add terms {code}")
    assert re.findall(r"<h3>([^<]*)</h3>", chidi.get(at).text)[:4] == [
        *("Place 1", "Nationality 1", "Sector 1", "Nationality 2"),
    ]


def test_double_click_on_save_adds_one_revision(chidi: TestClient, desk_world: Settings) -> None:
    at = begin(chidi)
    sent = {**fields(chidi.get(at).text), "title": "Once", "do": "save"}
    assert [chidi.post(at, data=sent).status_code for _ in range(2)] == [303, 303]
    assert stored(desk_world, at).number == 1


def test_double_click_on_new_starts_one_draft(chidi: TestClient) -> None:
    assert begin(chidi, key="one") == begin(chidi, key="one") != begin(chidi, key="two")


# Autosave -----------------------------------------------------------------------------------------


def test_autosave_returns_the_new_revision_number(chidi: TestClient, desk_world: Settings) -> None:
    at = begin(chidi)
    sent = {**fields(chidi.get(at).text), "title": "Half", "do": "autosave"}
    answer = chidi.post(at, data=sent)
    assert answer.status_code == 200
    assert (
        'name="number" value="1"' in answer.text
        and 'id="saved"' in answer.text
        and "<h1" not in answer.text
    )
    with desk_session(desk_world) as db:
        assert db.get_one(Revision, (stored(desk_world, at).id, 1)).saved == "by-itself"


@pytest.mark.parametrize("do", ["autosave", "save", "submit"])
def test_post_without_fields_is_rejected(chidi: TestClient, desk_world: Settings, do: str) -> None:
    at = begin(chidi)
    post(chidi, at, title="Half")
    page = fields(chidi.get(at).text)
    sent = {name: page[name] for name in ("number", "sheet", "id")}
    assert chidi.post(at, data={**sent, "do": do}).status_code == 422
    assert stored(desk_world, at).document["title"] == "Half"


def test_late_autosave_does_not_undo_later_typing(chidi: TestClient, desk_world: Settings) -> None:
    at = begin(chidi)
    sent = fields(chidi.get(at).text)
    chidi.post(at, data={**sent, "title": "Workers leave", "do": "save"})
    answer = chidi.post(at, data={**sent, "title": "Work", "do": "autosave"})
    assert 'name="number" value="1"' in answer.text and "data-saved" not in answer.text
    assert stored(desk_world, at).document["title"] == "Workers leave"


@pytest.mark.parametrize("id", ["0", "99", "99999999999999999999", "x"])
def test_missing_draft_returns_404(chidi: TestClient, id: str) -> None:
    assert chidi.get(f"/desk/drafts/{id}").status_code == 404


@pytest.mark.parametrize(
    "sent", [{}, {"kind": "E"}, {"key": "k"}, {"key": "k", "kind": "V"}, {"key": "k", "kind": "X"}]
)
def test_invalid_kind_or_key_starts_no_draft(chidi: TestClient, sent: dict[str, str]) -> None:
    assert chidi.post("/desk/drafts", data=sent).status_code == 422


# Submitting and deleting --------------------------------------------------------------------------


def test_invalid_draft_is_not_submitted(chidi: TestClient, desk_world: Settings) -> None:
    at = begin(chidi)
    assert post(chidi, at, "submit", title="Not all of it").headers["location"].endswith("?check=1")
    assert stored(desk_world, at).state == DraftState.DRAFT


def test_change_needs_a_reason_and_significance(chidi: TestClient, desk_world: Settings) -> None:
    at = begin(chidi, record="E1")
    answer = post(chidi, at, "submit", title="Another title")
    page = chidi.get(answer.headers["location"]).text
    assert (
        "Reason for the change: Fill this in." in page
        and "Type of change: Choose one of these." in page
    )
    why = {"change.why": "corrected", "change.reason": "Otherwise. " * 50}
    page = chidi.get(post(chidi, at, "submit", **why).headers["location"]).text
    assert (
        "Reason for the change: This is too long. Use at most 500 characters." in page
        and why["change.reason"].strip() in page
    )
    why = {"change.why": "corrected", "change.reason": "The report says otherwise."}
    assert post(chidi, at, "submit", **why).headers["location"] == "/desk"
    draft = stored(desk_world, at)
    assert (draft.state, draft.why, draft.reason) == (
        DraftState.IN_REVIEW,
        "corrected",
        "The report says otherwise.",
    )
    late = chidi.post(at, data={"number": "0", "do": "autosave", "title": "Too late"})
    assert late.status_code == 200 and "data-saved" not in late.text
    assert chidi.get(at).headers["location"] == f"{at}/history"
    chidi.post(f"{at}/take-back")
    assert stored(desk_world, at).state == DraftState.DRAFT


def test_home_of_new_contributor_links_to_sources(
    chidi: TestClient,
) -> None:
    home = chidi.get("/desk").text
    assert '<a href="/desk/sources">Start with a report</a>' in home
    assert "Links to read later" in home
    assert "Accounts and roles" not in home, (
        "the home page of a contributor must not link to the list of people"
    )


def test_deleted_draft_is_restored_from_home(chidi: TestClient, desk_world: Settings) -> None:
    at = begin(chidi)
    post(chidi, at, title="Put away")
    chidi.post(f"{at}/delete")
    home = chidi.get("/desk").text
    assert "Recently deleted" in home and "Put away" in home
    chidi.post(f"{at}/bring-back")
    assert stored(desk_world, at).state == DraftState.DRAFT
    assert "Recently deleted" not in chidi.get("/desk").text


def test_history_shows_changes_and_restores_revision(
    chidi: TestClient, desk_world: Settings
) -> None:
    at = begin(chidi, record="E1")
    post(
        chidi,
        at,
        **{"citations.0.paraphrase": "It did not happen.", "citations.0.stance": "disputes"},
    )
    page = chidi.get(f"{at}/history").text
    assert re.search("Citations, 1: [^<]*Report 1 · Supports, What it says", page), (
        "the history must name the source and stance of the changed citation"
    )
    assert "It did not happen." in page and "It happened." in page
    assert "Disputes" in page and "Supports" in page, "the history must show codes as words"
    chidi.post(f"{at}/restore", data={"number": "0"})
    assert stored(desk_world, at).document["citations"][0]["stance"] == "supports"
    assert stored(desk_world, at).number == 2
    chidi.post(
        at, data={**fields(chidi.get(at).text), "citations.0.breaks_off": "yes", "do": "save"}
    )
    broken = " ".join(re.sub("<[^>]*>", " ", chidi.get(f"{at}/history").text).split())
    assert "Breaks off no yes" in broken


def test_invalid_restore_changes_nothing(chidi: TestClient, desk_world: Settings) -> None:
    at = begin(chidi)
    for number in ("", "7", "-1", "x", "9" * 30):
        assert chidi.post(f"{at}/restore", data={"number": number}).status_code == 303
    assert stored(desk_world, at).number == 0


@pytest.mark.parametrize(
    "sent",
    [
        {"key": "\0", "kind": "E"},
        {"key": "k", "kind": "E", "article": "S\0"},
        {"key": "k", "kind": "E", "article": "S99"},
    ],
)
def test_nul_characters_cause_no_error(chidi: TestClient, sent: dict[str, str]) -> None:
    at = str(chidi.post("/desk/drafts", data=sent).headers["location"])
    assert post(chidi, at, title="\0", summary="\0").status_code == 303
    for value in ("\0", "E\0", "http://\0.example"):
        assert (
            chidi.post(
                f"{at.partition('?')[0]}/reading",
                data={"path": "exact_place", "exact_place": value},
            ).status_code
            == 200
        )
    assert (
        chidi.post(
            at, data={"number": "0", "sheet": "\0", "title": "\0", "do": "set title \0"}
        ).status_code
        == 200
    )
