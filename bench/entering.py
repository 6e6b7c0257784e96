"""Time to enter a report at the desk, in keys and clicks of the Keystroke-Level Model.

Six articles of the seeds in five languages are entered in a real browser, card by card, from a text
that was written for this benchmark.
"""

import contextlib
import traceback
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pyotp
from playwright.sync_api import Error

from app.database.cluster import Server
from bench import databases
from bench.hand import Hand
from bench.report_editor import ReportEditor
from bench.report_texts import REPORTS, Report, Seeds
from bench.serving import sojourn
from tests.browser import browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

GOAL_MINUTES = 10
START_SECONDS = 60
"""The first page waits for the start of the site."""
PASSWORD = "entered again and again"
EMAIL = "hand@example.org"


def measure(sources: Sequence[str] = ()) -> None:
    """Enter these reports, or all six, each on its own copy of the published seeds."""
    print("| report | minutes + answers, keys, clicks |\n| --- | --- |", flush=True)
    entered: dict[str, Hand] = {}
    failed: list[str] = []
    with databases.running() as server, browser() as running:
        databases.publish_seeds(server)
        for report in REPORTS:
            if sources and report.source not in sources:
                continue
            try:
                with signed_in(server, running, report.source.lower()) as page:
                    hand = entered[report.source] = Hand(page)
                    ReportEditor(hand, Seeds(), report).enter_report()
            except (AssertionError, Error):
                # What the others take is worth knowing; the command fails in the end.
                traceback.print_exc()
                failed.append(report.source)
                continue
            print(_line(report, hand), flush=True)
    keys = sum(hand.counts["K"] for hand in entered.values())
    slow = [source for source, hand in entered.items() if hand.own_minutes > GOAL_MINUTES]
    print(
        f"\nat most {GOAL_MINUTES} minutes, without the answers: missed by "
        f"{', '.join(slow) or 'none'}; {keys:,} keys together"
    )
    if failed:
        raise SystemExit(f"not entered: {', '.join(failed)}")


@contextlib.contextmanager
def signed_in(server: Server, running: "Browser", name: str) -> "Iterator[Page]":
    """Serve a copy of the seeds, on which nobody has worked yet; yield the page of an editor."""
    settings = databases.copy_seeds(server, name)
    with databases.desk(settings) as db:
        secret = databases.add_editor(db, settings, EMAIL, "Hand", PASSWORD)
    with (
        sojourn(settings) as (port, _),
        running.new_context(viewport={"width": 1280, "height": 900}) as context,
    ):
        context.set_default_timeout(START_SECONDS * 1000)
        page: Any = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/desk")
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
        page.get_by_role("button", name="Continue", exact=True).click()
        page.wait_for_url("**/desk")
        yield page


def _line(report: Report, hand: Hand) -> str:
    """Return the line of a report in the table of docs/performance.md."""
    return (
        f"| {report.source}, {report.language}, {len(report.text):,} characters "
        f"| {hand.own_minutes:.1f} + {hand.waited / 60:.1f}, {hand.counts['K']:,}, "
        f"{hand.counts['B'] // 2} |"
    )
