"""Measure a browser: first visits on a slow phone, and clicks on a filter until painted."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.settings import Settings
from bench.serving import sojourn, wait_for_index
from bench.timing import Reader, Times
from tests.browser import browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PHONE = {"width": 390, "height": 844}
# Lighthouse's phone: slow 4G and a processor four times slower than this machine's.
SLOW_LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_638_400 / 8,
    "uploadThroughput": 675_000 / 8,
}
SLOWER_PROCESSOR = 4
ROUNDS = 5

PAINTED = """() => new Promise(resolve => {
  new PerformanceObserver(list => resolve(list.getEntries().at(-1).startTime))
    .observe({type: "largest-contentful-paint", buffered: true});
})"""
BYTES = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .reduce((sum, entry) => sum + entry.transferSize, 0)"""  # noqa: E501
IS_READY = ".hist-bars a[data-htmx-powered]"
"""Selector that matches once htmx handles clicks; before, a click loads a whole page."""
CLICK_TO_PAINT = """selector => new Promise(resolve => {
  const start = performance.now();
  const observer = new MutationObserver(changes => {
    if (!changes.some(change => [...change.addedNodes].some(node => node.id === "results"))) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
  });
  observer.observe(document.body, {childList: true, subtree: true});
  document.querySelector(selector).click();
})"""


@dataclass(frozen=True)
class BrowserFigures:
    """The timeline in a browser, at p50: milliseconds, and bytes."""

    largest_paint: float
    received: float
    scripts: float
    click_on_bar: float
    """From a click until it is painted, over loopback, nothing slowed."""
    click_on_box: float


def measure(settings: Settings) -> BrowserFigures:
    with sojourn(settings) as (port, _), browser() as running:
        wait_for_index(Reader(port))
        address = f"http://127.0.0.1:{port}/events"
        visits = [_first_visit(running, address) for _ in range(ROUNDS)]
        largest, received, scripts = (
            Times([visit[name] for visit in visits]).p50 for name in ("LCP", "bytes", "scripts")
        )
        return BrowserFigures(
            largest,
            received,
            scripts,
            _clicks(running, address, ".hist-bars a").p50,
            _clicks(running, address, "#filters input[name='type']").p50,
        )


def _first_visit(running: "Browser", address: str) -> dict[str, float]:
    context = running.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Performance.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW_LINE)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
    page.goto(address, wait_until="networkidle", timeout=60_000)
    metrics: Any = devtools.send("Performance.getMetrics")
    scripts = next(
        metric["value"] for metric in metrics["metrics"] if metric["name"] == "ScriptDuration"
    )
    found = {
        "LCP": page.evaluate(PAINTED),
        "bytes": page.evaluate(BYTES),
        "scripts": scripts * 1_000,
    }
    context.close()
    return found


def _clicks(running: "Browser", address: str, selector: str) -> Times:
    """Return the times of one click per visit, so that no page is cached."""
    times = []
    for round_ in range(ROUNDS):
        context = running.new_context()
        page = context.new_page()
        page.goto(f"{address}?from={2006 + round_}", wait_until="networkidle")
        page.wait_for_selector(IS_READY)
        times.append(page.evaluate(CLICK_TO_PAINT, selector))
        context.close()
    return Times(times)
