"""A synthetic record of any size, for `sojourn demo` and benchmarks.

Distributed like real records: a few places and outlets have most events, nearly half of the dates
are uncertain, names are in three scripts, an event has one to six citations, some of them repeat
others, and estimates conflict.
"""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.bulk_load import fill_record
from app.demo.reports import Reports
from app.demo.world import World
from app.errors import CommandError
from app.kinds import RecordForm
from app.record.models import EditionCounter


def publish_demo_record(db: Session, events: int, seed: int = 1, workers: int = 1) -> None:
    """Publish `events` events, with sources and estimates, in an empty record."""
    if db.scalar(select(EditionCounter.edition)):
        raise CommandError(
            "A demonstration needs an empty record: name a new database, or a new SOJOURN_DATA_DIR."
        )
    fill_record(db, demo_forms(events, seed), message="Synthetic records", workers=workers)


def demo_forms(events: int, seed: int = 1) -> Iterator[RecordForm]:
    """Yield the forms of a synthetic record; equal seeds give equal records."""
    world = World(events)
    yield from world.forms()
    yield from Reports(world, events, seed).forms()
