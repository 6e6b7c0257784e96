"""CPU seconds of one request to every public address, and of searches in every script.

The site runs as `sojourn serve` with one worker. The kernel reports the CPU time of the site, its
child processes and the database before and after the requests. Each request uses another host
name, so that no response comes from the response cache.
"""

import contextlib
import csv
import os
import random
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import psycopg

from app import paths
from app.database.engines import libpq_url
from app.filtering import MAX_TEXT_CHARACTERS
from app.kinds.vocabulary import words_by_language
from app.record.filters import SearchFilters
from app.record.words.query import MAX_UNITS
from app.settings import Settings
from app.vocabulary.record import CONCEPT
from bench.serving import sojourn, wait_for_index
from bench.timing import Reader
from tests.support.processes import workers_of

ROUNDS = 5
ROUNDS_OF_RUN = 2
MAX_RATIO = 20
"""Limit for the CPU time of a request, in those of the median one."""
DEAREST = 30
# Of each public route, with the most expensive one known.
ADDRESSES: dict[str, list[str]] = defaultdict(list)
for _line in (Path(__file__).with_name("addresses.txt")).read_text().splitlines():
    _route, _space, _address = _line.partition(" ")
    ADDRESSES[_route].append(_address)


SEARCHED = (
    *("/search", "/search.json", "/api/v1/search", "/search/suggestions", "/codebook"),
    *("/events", "/events.csv", "/events/breakdown", "/estimates", "/sources"),
    *("/places", "/outlets", "/actors", "/laws"),
)
"""Addresses that search for words."""
LETTERS: dict[str, Sequence[int]] = {
    "Chinese": range(0x4E00, 0xA000),
    "Hangul": range(0xAC00, 0xD7A4),
    "kana": [*range(0x3041, 0x3097), *range(0x30A1, 0x30FB)],
    "Cyrillic": range(0x430, 0x450),
    "Thai": range(0xE01, 0xE2F),
    "Arabic": range(0x627, 0x64B),
    "Latin": range(ord("a"), ord("z") + 1),
    "digits": range(ord("0"), ord("9") + 1),
    "punctuation": range(ord("!"), ord("0")),
    "emoji": range(0x1F600, 0x1F640),
    "combining": range(0x300, 0x340),
}


def runs() -> Iterator[tuple[str, str]]:
    """Yield queries as long as they may be, each with a name: made-up words, then known ones."""
    chance = random.Random(1)
    scripts = {name: [chr(letter) for letter in letters] for name, letters in LETTERS.items()}
    scripts["mixed"] = [letter for letters in scripts.values() for letter in letters[:30]]
    for name, letters in scripts.items():
        words = ["".join(chance.choices(letters, k=7)) for _ in range(MAX_UNITS)]
        yield f"{name}, one run", "".join(chance.choices(letters, k=MAX_TEXT_CHARACTERS))
        yield f"{name}, words", " ".join(words)
        yield f"{name}, quotes", " ".join(f'"{word}"' for word in words)
        yield f"{name}, alternatives", " OR ".join(words)
    known: dict[str, list[str]] = defaultdict(list)
    with (paths.SEEDS / "vocabulary.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if row["list"] == CONCEPT:
                for language, words_of_language in words_by_language(row["definition"]):
                    known[language].append(min(words_of_language, key=len))
    for language, every in known.items():
        some = chance.sample([word for word in every if len(word) < 10], MAX_UNITS)
        for how, joint in (("words", " "), ("one run", ""), ("alternatives", " OR ")):
            yield f"concepts in {language}, {how}", joint.join(some)[:MAX_TEXT_CHARACTERS]


class Cost(NamedTuple):
    """CPU milliseconds of one request."""

    address: str
    own: float
    children: float
    """CPU time of the site's child processes, ended ones included."""
    database: float

    @property
    def unqueued(self) -> float:
        """Of the readers' process and the database; child processes are few and have queues."""
        return self.own + self.database


def measure(settings: Settings) -> None:
    postmaster = _postmaster(settings)
    with sojourn(settings) as (port, process):
        reader = Reader(port)
        wait_for_index(reader)
        (site,) = workers_of(process.pid)
        costs = [
            _cost(reader, site, postmaster, address)
            for addresses in ADDRESSES.values()
            for address in addresses
        ]
        searches = [
            _cost(reader, site, postmaster, f"{path}?{urlencode({'q': text})}", name)
            for name, typed in runs()
            # As it is in a canonical address, or else the answer is a redirect.
            for text in [SearchFilters.by_key()["q"].clean(typed)]
            for path in SEARCHED
        ]
    _show(costs, searches)


def _cost(reader: Reader, process: int, postmaster: int, address: str, run: str = "") -> Cost:
    rounds = ROUNDS_OF_RUN if run else ROUNDS

    def ask(number: int) -> None:
        host = f"round-{number}.example"
        answer = reader.get(address.replace("{host}", host), Host=host)
        # No message has the requested code, and no contact for security is set.
        expected = 404 if address.startswith(("/tell/AAAA", "/.well-known/")) else 200
        # A file refuses a query of too many words.
        is_fine = answer.status == expected or (run and answer.status == 422)
        assert is_fine, (answer.status, run, address, answer.body[:300])

    ask(-1)
    before = _spent(process, postmaster)
    for number in range(rounds):
        ask(number)
    own, children, database = (
        (after - earlier) / rounds
        for after, earlier in zip(_spent(process, postmaster), before, strict=True)
    )
    name = f"{address.partition('?')[0]} ({run})" if run else address
    return Cost(name, own, children, database)


def _show(costs: list[Cost], searches: list[Cost]) -> None:
    median = statistics.median(cost.unqueued for cost in costs)
    print(
        "CPU ms a request; the ratio is that of readers' process and database to the median of all "
        f"{len(costs)} addresses, {median:.1f} ms; at most {MAX_RATIO} wanted. {len(searches)} "
        "searches were asked, too."
    )
    print(f"{'address':60} {'own':>8} {'database':>9} {'ratio':>6} {'children':>9}")
    for cost in sorted([*costs, *searches], key=lambda cost: -cost.unqueued)[:DEAREST]:
        ratio = cost.unqueued / median
        print(
            f"{cost.address[:60]:60} {cost.own:8.1f} {cost.database:9.1f} {ratio:6.1f} "
            f"{cost.children:9.1f}{'  too dear' if ratio > MAX_RATIO else ''}"
        )


# CPU time, as the kernel counts it --------------------------------------------------------------


def _postmaster(settings: Settings) -> int:
    """The process that started all others of the database, on this machine."""
    with psycopg.connect(libpq_url(str(settings.database_url))) as connection:
        backend = connection.info.backend_pid
        return _processes()[backend].parent


def _spent(process: int, postmaster: int) -> tuple[float, float, float]:
    """CPU milliseconds so far: of the process, of all that it started, and of the database."""
    stats = _processes()
    parents: dict[int, list[int]] = {}
    for pid, stat in stats.items():
        parents.setdefault(stat.parent, []).append(pid)

    def below(pid: int) -> float:
        return stats[pid].ended + sum(
            stats[child].own + below(child) for child in parents.get(pid, [])
        )

    return stats[process].own, below(process), stats[postmaster].own + below(postmaster)


class _Stat(NamedTuple):
    parent: int
    own: float
    ended: float
    """CPU time of its ended children."""


def _processes() -> dict[int, _Stat]:
    tick = 1_000 / os.sysconf("SC_CLK_TCK")
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # the process has ended
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            user, system, ended_user, ended_system = (int(each) * tick for each in fields[11:15])
            found[int(folder.name)] = _Stat(
                int(fields[1]), user + system, ended_user + ended_system
            )
    return found
