"""A synthetic record of any size, for trying things out: the shapes of real reports, nothing that anybody said.

Skewed as real records are: a few places and outlets have most of the events, nearly half of the dates are uncertain,
names stand in three scripts, an event has one to six citations of which some pass others on, and figures conflict.
"""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.bulk_load import fill
from app.demo.reports import Reports
from app.demo.world import World
from app.errors import Stop
from app.forms import RecordForm
from app.record.models import Counter


def make(db: Session, events: int, seed: int = 1, workers: int = 1) -> None:
    """Publishes that many events, with sources and figures, into an empty record."""
    if db.scalar(select(Counter.edition)):
        raise Stop(
            "A demonstration needs an empty record: name a new database, or a new SOJOURN_DATA_DIR."
        )
    fill(db, forms(events, seed), message="Synthetic records", workers=workers)


def forms(events: int, seed: int = 1) -> Iterator[RecordForm]:
    """All that a made-up record of that size holds; the same seed makes the same record."""
    world = World(events)
    yield from world.forms()
    yield from Reports(world, events, seed).forms()
