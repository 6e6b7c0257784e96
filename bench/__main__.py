"""Print benchmarks of the site. Asserts only that all compared programs give equal answers.

make bench                                       the goals of first answers, over the seeds
make bench ARGS="--events 20000 100000"          first answers of made-up records
make bench ARGS="--events 10000 100000 --peers"  beside DuckDB and Datasette
make bench ARGS="--events 1000000 --folder DIR"  keep the databases in that folder for the next run
make bench ARGS="--entering"                     time to enter six reports card by card
make bench ARGS="--amplifiers"                   CPU time of every public address
make bench ARGS="--search"                       how well search answers the judged queries
make bench ARGS="--search --split tune"          only those that search is tuned to
make bench ARGS="--faults 250"                   kill, stop and cut what can fail
make bench ARGS="--faults 250 --seed NAME"       other faults
"""

import argparse
import os
import platform
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench import amplifiers, databases, entering, first_answers, peers, search
from bench.faults import campaign

MIN_EVENTS = 2_000


def main() -> None:
    arguments = _parse()
    cores, load = os.cpu_count(), ", ".join(f"{load:.1f}" for load in os.getloadavg())
    print(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.platform()}, Python "
        f"{platform.python_version()}, {cores} cores, load before it began {load}\n",
        flush=True,
    )
    if arguments.search:
        search.measure(arguments.split)
    elif arguments.faults:
        campaign.measure(arguments.faults, arguments.seed)
    elif arguments.entering is not None:
        entering.measure(arguments.entering)
    elif not arguments.events:
        measured = amplifiers if arguments.amplifiers else first_answers
        with databases.running() as server:
            measured.measure(databases.publish_seeds(server))
    else:
        _measure_made_up_records(arguments)


def _measure_made_up_records(arguments: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="sojourn-bench-") as temporary:
        # If root runs the benchmark, PostgreSQL runs under another account, which must enter.
        Path(temporary).chmod(0o755)
        folder: Path = arguments.folder or Path(temporary)
        with databases.running(folder / "postgres") as server:
            for events in sorted(arguments.events):
                settings = databases.prepare_made_up_record(server, events)
                if arguments.peers:
                    peers.measure(settings, folder / f"peers-{events}", arguments.seconds)
                elif arguments.amplifiers:
                    amplifiers.measure(settings)
                else:
                    first_answers.measure(settings)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    add = parser.add_argument
    add("--events", type=int, nargs="*", default=[], help="sizes of the made-up records")
    add("--peers", action="store_true", help="compare with other programs")
    add("--seconds", type=float, default=5, help="how long each question may be asked again")
    add("--amplifiers", action="store_true", help="CPU time of every public address")
    add("--entering", nargs="*", metavar="SOURCE", help="keys and clicks of entering reports")
    add("--search", action="store_true", help="judged queries")
    add("--split", help="only the judged queries of this split: tune, held, once")
    add("--faults", type=int, default=0, metavar="COUNT", help="kill, stop and cut what can fail")
    add("--seed", default="sojourn", help="of the faults")
    add("--folder", type=Path, help="where the databases are kept")
    arguments = parser.parse_args()
    if any(events < MIN_EVENTS for events in arguments.events):
        parser.error(
            f"a record of fewer than {MIN_EVENTS:,} events has no sixtieth city to ask for"
        )
    return arguments


if __name__ == "__main__":
    main()
