"""Time to the first byte, total time, and the worker's additional memory for whole files.

Compares all events in each format with Datasette's CSV stream and PostgreSQL's COPY. These two
have fewer columns: no derived values, citations or sources.
"""

import http.client
import itertools
import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from sqlalchemy import create_engine

from app.database.engines import libpq_url, psycopg_url
from app.settings import Settings
from bench import with_datasette, with_sqlalchemy
from bench.serving import sojourn, wait_for_index
from bench.timing import Reader, memory_megabytes, program

CHUNK = 64 * 1024
MAX_ROUNDS = 3
SAMPLE_SECONDS = 0.02
OURS = {
    "CSV": "/events.csv",
    "GeoJSON": "/events.geojson",
    "workbook": "/events.xlsx",
    "JSON, pages of 1,000": "/events.json?limit=1000",
}
THEIRS = "/events/event.csv?_stream=on&_size=max"
COPIES = {
    "COPY, plain table": "SELECT {columns} FROM plain.event ORDER BY sort_day, number",
    "COPY, our documents": "SELECT payload FROM record.version WHERE kind = 'E' AND closed IS NULL "
    "ORDER BY sort_day, number",
}


@dataclass(frozen=True)
class Taken:
    """One download of a file."""

    first: float
    """Seconds until the first bytes."""
    whole: float
    bytes: int
    lines: int
    memory: float
    """Peak memory of the worker in megabytes, above its memory before."""


def measure(settings: Settings, events: int, folder: Path, seconds: float) -> None:
    admin = create_engine(psycopg_url(str(settings.migrate_database_url)))
    with_sqlalchemy.make_tables(admin)
    folder.mkdir(parents=True, exist_ok=True)
    with_datasette.make_file(admin, folder)
    admin.dispose()
    print(
        f"\n{events:,} events as one file, over loopback, uncompressed unless said; medians of "
        f"up to {MAX_ROUNDS}"
    )
    print(
        f"{'':34} {'first byte':>11} {'whole':>9} {'MB':>8} {'MB/s':>7} {'rows/s':>9} {'memory':>9}"
    )
    with sojourn(settings) as (port, process):
        wait_for_index(Reader(port))
        for name, address in OURS.items():
            _show(
                f"Sojourn, {name}",
                events,
                _rounds(partial(_pages, port, address), process.pid, seconds),
            )
        _show(
            "Sojourn, CSV, gzip",
            events,
            _rounds(lambda: _pages(port, OURS["CSV"], "gzip"), process.pid, seconds),
        )
    with program(lambda port: [*with_datasette.command(folder), "--port", str(port)], {}) as (
        port,
        process,
    ):
        found = _rounds(lambda: _pages(port, THEIRS), process.pid, seconds)
        assert found[0].lines == events + 1, found
        _show("Datasette, CSV, _stream=on", events, found)
    columns = [
        column.name for column in with_sqlalchemy.Event.__table__.columns if column.name != "search"
    ]
    for name, query in COPIES.items():
        copy = f"COPY ({query.format(columns=', '.join(columns))}) TO STDOUT (FORMAT csv)"
        with psycopg.connect(libpq_url(str(settings.migrate_database_url))) as connection:
            process_id = connection.info.backend_pid
            _show(
                name,
                events,
                _rounds(partial(_copy_rows, connection, copy), process_id, seconds),
            )


def _rounds(file: Callable[[], Iterator[bytes]], process: int, seconds: float) -> Sequence[Taken]:
    """Download once to warm up, then as often as fits into `seconds`."""
    _download(file, process)
    found: list[Taken] = []
    begun = time.perf_counter()
    while len(found) < MAX_ROUNDS and (not found or time.perf_counter() - begun < seconds):
        found.append(_download(file, process))
    return found


def _download(file: Callable[[], Iterator[bytes]], process: int) -> Taken:
    before, highest, is_over = memory_megabytes(process), 0.0, threading.Event()

    def sample() -> None:
        nonlocal highest
        while not is_over.wait(SAMPLE_SECONDS):
            highest = max(highest, memory_megabytes(process))

    sampler = threading.Thread(target=sample)
    sampler.start()
    first, size, lines = 0.0, 0, 0
    start = time.perf_counter()
    for piece in file():
        first = first or time.perf_counter() - start
        size += len(piece)
        lines += piece.count(b"\n")
    whole = time.perf_counter() - start
    is_over.set()
    sampler.join()
    return Taken(first, whole, size, lines, max(highest - before, 0))


def _pages(port: int, address: str, encoding: str = "identity") -> Iterator[bytes]:
    """Yield the bytes of a file, or of all pages of a list.

    Each request uses another host name, so that no response comes from the response cache.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    while address:
        host = f"round-{next(ROUND)}.example"
        connection.request("GET", address, headers={"Accept-Encoding": encoding, "Host": host})
        answer = connection.getresponse()
        assert answer.status == 200, (address, answer.status)
        is_page = urlsplit(address).path.endswith(".json")
        pieces = []
        while piece := answer.read(CHUNK):
            yield piece
            pieces += [piece] if is_page else []
        address = json.loads(b"".join(pieces))["next"] if is_page else ""
    connection.close()


ROUND = itertools.count()


def _copy_rows(connection: psycopg.Connection, copy: str) -> Iterator[bytes]:
    with connection.cursor() as cursor, cursor.copy(copy.encode()) as pieces:
        for piece in pieces:
            yield bytes(piece)


def _show(name: str, events: int, taken: Sequence[Taken]) -> None:
    first, whole, memory = (
        statistics.median(getattr(each, what) for each in taken) for what in MEDIANS_OF
    )
    megabytes = taken[0].bytes / 1_000_000
    print(
        f"{name:34} {first * 1_000:8,.0f} ms {whole:7.1f} s {megabytes:8,.1f} "
        f"{megabytes / whole:7.1f} "
        f"{events / whole:9,.0f} {memory:6,.0f} MB",
        flush=True,
    )


MEDIANS_OF = ("first", "whole", "memory")
