"""Read for minutes while an edition is published every second.

Expects no errors, no mixed or stale answers, and constant memory. The publisher records the
contents of each edition: the total, the count of each type, and the number in the title of each
corrected event. Each answer names its edition and is compared with these contents.
"""

import contextlib
import random
import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from multiprocessing import get_context
from typing import TYPE_CHECKING

from app.database.engines import desk_engine
from app.database.sessions import DeskSession
from app.demo.reports import EVENTS_PER_GROUP, Reports
from app.demo.world import World
from app.kinds import EventForm, RecordForm
from app.record.publishing.publish import Approved, publish
from app.settings import Settings
from app.vocabulary.record import Why
from bench.questions import asked_at_random
from bench.serving import sojourn, wait_for_index
from bench.timing import Answer, Reader, Times, memory_megabytes

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.synchronize import Event

READERS = 4
PUBLISH_INTERVAL_SECONDS = 1.0
MAX_LEDGER_WAIT_SECONDS = 10.0
MAX_LAG_SECONDS = 1.0  # from the commit to the first answer from the new edition
CORRECTED = 40  # early events that are corrected repeatedly
ONE_TYPE = "/events.json?type=stay-limit&limit="
MARK = re.compile(r"corrected (\d+) times")


@dataclass(frozen=True)
class Holds:
    """Contents of an edition."""

    total: int
    types: dict[str, int]
    corrected: dict[str, int]
    at: float


@dataclass
class Ledger:
    """Contents of all editions, received from the publisher's process."""

    editions: dict[int, Holds]
    seconds: list[float] = field(default_factory=list)
    """Duration of each publication."""
    changed: threading.Condition = field(default_factory=threading.Condition)

    def listen(self, publisher: "Connection") -> None:
        """Receive until the publisher closes its end."""
        with contextlib.suppress(EOFError):
            while True:
                no, holds, seconds = publisher.recv()
                with self.changed:
                    self.editions[no] = holds
                    self.seconds += seconds
                    self.changed.notify_all()

    def of(self, edition: int) -> Holds:
        """Return the contents of an edition, which may arrive after the edition's first answer."""
        with self.changed:
            assert self.changed.wait_for(
                lambda: edition in self.editions, MAX_LEDGER_WAIT_SECONDS
            ), f"Edition {edition}?"
            return self.editions[edition]


@dataclass
class Seen:
    """Results of the readers, and the signals that control them."""

    is_publishing: threading.Event = field(default_factory=threading.Event)
    is_over: threading.Event = field(default_factory=threading.Event)
    quiet: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})
    """Milliseconds without publishing, by whether the host name was new (uncached)."""
    busy: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})
    wrong: list[str] = field(default_factory=list)
    late: int = 0
    past: int = 0
    """Answers of the edition at the start, asked for by its number."""
    editions: set[int] = field(default_factory=set)
    most_behind: float = 0.0


def measure(settings: Settings, events: int, minutes: float) -> None:
    with sojourn(settings) as (port, process):
        reader = Reader(port)
        wait_for_index(reader)
        said = reader.ok("/events.json?limit=1").json()
        types = {code["code"]: code["count"] for code in said["facets"]["type"]}
        first = Holds(said["total"], types, {}, time.monotonic())
        ledger = Ledger({said["edition"]: first})
        seen = Seen()
        addresses = _addresses(reader, said["edition"])
        threads = [
            threading.Thread(target=_read, args=(port, addresses[number::READERS], ledger, seen))
            for number in range(READERS)
        ]
        for thread in threads:
            thread.start()
        time.sleep(min(60, minutes * 15))
        seen.is_publishing.set()
        memory = [memory_megabytes(process.pid)]
        context = get_context("spawn")
        receiver, sender = context.Pipe(duplex=False)
        is_over = context.Event()
        publisher = context.Process(
            target=_publish, args=(settings, events, first, sender, is_over)
        )
        publisher.start()
        sender.close()  # the publisher has its own copy; EOF follows when the publisher exits
        listener = threading.Thread(target=ledger.listen, args=(receiver,))
        listener.start()
        until = time.monotonic() + minutes * 60
        while time.monotonic() < until and publisher.is_alive():
            time.sleep(min(15, max(0.1, until - time.monotonic())))
            memory.append(memory_megabytes(process.pid))
        seen.is_over.set()
        is_over.set()
        for thread in (*threads, listener):
            thread.join()
        publisher.join()
        assert process.poll() is None and publisher.exitcode == 0
        print(
            f"\nSoak: {minutes:g} minutes at {events:,} events, {READERS} readers, one worker, an "
            "edition every second"
        )
        _show(ledger, seen, memory)


def _addresses(reader: Reader, first: int) -> list[str]:
    """Return JSON lists, whose rows can be checked, and pages; some occur many times.

    A quarter is of the edition at the start, which becomes ever older.
    """
    chance = random.Random(2)
    found = ["/events.json", "/events", "/events?view=table", "/changes", "/cities"] * 10
    found += [f"{ONE_TYPE}{limit}" for limit in range(1, 51)]
    found += asked_at_random(reader, chance, 300) + asked_at_random(reader, chance, 300, ".json")
    past = chance.sample(found, len(found) // 3)
    found += [f"{each}{'&' if '?' in each else '?'}edition={first}" for each in past]
    chance.shuffle(found)
    return found


# Publishing -------------------------------------------------------------------------------------


def _publish(
    settings: Settings, events: int, holds: Holds, sender: "Connection", is_over: "Event"
) -> None:
    """Publish in turn a correction of an early event, and ten new events with their sources."""
    world = World(events)
    first = [
        form
        for n in range(CORRECTED // EVENTS_PER_GROUP)
        for form in Reports(world, events, 1).forms_of_group(n)
    ]
    early = [form for form in first if isinstance(form, EventForm)]
    engine = desk_engine(settings)
    for round_ in count():
        if is_over.is_set():
            break
        start = time.monotonic()
        forms, holds = _next(round_, holds, early, world, events)
        with DeskSession(engine) as db:
            with db.begin():
                edition = publish(
                    db, [Approved(form, Why.CORRECTED) for form in forms], message="A soak"
                )
                assert edition is not None
                # Sent before the commit makes the edition visible.
                sender.send((edition.no, holds, []))
            took = time.monotonic() - start
            sender.send((edition.no, replace(holds, at=time.monotonic()), [took]))
        is_over.wait(max(0.0, PUBLISH_INTERVAL_SECONDS - took))
    engine.dispose()


def _next(
    round_: int, before: Holds, early: Sequence[EventForm], world: World, events: int
) -> tuple[list[RecordForm], Holds]:
    if round_ % 2 == 0:
        event = early[round_ // 2 % len(early)]
        times = before.corrected.get(event.id, 0) + 1
        changed = event.model_copy(update={"title": f"{event.title[:80]}, corrected {times} times"})
        return [changed], Holds(
            before.total, before.types, {**before.corrected, event.id: times}, float("inf")
        )
    number = -(-events // EVENTS_PER_GROUP) + round_ // 2
    forms = list(Reports(world, (number + 1) * EVENTS_PER_GROUP, 1).forms_of_group(number))
    types = dict(before.types)
    for form in forms:
        if isinstance(form, EventForm):
            types[form.type] = types.get(form.type, 0) + 1
    return forms, Holds(before.total + EVENTS_PER_GROUP, types, before.corrected, float("inf"))


# Reading ----------------------------------------------------------------------------------------


def _read(port: int, addresses: Sequence[str], ledger: Ledger, seen: Seen) -> None:
    """Request the addresses in turn, every second time under a new host name (uncached)."""
    reader = Reader(port)
    for round_ in count():
        if seen.is_over.is_set():
            return
        times, place = divmod(round_, len(addresses))
        address, is_anew = addresses[place], (times + place) % 2 == 1
        asked = time.monotonic()
        answer = reader.get(
            address, **({"Host": f"r{port}-{id(reader)}-{round_}.example"} if is_anew else {})
        )
        took = (time.monotonic() - asked) * 1_000
        (seen.busy if seen.is_publishing.is_set() else seen.quiet)[is_anew].append(took)
        if answer.status != 200:
            seen.wrong.append(f"{address} was answered {answer.status}")
            continue
        edition = int(answer.headers["x-sojourn-edition"])
        seen.editions.add(edition)
        if "edition=" in address:
            seen.past += 1
        else:
            behind = max(
                (asked - holds.at for no, holds in list(ledger.editions.items()) if no > edition),
                default=0.0,
            )
            seen.most_behind = max(seen.most_behind, behind)
            seen.late += behind > MAX_LAG_SECONDS
        seen.wrong += _differences(address, answer, ledger.of(edition), edition)


def _differences(address: str, answer: Answer, holds: Holds, edition: int) -> Iterator[str]:
    if ".json" not in address:
        return
    said = answer.json()
    if said["edition"] != edition:
        yield f"{address} says edition {said['edition']} under the heading {edition}"
    if address.partition("?edition=")[0] == "/events.json" and said["total"] != holds.total:
        yield f"{address} of edition {edition} counts {said['total']}, not {holds.total}"
    if address.startswith(ONE_TYPE):
        types = {code["code"]: code["count"] for code in said["facets"]["type"]}
        if types != holds.types or said["total"] != holds.types["stay-limit"]:
            yield f"{address} of edition {edition} counts other types than that edition holds"
    for item in said["items"]:
        found = MARK.search(item["title"])
        if (int(found[1]) if found else 0) != holds.corrected.get(item["id"], 0):
            yield f"{address} of edition {edition} has {item['id']} as of another edition"


def _show(ledger: Ledger, seen: Seen, memory: Sequence[float]) -> None:
    took = Times([seconds * 1_000 for seconds in ledger.seconds])
    steady = memory[len(memory) // 3 :]
    answers = sum(map(len, seen.busy.values()))
    print(
        f"{'answers':36} {answers:,}, of {len(seen.editions):,} of "
        f"{len(ledger.editions):,} editions; {seen.past:,} of the edition at the start"
    )
    print(f"{'errors, answers of two editions':36} {len(seen.wrong):,} (wanted: 0)")
    for reason in seen.wrong[:5]:
        print(f"  {reason}")
    print(f"{f'asked {MAX_LAG_SECONDS:g} s after a newer edition':36} {seen.late:,} (wanted: 0)")
    print(
        f"{'longest after a newer edition':36} {seen.most_behind:.2f} s (wanted: "
        f"{MAX_LAG_SECONDS:g})"
    )
    for is_anew, words in ((True, "made anew"), (False, "others")):
        quiet, busy = Times(seen.quiet[is_anew]), Times(seen.busy[is_anew])
        times = f"p95 {busy.p95 / quiet.p95:.1f} × the quiet one (wanted: 2)"
        print(f"{f'ms p50 / p95, {words}, quiet':36} {quiet}")
        print(f"{f'ms p50 / p95, {words}, publishing':36} {busy}; {times}")
    print(f"{'ms p50 / p95 to publish':36} {took}")
    print(
        f"{'memory at first, later, at the end':36} {memory[0]:,.0f}, {steady[0]:,.0f}, "
        f"{memory[-1]:,.0f} MB",
        flush=True,
    )
