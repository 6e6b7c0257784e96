"""Ten tasks of readers, walked from the front page in a real browser: clicks and seconds.

Seconds are the machine's (a click until the next page is loaded, over loopback), those of hand and
thought by the Keystroke-Level Model (`bench/hand.py`), and those of the eye: a reader scans every
visible word before the place to press, and reads the answer itself.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import Error

from bench import databases
from bench.hand import BUTTON, HOME, KEY, POINT, THINK
from bench.serving import sojourn, wait_for_index
from bench.timing import Reader
from tests.browser import browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

MAX_CLICKS = 3
SCANNED_A_MINUTE, READ_A_MINUTE = 600, 300
"""Words a minute of scanning and of reading: Carver, Reading Rate, Journal of Reading 36 (1992)."""
WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
ANSWERED_JS = "document.readyState === 'complete' && !document.querySelector('[data-before]')"
WAIT_MILLISECONDS = 15_000

WORDS_BEFORE_JS = """target => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let count = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (target.contains(node) || target.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING) break;
    if (!node.parentElement.checkVisibility() || node.parentElement.closest(".vh, .skip, script, style")) continue;
    count += node.textContent.trim().split(/\\s+/).filter(Boolean).length;
  }
  return count;
}"""  # noqa: E501


@dataclass(frozen=True)
class Follow:
    """Press a link, button or fold by its words. `within` is a selector of a part of the page."""

    words: str
    within: str = "body"
    gets_file: bool = False


@dataclass(frozen=True)
class Fill:
    """Type into a field by its label, and press Enter if `sends`, which counts as a click."""

    label: str
    words: str
    within: str = "body"
    sends: bool = False


@dataclass(frozen=True)
class Task:
    """What a reader wants, the way there, and words of the answer. A file has no such words."""

    reader: str
    wants: str
    steps: Sequence[Follow | Fill]
    answer: str = ""


SEARCH = ".hero-find"
TASKS = (
    Task(
        "reporter",
        "was there an order to leave China by June 2019, and who reported it first?",
        [
            Fill("Search everything", "order to leave China 2019", SEARCH, sends=True),
            Follow("workers leave China by end of June 2019", ".found"),
        ],
        "Tokyo Shimbun reported in late April 2019",
    ),
    Task(
        "caseworker",
        "which rules were last reported in Hunchun, and how old is each report?",
        [
            Follow("Rules on a date", ".nav"),
            Fill("Place", "Hunchun", ".ask"),
            Follow("Show rules", ".ask"),
        ],
        "Reported in the past 24 months",
    ),
    Task(
        "librarian",
        "cite the newest event in APA style, with a permanent link",
        [
            Follow("", ".overview .newest li:first-child div"),
            Follow("More formats and the sources cited"),
            Follow("APA"),
        ],
        "Sojourn. (2026",
    ),
    Task(
        "compliance officer",
        "what does Security Council resolution 2397 require, and where was it not applied?",
        [Fill("Search everything", "2397", SEARCH, sends=True), Follow("2397", ".found, .cards")],
        "Carried out or invoked",
    ),
    Task(
        "sanctions researcher",
        "compare the estimates for Dandong and Hunchun on the same years",
        [
            Follow("Dandong", ".hero aside"),
            Follow("Compare with Hunchun"),
        ],
        "People present",
    ),
    Task(
        "data journalist",
        "get all events as a workbook",
        [Follow("Data", ".nav"), Follow(".xlsx", "main", gets_file=True)],
    ),
    Task(
        "ministry analyst",
        "count events by type and year, as CSV",
        [
            Follow("Events", ".nav"),
            Follow("Break down these events"),
            Follow("CSV", gets_file=True),
        ],
    ),
    Task(
        "former UN panel member",
        "what was corrected since the first edition, and why?",
        [
            Follow("Changes", ".nav"),
            Fill("Since a day or an edition", "1"),
            Follow("Show changes"),
        ],
        "Edition 2",
    ),
    Task(
        "rights group, in Korean",
        "what is known of 훈춘?",
        [
            Fill("Search everything", "훈춘", SEARCH, sends=True),
            Follow("Hunchun", "main"),
        ],
        "Latest estimate for the whole place",
    ),
    Task(
        "reader who knows better",
        "tell the editors of a mistake in the newest event",
        [
            Follow("", ".overview .newest li:first-child div"),
            Follow("Report a mistake"),
        ],
        "Message to the editors",
    ),
)


@dataclass
class Walk:
    """What one task took."""

    task: Task
    width: str
    clicks: int = 0
    machine: float = 0.0
    hand: float = 0.0
    words: int = 0
    answer: int = 0
    """Words read of the answer."""

    @property
    def eye(self) -> float:
        return 60 * (self.words / SCANNED_A_MINUTE + self.answer / READ_A_MINUTE)

    @property
    def seconds(self) -> float:
        return self.machine + self.hand + self.eye


def measure() -> bool:
    """Print what each task takes. Returns whether none takes more than three clicks.

    A task that does not end with its answer raises Playwright's `TimeoutError`.
    """
    with databases.running() as server, browser() as running:
        settings = databases.publish_seeds(server)
        with sojourn(settings) as (port, _):
            wait_for_index(Reader(port))
            walks = [
                walk(running, f"http://127.0.0.1:{port}", task, width)
                for task in TASKS
                for width in WIDTHS
            ]
    print("\n".join(table(walks)))
    return all(each.clicks <= MAX_CLICKS for each in walks)


def walk(running: "Browser", site: str, task: Task, width: str) -> Walk:
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    context = running.new_context(viewport=size)  # type: ignore[arg-type]
    context.set_default_timeout(WAIT_MILLISECONDS)
    page, taken = context.new_page(), Walk(task, width)
    began = time.perf_counter()
    page.goto(site)
    taken.machine += time.perf_counter() - began
    for step in task.steps:
        _take(page, step, taken)
    if task.answer:
        answer = page.get_by_text(task.answer).locator("visible=true").first
        answer.wait_for()
        taken.words += answer.evaluate(WORDS_BEFORE_JS)
        taken.answer += len(answer.inner_text().split())
    context.close()
    return taken


def _take(page: "Page", step: Follow | Fill, taken: Walk) -> None:
    part = page.locator(step.within)
    if isinstance(step, Fill):
        target = part.get_by_label(step.label).locator("visible=true").first
        taken.words += target.evaluate(WORDS_BEFORE_JS)
        taken.hand += THINK + POINT + 2 * BUTTON + HOME + len(step.words) * KEY + HOME
        target.fill(step.words)
        if step.sends:
            taken.hand += KEY
            _press(page, taken, lambda: target.press("Enter"))
        return
    target = _named(part, step.words)
    taken.words += target.evaluate(WORDS_BEFORE_JS)
    taken.hand += THINK + POINT + 2 * BUTTON
    if step.gets_file:
        began = time.perf_counter()
        with page.expect_download() as file:
            target.click()
        file.value.path()
        taken.machine += time.perf_counter() - began
        taken.clicks += 1
        return
    _press(page, taken, target.click)


def _named(part: "Locator", words: str) -> "Locator":
    """Return the first visible link, button or fold with these words; all have them if empty."""
    return part.locator("a, button, summary").filter(has_text=words).locator("visible=true").first


def _press(page: "Page", taken: Walk, act: Callable[[], None]) -> None:
    """Press, and wait for the next page."""
    page.evaluate("document.body.dataset.before = ''")
    began = time.perf_counter()
    act()
    while not _has_answer(page):
        if time.perf_counter() - began > WAIT_MILLISECONDS / 1000:
            raise TimeoutError(f"No answer on {page.url}")
        time.sleep(0.01)
    taken.machine += time.perf_counter() - began
    taken.clicks += 1


def _has_answer(page: "Page") -> bool:
    # Not Playwright's own wait for a function: the Content-Security-Policy forbids its eval.
    try:
        return bool(page.evaluate(ANSWERED_JS))
    except Error:  # during navigation
        return False


# Output -----------------------------------------------------------------------------------------


def table(walks: Sequence[Walk]) -> Iterator[str]:
    yield (
        "Seconds: the machine's from each press to the loaded page; the hand's by the "
        f"Keystroke-Level Model; the eye's at {SCANNED_A_MINUTE} words a minute\nfor every visible "
        f"word before the place to press or the answer, and {READ_A_MINUTE} for the answer.\n"
    )
    yield "| task | width | clicks | machine | hand | words | eye | seconds |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for each in walks:
        yield (
            f"| {each.task.reader}: {each.task.wants} | {each.width} | {each.clicks} | "
            f"{each.machine:.1f} | {each.hand:.0f} | {each.words + each.answer} | {each.eye:.0f} | "
            f"{each.seconds:.0f} |"
        )
    most = max(each.clicks for each in walks)
    yield f"\n{len(walks)} walks; at most {most} clicks (goal {MAX_CLICKS})."
