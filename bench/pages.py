"""Print statements, bytes and milliseconds of each page, with its budget.

The site runs in this process over an embedded PostgreSQL with the published seeds. Times exclude
network and browser.
"""

import gzip
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event
from starlette.testclient import TestClient

from app.main import create_app
from app.web.static import static_files
from bench import databases

ROUNDS = 60
WARM_UP = 5
FILTERED = (
    "/events?from=2017&to=2019&place=china"
    "&type=departure-order&type=dispatch&type=repatriation&type=visa-switch"
)
PAGES = {
    "front page": "/",
    "timeline, no filter": "/events",
    "timeline, filtered": FILTERED,
    "timeline, words": "/events?q=workers",
    "timeline, 단둥": "/events?q=%EB%8B%A8%EB%91%A5",
    "timeline, table": "/events?view=table",
    "timeline, lanes": "/events?view=lanes",
    "timeline, map": "/events?view=map",
    "breakdown": "/events/breakdown",
    "breakdown, outlets by month": "/events/breakdown?rows=outlet&columns=month",
    "timeline, nothing found": "/events?from=1990&to=1990",
    "one event": "/events/E5",
    "one event, the fullest": "/events/E1",
    "figures": "/estimates",
    "one figure": "/estimates/M84",
    "cities": "/cities",
    "one city": "/cities/dandong",
    "one city as SVG": "/cities/dandong.svg",
    "sources": "/sources",
    "one source": "/sources/S1",
    "one outlet": "/outlets/daily-nk",
    "one country": "/places/china",
    "a day": "/status?on=2019-12-22&place=dandong",
    "two places": "/compare?place=dandong&place=hunchun",
    "codebook": "/codebook",
    "changes": "/changes",
    "data": "/data",
    "citing a list": "/cite?of=/events?place=china%26edition=1",
    "about": "/about",
    "JSON": "/events.json",
    "CSV": "/events.csv",
}
FIRST_VISIT = ["site.css", "site.js", "htmx.js", "icons.svg", "favicon.svg"]


def main() -> None:
    print(f"{ROUNDS} rounds each after {WARM_UP} to warm up\n")
    with _site() as (client, engine):
        statements = _count_statements(engine)
        print(
            f"{'page':28} {'SQL':>4} {'KB':>7} {'KB gzip':>8} {'p50 ms':>7} "
            f"{'p95 ms':>7} {'again':>7}"
        )
        for name, address in PAGES.items():
            times, again = [], []
            for round_ in range(-WARM_UP, ROUNDS):
                # The response cache is per host name: a new one renders the page again.
                host = {"Host": f"round-{round_}.example"}
                statements.clear()
                start = time.perf_counter()
                answer = client.get(address, headers=host)
                written = time.perf_counter()
                client.get(address, headers=host)
                assert answer.status_code == 200, (address, answer.status_code)
                if round_ >= 0:
                    times.append((written - start) * 1_000)
                    again.append((time.perf_counter() - written) * 1_000)
            body = answer.content
            p50, p95 = statistics.median(times), sorted(times)[int(len(times) * 0.95)]
            packed = len(gzip.compress(body, 6)) / 1_000
            print(
                f"{name:28} {len(statements):4} {len(body) / 1_000:7.1f} {packed:8.1f} "
                f"{p50:7.1f} {p95:7.1f} "
                f"{statistics.median(again):7.1f}"
            )
    print(
        "\nBudgets: at most 6 statements a page; a timeline of 50 events at most 25 KB compressed;"
    )
    print("the filtered timeline at most 15 ms at p50.\n")
    sizes = {
        name: len(gzip.compress(static_files()[name].content, 6)) / 1_000 for name in FIRST_VISIT
    }
    for name, size in sizes.items():
        print(f"{name:28} {size:8.1f} KB gzip")
    print(f"{'all assets of a first visit':28} {sum(sizes.values()):8.1f} KB gzip (budget 120)")
    world = len(gzip.compress(static_files()["world.svg"].content, 6)) / 1_000
    print(f"{'world.svg, map view only':28} {world:8.1f} KB gzip")
    print(
        "\nLeft out: the network, the browser's own work, several readers at once, records "
        "larger than the seeds."
    )


@contextmanager
def _site() -> Iterator[tuple[TestClient, Engine]]:
    with databases.running() as server:
        app = create_app(databases.publish_seeds(server))
        with TestClient(app, follow_redirects=False) as client:
            yield client, app.state.reader_engine


def _count_statements(engine: Engine) -> list[str]:
    seen: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if "record.purged" not in statement:  # the check for a new edition
            seen.append(statement)

    return seen
