"""Integrity checks: no problem after publishing, and a sentence for each kind of damage."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.database.engines import migration_engine
from app.record.publishing.integrity import find_problems
from app.record.publishing.publish import publish
from app.record.publishing.working_set import live_keys
from app.settings import Settings
from tests.conftest import desk_session, reader_session
from tests.make import (
    a_small_world,
    make_estimate,
    make_event,
    publish_all,
)


def test_published_seeds_have_no_problems(published: Settings) -> None:
    """With the reader's login, like `sojourn doctor`."""
    with reader_session(published) as reader:
        assert find_problems(reader) == []


DAMAGE = [
    (
        'UPDATE record.version SET payload = payload || \'{"precision": "year"}\' '
        "WHERE id = 'E1'",
        "E1 is not what would",
    ),
    (
        "UPDATE record.version SET terms = terms[2:] WHERE id = 'E1'",
        "E1 is not what would be derived today",
    ),
    (
        "UPDATE record.version SET span = '{}' WHERE id = 'E1'",
        "E1 is not what would be derived today",
    ),
    (
        "UPDATE record.version SET sure = NULL WHERE id = 'E1'",
        "E1 is not what would be derived today",
    ),
    (
        "UPDATE record.version SET plain = '' WHERE id = 'M1'",
        "M1 is not what would be derived today",
    ),
    (
        "UPDATE record.version SET terms = terms || 999999 WHERE id = 'E1'",
        "E1 answers to terms that have no name",
    ),
    (
        "UPDATE record.version SET closed = 2 WHERE id = 'S2'",
        "S2 was closed in edition 2, which holds no later version",
    ),
    ("DELETE FROM record.version WHERE id = 'S1'", "E1 names S1, which is not in the record"),
    (
        "UPDATE record.version SET state = 'withdrawn' WHERE id = 'P1'",
        "E1 names place-1, which is not in the record",
    ),
    (
        'UPDATE record.version SET payload = \'{"form": {"id": "E1"}}\' WHERE id = \'E1\'',
        "E1 can't be read",
    ),
    (
        "UPDATE record.counter SET edition = 7",
        "The counter of editions stands at 7, the newest edition is 2",
    ),
    (
        "INSERT INTO record.edition VALUES (9, now(), '', '')",
        "Editions 1 to 9 should be 9, but there are 3",
    ),
    ("INSERT INTO record.purged VALUES ('E1', 1)", "E1 was removed for good and is here again"),
]


def test_each_kind_of_damage_is_reported(database: Settings, desk: Session) -> None:
    """Damage is done with the owner's login, without triggers, and rolled back."""
    publish_all(desk, *a_small_world())
    publish_all(desk, make_event(1), make_event(2), make_estimate(1))
    assert find_problems(desk) == []
    desk.commit()
    engine = migration_engine(database)
    for statement, sentence in DAMAGE:
        with Session(engine) as owner:
            meddle(owner, statement)
            found = find_problems(owner)
        assert any(each.startswith(sentence) for each in found), (statement, found)
    engine.dispose()


def test_outdated_rows_are_recalculated_without_change(database: Settings, desk: Session) -> None:
    """The rows keep their `changed` edition: recalculation is no change."""
    publish_all(desk, *a_small_world(), make_event(1), make_event(2), make_estimate(1))
    desk.commit()
    engine = migration_engine(database)
    with Session(engine) as owner, owner.begin():
        meddle(owner, "UPDATE record.version SET terms = terms[2:] WHERE id IN ('E1', 'S1', 'O1')")
    engine.dispose()
    with desk_session(database) as later:
        assert publish(later, (), again=live_keys(later)) and find_problems(later) == []
        rows = later.execute(
            text("SELECT id, why, changed FROM record.version WHERE opened = 2 ORDER BY id")
        )
        assert rows.all() == [
            ("E1", "reindexed", 1),
            ("O1", "reindexed", 1),
            ("S1", "reindexed", 1),
        ]
        assert publish(later, (), again=live_keys(later)) is None


def meddle(owner: Session, statement: str) -> None:
    for table in ("version", "counter"):
        owner.execute(text(f"ALTER TABLE record.{table} DISABLE TRIGGER USER"))
    owner.connection().exec_driver_sql(statement)
