"""`sojourn serve`: opens the port, runs the workers, and stops everything at the end."""

import contextlib
import errno
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer
from sqlalchemy import text

from app import paths
from app.background import GRACE_SECONDS, BackgroundLoop
from app.cli.connections import (
    changed_settings,
    count_editions,
    describe_outdated_rules,
    drop_root,
    local_url,
    open_database,
    open_desk,
    require_tables,
    uses_embedded,
)
from app.cli.desk import welcome_link
from app.cli.record import publish_and_report, publish_file_of_checks
from app.database.server_checks import refuse_unfit_servers
from app.errors import CommandError
from app.logs import configure_logging
from app.settings import Settings, release

if TYPE_CHECKING:
    import uvicorn


commands = typer.Typer()
log = logging.getLogger("sojourn")


@commands.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on. Default: HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on. Default: PORT.")] = None,
    workers: Annotated[
        int, typer.Option(help="Number of worker processes. Use one for each core.", min=1)
    ] = 1,
) -> None:
    """Run the site until Ctrl-C.

    Without DATABASE_URL this starts a PostgreSQL of its own, brings its tables up to date and, the
    first time, publishes the reports in `seeds/`. While the desk has no accounts, it prints a
    link, which works once, for creating the first admin. With DATABASE_URL it expects a
    database that `sojourn migrate` has prepared.

    Example: `sojourn serve --port 8080`

    Next: open the address that it prints. If something is wrong, run `sojourn doctor`.
    """
    settings = Settings.from_environment()
    settings = settings.model_copy(
        update={"host": host or settings.host, "port": port or settings.port}
    )
    # The port is opened first, since a port in use is the most likely error.
    with contextlib.closing(open_port(settings)) as listener, handled_signals():
        settings, account = drop_root(settings)
        with open_database(settings, True) as ready:
            if uses_embedded(settings) and not settings.read_only:
                _publish_seeds_if_empty(ready)
                _print_first_link(ready)
            if not uses_embedded(settings):
                refuse_unfit_servers(ready)
            require_tables(ready)
            if outdated := describe_outdated_rules(ready):
                typer.echo(outdated)
            if account:
                typer.echo(account)
            if settings.read_only:
                typer.echo("SOJOURN_READ_ONLY is set: the site can be read, but not changed.")
            serve_until_stopped(
                ready, listener, workers, settings.data_dir if uses_embedded(settings) else None
            )


def _publish_seeds_if_empty(settings: Settings) -> None:
    with open_desk(settings) as session:
        if count_editions(session) or not paths.SEEDS.is_dir():
            return
        from app.desk.csv import import_folder

        typer.echo("Publishing the reports in seeds/ …")
        report = import_folder(session, paths.SEEDS, False)
        if report.errors:
            raise CommandError("\n".join(str(problem) for problem in report.errors))
        edition = publish_and_report(session, "The first reports")
        publish_file_of_checks(session, paths.SEEDS, edition)


def _print_first_link(settings: Settings) -> None:
    """Print the link that makes the first admin, if there is nobody at the desk yet."""
    with open_desk(settings) as session:
        # Plain SQL, since importing the desk takes longer than the rest of the start.
        if session.scalar(text("SELECT EXISTS (SELECT FROM desk.person)")):
            return
        from app.desk.identity import commands as people
        from app.desk.identity.sign_ins import FIRST_LINK_LIFETIME

        link = welcome_link(settings, people.make_first_link(session))
    hours = FIRST_LINK_LIFETIME.total_seconds() / 3600
    typer.echo(
        f"The desk has no accounts yet. Create the first one (works once, for {hours:.0f} hours): "
        f"{link}"
    )


FIRST_PASSED_DESCRIPTOR = 3


def take_passed_socket() -> socket.socket | None:
    """Return the socket that systemd has opened for this process; None if it has not.

    The kernel keeps its connections while the site restarts, so that none is refused.
    """
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    count = os.environ.get("LISTEN_FDS", "0")
    # Workers and PostgreSQL must not take the socket for theirs.
    for name in ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"):
        os.environ.pop(name, None)
    if count != "1":
        raise CommandError(f"systemd passed {count} sockets: sojourn.socket must have one.")
    passed = socket.socket(fileno=FIRST_PASSED_DESCRIPTOR)
    passed.set_inheritable(False)
    return passed


def open_port(settings: Settings) -> socket.socket:
    """Listen on the port, or take systemd's socket; raise CommandError if that is impossible."""
    if passed := take_passed_socket():
        return passed
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
        reason = (error.strerror or str(error)).lower()
        message = f"Cannot listen on {settings.host}, port {settings.port}: {reason}."
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            other = settings.port + 1 if 1024 <= settings.port < 65535 else 8000
            message += f" Choose another port, as in `PORT={other} make serve`."
        raise CommandError(message) from None


@contextlib.contextmanager
def handled_signals() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into exceptions, as with Ctrl-C, so that the database is stopped."""

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
    """Run workers on an open port and, in this process, the scheduled jobs.

    A single worker is a separate process, too, so that it is replaced when it dies or ends itself.
    `data_folder` is the folder of the embedded PostgreSQL; None with any other database. Raises
    CommandError if a secret is missing.
    """
    settings.require_hash_secret()
    if not settings.public_only:
        settings.require_secret_key()
    import uvicorn

    from app.web.http_limits import KEEP_ALIVE_SECONDS, LimitedHttpProtocol
    from app.web.metrics_server import serving_metrics
    from app.worker import create_worker_app

    typer.echo(f"Sojourn is at {local_url(settings)} (Ctrl-C stops it).")
    configure_logging("serve")
    log.info(
        "Sojourn starts",
        extra={
            "release": release(),
            "workers": workers,
            "database": "embedded" if data_folder else "named",
            # Names alone: a value could be a password.
            "settings": ",".join(changed_settings()) or None,
        },
    )
    config = uvicorn.Config(
        # Passed through a pipe, so that no password is in the environment of a worker.
        partial(create_worker_app, settings, data_folder),
        factory=True,
        workers=workers,
        # Readers' IP addresses and queries must not be logged.
        access_log=False,
        log_level="warning",
        log_config=None,
        server_header=False,
        # `app.web.client_network` reads the headers of proxies instead.
        proxy_headers=False,
        http=LimitedHttpProtocol,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        ws="none",
        lifespan="on",
        # With uvicorn's five seconds, slow workers on a busy machine would be restarted for ever.
        timeout_worker_healthcheck=60,
        # A client with a slow connection must not delay Ctrl-C for ever.
        timeout_graceful_shutdown=5,
    )
    # The scheduled jobs run in this process, so that they run once and not in each worker.
    has_jobs = not (settings.public_only or settings.read_only)
    with serving_metrics(settings) as metrics:
        jobs = running_jobs(settings, on_done=metrics.note_tick if metrics else None)
        with jobs if has_jobs else contextlib.nullcontext():
            _supervise(config, listener)


def _supervise(config: "uvicorn.Config", listener: socket.socket) -> None:
    """Run the workers until a signal.

    Workers are spawned, so they share nothing but the database and the port.
    """
    from uvicorn.config import STARTUP_FAILURE
    from uvicorn.supervisors import Multiprocess

    class Supervisor(Multiprocess):
        def handle_hup(self) -> None:
            """End all workers when the terminal is closed; uvicorn would restart them."""
            self.handle_term()

        def keep_subprocess_alive(self) -> None:
            """Close our copies of the workers' pipe ends, so that a worker's death is noticed."""
            for worker in self.processes:
                worker.child_conn.close()
            super().keep_subprocess_alive()

        def join_all(self) -> None:
            """Wait for the workers, and kill those that do not end in time."""
            deadline = time.monotonic() + GRACE_SECONDS
            for worker in self.processes:
                worker.process.join(max(0, deadline - time.monotonic()))
                if worker.process.is_alive():
                    worker.kill()
                    worker.join()

    supervisor = Supervisor(config, [listener])
    supervisor.run()
    if any(worker.exitcode == STARTUP_FAILURE for worker in supervisor.processes):
        raise CommandError("The site did not start.")


# Scheduled jobs -------------------------------------------------------------------------------

SECONDS_BETWEEN_RUNS = 300.0


@contextlib.contextmanager
def running_jobs(
    settings: Settings,
    seconds_between: float = SECONDS_BETWEEN_RUNS,
    on_done: Callable[[], object] | None = None,
) -> Iterator[None]:
    """Run the jobs in a thread, first after `seconds_between`, until the context ends.

    `on_done` is called after each run.
    """
    stopped = threading.Event()

    def run_later() -> None:
        if stopped.wait(seconds_between):
            return
        # The start of the site does not wait for the desk's code.
        from app import scheduler

        result = scheduler.tick(settings)
        for failure in result.failed if result else ():
            log.error("Scheduled job failed: %s", failure)
        if on_done:
            on_done()

    loop = BackgroundLoop("tick", run_later, stopped)
    loop.start()
    try:
        yield
    finally:
        stopped.set()
        # Stopping the site does not wait for a slow fetch; its transaction is rolled back.
        loop.join(1)
