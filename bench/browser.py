"""Measure a browser: first visits on a slow phone, and clicks on a filter until painted."""

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


def measure(settings: Settings) -> None:
    with sojourn(settings) as (port, _), browser() as running:
        wait_for_index(Reader(port))
        address = f"http://127.0.0.1:{port}/events"
        print(
            f"\nThe timeline on a phone, {ROUNDS} first visits: 1.6 Mbit/s, 150 ms, "
            f"{SLOWER_PROCESSOR} × slower"
        )
        visits = [_first_visit(running, address) for _ in range(ROUNDS)]
        for name, unit in (("LCP", "ms"), ("bytes", "B"), ("scripts", "ms")):
            print(f"{name:36} {Times([visit[name] for visit in visits])} {unit}, p50 / p95")
        print(
            "\nA click on a filter until it is painted, over loopback, nothing "
            "slowed (wanted: 100 ms)"
        )
        for name, selector in (
            ("a bar of the histogram", ".hist-bars a"),
            ("a box in the filter", "#filters input[name='type']"),
        ):
            print(f"{name:36} {_clicks(running, address, selector)} ms, p50 / p95", flush=True)


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
