"""What four first requests enter: files, functions and calls of `app`, in a real worker.

Each request has a worker of its own, in which it is the first. Entering a generator or coroutine
again counts as a call, as does entering a comprehension. Background threads are left out.
"""

import contextlib
import logging
import multiprocessing
import socket
import sys
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from types import CodeType, FrameType

import httpx2
import pyotp
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from app import paths
from app.settings import Settings
from app.worker import create_worker_app
from bench import databases
from tests.support.draft_pages import fields
from tests.support.html import fold_html

EMAIL, PASSWORD = "size@example.org", "counted once and for all"
ENTRIES = 10
REPORT = "https://example.org/2019/04/workers"
COUNTED = "x-counted"
APP_FOLDER = f"{paths.ROOT / 'app'}/"


def measure() -> None:
    with (
        databases.running() as server,
        socket.create_server(("127.0.0.1", 0)) as listener,
        httpx2.Client(
            base_url=f"http://127.0.0.1:{listener.getsockname()[1]}",
            headers={"Sec-Fetch-Site": "same-origin"},
            timeout=120,
            # A worker that has ended leaves no connection behind.
            limits=httpx2.Limits(max_keepalive_connections=0),
        ) as client,
    ):
        settings = databases.publish_seeds(server)
        with databases.desk(settings) as db:
            secret = databases.add_editor(db, settings, EMAIL, "Size", PASSWORD)
        with _worker(settings, listener):
            _sign_in(client, secret)
            report = _begin_report(client)
            for number in range(1, ENTRIES + 1):
                _add_entry(client, report, f"Workers were told to leave, {number}")
            draft = _posted(client, "/desk/drafts", {"key": "size", "kind": "E"}).partition("?")[0]
            typed = {**_typed(client, draft), "title": "Workers leave", "do": "save"}
        print(f"{'':38}{'files':>7}{'functions':>11}{'calls':>10}")
        requests: list[tuple[str, str, dict[str, str] | None]] = [
            ("GET /events?place=dandong", "/events?place=dandong", None),
            ("GET /events/E5", "/events/E5", None),
            ("a saved draft", draft, typed),
            (f"a page of a report with {ENTRIES} entries", report, None),
        ]
        for name, address, sent in requests:
            with _worker(settings, listener) as counts:
                method, status = ("POST", 303) if sent else ("GET", 200)
                answer = client.request(method, address, data=sent, headers={COUNTED: "1"})
                assert answer.status_code == status, (name, answer.status_code, answer.text[:500])
                files, functions, calls = counts.recv()
            print(f"{name:38}{files:>7,}{functions:>11,}{calls:>10,}", flush=True)


def _sign_in(client: httpx2.Client, secret: str) -> None:
    client.post("/desk/sign-in", data={"email": EMAIL, "password": PASSWORD})
    code = pyotp.TOTP(secret).now()
    client.post("/desk/sign-in/code", data={"code": code})
    assert client.get("/desk").status_code == 200


def _begin_report(client: httpx2.Client) -> str:
    typed = {"url": REPORT, "key": "size", "do": "open-report"}
    return _posted(client, "/desk/sources", typed).partition("?")[0]


def _add_entry(client: httpx2.Client, report: str, statement: str) -> None:
    at = _posted(client, report, {"do": "new E"})
    draft = f"/desk/drafts/{at.partition('open=')[2]}"
    entry = {"card.statement": statement, "type": "stay-limit", "do": "done"}
    _posted(client, draft, {**_typed(client, at), **entry})


def _typed(client: httpx2.Client, at: str) -> dict[str, str]:
    """Return what a browser would send with the page's form."""
    return fields(fold_html(client.get(at).text))


def _posted(client: httpx2.Client, at: str, sent: dict[str, str]) -> str:
    """Post a form; return the address of the page that follows."""
    answer = client.post(at, data=sent)
    assert answer.status_code == 303, (at, answer.status_code, answer.text[:500])
    return str(answer.headers["location"]).partition("#")[0]


@contextlib.contextmanager
def _worker(settings: Settings, listener: socket.socket) -> Iterator[Connection]:
    """Run one worker on the open port; yield a pipe with the counts of each counted request."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(settings, listener, theirs))
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        process.terminate()
        process.join()


def _serve(settings: Settings, listener: socket.socket, results: Connection) -> None:
    entered: list[CodeType] = []

    def enter(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(APP_FOLDER):
            entered.append(frame.f_code)

    def begin_thread(_frame: FrameType, _event: str, _argument: object) -> None:
        is_of_requests = threading.current_thread().name.startswith("AnyIO")
        sys.setprofile(enter if is_of_requests else None)

    threading.setprofile(begin_thread)
    app: ASGIApp = create_worker_app(settings, None)
    logging.disable(logging.INFO)  # only the table

    async def counting(scope: Scope, receive: Receive, send: Send) -> None:
        if COUNTED.encode() not in dict(scope.get("headers", ())):
            await app(scope, receive, send)
            return
        entered.clear()
        sys.setprofile(enter)
        await app(scope, receive, send)
        sys.setprofile(None)
        files = {code.co_filename for code in entered}
        results.send((len(files), len({*entered}), len(entered)))

    config = uvicorn.Config(counting, access_log=False, log_level="warning", ws="none")
    uvicorn.Server(config).run([listener])
