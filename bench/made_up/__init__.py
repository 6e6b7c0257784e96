"""A made-up record of any size, for benchmarks and tests; `bench.fill` publishes it.

Distributed like real records: a few places and outlets have most events, nearly half of the dates
are uncertain, names are in three scripts, an event has one to six citations, some of them repeat
others, and estimates conflict.
"""

from collections.abc import Iterator
from itertools import islice

from sqlalchemy import select

from app.database.sessions import DeskSession
from app.errors import CommandError
from app.kinds import RecordForm
from app.progress import track
from app.record.models import EditionCounter
from app.record.publishing.publish import Approved, publish
from bench.made_up.reports import Reports
from bench.made_up.world import World

RECORDS_PER_EDITION = 4_000


def publish_made_up_record(db: DeskSession, events: int, seed: int = 1) -> None:
    """Publish `events` events, with sources and estimates, in editions of an empty record."""
    if db.scalar(select(EditionCounter.edition)):
        raise CommandError(
            "A made-up record needs an empty database: name a new one, or a new SOJOURN_DATA_DIR."
        )
    forms = track(made_up_forms(events, seed), "Publishing records")
    while approved := [Approved(form) for form in islice(forms, RECORDS_PER_EDITION)]:
        publish(db, approved, message="Made-up records")


def made_up_forms(events: int, seed: int = 1) -> Iterator[RecordForm]:
    """Yield the forms of a synthetic record; equal seeds give equal records."""
    world = World(events)
    yield from world.forms()
    yield from Reports(world, events, seed).forms()
