"""A made-up record of any size, for benchmarks and tests; `bench.fill` publishes it.

Distributed like real records: a few places and outlets have most events, nearly half of the dates
are uncertain, names are in three scripts, an event has one to six citations, some of them repeat
others, and estimates conflict.
"""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import CommandError
from app.kinds import RecordForm
from app.record.models import EditionCounter
from bench.made_up.bulk_load import fill_record
from bench.made_up.reports import Reports
from bench.made_up.world import World


def publish_made_up_record(db: Session, events: int, seed: int = 1, workers: int = 1) -> None:
    """Publish `events` events, with sources and estimates, in an empty record."""
    if db.scalar(select(EditionCounter.edition)):
        raise CommandError(
            "A made-up record needs an empty database: name a new one, or a new SOJOURN_DATA_DIR."
        )
    fill_record(db, made_up_forms(events, seed), message="Made-up records", workers=workers)


def made_up_forms(events: int, seed: int = 1) -> Iterator[RecordForm]:
    """Yield the forms of a synthetic record; equal seeds give equal records."""
    world = World(events)
    yield from world.forms()
    yield from Reports(world, events, seed).forms()
