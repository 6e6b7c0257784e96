"""A preview equals the published page, and changes nothing in the database."""

import re

from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save
from app.documents import validate
from app.kinds import EventForm
from app.record.models import Edition, EditionCounter, FilterTerm, Version
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.draft_pages import begin, post, stored

PRIVATE = "SECRET of the desk"
WHOLE = {
    "title": "Workers told to leave by June",
    "summary": "Reported by one newspaper.",
    "type": "stay-limit",
    "happened": "2019-04~",
    "terms.0.code": "Place-1",
    "citations.0.source": "S1",
    "citations.0.said": "2019-06-20",
    "citations.0.stance": "supports",
    "citations.0.kind": "occurrence",
    "citations.0.paraphrase": "Firms were told.",
    "citations.0.note": PRIVATE,
    "citations.0.chain.0.attribution": "resident",
    "citations.0.chain.0.words": "a resident",
    "citations.0.chain.0.exact_words": PRIVATE,
    "note": PRIVATE,
    "no_nationality": "not-stated",
}


def write_whole_event(client: TestClient) -> str:
    at = begin(client)
    post(client, at, "add citations")
    post(client, at, **WHOLE)
    return at


def main_part(html: str) -> str:
    return html[html.index('<main id="main"') : html.index("</main>")]


LINK = re.compile(r' href="[^"]*"')


def without_links(html: str) -> str:
    """Return the page's content without link targets, which name the edition."""
    return LINK.sub("", main_part(html)).replace(" inert", "")


def test_preview_equals_the_published_page(chidi: TestClient, desk_world: Settings) -> None:
    with desk_session(desk_world) as db:
        publish_approved(db, "Before")
    at = write_whole_event(chidi)
    answer = chidi.get(f"{at}/preview")
    assert answer.status_code == 200
    assert PRIVATE not in answer.text
    assert "Nothing on it is published" in answer.text and f'href="{at}"' in answer.text
    draft = stored(desk_world, at)
    with desk_session(desk_world) as db:
        form = validate(
            EventForm,
            {**draft.document, "terms": [{**draft.document["terms"][0], "code": "place-1"}]},
        ).form
        assert form
        save(db, form)
        publish_approved(db, "")
    published = chidi.get(f"/events/{draft.record}")
    assert "Workers told to leave by June" in published.text
    assert without_links(answer.text) == without_links(published.text)
    assert " inert" in main_part(answer.text)
    assert " inert" not in published.text


def test_preview_changes_nothing_in_the_database(chidi: TestClient, desk_world: Settings) -> None:
    with desk_session(desk_world) as db:
        publish_approved(db, "Before")

    def counts_of_rows() -> list[int | None]:
        with desk_session(desk_world) as db:
            models = (Version, Edition, FilterTerm)
            counted = [db.scalar(select(func.count()).select_from(model)) for model in models]
            return [*counted, db.scalar(select(EditionCounter.edition))]

    before = counts_of_rows()
    at = write_whole_event(chidi)
    assert chidi.get(f"{at}/preview").status_code == 200
    assert counts_of_rows() == before
    assert chidi.get(f"/events/{stored(desk_world, at).record}").status_code == 404
    assert chidi.get("/events.json").json()["edition"] == 1
    # An exact place outside the public one is an error; without it, the event is submitted.
    post(chidi, at, **{"terms.0.code": "place-1", "exact_place": "country-3"})
    assert "does not lie in a public one" in chidi.get(f"{at}?check=1").text
    post(chidi, at, exact_place="")
    assert post(chidi, at, "submit").headers["location"] == "/desk"
    assert "Submitted for review." in chidi.get("/desk").text


def test_preview_includes_drafts_that_the_record_names(
    chidi: TestClient, desk_world: Settings
) -> None:
    """A new event cites a drafted source of a drafted outlet."""
    outlet = begin(chidi, "O", key="outlet")
    post(
        chidi, outlet, **{"code": "new-paper", "names.0.text": "The New Paper", "kind": "newspaper"}
    )
    source = begin(chidi, "S", key="source")
    read = {"outlet": "The New Paper", "title": "Go home", "title_basis": "printed", "kind": "news"}
    post(chidi, source, **read, published="2019-05-01", published_basis="stated")
    at = write_whole_event(chidi)
    post(chidi, at, **{"citations.0.source": stored(desk_world, source).record})
    page = chidi.get(f"{at}/preview").text
    assert "The New Paper" in page and "Go home" in page
    post(chidi, source, title="")
    page_text = chidi.get(f"{at}?check=1").text
    assert (
        f"{stored(desk_world, source).record} is incomplete: fill in its missing fields first"
        in page_text
    )


def test_preview_works_for_named_records(chidi: TestClient, desk_world: Settings) -> None:
    with desk_session(desk_world) as db:
        publish_approved(db, "Before")
    kinds = {
        "/cities/newtown": ("P", {"kind": "city", "parent": "province-2"}),
        "/places/newshire": ("P", {"kind": "province", "parent": "country-3"}),
        "/outlets/new-paper": ("O", {"kind": "newspaper"}),
        "/actors/new-works": ("A", {"kind": "company"}),
        "/laws/new-law": ("N", {"kind": "law"}),
        "/pages/new-text": ("U", {"kind": "text"}),
    }
    for address, (kind, typed) in kinds.items():
        at = begin(chidi, kind, key=address)
        post(chidi, at, **typed, code=address.rpartition("/")[2], **{"names.0.text": "Newtown"})
        shown = chidi.get(f"{at}/preview")
        assert shown.status_code == 200, address
        assert "Nothing on it is published" in shown.text and "Newtown" in main_part(shown.text)
        assert chidi.get(address).status_code == 404
    # A change to a published record is shown as it will be.
    at = begin(chidi, record="P1")
    post(chidi, at, **{"names.0.text": "Changed"})
    assert "Changed" in main_part(chidi.get(f"{at}/preview").text)
