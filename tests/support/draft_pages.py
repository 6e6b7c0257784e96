"""What a browser without scripts does at the desk: writes drafts and reports, and reviews them."""

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.desk.approved.models import Draft
from app.desk.approved.store import save_all
from app.desk.drafts import commands
from app.desk.identity.models import Person
from app.desk.review import commands as reviewing
from app.desk.review.commands import Decision
from app.main import create_app
from app.record.models import Version
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_place, make_source
from tests.support.html import first_match, sent_by
from tests.support.worlds import desk_with, give_cookies, world_of


def begin(client: TestClient, kind: str = "E", key: str = "page", **more: str) -> str:
    answer = client.post("/desk/drafts", data={"key": key, "kind": kind, **more})
    assert answer.status_code == 303, answer.status_code
    return str(answer.headers["location"]).partition("?")[0]


def fields(html: str, form_id: str = "draft") -> dict[str, str]:
    """Return what a browser without scripts would submit from the draft's form, or another one."""
    return sent_by(html, f"//form[@id='{form_id}']")


MODES = {"happened": "on", "attested": "ongoing", "as_of": "usual", "period": "usual"}
"""How a date is meant that a field of the document has, for the card of its draft."""


def on_card(sent: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """Return what is typed, by the names that the fields have where the card stands for them."""
    found: dict[str, str] = {}
    for name, text in typed.items():
        if name in MODES and name not in sent:
            found |= {"card.mode": MODES[name], "card.when": text}
        else:
            found[name] = text
    return found


def post(client: TestClient, at: str, do: str = "save", **typed: str) -> Any:
    sent = fields(client.get(at).text)
    typed = on_card(sent, typed)
    unknown = set(typed) - set(sent) - {"change.why", "change.reason"}
    assert not unknown, f"the form has no fields named {unknown}"
    return client.post(at, data={**sent, **typed, "do": do})


def stored(settings: Settings, at: str) -> Draft:
    with desk_session(settings) as db:
        draft = db.get_one(Draft, int(at.partition("?")[0].rsplit("/", 1)[1]))
        db.expunge(draft)
        return draft


def draft_states(settings: Settings) -> dict[str, str]:
    """Return the states of all drafts, by their records."""
    with desk_session(settings) as db:
        return {draft.record: draft.state for draft in db.scalars(select(Draft))}


def two_versions(chidi: TestClient, basma: TestClient) -> tuple[str, Any]:
    """Create a conflict: Basma and Chidi edit a draft, and she saves first.

    Returns the draft's address and the response to his save.
    """
    at = begin(chidi)
    post(chidi, at, "add citations", title="As it began", summary="As it began")
    hers, his = fields(basma.get(at).text), fields(chidi.get(at).text)
    hers |= {"title": "Her title", "citations.0.paraphrase": "She was told."}
    his |= {"title": "His title", "summary": "His summary"}
    assert basma.post(at, data={**hers, "do": "save"}).status_code == 303
    refused = chidi.post(at, data={**his, "do": "save"})
    return at, chidi.get(refused.headers["location"])


# An article, and entries from it ------------------------------------------------------------------


NAMES = [("en", "Dandong"), ("ko", "단둥"), ("zh-Hans", "丹东")]
DANDONG = make_place(
    4,
    "dandong",
    parent="province-2",
    names=[{"language": of, "text": text, "preferred": True} for of, text in NAMES],
)
"""A city with names in three scripts."""
ADDRESS = "https://www.example.org/2019/workers.html"


@pytest.fixture
def report(desk_world: Settings) -> str:
    """A report of outlet 2 with an address, from which nothing was entered yet."""
    with desk_session(desk_world) as db:
        save_all(
            db,
            [
                make_source(
                    7, title="Workers leave", outlet="outlet-2", url=ADDRESS, published="2019-04-23"
                )
            ],
        )
    return "/desk/sources/S7"


def enter(client: TestClient, at: str, kind: str = "", record: str = "") -> str:
    """Begin an entry of a report, or cite it in a record; return the page of the draft."""
    typed = {"do": "cite", "record": record, "page": secrets.token_hex(8)}
    answer = client.post(at, data=typed if record else {"do": f"new {kind}"})
    assert answer.status_code == 303, answer.text
    found = first_match(r"open=([0-9]+)", answer.headers["location"])
    return f"/desk/drafts/{found}"


def last_citation(client: TestClient, draft: str) -> str:
    """Return the path of the citation that was added last."""
    names = fields(client.get(draft).text)
    places = [int(name.split(".")[1]) for name in names if name.startswith("citations.")]
    return f"citations.{max(places)}"


EVENT = {
    "title": "Firms were told",
    "summary": "Reported by one newspaper.",
    "type": "stay-limit",
    "happened": "2019-04~",
    "terms.0.code": "place-1",
    "terms.0.role": "via",
    "card.nationality": "not-stated",
    "citations.0.paraphrase": "Firms were told.",
    "citations.0.certainty": "firm",
    "citations.0.chain.0.attribution": "resident",
}
FIGURE = {
    "counts": "present",
    "population": "workers",
    "quantifier": "about",
    "unit": "people",
    "citations.0.certainty": "firm",
    "point": "2,000",
    "as_of": "2019-04",
    "terms.0.role": "at",
    "citations.0.paraphrase": "So many are there.",
    "citations.0.chain.0.attribution": "outlet-own-voice",
}
ARTICLE_PAGE = """<!doctype html><html lang="ko-KR"><head><meta charset="utf-8">\
<title>귀국 지시 | 데일리</title>
<meta property="og:title" content="귀국 지시"><meta property="og:site_name" content="Outlet-2">
<meta property="article:published_time" content="2019-06-20T23:30:00-09:00">\
<meta name="author" content="Kim Seul">
<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "귀국 지시",
"datePublished": "2019-06-20", "publisher": {"name": "Outlet-2"}, \
"author": [{"name": "Kim Seul"}]}]}</script></head>
<body><article><h1>귀국 지시</h1>\
<p>단둥의 노동자들에게 귀국하라는 지시가 내려졌다.</p></article></body></html>"""
"""A Korean article with metadata."""

# Reports with drafts in review --------------------------------------------------------------------


REPORT = "/desk/sources/S7"
REVIEW = "/desk/review/reports/S7"


reports = desk_with(
    "reports",
    *(
        make_source(no, title=f"Report {no}", outlet="outlet-2", published="2019-04-23")
        for no in (7, 8)
    ),
)
"""Two published reports, S7 and S8, from which nothing was entered yet."""


def write_event(client: TestClient, report: str = REPORT, **typed: str) -> str:
    at = enter(client, report, kind="E")
    post(client, at, **{**EVENT, **typed})
    return at


def write_figure(client: TestClient, report: str = REPORT, **typed: str) -> str:
    at = enter(client, report, kind="M")
    post(client, at, **{**FIGURE, "terms.0.code": "place-1", **typed})
    return at


def write_citation(client: TestClient, record: str = "E1", report: str = REPORT) -> str:
    draft = enter(client, report, record=record)
    place = last_citation(client, draft)
    why = {"change.why": "updated", "change.reason": "Another report."}
    said = {f"{place}.chain.0.attribution": "outlet-own-voice"}
    said |= {f"{place}.stance": "supports", f"{place}.certainty": "firm"}
    post(client, draft, **why, **said, **{f"{place}.paraphrase": "They were told to go."})
    return draft


def submit(client: TestClient, report: str = REPORT) -> Any:
    """Submit all of a report; the response redirects, to `check=1` if something is missing."""
    return client.post(report, data={"do": "send"})


def written(client: TestClient) -> list[str]:
    """Enter an event, a figure and a citation of E1; return the URLs of their drafts."""
    return [write_citation(client), write_event(client), write_figure(client)]


def submit_report(settings: Settings) -> None:
    headers = {"sec-fetch-site": "same-origin"}
    with TestClient(create_app(settings), headers=headers, follow_redirects=False) as basma:
        written(give_cookies(basma, "Basma"))
        assert submit(basma).headers["location"] == REPORT


report_in_review = world_of("report_in_review", submit_report, "reports")
"""Two published reports, and Basma's citation of E1, event and estimate in review."""


def decide_report(
    client: TestClient,
    do: str = "decide",
    *,
    unticked: int = 0,
    **typed: Any,
) -> Any:
    """Send the page as a browser without scripts does, with this row not ticked."""
    html = client.get(REVIEW).text
    sent = sent_by(html, "//form[@class='rv-form']")
    sent |= dict.fromkeys(re.findall(r'name="(confirm\.C\d+)"', html), "yes")
    if unticked:
        del sent[f"tick.{unticked}"]
    return client.post(REVIEW, data={**sent, "do": do, **typed})


# The page of a report -----------------------------------------------------------------------------


@dataclass
class ReportEditor:
    """Somebody at the page of a report, in a browser without scripts."""

    client: TestClient
    settings: Settings
    at: str

    @property
    def source(self) -> str:
        return self.at.rsplit("/", 1)[1]

    def page(self, query: str = "") -> str:
        return str(self.client.get(f"{self.at}{query}").text)

    def press(self, do: str, **typed: str) -> Any:
        """Press a button of the report's own form; return the page that follows."""
        return self._post(self.at, fields(self.page(), "report"), do, typed)

    def add(self, kind: str, **typed: str) -> Any:
        """Add an entry, fill in its card and close it; return the page of the report."""
        return self.on_card(self.press(f"new {kind}"), "done", **typed)

    def on_card(self, page: Any, do: str, **typed: str) -> Any:
        """Press a button of the card that is open on a page of the report."""
        action = first_match(r'id="draft" method="post" action="([^"]+)"', page.text)
        return self._post(action, fields(page.text), do, typed)

    def _post(self, at: str, sent: dict[str, str], do: str, typed: dict[str, str]) -> Any:
        unknown = {name for name in typed if name not in sent and name.startswith("card.was")}
        assert not unknown, f"the form has no fields named {unknown}"
        answer = self.client.post(at, data={**sent, **typed, "do": do}, follow_redirects=True)
        assert answer.status_code == 200, answer.status_code
        return answer

    def drafts(self) -> Sequence[Draft]:
        with desk_session(self.settings) as db:
            found = commands.drafts_of_article(db, self.source)
            for draft in found:
                db.expunge(draft)
            return found


# Review -------------------------------------------------------------------------------------------


WHY = {"change.why": "corrected", "change.reason": "The report says otherwise."}


def handed_in(client: TestClient, record: str = "E1", **typed: str) -> str:
    """Submit a change; return the URL of its draft."""
    at = begin(client, record=record)
    answer = post(client, at, "submit", **{**WHY, **(typed or {"title": "Another title"})})
    assert answer.headers["location"] == "/desk", answer.headers["location"]
    return at


def review_of(at: str) -> str:
    return at.replace("drafts", "review")


def decide(client: TestClient, at: str, do: str, **typed: str) -> Any:
    """Approve, publish or return one draft, or save a comment; all citations are confirmed."""
    page = client.get(review_of(at)).text
    number = re.search(r'name="seen\.(\d+)"\s+value="(\d+)"', page)
    assert number, page
    sent = {f"seen.{number[1]}": number[2]}
    sent |= dict.fromkeys(re.findall(r'name="(confirm\.C\d+)"', page), "yes")
    if do in {"return", "save"}:
        sent["do"] = "decide" if do == "return" else do
        typed = {f"{name}.{number[1]}": text for name, text in typed.items()}
    else:
        sent |= {"do": "decide", f"tick.{number[1]}": "yes"}
        sent |= {"publish": "yes"} if do == "publish" else {}
    return client.post(review_of(at), data={**sent, **typed})


def waiting_rows(db: Session, draft: Draft) -> Sequence[Draft]:
    reviewed = reviewing.one_draft(db, draft.id)
    assert reviewed
    return reviewed.drafts(db, to_write=True)


def approve(
    db: Session, draft: Draft, by: Person, settings: Settings, confirmed: Collection[str] = ()
) -> None:
    """Approve one draft, or raise PublishError."""
    rows = waiting_rows(db, draft)
    decision = Decision({draft.id: draft.number}, {draft.id}, confirmed=confirmed)
    reviewing.decide(db, rows, by, decision, settings)


def return_to_author(
    db: Session, draft: Draft, by: Person, settings: Settings, words: str = "Wait."
) -> None:
    rows = waiting_rows(db, draft)
    decision = Decision({draft.id: draft.number}, (), {draft.id: ("", words)})
    reviewing.decide(db, rows, by, decision, settings)


def read(client: TestClient, address: str) -> str:
    """Return a page without marks of differences."""
    return re.sub(r"</?(?:ins|del)>", "", client.get(address).text)


def title_now(settings: Settings) -> str:
    with desk_session(settings) as db:
        row = db.query(Version).filter(Version.id == "E1", Version.closed.is_(None)).one()
        return str(row.payload["form"]["title"])


@pytest.fixture
def published(published_world: Settings) -> Settings:
    return published_world
