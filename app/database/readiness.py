"""Checks every few seconds whether both logins work and the tables are those of this release.

`/healthz/ready` reports the results, so that its answer never waits for a database. A desk with a
server of its own is checked each second: its pages stop waiting when that server is silent.
`app.record.index.edition_watcher` does this for the site's database.
"""

import re
import threading
import time
from functools import cache

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from app import paths
from app.background import BackgroundLoop
from app.database.backup_folder import newest_age_seconds
from app.database.engines import desk_login_engine, watch_engine
from app.database.waits import Pulse
from app.settings import Settings

SECONDS_BETWEEN = 1.0
ROUNDS_BETWEEN_CHECKS = 5
STALE_SECONDS = 30.0
"""A check that takes longer than this counts as failed: the database is silent."""
NOT_CHECKED = "It has not been checked yet."
REVISION = re.compile(r'^revision = "(\w+)"', re.MULTILINE)


class ReadinessWatch:
    """A thread that opens a new connection with each login, since only a new one proves the login.

    `problems` has a sentence for each failed check, and "" for each successful one. `desk_pulse` is
    that of the desk's own server; None if it shares the site's.
    """

    def __init__(self, settings: Settings, desk_pulse: Pulse | None = None) -> None:
        self.reader: Engine = watch_engine(settings)
        self.desk: Engine | None = desk_login_engine(settings)
        """None on a public site without a desk."""
        self.desk_pulse = desk_pulse
        self.rounds = 0
        self.results: dict[str, str] = {"reader_login": NOT_CHECKED, "migrations": NOT_CHECKED}
        if self.desk:
            self.results["desk_login"] = NOT_CHECKED
        self.checked_at: float | None = None
        self.backup_dir = settings.backup_dir
        self.backup_age_seconds: float | None = None
        """None without a backup, or if SOJOURN_BACKUP_DIR is not set."""
        self.stopped = threading.Event()
        self.loop = BackgroundLoop("readiness", self._check_later, self.stopped)

    def start(self) -> None:
        self.loop.start()

    def stop(self) -> None:
        self.stopped.set()
        # A check that waits for a silent database must not delay the end of the worker.
        self.loop.join(1)

    @property
    def problems(self) -> dict[str, str]:
        since = self.checked_at
        if since is not None and time.monotonic() - since > STALE_SECONDS:
            return dict.fromkeys(self.results, "The database does not answer.")
        return dict(self.results)

    def check(self) -> None:
        """Run all checks once."""
        results = {"reader_login": "", "migrations": ""}
        try:
            with self.reader.connect() as connection:
                # Tables of an older release may lack the view.
                has_view = connection.scalar(text("SELECT to_regclass('record.revision')"))
                revision = (
                    connection.scalar(text("SELECT version_num FROM record.revision"))
                    if has_view
                    else None
                )
            results["migrations"] = describe_revision(revision)
        except SQLAlchemyError as error:
            results["reader_login"] = f"The reader's login fails ({_name(error)})."
            results["migrations"] = "The tables can't be read with the reader's login."
        if self.desk:
            results["desk_login"] = self._check_desk(self.desk)
        self.backup_age_seconds = newest_age_seconds(self.backup_dir)
        self.results = results
        self.checked_at = time.monotonic()

    def _check_desk(self, desk: Engine) -> str:
        """Return what is wrong with the desk's login, and report to its pulse."""
        try:
            with desk.connect() as connection:
                connection.execute(text("SELECT 1 FROM desk.person LIMIT 0"))
        except SQLAlchemyError as error:
            if self.desk_pulse:
                self.desk_pulse.note_failure(getattr(error, "orig", None) or error)
            return f"The desk's login fails ({_name(error)})."
        if self.desk_pulse:
            self.desk_pulse.note_answer()
        return ""

    def _check_later(self) -> None:
        if self.rounds % ROUNDS_BETWEEN_CHECKS == 0:
            self.check()
        elif self.desk and self.desk_pulse:
            self._check_desk(self.desk)
        self.rounds += 1
        self.stopped.wait(SECONDS_BETWEEN)


def describe_revision(revision: str | None) -> str:
    """Return "" if the tables are those of this release or of a later one.

    A running release keeps answering while a later one migrates the tables.
    """
    if revision is None or revision < newest_revision():
        return "The tables are those of an older release: run `sojourn migrate`."
    return ""


@cache
def newest_revision() -> str:
    """Return the newest revision, read from the files.

    Importing Alembic and the migrations would take memory in each worker.
    """
    files = (paths.MIGRATIONS / "versions").glob("*.py")
    return str(max(REVISION.findall("".join(file.read_text() for file in files))))


def _name(error: SQLAlchemyError) -> str:
    """Return the error's class: its message could name a host or a login."""
    cause = getattr(error, "orig", None) or error
    return type(cause).__name__
