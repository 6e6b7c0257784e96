"""Databases for benchmarks on an embedded PostgreSQL: the seeds, or a made-up record."""

import contextlib
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select, text

from app import paths
from app.database import embedded
from app.database.cluster import DESK_LOGIN, READER_LOGIN, Server
from app.database.engines import desk_engine, migration_engine
from app.database.migrating import migrate
from app.database.sessions import DeskSession
from app.desk.approved.publish import publish_approved
from app.desk.csv import import_folder
from app.desk.identity import second_factor
from app.desk.identity.models import DeskRole, Person
from app.desk.identity.passwords import hash_password
from app.desk.identity.second_factor import encrypt
from app.kinds import EventForm
from app.record.models import Version
from app.record.publishing.publish import Approved, publish
from app.secret_key import new_key
from app.settings import Settings
from app.vocabulary.record import Why
from bench.made_up import publish_made_up_record
from bench.made_up.reports import Reports
from bench.made_up.world import World

OPTIONS = {"shared_buffers": "1GB", "max_wal_size": "8GB", "synchronous_commit": "off"}
"""PostgreSQL keeps tables in memory and rarely writes checkpoints; a power cut may lose data."""


@contextlib.contextmanager
def running(folder: Path | None = None) -> Iterator[Server]:
    """Run PostgreSQL in `folder`, which keeps its databases, or in a temporary folder."""
    with contextlib.ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sojourn-bench-")))
        folder.mkdir(parents=True, exist_ok=True)
        # If root runs the benchmark, PostgreSQL runs under another account, which must enter.
        folder.chmod(0o755)
        yield stack.enter_context(embedded.running(folder, OPTIONS))


def publish_seeds(server: Server, name: str = "seeds") -> Settings:
    settings = _create_tables(server, name)
    with desk(settings) as session:
        report = import_folder(session, paths.SEEDS)
        assert not report.errors, report.errors
        publish_approved(session, "The first reports")
    return settings


def copy_seeds(server: Server, name: str) -> Settings:
    """Copy the database that `publish_seeds` has made, for a benchmark that writes."""
    server.create_database(name, template="seeds")
    return _settings(server, name)


def prepare_made_up_record(server: Server, events: int) -> Settings:
    """Return settings of a database with a made-up record, and create it unless it exists."""
    settings = _create_tables(server, f"events_{events}")
    if not _has_events(settings, events):
        start = time.perf_counter()
        with desk(settings) as session:
            publish_made_up_record(session, events)
            _correct_an_event(session, events)
        engine = migration_engine(settings)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        engine.dispose()
        print(f"{events:,} events made and published in {time.perf_counter() - start:,.0f} s")
    return settings


def _correct_an_event(session: DeskSession, events: int) -> None:
    """Publish one more edition, so that the past one before it has all events, too."""
    forms = Reports(World(events), events, 1).forms_of_group(0)
    event = next(form for form in forms if isinstance(form, EventForm))
    corrected = event.model_copy(update={"title": f"{event.title[:80]}, corrected"})
    publish(session, [Approved(corrected, Why.CORRECTED)], message="A correction")


def _has_events(settings: Settings, events: int) -> bool:
    engine = migration_engine(settings)
    with engine.connect() as connection:
        count = (
            select(func.count())
            .select_from(Version)
            .where(Version.kind == "E", Version.closed.is_(None))
        )
        found: int | None = connection.scalar(count)
    engine.dispose()
    return found == events


def _create_tables(server: Server, name: str) -> Settings:
    server.create_database(name)
    settings = _settings(server, name)
    migrate(settings, logins=True)
    return settings


def _settings(server: Server, name: str) -> Settings:
    return Settings(
        database_url=server.url(name, DESK_LOGIN),
        reader_database_url=server.url(name, READER_LOGIN),
        migrate_database_url=server.url(name),
        hash_secret=new_key(),
        secret_key=new_key(),
        # Benchmarks use many host names, so that no response comes from the response cache.
        trusted_hosts=["127.0.0.1", "localhost", "testserver", "*.example"],
    )


def add_editor(db: DeskSession, settings: Settings, email: str, name: str, password: str) -> str:
    """Add an editor with an authenticator app and return its secret."""
    person = Person(
        email=email, name=name, role=DeskRole.EDITOR, password_hash=hash_password(password)
    )
    db.add(person)
    db.flush()
    secret = second_factor.new_secret()
    person.factor_secret = encrypt(settings, secret, person.id)
    return secret


@contextlib.contextmanager
def desk(settings: Settings) -> Iterator[DeskSession]:
    """Open one transaction with the desk's role."""
    engine = desk_engine(settings)
    try:
        with DeskSession(engine) as session, session.begin():
            yield session
    finally:
        engine.dispose()
