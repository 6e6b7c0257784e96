"""Databases with a record of their own, for all tests of a file that only read it."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.kinds import RecordForm
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import a_small_world, publish_all
from tests.support.database_server import Server


@contextmanager
def kept_record(server: Server, template: str, *forms: RecordForm) -> Iterator[Settings]:
    """A database with the small world and these forms as edition 1, dropped at the end."""
    with server.database(template) as settings:
        with desk_session(settings) as desk:
            publish_all(desk, *a_small_world(), *forms)
        yield settings
