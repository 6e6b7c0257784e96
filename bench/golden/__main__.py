"""Compare the site of a commit with that of HEAD: `make golden BASE=<commit>`.

Each runs from its own work tree, with its own packages, seeds, database and port. The exit status
is 1 if anything differs that `wanted.csv` does not list, or if a line of that file is wrong.
"""

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.golden import wanted
from bench.golden.addresses import Comparing
from bench.golden.answers import Difference
from bench.golden.drivers import spend_the_day
from bench.golden.faults import FAULTS
from bench.golden.sides import Side, Site, clean, commit_of, git, refuse_changes, say

WANTED = Path(__file__).with_name("wanted.csv")
MOST_SHOWN = 60
MOST_TEXT = 200


@contextmanager
def part(name: str) -> Iterator[None]:
    """Print what a part of the run takes."""
    began = time.monotonic()
    yield
    say(f"{name}: {time.monotonic() - began:.0f} s")


def run(base: Side, head: Side) -> list[Difference]:
    """Start both sites, and return all differences."""
    with ExitStack() as running:
        with part("start, both sites beside each other"):
            sites = [running.enter_context(side.serving()) for side in (base, head)]
            for site in sites:
                site.wait()
        comparing = Comparing(*sites)
        with part("every address without a query, in both editions"):
            comparing.crawl()
        with part("linked addresses with a query, and pictures"):
            comparing.linked_ones()
        with part("filtered lists and their files"):
            count = comparing.filtered()
        with part("searches"):
            comparing.searches()
        say(f"{len(comparing.done):,} addresses compared, {count} of them filtered lists")
        with part("a day at the desk, at both"):
            records = spend_both_days(sites)
        with part("the public site after the day"):
            count = comparing.after_the_day(records)
        say(f"{count:,} addresses compared after the day")
        return comparing.found


def spend_both_days(sites: Sequence[Site]) -> list[str]:
    """Spend the day at both desks, and return the ids of records it touched."""
    with ThreadPoolExecutor(len(sites)) as pool:
        days = [
            pool.submit(spend_the_day, site.side.routes, site.port, site.first_link())
            for site in sites
        ]
        desks = [day.result() for day in days]
    newest = max(desk.edition for desk in desks)
    for site in sites:
        site.wait_for_edition(newest)
    ids = [desk.touched() for desk in desks]
    if ids[0] != ids[1]:
        raise SystemExit(f"The desks gave other ids: {ids[0]} and {ids[1]}.")
    return ids[0]


def report(found: Sequence[Difference]) -> None:
    """Print each difference once, with its first address and how many there are."""
    groups: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for each in found:
        groups[each.route, each.field, each.old, each.new].append(each.address)
    for (route, field, old, new), addresses in [*groups.items()][:MOST_SHOWN]:
        more = f" and {len(addresses) - 1} more" if len(addresses) > 1 else ""
        print(f"{route}\n  {addresses[0]}{more}\n  {field}\n  - {_cut(old)}\n  + {_cut(new)}")
    if len(groups) > MOST_SHOWN:
        rest = Counter(route for route, *_ in [*groups][MOST_SHOWN:])
        print(f"and {len(groups) - MOST_SHOWN} more: {dict(rest.most_common(20))}")


def _cut(text: str) -> str:
    """Shorten a text so that it can be copied into the list."""
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}*"


def see_faults(base: Side, head: Side) -> bool:
    """Run against a head with three faults; return whether each is seen."""
    for fault in FAULTS:
        fault.put_into(head.tree)
    found = run(base, head)
    seen = [[each for each in found if fault.is_seen_in(each)] for fault in FAULTS]
    for fault, its in zip(FAULTS, seen, strict=True):
        say(f"{f'seen, {len(its)} times' if its else 'NOT SEEN'}: {fault.name}")
        report(its[:1])
    say(f"{len(found)} differences in all")
    return all(seen)


def lines_wanted(base: Side) -> list[wanted.Line]:
    """Return the lines of the file that are not of issues before the base."""
    path = "bench/golden/wanted.csv"
    listed = git("ls-tree", "--name-only", base.commit, path).strip()
    earlier = wanted.read(git("show", f"{base.commit}:{path}")) if listed else []
    return wanted.since(wanted.read(WANTED.read_text()), earlier)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make golden", description=__doc__)
    parser.add_argument("base", nargs="?", help="the commit to compare HEAD with")
    parser.add_argument("--seeds", default="", help="the commit whose seeds both sides publish")
    parser.add_argument("--issues", type=int, default=1, help="issues that closed since the base")
    parser.add_argument("--faults", action="store_true", help="see whether three faults are seen")
    parser.add_argument("--clean", action="store_true", help="remove work trees and environments")
    asked = parser.parse_args()
    if asked.clean:
        clean()
        return 0
    if not asked.base:
        parser.error("name a commit: make golden BASE=<commit>")
    refuse_changes()
    base, head = Side("base", commit_of(asked.base)), Side("head", commit_of("HEAD"))
    lines = lines_wanted(base)
    began = time.monotonic()
    for side in (base, head):
        with part(f"work tree and packages of {side.name}, {side.commit[:8]}"):
            side.check_out(asked.seeds)
            side.install()
    if asked.faults:
        return 0 if see_faults(base, head) else 1
    verdict = wanted.judge(run(base, head), lines, asked.issues)
    report(verdict.unwanted)
    print(*verdict.problems, sep="\n", end="\n" if verdict.problems else "")
    covered = sum(len(each) for each in verdict.covered.values())
    say(
        f"{len(verdict.unwanted)} unwanted differences, {covered} wanted ones in {len(lines)} "
        f"lines, {len(verdict.problems)} wrong lines, {(time.monotonic() - began) / 60:.1f} minutes"
    )
    return 1 if verdict.unwanted or verdict.problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
