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
from typing import TYPE_CHECKING, Annotated

import typer

from app import paths
from app.cli.connections import (
    _database,
    _desk,
    _editions,
    _expect_tables,
    _is_ours,
    _without_root,
    own_address,
)
from app.cli.desk import _link
from app.cli.record import _publish
from app.errors import Stop
from app.processes import GRACE_SECONDS
from app.settings import Settings

if TYPE_CHECKING:
    import uvicorn


commands = typer.Typer()


@commands.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="The address to listen on; HOST if not given.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="The port to listen on; PORT if not given.")
    ] = None,
    workers: Annotated[
        int, typer.Option(help="Processes that answer side by side; one for each core.", min=1)
    ] = 1,
) -> None:
    """Run the site until Ctrl-C.

    Without DATABASE_URL this starts a PostgreSQL of its own, brings its tables up to date and, the first time,
    publishes the reports in `seeds/` as edition 1. Until somebody works at the desk it prints a link that makes the
    first admin: it works once. With DATABASE_URL it expects a database that `sojourn migrate` has
    prepared.

    Example: `sojourn serve --port 8080`

    Next: open the address that it prints. `sojourn doctor` says what is wrong if something is.
    """
    settings = Settings.from_environment()
    settings = settings.model_copy(
        update={"host": host or settings.host, "port": port or settings.port}
    )
    # Before anything that takes time: a taken port is the likeliest reason to fail.
    with contextlib.closing(listening(settings)) as listener, stopped_politely():
        settings, account = _without_root(settings)
        with _database(settings, True) as ready:
            if _is_ours(settings):
                _publish_seeds_if_empty(ready)
                _welcome_the_first(ready)
            _expect_tables(ready)
            if account:
                typer.echo(account)
            serve_until_stopped(
                ready, listener, workers, settings.data_dir if _is_ours(settings) else None
            )


def _publish_seeds_if_empty(settings: Settings) -> None:
    from app.desk.csv.reader import import_folder

    with _desk(settings) as session:
        if _editions(session) or not paths.SEEDS.is_dir():
            return
        typer.echo("Publishing the reports in seeds/ …")
        report = import_folder(session, paths.SEEDS, False)
        if report.errors:
            raise Stop("\n".join(str(problem) for problem in report.errors))
        _publish(session, "The first reports")


def _welcome_the_first(settings: Settings) -> None:
    from app.desk.identity import commands as people
    from app.desk.identity.links import LIFETIME_OF_A_FIRST_LINK, somebody_is_there

    with _desk(settings) as session:
        if somebody_is_there(session):
            return
        link = _link(settings, people.make_first_link(session))
    hours = LIFETIME_OF_A_FIRST_LINK.total_seconds() / 3600
    typer.echo(
        f"Nobody works at the desk yet. Be the first (works once, within {hours:.0f} hours): {link}"
    )


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


def serve_until_stopped(
    settings: Settings, listener: socket.socket, workers: int, data_folder: Path | None
) -> None:
    """Serve the site on a port that is taken already and, in this process, do what runs by itself.

    Also a single worker is a process of its own: only so is there somebody who replaces it when it dies or ends itself.
    `data_folder` is that of our own PostgreSQL, None with another. Raises Stop where the secret of hashes is missing.
    """
    settings.require_hash_secret()
    import uvicorn

    from app.cli.http_limits import KEEP_ALIVE_SECONDS, LimitedHttpProtocol
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
