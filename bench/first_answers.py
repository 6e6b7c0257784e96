"""Milliseconds of pages that nobody has asked for before: each address is requested once.

`make bench` asks the seeds or made-up records. To compare two releases over one record, serve both
and name their ports: each address is asked of one after the other, and in turns of the first.

python -m bench.first_answers 8000 8001
"""

import argparse
import re
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from time import perf_counter
from urllib.parse import urlencode, urljoin

from app.settings import Settings
from bench.serving import sojourn, wait_for_index
from bench.timing import Reader, Times

ADDRESSES_PER_KIND = 40
GOALS = {
    "events of a type and month": 60,
    "a page half-way": 60,
    "a place": 60,
    "estimates of a place": 60,
    "events with one word": 120,
    "events with two words": 120,
    "search for one word": 120,
    "status of a place": 120,
    "two places compared": 120,
}
"""Milliseconds that 95 of 100 addresses should take at most, at 100,000 events."""
ENCODINGS = {"Accept-Encoding": "gzip, deflate, br, zstd"}
WORD = re.compile(r"[^\W\d_]{4,}")


def addresses(reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield kind and address, each address once; codes and words are those of the record."""
    chance = Random(1)
    answer = reader.ok("/events.json?limit=200").json()
    facets = {key: [code["code"] for code in codes] for key, codes in answer["facets"].items()}
    places, types = facets["place"], facets["type"]
    titles = " ".join(event["title"] for event in answer["items"])
    words = sorted({*WORD.findall(titles.lower())})
    for name, drawn in (("one", 1), ("two", 2)):
        for each in _samples(chance, words, drawn):
            yield f"events with {name} word{'s' * (drawn - 1)}", _address("/events", q=each)
    for each in _samples(chance, words, 1):
        yield "search for one word", _address("/search", q=each)
    for each in _samples(chance, types, 1):
        month = f"{chance.randrange(2008, 2026)}-{chance.randrange(1, 13):02}"
        yield (
            "events of a type and month",
            _address("/events", type=each) + f"&from={month}&to={month}",
        )
    for each in _samples(chance, places, 1):
        first = reader.ok(_address("/events.json", place=each) + "&limit=21").json()
        if following := first.get("next"):
            yield "a page half-way", "/events?" + following.partition("?")[2]
    for kind, path in (
        ("a place", "/places/{}"),
        ("estimates of a place", "/estimates?place={}"),
        ("status of a place", "/status?place={}"),
    ):
        for (code,) in _samples(chance, places, 1):
            yield kind, path.format(code)
    for each in _samples(chance, places, 2):
        yield "two places compared", _address("/compare", place=each)


def _samples(chance: Random, things: Sequence[str], size: int) -> list[tuple[str, ...]]:
    """Return some of the things, or pairs of them, without repetition."""
    if size > len(things):
        return []
    drawn = (tuple(chance.sample(things, size)) for _ in range(3 * ADDRESSES_PER_KIND))
    return list(dict.fromkeys(drawn))[:ADDRESSES_PER_KIND]


def _address(path: str, **values: Sequence[str]) -> str:
    pairs = [
        (key, part)
        for key, parts in values.items()
        for part in ([" ".join(parts)] if key == "q" else parts)
    ]
    return f"{path}?{urlencode(pairs)}"


def measure(settings: Settings) -> None:
    with sojourn(settings) as (port, _):
        compare([port])


def compare(ports: Sequence[int]) -> None:
    """Ask each address once of every site, and print the times beside each other."""
    readers = [Reader(port) for port in ports]
    for reader in readers:
        wait_for_index(reader)
        reader.page("/events")
    times: dict[str, list[list[float]]] = {}
    dearest: dict[str, tuple[float, str]] = {}
    for number, (kind, address) in enumerate(sorted({*addresses(readers[0])})):
        of_kind = times.setdefault(kind, [[] for _port in ports])
        for turn in range(len(readers)):
            which = (number + turn) % len(readers)
            took = _milliseconds(readers[which], address)
            of_kind[which].append(took)
            dearest[kind] = max(dearest.get(kind, (0.0, "")), (took, address))
    show(ports, times)
    for kind, (took, address) in dearest.items():
        print(f"slowest, {kind}: {took:,.0f} ms {address}")


def _milliseconds(reader: Reader, address: str) -> float:
    """Return the time until the page is there, redirects to its own address included."""
    start = perf_counter()
    answer = reader.get(address, **ENCODINGS)
    if answer.status in {301, 303, 308}:
        answer = reader.get(urljoin(address, answer.headers["location"]), **ENCODINGS)
    assert answer.status == 200, (answer.status, address)
    return (perf_counter() - start) * 1_000


def show(ports: Sequence[int], times: Mapping[str, Sequence[Sequence[float]]]) -> None:
    print(
        "| first answers, ms | goal, p95 |"
        + "".join(f" {port}: p50 / p95, most |" for port in ports)
    )
    print("| --- | --- |" + " --- |" * len(ports))
    for kind, of_kind in times.items():
        cells = "".join(f" {Times(each)}, {max(each):,.0f} |" for each in of_kind)
        print(f"| {kind} ({len(of_kind[0])}) | {GOALS[kind]} |{cells}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench.first_answers", description=__doc__)
    parser.add_argument("ports", type=int, nargs="+", help="of sites that serve one record")
    compare(parser.parse_args().ports)
