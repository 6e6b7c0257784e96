"""Serving the site, by one process or by several: the port, and an end that leaves nothing running."""

import contextlib
import errno
import os
import signal
import socket
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING

import typer

from app.errors import Stop
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


def serve_until_stopped(settings: Settings, listener: socket.socket, workers: int) -> None:
    """The site on a port that is taken already, and beside it what runs by itself."""
    import uvicorn

    from app.desk.ticking import ticking
    from app.http_limits import KEEP_ALIVE_SECONDS, LimitedHttpProtocol
    from app.main import create_app

    typer.echo(f"Sojourn is at {own_address(settings)} (Ctrl-C stops it).")
    config = uvicorn.Config(
        create_app(settings, is_alone=True) if workers == 1 else "app.main:app_of_environment",
        factory=workers > 1,
        workers=workers,
        # Addresses and queries of readers belong in no log.
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.forwarded_allow_ips,
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
        _run(config, listener, settings, workers)


def _run(config: "uvicorn.Config", listener: socket.socket, settings: Settings, workers: int) -> None:
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    server = uvicorn.Server(config)
    if workers > 1:
        # Each process begins anew and shares nothing but the database; the supervisor replaces one that dies.
        os.environ.update(settings.as_environment())
        supervisor = Multiprocess(config, [listener])
        # A closed terminal ends them all; uvicorn would begin them anew.
        supervisor.handle_hup = supervisor.handle_term  # type: ignore[method-assign]
        supervisor.run()
        return
    # A closed terminal ends it as gently as Ctrl-C and a request to end, which uvicorn knows by itself.
    signal.signal(signal.SIGHUP, server.handle_exit)
    server.run(sockets=[listener])
    if not server.started:
        raise Stop("The site did not start.")
