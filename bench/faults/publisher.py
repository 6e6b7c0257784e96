"""A publisher: a process that corrects its two events in one edition, again and again.

Prints the edition and the number of the correction after each commit: acknowledged. Both events
have the same number in their titles, so that half an edition would show.
"""

import sys
import time
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from app.cli.connections import open_database
from app.database.engines import desk_engine
from app.database.sessions import DeskSession
from app.desk.approved import models, store
from app.desk.approved.publish import publish_approved
from app.settings import Settings
from app.vocabulary.record import Why

PAUSE_SECONDS = 1.0


def title(events: tuple[str, str], number: int) -> str:
    return f"Corrected {number} times by the publisher of {' and '.join(events)}"


def publish_next(db: DeskSession, events: tuple[str, str], number: int) -> int:
    """Correct both events, publish them, and return the edition."""
    forms = [db.get_one(models.Record, id).form for id in events]
    changed = [form.model_copy(update={"title": title(events, number)}) for form in forms]
    store.save_all(db, changed, Why.CORRECTED, "A campaign of faults.")
    edition = publish_approved(db, "A campaign of faults", only=set(events))
    assert edition is not None
    return edition.no


def main() -> None:
    folder, first, second, begin = sys.argv[1:]
    events, number = (first, second), int(begin)
    # Joins the server; if there is none, this process starts one, as any command does.
    with open_database(Settings(data_dir=Path(folder))) as ready:
        engine = desk_engine(ready)
        while True:
            try:
                with DeskSession(engine) as db, db.begin():
                    edition = publish_next(db, events, number)
            except DBAPIError as error:
                print("failed", type(error.orig).__name__, number, flush=True)
            else:
                print("published", edition, number, flush=True)
            number += 1
            time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main()
