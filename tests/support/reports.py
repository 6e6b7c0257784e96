"""Reports with drafts in review, and what a browser without scripts sends from their page."""

import re
from typing import Any

from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.make import make_source
from tests.support.articles import EVENT, FIGURE, enter, last_citation
from tests.support.draft_pages import post
from tests.support.html import sent_by
from tests.support.worlds import desk_with, give_cookies, world_of

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


def decide(
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
