"""Time to enter a report at the desk, in keys and clicks of the Keystroke-Level Model.

Six articles of the seeds in five languages are entered in a real browser: through the sheet, from a
text that was written for this benchmark, and record by record through the long forms.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyotp

from app.settings import Settings
from bench import databases
from bench.forms_editor import FormsEditor
from bench.hand import BUTTON, HOME, KEY, POINT, THINK, WORDS_A_MINUTE, Hand
from bench.left_out import LeftOut, left_out
from bench.report_texts import REPORTS, Report
from bench.seed_rows import Seeds
from bench.serving import sojourn
from bench.sheet_editor import SheetEditor
from tests.browser import browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

GOAL_MINUTES = 10
START_SECONDS = 300
"""The first page waits for the start of the site."""
GOAL_SHARE_OF_KEYS = 0.45
PASSWORD = "entered again and again"
EMAIL = "hand@example.org"


@dataclass(frozen=True)
class Entered:
    """What entering one report took, both ways."""

    report: Report
    sheet: Hand
    forms: Hand
    rows: str
    left_out: LeftOut = field(default_factory=LeftOut)


def measure() -> None:
    with databases.running() as server, browser() as running:
        settings = databases.publish_seeds(server)
        with databases.desk(settings) as db:
            secret = databases.add_editor(db, settings, EMAIL, "Hand", PASSWORD)
        with sojourn(settings) as (port, _), signed_in(running, port, secret) as page:
            print(_explanation(), flush=True)
            entered = []
            for report in REPORTS:
                entered.append(enter(page, port, settings, report))
                _show(entered[-1])
    print("\n".join(["", *table(entered)]))


def enter(page: "Page", port: int, settings: Settings, report: Report) -> Entered:
    """Enter a report through its sheet, then through the forms."""
    seeds = Seeds()
    hands = []
    page.goto(f"http://127.0.0.1:{port}/desk")
    hands.append(Hand(page))
    with databases.desk_sessions(settings) as open_desk:
        editor = SheetEditor(hands[-1], seeds, report, open_desk)
        editor.enter_report()
    page.goto(f"http://127.0.0.1:{port}/desk")
    hands.append(Hand(page))
    records = [each.record for each in report.wanted(seeds) if each.is_first]
    FormsEditor(hands[-1], seeds, report.source, records).enter_report()
    with databases.desk(settings) as db:
        missing = left_out(db, seeds, report, editor)
    rows = f"{editor.used} of {editor.proposed}"
    return Entered(report, hands[0], hands[1], rows, missing)


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
        f"Goals: {GOAL_MINUTES} minutes, and {GOAL_SHARE_OF_KEYS:.0%} of the keys of the forms."
    )


def _show(entered: Entered) -> None:
    report = entered.report
    print(
        f"\n{report.source}, {report.language}, {report.size()}, rows used: {entered.rows}\n"
        f"{_operators('sheet', entered.sheet)}\n{_operators('forms', entered.forms)}\n"
        f"left out: {entered.left_out.in_words()}",
        flush=True,
    )


def _operators(name: str, hand: Hand) -> str:
    done = ", ".join(f"{operator} {hand.counts[operator]:,}" for operator in "KPBHM")
    return (
        f"{name}: {hand.fields} fields, {hand.pages} presses; {done}, R {hand.waited:.1f} s; "
        f"{hand.minutes:.1f} minutes, {hand.own_minutes:.1f} without the answers"
    )


def table(entered: list[Entered]) -> Iterator[str]:
    """Yield the lines of the table in docs/performance.md."""
    yield (
        "| report | sheet: minutes + answers, keys, clicks | forms: the same | share of keys | "
        "proposed rows used | words of the seeds left out |"
    )
    yield "| --- | --- | --- | --- | --- | --- |"
    for each in entered:
        share = each.sheet.counts["K"] / each.forms.counts["K"]
        name = f"{each.report.source}, {each.report.language}, {each.report.size()}"
        yield (
            f"| {name} | {_cells(each.sheet)} | {_cells(each.forms)} | {share:.0%} | "
            f"{each.rows} | {each.left_out.words:,} of {each.left_out.all_words:,} |"
        )


def _cells(hand: Hand) -> str:
    answers = hand.waited / 60
    return f"{hand.own_minutes:.1f} + {answers:.1f}, {hand.counts['K']:,}, {hand.counts['B'] // 2}"
