"""Time to enter a report at the desk, in keys and clicks of the Keystroke-Level Model.

Six articles of the seeds in five languages are entered in a real browser, card by card, from a text
that was written for this benchmark.
"""

import contextlib
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyotp
from playwright.sync_api import Error

from app.database.cluster import Server
from app.settings import Settings
from bench import databases
from bench.hand import BUTTON, HOME, KEY, POINT, THINK, WORDS_A_MINUTE, Hand
from bench.report_editor import ReportEditor
from bench.report_texts import REPORTS, Report
from bench.seed_rows import Seeds
from bench.serving import sojourn
from tests.browser import browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

GOAL_MINUTES = 10
START_SECONDS = 60
"""The first page waits for the start of the site."""
PASSWORD = "entered again and again"
EMAIL = "hand@example.org"


@dataclass(frozen=True)
class Entered:
    """What entering one report took."""

    report: Report
    hand: Hand


def measure(sources: Sequence[str] = (), *, is_detailed: bool = False) -> None:
    """Enter these reports, or all six, each on its own copy of the published seeds."""
    reports = [each for each in REPORTS if not sources or each.source in sources]
    print(_explanation(), flush=True)
    began = time.monotonic()
    entered: list[Entered] = []
    failed: list[str] = []
    with databases.running() as server, browser() as running:
        databases.publish_seeds(server)
        for report in reports:
            try:
                _progress(began, report.source)
                with desk_of_editor(server, running, report.source.lower()) as desk:
                    entered.append(enter_report(desk, report))
            except (AssertionError, Error):
                # What the others take is worth knowing; the command fails in the end.
                traceback.print_exc()
                failed.append(report.source)
                continue
            _show(entered[-1], most=40 if is_detailed else 8)
    _progress(began, f"{len(entered)} of {len(reports)} reports entered")
    if entered:
        print("\n".join(["", *table(entered), "", verdict(entered)]))
    if failed:
        raise SystemExit(f"not entered: {', '.join(failed)}")


@dataclass(frozen=True)
class EditorsDesk:
    """A signed-in editor at a desk of its own."""

    page: "Page"
    settings: Settings

    def hand(self) -> Hand:
        return Hand(self.page)


@contextlib.contextmanager
def desk_of_editor(server: Server, running: "Browser", name: str) -> "Iterator[EditorsDesk]":
    """Serve a copy of the seeds, on which nobody has worked yet."""
    settings = databases.copy_seeds(server, name)
    with databases.desk(settings) as db:
        secret = databases.add_editor(db, settings, EMAIL, "Hand", PASSWORD)
    with sojourn(settings) as (port, _), signed_in(running, port, secret) as page:
        yield EditorsDesk(page, settings)


def enter_report(desk: EditorsDesk, report: Report) -> Entered:
    hand = desk.hand()
    editor = ReportEditor(hand, Seeds(), report)
    editor.enter_report()
    return Entered(report, hand)


@contextlib.contextmanager
def signed_in(running: "Browser", port: int, secret: str) -> "Iterator[Page]":
    context = running.new_context(viewport={"width": 1280, "height": 900})
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
    context.close()


# Output -----------------------------------------------------------------------------------------


def _explanation() -> str:
    return (
        "Keystroke-Level Model (Card, Moran and Newell 1983), seconds: K a key, "
        f"{KEY:.3f} ({WORDS_A_MINUTE} words a minute);\n"
        f"P to point, {POINT}; B to press or let go a button of the mouse, {BUTTON}; H between "
        f"mouse and keys, {HOME};\n"
        f"M a thought before each field and each press, {THINK}; R the answers of the server, as "
        "measured.\n"
        "Left out: reading the article, deciding what it says, looking over, slips.\n"
        f"Goal: {GOAL_MINUTES} minutes."
    )


def _progress(began: float, words: str) -> None:
    minutes, seconds = divmod(round(time.monotonic() - began), 60)
    print(f"{minutes}:{seconds:02} {words}", flush=True)


def _show(entered: Entered, most: int) -> None:
    report, hand = entered.report, entered.hand
    done = ", ".join(f"{operator} {hand.counts[operator]:,}" for operator in "KPBHM")
    print(
        f"\n{report.source}, {report.language}, {report.size()}\n"
        f"{hand.fields} fields, {hand.pages} presses; {done}, R {hand.waited:.1f} s; "
        f"{hand.minutes:.1f} minutes, {hand.own_minutes:.1f} without the answers"
        + (f"; {hand.repeated} presses had to be repeated" if hand.repeated else "")
    )
    spent = ", ".join(f"{purpose} {keys}" for purpose, keys in hand.spent_on("K", most))
    print(f"keys: {spent}\n", flush=True)


def table(entered: list[Entered]) -> Iterator[str]:
    """Yield the lines of the table in docs/performance.md."""
    yield "| report | minutes + answers, keys, clicks |"
    yield "| --- | --- |"
    for each in entered:
        name = f"{each.report.source}, {each.report.language}, {each.report.size()}"
        yield f"| {name} | {_cells(each.hand)} |"


def verdict(entered: list[Entered]) -> str:
    """Return what of the goal was reached."""
    slow = [each.report.source for each in entered if each.hand.own_minutes > GOAL_MINUTES]
    keys = sum(each.hand.counts["K"] for each in entered)
    missed = f"; missed by {', '.join(slow)}" if slow else ""
    reached = f"{len(entered) - len(slow)} of {len(entered)}{missed}"
    return f"at most {GOAL_MINUTES} minutes, without the answers: {reached}; {keys:,} keys together"


def _cells(hand: Hand) -> str:
    answers = hand.waited / 60
    return f"{hand.own_minutes:.1f} + {answers:.1f}, {hand.counts['K']:,}, {hand.counts['B'] // 2}"
