"""Serve the site: the port, the workers that answer on it, and an end that leaves nothing running."""

import contextlib
import errno
import signal
import socket
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import typer

from app.errors import Stop
from app.processes import GRACE_SECONDS
from app.settings import Settings

if TYPE_CHECKING:
    import uvicorn


def own_address(settings: Settings) -> str:
    name = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{name}:{settings.port}"


def listening(settings: Settings) -> socket.socket:
    """The port, taken before anything else is started, and held until the end."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(2048)
        except BaseException:
            listener.close()
            raise
        return listener
    except OSError as error:
        why = f"Cannot listen on {settings.host}, port {settings.port}: {(error.strerror or str(error)).lower()}."
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            other = settings.port + 1 if 1024 <= settings.port < 65535 else 8000
            why += f" Choose another port, as in `PORT={other} make serve`."
        raise Stop(why) from None


@contextlib.contextmanager
def stopped_politely() -> Iterator[None]:
    """A request to end, or a closed terminal, ends as Ctrl-C does, so that the database stops too."""

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("Stopped.")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def serve_until_stopped(settings: Settings, listener: socket.socket, workers: int, data_folder: Path | None) -> None:
    """Serve the site on a port that is taken already and, in this process, do what runs by itself.

    Also a single worker is a process of its own: only so is there somebody who replaces it when it dies or ends itself.
    `data_folder` is that of our own PostgreSQL, None with another. Raises Stop where the secret of hashes is missing.
    """
    settings.require_hash_secret()
    import uvicorn

    from app.http_limits import KEEP_ALIVE_SECONDS, LimitedHttpProtocol
    from app.main import app_of_worker
    from app.scheduler import ticking

    typer.echo(f"Sojourn is at {own_address(settings)} (Ctrl-C stops it).")
    config = uvicorn.Config(
        # Passed through a pipe: no password is in the environment of a worker.
        partial(app_of_worker, settings, data_folder),
        factory=True,
        workers=workers,
        # Addresses and queries of readers belong in no log.
        access_log=False,
        log_level="warning",
        server_header=False,
        # The application's own layer reads them (`app.proxies`).
        proxy_headers=False,
        http=LimitedHttpProtocol,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        ws="none",
        lifespan="on",
        # Not five seconds: on a busy machine a worker takes longer to begin, and would be ended and begun for ever.
        timeout_worker_healthcheck=60,
        # A reader on a slow line must not keep Ctrl-C waiting for ever.
        timeout_graceful_shutdown=5,
    )
    # Once for all workers: in the process that looks after them, not in each.
    with contextlib.nullcontext() if settings.public_only else ticking(settings):
        _supervise(config, listener)


def _supervise(config: "uvicorn.Config", listener: socket.socket) -> None:
    """Run the workers until a request to end. Each begins anew and shares nothing but the database and the port."""
    from uvicorn.config import STARTUP_FAILURE
    from uvicorn.supervisors import Multiprocess

    class Supervisor(Multiprocess):
        def handle_hup(self) -> None:
            """A closed terminal ends all workers; uvicorn would begin them anew."""
            self.handle_term()

        def keep_subprocess_alive(self) -> None:
            """A worker that dies ends the wait for its answer only if its end of the pipe is not open here too."""
            for worker in self.processes:
                worker.child_conn.close()
            super().keep_subprocess_alive()

        def join_all(self) -> None:
            """A worker that hangs is not waited for."""
            deadline = time.monotonic() + GRACE_SECONDS
            for worker in self.processes:
                worker.process.join(max(0, deadline - time.monotonic()))
                if worker.process.is_alive():
                    worker.kill()
                    worker.join()

    supervisor = Supervisor(config, [listener])
    supervisor.run()
    if any(worker.exitcode == STARTUP_FAILURE for worker in supervisor.processes):
        raise Stop("The site did not start.")
