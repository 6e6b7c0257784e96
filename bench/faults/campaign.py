"""Injects faults one after another, and adds up what was lost.

Two savers, two publishers and a reader work all the time. Fault number N is the same in each run of
a seed: its kind and times come from the seed and N.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx2

from app import paths
from bench import databases
from bench.faults.held import Published, broken_promises
from bench.faults.kinds import Scene, empty, faults
from bench.faults.savers import PASSWORD, Saver
from bench.faults.site import (
    FIRST_START_SECONDS,
    RECOVERY_SECONDS,
    Site,
    StuckError,
)

DISK_BYTES = 1_500_000_000
THOROUGH_EACH = 10
"""After so many faults the whole record is compared with its rules, which takes seconds."""
PUBLISHERS = (("E1", "E2"), ("E3", "E4"))
SAVERS = ("Amal", "Basma")
FAIR = {200, 503}
"""The statuses that a reader may get: the page, or “unavailable”."""


@dataclass
class Publisher:
    """Keeps a publisher's process running, and notes what it acknowledges."""

    folder: Path
    events: tuple[str, str]
    published: dict[int, Published]
    is_over: threading.Event
    log: Path
    process: "subprocess.Popen[str] | None" = None
    number: int = 1

    def work(self) -> None:
        with self.log.open("ab") as log:
            while not self.is_over.is_set():
                self._run(log.fileno())
                self.is_over.wait(0.5)

    def _run(self, log: int) -> None:
        command = [sys.executable, "-m", "bench.faults.publisher", str(self.folder), *self.events]
        with subprocess.Popen(
            [*command, str(self.number)],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=paths.ROOT,
        ) as self.process:
            assert self.process.stdout is not None
            for line in self.process.stdout:
                if not line.endswith("\n"):
                    break  # killed while it printed
                said, *words = line.split()
                self.number = int(words[-1]) + 1
                if said == "published":
                    self.published[int(words[0])] = (self.events, int(words[1]))
        self.number += 1  # the last correction may have been published without a word

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()


@dataclass
class Reader:
    """Reads a list all the time. `wrong` has answers that no reader should get."""

    site: Site
    is_over: threading.Event
    answers: int = 0
    wrong: list[str] = field(default_factory=list)

    def work(self) -> None:
        while not self.is_over.is_set():
            with contextlib.suppress(httpx2.HTTPError):  # nobody answers, or half an answer
                answer = self.site.get("/events.json?limit=1")
                self.answers += 1
                if answer.status_code not in FAIR:
                    self.wrong.append(f"a reader was answered {answer.status_code}")
                elif answer.status_code == 200:
                    edition = answer.json()["edition"]
                    if int(answer.headers["x-sojourn-edition"]) != edition:
                        self.wrong.append(f"an answer was of two editions, {edition} and another")
            self.is_over.wait(0.3)


@dataclass
class Load:
    """All who work while faults happen."""

    savers: Sequence[Saver]
    publishers: Sequence[Publisher]
    reader: Reader
    published: dict[int, Published]

    def progress(self) -> tuple[int, ...]:
        return (
            *(len(saver.acknowledged) for saver in self.savers),
            *(sum(1 for events, _ in [*self.published.values()] if events == publisher.events)
              for publisher in self.publishers),
        )  # fmt: skip

    def wait_until_all_go_on(self) -> float:
        """Return the seconds until each was acknowledged something again."""
        before, began = self.progress(), time.monotonic()
        while any(now <= then for now, then in zip(self.progress(), before, strict=True)):
            if time.monotonic() - began > RECOVERY_SECONDS:
                names = [*SAVERS, *(publisher.events[0] for publisher in self.publishers)]
                stuck = [
                    name
                    for name, now, then in zip(names, self.progress(), before, strict=True)
                    if now <= then
                ]
                raise StuckError(f"nothing is acknowledged to {', '.join(stuck)}")
            time.sleep(0.1)
        return time.monotonic() - began


@dataclass(frozen=True)
class Outcome:
    """What a fault did."""

    no: int
    kind: str
    seconds: float
    """Until the site was ready and everybody was acknowledged something again."""
    problems: Sequence[str]


def measure(count: int, seed: str) -> None:
    """Inject `count` faults, and print what was lost."""
    # `kill` ends a campaign like Ctrl-C: the disk is unmounted, and no process is left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (
        tempfile.TemporaryDirectory(prefix="sojourn-faults-") as temporary,
        _disk(Path(temporary)) as disk,
    ):
        show(_run(count, seed, disk, Path(temporary)))


def _run(count: int, seed: str, disk: Path | None, folder: Path) -> list[Outcome]:
    folder.chmod(0o755)
    if disk is None:
        print("Only root may mount a small disk: the disk is left alone.")
    scratch = folder / "scratch"
    site = Site((disk or folder) / "data", Path(tempfile.gettempdir()) / "sojourn-faults.log")
    is_over = threading.Event()
    outcomes = []
    with site.running():
        site.wait_until_ready(FIRST_START_SECONDS)
        with site.database() as settings, databases.desk(settings) as db:
            secrets = [
                databases.add_editor(db, settings, f"{name.lower()}@example.org", name, PASSWORD)
                for name in SAVERS
            ]
        first_edition = site.get("/events.json?limit=1").json()["edition"]
        published: dict[int, Published] = {}
        load = Load(
            [
                Saver(site.port, f"{name.lower()}@example.org", secret, is_over, name)
                for name, secret in zip(SAVERS, secrets, strict=True)
            ],
            [Publisher(site.folder, events, published, is_over, site.log) for events in PUBLISHERS],
            Reader(site, is_over),
            published,
        )
        work = [*(each.work for each in load.savers), *(each.work for each in load.publishers)]
        threads = [threading.Thread(target=each) for each in [*work, load.reader.work]]
        for thread in threads:
            thread.start()
        try:
            load.wait_until_all_go_on()
            for no in range(count):
                empty(scratch)
                scene = Scene(
                    site,
                    Random(f"{seed}-{no}"),
                    [each.process.pid for each in load.publishers if each.process],
                    disk,
                    scratch,
                )
                outcome = _inject(no, scene, load, first_edition)
                outcomes.append(outcome)
                print(
                    f"{no:6} {outcome.kind:48} {outcome.seconds:6.1f} s  "
                    f"{'; '.join(outcome.problems)}",
                    flush=True,
                )
        finally:
            is_over.set()
            for publisher in load.publishers:
                publisher.stop()
            for thread in threads:
                thread.join()
        saves = sum(len(saver.acknowledged) for saver in load.savers)
        print(
            f"\n{saves:,} saves and {len(published):,} editions were acknowledged in this run; "
            f"{load.reader.answers:,} requests of a reader were answered; the site was started "
            f"{site.starts} times"
        )
    return outcomes


def _inject(no: int, scene: Scene, load: Load, first_edition: int) -> Outcome:
    possible = faults(scene)
    kind = scene.chance.choice(sorted(possible))
    scene.wait(1.0)
    problems: list[str] = []
    seconds = 0.0
    try:
        possible[kind](scene)
        seconds = scene.site.wait_until_ready() + load.wait_until_all_go_on()
    except StuckError as error:
        problems.append(f"stuck: {error}")
    with scene.site.database() as settings:
        problems += broken_promises(
            settings,
            load.savers,
            dict(load.published),
            first_edition,
            thorough=no % THOROUGH_EACH == 0,
        )
    problems += scene.notes
    for answers in (*(saver.refused for saver in load.savers), load.reader.wrong):
        problems += answers
        answers.clear()
    return Outcome(no, kind, round(seconds, 2), problems)


@contextlib.contextmanager
def _disk(folder: Path) -> Iterator[Path | None]:
    """Mount a small file system for the data, if this account may; unmount it at the end."""
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=755", "sojourn-faults"]
    if os.geteuid() or subprocess.run([*mount, str(disk)], check=False).returncode:
        yield None
        return
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def show(outcomes: Sequence[Outcome]) -> None:
    """Print the table of docs/results.md."""
    kinds = Counter(outcome.kind for outcome in outcomes)
    print("\n| fault | times | lost, half or missing | stuck | seconds, median and longest |")
    print("| --- | --- | --- | --- | --- |")
    for kind, times in sorted(kinds.items()):
        print(_line(kind, times, [outcome for outcome in outcomes if outcome.kind == kind]))
    print(_line("all", len(outcomes), outcomes))


def _line(name: str, times: int, outcomes: Sequence[Outcome]) -> str:
    problems = [problem for outcome in outcomes for problem in outcome.problems]
    stuck = sum(problem.startswith("stuck") for problem in problems)
    seconds = sorted(outcome.seconds for outcome in outcomes) or [0.0]
    return (
        f"| {name} | {times:,} | {len(problems) - stuck} | {stuck} "
        f"| {seconds[len(seconds) // 2]:.1f}, {seconds[-1]:.1f} |"
    )
