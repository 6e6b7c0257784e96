"""Database sessions as a page asks for them in its signature: `db: Reader` or `db: Desk`."""

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Annotated, Any

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Depends, Request
from fastapi.routing import APIRoute
from psycopg.errors import SerializationFailure
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from starlette.responses import Response

from app.database.sessions import DECLARED_EDITION, DeskSession, LetterboxSession, ReaderSession
from app.record.editions import NEWEST_READ
from app.record.sql.streaming import Sessions
from app.web.cookies import published_by


async def reader_session(request: Request) -> AsyncIterator[ReaderSession]:
    engine: Engine = request.app.state.reader_engine
    indexes = request.app.state.indexes
    # What answers lists finds its index here, without every function between having to pass it on.
    info = {
        "indexes": indexes,
        "serving": indexes.serving,
        "at_least": published_by(request.cookies, request.scope["scheme"]),
    }
    # After a purge the watch knows no newest edition until what was removed is in none of our indexes.
    if newest := request.app.state.watch.newest:
        info["nothing_purged_since"] = newest.edition
    request.state.reader = session = ReaderSession(
        engine, info=info
    )  # for what stands around every page
    try:
        yield session
    finally:
        # Most pages ask the database nothing, and no thread need wait for it.
        if session.in_transaction():
            # Not one of the forty: all of these may be waiting for the connection that this gives back.
            await run_sync(session.close, limiter=CapacityLimiter(1))


class ReadersRoute(APIRoute):
    """A page of readers. It reads once more where a replica broke off what it was reading, as replicas must when the
    main server has cleared away rows that only older snapshots see
    (https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-CONFLICT).
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        read = super().get_route_handler()

        async def read_again(request: Request) -> Response:
            try:
                return await read(request)
            except OperationalError as error:
                if request.method != "GET" or not isinstance(error.orig, SerializationFailure):
                    raise
                await run_sync(request.state.reader.close, limiter=CapacityLimiter(1))
                return await read(request)

        return read_again


class EditionRoute(ReadersRoute):
    """A public page that depends on its address, the edition and the release alone: the response cache may keep it.

    What is written for one visitor, such as a form with a key, needs another route class.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        read = super().get_route_handler()

        async def read_and_declare(request: Request) -> Response:
            answer = await read(request)
            if reader := getattr(request.state, "reader", None):
                setattr(request.state, DECLARED_EDITION, reader.info.get(NEWEST_READ))
            return answer

        return read_and_declare


def later(request: Request) -> Sessions:
    """For what is read while an answer is sent, when the page's own session is closed: a short one, each time anew."""
    engine: Engine = request.app.state.reader_engine
    return lambda: ReaderSession(engine)


def desk_session(request: Request) -> Iterator[DeskSession]:
    engine: Engine = request.app.state.desk_engine
    with DeskSession(engine) as session:
        with session.begin():
            yield session
        # Committed: whoever published is shown that edition from now on, by whichever worker answers (`kept`).
        request.state.published = session.info.get("published")


def letterbox_session(request: Request) -> Iterator[LetterboxSession]:
    engine: Engine = request.app.state.reader_engine
    # What the reader's transactions are by default, read-only and in one snapshot, is not what its rights say.
    writing = engine.execution_options(postgresql_readonly=False, isolation_level="READ COMMITTED")
    with LetterboxSession(writing) as session, session.begin():
        yield session


# FastAPI would otherwise answer first and commit afterwards: a failed commit would already have said "saved".
Reader = Annotated[ReaderSession, Depends(reader_session, scope="function")]
Desk = Annotated[DeskSession, Depends(desk_session, scope="function")]
Letterbox = Annotated[LetterboxSession, Depends(letterbox_session, scope="function")]

# For answers that are streamed: the session stays open until the last row has been sent.
StreamingDesk = Annotated[DeskSession, Depends(desk_session)]
