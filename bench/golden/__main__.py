"""Compare the site of a commit with that of HEAD: `make golden BASE=<commit>`.

Each runs from its own work tree, with its own packages, database and port, over the seeds of HEAD.
The exit status is 1 if anything differs that `wanted.csv` does not list.
"""

import argparse
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from bench.golden import wanted
from bench.golden.addresses import Comparing
from bench.golden.answers import Difference
from bench.golden.day import spend_the_day
from bench.golden.sides import Side, Site, git, say

MOST_SHOWN = 60
MOST_TEXT = 200


def run(sides: Sequence[Side]) -> list[Difference]:
    """Start both sites, and return all differences."""
    with ExitStack() as running:
        sites = [running.enter_context(side.serving()) for side in sides]
        for site in sites:
            site.wait_for_edition(1)
        comparing = Comparing(*sites)
        parts: dict[str, Callable[[], None]] = {
            "every address without a query, in both editions": comparing.crawl,
            "linked addresses with a query, and pictures": comparing.linked_ones,
            "filtered lists and their files": comparing.filtered,
            "searches": comparing.searches,
            "a day at the desk, at both": lambda: comparing.after_the_day(spend_both_days(sites)),
        }
        for name, compare in parts.items():
            began = time.monotonic()
            compare()
            say(f"{name}: {time.monotonic() - began:.0f} s, {len(comparing.done):,} addresses")
        return comparing.found


def spend_both_days(sites: Sequence[Site]) -> Sequence[str]:
    """Spend the day at both desks, and return the ids of records it touched."""
    with ThreadPoolExecutor(len(sites)) as pool:
        days = [pool.submit(spend_the_day, site.port, site.first_link()) for site in sites]
        ids = [day.result() for day in days]
    if ids[0] != ids[1]:
        raise SystemExit(f"The desks gave other ids: {ids[0]} and {ids[1]}.")
    newest = max(site.edition() for site in sites)
    for site in sites:
        site.wait_for_edition(newest)
    return ids[0]


def report(found: Sequence[Difference]) -> None:
    """Print each difference once, with its first address and how many there are."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for each in found:
        groups[each.route, each.field, each.old, each.new].append(each.address)
    for (route, field, old, new), addresses in [*groups.items()][:MOST_SHOWN]:
        more = f" and {len(addresses) - 1} more" if len(addresses) > 1 else ""
        print(f"{route}\n  {addresses[0]}{more}\n  {field}")
        print(f"  - {old[:MOST_TEXT]}\n  + {new[:MOST_TEXT]}")
    rest = Counter(route for route, *_ in [*groups][MOST_SHOWN:])
    if rest:
        print(f"and {rest.total()} more: {dict(rest.most_common(20))}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make golden", description=__doc__)
    parser.add_argument("base", help="the commit to compare HEAD with")
    parser.add_argument("--only", default="", help="report routes with this pattern: json|csv")
    asked = parser.parse_args()
    if git("status", "--porcelain", "--untracked-files=no"):
        raise SystemExit("The side of HEAD is its commit, without your changes: commit them first.")
    head = git("rev-parse", "HEAD")
    sides = [Side("base", git("rev-parse", f"{asked.base}^{{commit}}")), Side("head", head)]
    for side in sides:
        side.check_out(head)
    found = run(sides)
    found = [each for each in found if re.search(asked.only, each.route)]
    left = wanted.unwanted(found, wanted.read_lines())
    report(left)
    say(f"{len(left)} unwanted differences of {len(found)}")
    return 1 if left else 0


if __name__ == "__main__":
    raise SystemExit(main())
