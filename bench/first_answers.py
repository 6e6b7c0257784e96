"""Milliseconds of pages that nobody has asked for before: each address is requested once.

`make bench` asks the seeds or made-up records. To compare two releases over one record, serve both
and name their ports: each address is asked of one after the other, and in turns of the first.

python -m bench.first_answers 8000 8001
"""

import argparse
import re
from collections.abc import Iterator, Sequence
from random import Random
from time import perf_counter
from urllib.parse import urljoin

from app.settings import Settings
from bench.serving import sojourn, wait_for_index
from bench.timing import ENCODINGS, Reader, Times

ADDRESSES_PER_KIND = 40
LISTS, SEARCHES = 60, 120
"""Milliseconds that 95 of 100 addresses should take at most, at 100,000 events."""
KINDS = {
    "events of a type and month": (LISTS, "/events?type={type}&from={month}&to={month}"),
    "a place": (LISTS, "/places/{places[0]}"),
    "estimates of a place": (LISTS, "/estimates?place={places[0]}"),
    "events with one word": (SEARCHES, "/events?q={words[0]}"),
    "events with two words": (SEARCHES, "/events?q={words[0]}+{words[1]}"),
    "search for one word": (SEARCHES, "/search?q={words[0]}"),
    "status of a place": (SEARCHES, "/status?place={places[0]}"),
    "two places compared": (SEARCHES, "/compare?place={places[0]}&place={places[1]}"),
}
WORD = re.compile(r"[a-z]{4,}")


def addresses(reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield kind and address, each address once; codes and words are those of the record."""
    chance = Random(1)
    answer = reader.ok("/events.json?limit=200").json()
    facets = {key: [code["code"] for code in codes] for key, codes in answer["facets"].items()}
    titles = " ".join(event["title"] for event in answer["items"])
    words = sorted({*WORD.findall(titles.lower())})
    for kind, (_goal, form) in KINDS.items():
        made = (
            form.format(
                type=chance.choice(facets["type"]),
                month=f"{chance.randrange(2008, 2026)}-{chance.randrange(1, 13):02}",
                places=chance.sample(facets["place"], 2),
                words=chance.sample(words, 2),
            )
            for _number in range(3 * ADDRESSES_PER_KIND)
        )
        yield from ((kind, each) for each in [*dict.fromkeys(made)][:ADDRESSES_PER_KIND])


def measure(settings: Settings) -> None:
    with sojourn(settings) as (port, _):
        compare([port])


def compare(ports: Sequence[int]) -> None:
    """Ask each address once of every site, and print the times beside each other."""
    readers = [Reader(port) for port in ports]
    for reader in readers:
        wait_for_index(reader)
        reader.page("/events")
    times: dict[str, list[list[float]]] = {kind: [[] for _port in ports] for kind in KINDS}
    for number, (kind, address) in enumerate(sorted(addresses(readers[0]))):
        for turn in range(len(readers)):
            which = (number + turn) % len(readers)
            times[kind][which].append(_milliseconds(readers[which], address))
    print("| first answers, ms | goal, p95 |", *(f"{p}: p50 / p95, most |" for p in ports))
    print("| --- | --- |" + " --- |" * len(ports))
    for kind, of_kind in times.items():
        cells = (f"{Times(each)}, {max(each):,.0f} |" for each in of_kind)
        print(f"| {kind} ({len(of_kind[0])}) | {KINDS[kind][0]} |", *cells)


def _milliseconds(reader: Reader, address: str) -> float:
    """Return the time until the page is there, a redirect to its own address included."""
    start = perf_counter()
    answer = reader.get(address, **ENCODINGS)
    if answer.status in {301, 303, 308}:
        answer = reader.get(urljoin(address, answer.headers["location"]), **ENCODINGS)
    assert answer.status == 200, (answer.status, address)
    return (perf_counter() - start) * 1_000


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench.first_answers", description=__doc__)
    parser.add_argument("ports", type=int, nargs="+", help="of sites that serve one record")
    compare(parser.parse_args().ports)
