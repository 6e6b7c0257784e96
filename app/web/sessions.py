"""Database sessions as FastAPI dependencies: a route declares `db: Reader` or `db: Desk`.

Returning from the route commits, and an exception rolls back.
"""

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Annotated, Any

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Depends, Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from app.database.sessions import DECLARED_EDITION, DeskSession, LetterboxSession, ReaderSession
from app.record.lists.backend import ListSession
from app.record.sql.rows import OpenSession
from app.web.security import published_edition
from app.web.state import app_state


async def reader_session(request: Request) -> AsyncIterator[ListSession]:
    state = app_state(request)
    session = ListSession(
        state.reader_engine,
        state.indexes,
        at_least=published_edition(request.cookies, request.scope["scheme"]),
    )
    # The page's frame, such as the banner over past editions, reads from the same session.
    request.state.reader = session
    try:
        yield session
    finally:
        # Most pages run no statement, and then no thread is needed to close the session.
        if session.in_transaction():
            # Starlette's forty threads may all be waiting for the connection that this releases.
            await run_sync(session.close, limiter=CapacityLimiter(1))


class EditionRoute(APIRoute):
    """A public page that depends on its URL, the edition and the release only, so it may be cached.

    A page for one visitor, such as a form with a token, needs another route class.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        read = super().get_route_handler()

        async def read_and_declare(request: Request) -> Response:
            response = await read(request)
            reader: ListSession | None = getattr(request.state, "reader", None)
            if reader:
                setattr(request.state, DECLARED_EDITION, reader.newest_read)
            return response

        return read_and_declare


def open_streaming_sessions(request: Request) -> OpenSession:
    """Return a function that opens a session, for reading while a response is sent.

    The route's own session is closed by then.
    """
    engine = app_state(request).reader_engine
    return lambda: ReaderSession(engine)


def desk_session(request: Request) -> Iterator[DeskSession]:
    with DeskSession(app_state(request).desk_engine) as session:
        with session.begin():
            yield session
        # After the commit the response cache sets a cookie, so that every worker shows this
        # edition.
        request.state.published = session.published


def letterbox_session(request: Request) -> Iterator[LetterboxSession]:
    # The reader's transactions are read-only and repeatable read by default; sending a message
    # needs neither.
    writing = app_state(request).reader_engine.execution_options(
        postgresql_readonly=False, isolation_level="READ COMMITTED"
    )
    with LetterboxSession(writing) as session, session.begin():
        yield session


# `function`: commit before the response is sent. A failed commit must not be reported as saved.
Reader = Annotated[ListSession, Depends(reader_session, scope="function")]
Desk = Annotated[DeskSession, Depends(desk_session, scope="function")]
Letterbox = Annotated[LetterboxSession, Depends(letterbox_session, scope="function")]
