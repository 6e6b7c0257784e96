"""A site with a response cache, and the statements it runs."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.conftest import is_a_request, wait_until


@contextmanager
def client_and_statements(settings: Settings) -> Iterator[tuple[TestClient, list[str]]]:
    """A client of a site that knows its edition, and the statements run for its requests."""
    app = create_app(settings)
    statements: list[str] = []
    with TestClient(app, follow_redirects=False) as client:
        wait_until(lambda: "etag" in client.get("/privacy").headers, "the site to know its edition")

        @event.listens_for(app.state.reader_engine, "before_cursor_execute")
        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if is_a_request():
                statements.append(statement)

        yield client, statements
