"""Import many rows at the desk, and compare with the command line's import of the same folder."""

import contextlib
import csv
import io
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pyotp

from app import paths
from app.desk.csv.tables import NOUNS, ROWS
from app.settings import Settings
from bench import databases
from bench.serving import sojourn
from bench.timing import memory_megabytes
from tests.support.environment import environment_of

PASSWORD = "four words and a horse"
ROWS_PER_UNIT = 20
"""A source with a copy, two events with two terms and two citations each, and an estimate."""
FIRST_ID = 1_000
"""First id, above the ids of the seeds."""
TIMEOUT_SECONDS = 3_600
WORDS = (
    "Workers",
    "Visas",
    "Permits",
    "Buses",
    "Dormitories",
    "Checks",
    "Quotas",
    "Papers",
    "Contracts",
    "Trains",
)
PLACES = (
    "dandong",
    "hunchun",
    "yanji",
    "shenyang",
    "vladivostok",
    "moscow",
    "beijing",
    "changchun",
    "dalian",
    "tumen",
)


def measure(rows: int) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="sojourn-bench-") as temporary,
        databases.running() as server,
    ):
        folder = Path(temporary)
        bundle = _write(folder / "bundle", rows // ROWS_PER_UNIT)
        settings = databases.publish_seeds(server)
        packed = bundle.read_bytes()
        print(f"\nA bundle of {rows:,} rows beside the seeds ({len(packed):,} bytes packed)")
        _import_at_desk(settings, packed)
        _import_by_command_line(databases.publish_seeds(server, "seeds_again"), folder / "bundle")


def _import_at_desk(settings: Settings, bundle: bytes) -> None:
    with databases.desk(settings) as db:
        secret = databases.add_editor(db, settings, "b@example.org", "B", PASSWORD)
    with sojourn(settings) as (port, process):
        headers = {"sec-fetch-site": "same-origin"}
        with httpx2.Client(
            base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=TIMEOUT_SECONDS
        ) as client:
            client.post("/desk/sign-in", data={"email": "b@example.org", "password": PASSWORD})
            client.post("/desk/sign-in/code", data={"code": pyotp.TOTP(secret).now()})
            client.get("/desk")
            worker = process.pid
            before = memory_megabytes(worker)
            at = ""

            def upload() -> None:
                nonlocal at
                at = client.post("/desk/imports", files={"files": ("bundle.zip", bundle)}).headers[
                    "location"
                ]

            def step(**fields: str) -> Callable[[], None]:
                def run() -> None:
                    assert client.post(at, data=fields).status_code == 303, "the import goes on"
                    while "<progress" in (page := client.get(at).text) or "Starting." in page:
                        assert "The import has stopped" not in page
                        time.sleep(0.2)

                return run

            for title, run in (
                ("sending it", upload),
                ("looking at each row", step(do="check")),
                ("making drafts", step(do="make", hand_in="yes", with_twins="yes")),
            ):
                _show(title, _timed(run), _peak(worker))
            report = client.get(f"{at}/report.csv").content
            fates = _count_fates(report)
            print(f"{'the report as CSV':36} {len(report):12,} bytes, {fates}")
            draft = re.findall(r"/desk/drafts/[0-9]+", report.decode())[-1]
            for title, address in (
                ("the page of the report", at),
                ("the desk's home with these drafts", "/desk"),
                ("the page of one of them", draft),
                ("its preview, published on trial", f"{draft}/preview"),
            ):
                _show(
                    title,
                    _timed(partial(_read, client, address)),
                    _peak(worker),
                )
            _show("taking all of it back", _timed(step(do="take-back")), _peak(worker))
            print(
                f"{'memory before, and at the most':36} {before:8,.0f} and {_peak(worker):,.0f} MB"
            )


def _import_by_command_line(settings: Settings, folder: Path) -> None:
    """Import by command line in another process, to measure its memory alone."""
    environment = {**os.environ, **environment_of(settings)}
    command = [sys.executable, "-m", "app.cli.main", "import", str(folder)]
    began, most = time.perf_counter(), 0.0
    with subprocess.Popen(
        command, env=environment, cwd=paths.ROOT, stdout=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            most = max(most, _peak(process.pid))
            time.sleep(0.05)
        assert process.returncode == 0, "the same rows are good there too"
    print(
        f"{'sojourn import, the same rows':36} {time.perf_counter() - began:8.1f} s   "
        f"{most:8,.0f} MB at the most"
    )


def _read(client: httpx2.Client, address: str) -> httpx2.Response:
    return client.get(address, follow_redirects=True).raise_for_status()


def _timed(run: Callable[[], Any]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def _show(title: str, seconds: float, most: float) -> None:
    print(f"{title:36} {seconds:8.1f} s   {most:8,.0f} MB at the most so far", flush=True)


def _peak(process: int) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1_000
    return 0.0


def _count_fates(report: bytes) -> str:
    counts: dict[str, int] = {}
    for row in csv.DictReader(io.StringIO(report.decode("utf-8-sig"))):
        counts[row["fate"]] = counts.get(row["fate"], 0) + 1
    return ", ".join(f"{count:,} {fate}" for fate, count in sorted(counts.items()))


# Files to import --------------------------------------------------------------------------------


def _write(folder: Path, units: int) -> Path:
    """Write the tables into a folder and into a ZIP archive, and return the archive."""
    folder.mkdir()
    tables = {table.file: table for table in [*NOUNS, *ROWS]}
    found: dict[str, list[dict[str, str]]] = {file: [] for file in tables}
    for unit in range(units):
        for file, row in _unit_rows(FIRST_ID + unit):
            found[file].append(row)
    packed = folder.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, table in tables.items():
            path = folder / file
            with path.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, table.columns)
                writer.writeheader()
                writer.writerows(found[file])
            if found[file]:
                archive.write(path, file)
    return packed


def _unit_rows(number: int) -> Iterator[tuple[str, dict[str, str]]]:
    source, figure = f"S{number}", f"M{number}"
    day = f"{2000 + number % 24}-{1 + number // 24 % 12:02}-{1 + number // 288 % 28:02}"
    url = f"https://news.example.org/{number}"
    yield "sources.csv", {
        "id": source, "slug": f"bench-{number}", "outlet": "daily-nk", "title": f"Report {number}",
        "url": url, "title_basis": "printed", "language": "en", "kind": "news",
        "published": day, "published_basis": "stated",
    }  # fmt: skip
    yield (
        "copies.csv",
        {"record": source, "host_kind": "own", "url": url, "extent": "full", "read_on": day},
    )
    for event in (2 * number, 2 * number + 1):
        id = f"E{event}"
        words = (
            f"{WORDS[event % 10]} {WORDS[event // 10 % 10]} {WORDS[event // 100 % 10]} {event}"
        ).lower()
        yield "events.csv", {
            "id": id, "title": f"Reported of {words}", "summary": f"It was reported of {words}.",
            "type": ("repatriation", "stay-limit")[event % 2], "happened": day,
        }  # fmt: skip
        yield "terms.csv", {"record": id, "key": "place", "code": PLACES[event % 10], "role": "at"}
        yield "terms.csv", {"record": id, "key": "nationality", "code": "kp", "role": "target"}
        for citation in (2 * event, 2 * event + 1):
            yield from _citation_rows(
                id, f"C{citation}", source, "occurrence", f"It is said of {words}."
            )
    yield "estimates.csv", {
        "id": figure, "counts": "present", "nature": "observed", "unit": "people",
        "form": "number", "point": str(number), "quantifier": "about",
        "population": "workers", "as_of": day, "role": "ordinary",
    }  # fmt: skip
    yield "terms.csv", {"record": figure, "key": "place", "code": PLACES[number % 10], "role": "at"}
    yield from _citation_rows(
        figure, f"C{100_000 + number}", source, "number", f"There are about {number}."
    )


def _citation_rows(
    record: str, id: str, source: str, kind: str, words: str
) -> Iterator[tuple[str, dict[str, str]]]:
    yield "citations.csv", {
        "record": record, "id": id, "source": source, "stance": "supports",
        "kind": kind, "certainty": "firm", "paraphrase": words,
    }  # fmt: skip
    yield "chains.csv", {"citation": id, "attribution": "outlet-own-voice"}
