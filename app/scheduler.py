"""Scheduled jobs, run by `sojourn tick` from cron or by `sojourn serve` in a thread of its own.

Concurrent runs are safe: a lock lets one run work, and the others end at once. Repeated runs are
safe too.
"""

import contextlib
import shlex
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from app.database import upkeep
from app.database.backup import Manifest, write_backup
from app.database.engines import advisory_lock, desk_engine
from app.database.errors import describe_database_error
from app.database.server_checks import MESSAGE
from app.database.sessions import DeskSession
from app.database.upkeep import note_tick
from app.desk import purges
from app.desk.identity import (
    notices,
    sign_ins,
    throttle,
)
from app.desk.intake import WatchedFeed
from app.desk.reports import texts
from app.desk.review import page
from app.desk.round import items, links
from app.errors import CommandError
from app.i18n.translate import N_, _, ngettext
from app.record.publishing.next_edition import publish_daily_edition
from app.settings import Settings

BACKUP_TOLERANCE_SECONDS = 600
"""A job that runs every day at the same time must not find the last backup a minute too young."""
MAX_COPY_SECONDS = 3 * 3600
SECONDS_BETWEEN_MAILS = 24 * 3600
LOCK_NUMBER = 0x53_4A_54_49_43_4B  # unique among the advisory locks of this database


@dataclass(frozen=True)
class TickResult:
    """Results of one run: messages, and the failed jobs with the reason.

    Of an error that is not our own, the reason is its class: its message may be private.
    """

    done: list[str]
    failed: list[str]


def tick(settings: Settings) -> TickResult | None:
    """Run the due jobs; return None if another run is under way.

    A failing job does not stop the others.
    """
    engine = desk_engine(settings)
    try:
        with advisory_lock(engine, LOCK_NUMBER) as is_alone:
            return _run_jobs(engine, settings) if is_alone else None
    finally:
        engine.dispose()


def _run_jobs(engine: Engine, settings: Settings) -> TickResult:
    done: list[str] = []
    failed: list[str] = []
    for name, job in JOBS.items():
        try:
            done += job(engine, settings)
        except Exception as error:  # reported by the caller
            reason = str(error) if isinstance(error, CommandError) else type(error).__name__
            failed.append(f"{_(name)}: {reason}")
    with engine.begin() as connection:
        connection.execute(MESSAGE)
    note_tick(settings)
    return TickResult(done, failed)


# Jobs -------------------------------------------------------------------------------------------


def _delete_expired(engine: Engine, _settings: Settings) -> list[str]:
    """Delete expired rows, independent of visits to the site."""
    with DeskSession(engine) as db, db.begin():
        keys = sign_ins.expire(db) + throttle.expire(db)
        people = items.delete_expired(db)
        notices.delete_old(db)
        reports = texts.delete_due(db)
    return [
        *_count_message(
            "%(num)s key that had run out is gone.", "%(num)s keys that had run out are gone.", keys
        ),
        *_count_message(
            "How to reach %(num)s person is forgotten.",
            "How to reach %(num)s people is forgotten.",
            people,
        ),
        *_count_message(
            "The text of %(num)s report is deleted.",
            "The texts of %(num)s reports are deleted.",
            reports,
        ),
    ]


def _mail_notices(engine: Engine, settings: Settings) -> list[str]:
    """Make the notices that no request makes, then send all that are due."""
    with DeskSession(engine) as db, db.begin():
        items.notify_of_removals(db)
        page.summarise(db, settings)
    sent = notices.send_by_mail(engine, settings)
    return _count_message("%(num)s mail was sent.", "%(num)s mails were sent.", sent)


def _fetch_feeds(engine: Engine, settings: Settings) -> list[str]:
    """Fetch each due feed outside of a transaction, and store it in a transaction of its own."""
    with DeskSession(engine) as db, db.begin():
        due = links.feeds_to_check(db)
    new = 0
    for id, url in due:
        brought = links.read_feed(url, settings)
        with DeskSession(engine) as db, db.begin():
            feed = db.get(WatchedFeed, id, with_for_update=True)
            if feed is not None and feed.stopped_at is None:
                new += links.store_check(db, feed, brought)
    return [
        *_count_message("%(num)s feed was looked at.", "%(num)s feeds were looked at.", len(due)),
        *_count_message("%(num)s link is new.", "%(num)s links are new.", new),
    ]


def _count_message(one: str, many: str, count: int) -> list[str]:
    return [ngettext(one, many, count) % {"num": count}] if count else []


def _publish_the_day(engine: Engine, settings: Settings) -> list[str]:
    if not settings.daily_edition:
        return []
    with DeskSession(engine) as db, db.begin():
        edition = publish_daily_edition(db, _("New day; no other changes"))
        return (
            [_("Edition {number} was published for today.").format(number=edition.no)]
            if edition
            else []
        )


def _complete_purge_list(engine: Engine, settings: Settings) -> list[str]:
    """Add ids purged while the list could not be written, such as with a full disk."""
    if settings.purge_list is None:
        return []
    with DeskSession(engine) as db, db.begin():
        missing = set(purges.purged_ids(db)) - set(purges.read_list(settings.purge_list))
    purges.add_to_list(settings.purge_list, missing)
    return _count_message(
        "%(num)s id was missing in the purge list.",
        "%(num)s ids were missing in the purge list.",
        len(missing),
    )


def back_up_if_due(settings: Settings) -> list[str]:
    """Make the backup that is due. Needs a login that may act as the owner of the tables."""
    folder = settings.backup_dir
    if folder is None:
        return []
    age = upkeep.newest_age_seconds(folder)
    if age is not None and age < settings.backup_hours * 3600 - BACKUP_TOLERANCE_SECONDS:
        return []
    file = upkeep.new_name(folder)
    back_up(settings, file)
    removed = upkeep.remove_old(folder, settings.backup_keep)
    return [
        _("Backup written: {name}.").format(name=file.name),
        *_count_message(
            "%(num)s old backup was removed.", "%(num)s old backups were removed.", len(removed)
        ),
    ]


def back_up(settings: Settings, file: Path) -> tuple[Manifest, Path | None]:
    """Write a backup and, next to it, the list of purged records, and copy both away.

    Returns the manifest and the list, None if nothing was purged. A failure is also mailed.
    """
    # Not in the folder of the backups, if there is another: that it is missing may be the reason.
    told = Path(settings.data_dir or file.parent, "backup-failed")
    try:
        manifest = write_backup(settings, file)
        engine = desk_engine(settings)
        try:
            with DeskSession(engine) as db, db.begin():
                purge_list = purges.write_purge_list(db, file)
        finally:
            engine.dispose()
        for each in filter(None, (file, purge_list)):
            _copy_away(settings, each)
    except (CommandError, DBAPIError, psycopg.Error, OSError) as error:
        _mail_failure(settings, told, error)
        raise
    told.unlink(missing_ok=True)
    return manifest, purge_list


def _copy_away(settings: Settings, file: Path) -> None:
    if not settings.backup_command:
        return
    command = [word.replace("{file}", str(file)) for word in shlex.split(settings.backup_command)]
    try:
        subprocess.run(
            command,
            check=True,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=MAX_COPY_SECONDS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        # The last line that a program writes names its reason.
        lines = (getattr(error, "stderr", None) or b"").decode(errors="replace").splitlines()
        reason = lines[-1] if lines else getattr(error, "strerror", "") or type(error).__name__
        raise CommandError(
            f"{file} is written, but SOJOURN_BACKUP_COMMAND did not copy it: {reason}."
        ) from None


def _mail_failure(settings: Settings, told: Path, error: Exception) -> None:
    """Mail the reason, at most once a day: `told` is a file that is as old as the last mail."""
    try:
        is_told = time.time() - told.stat().st_mtime < SECONDS_BETWEEN_MAILS
    except OSError:
        is_told = False
    if is_told or not settings.backup_mail:
        return
    reason = (
        describe_database_error(error)
        if isinstance(error, (DBAPIError, psycopg.Error))
        else str(error)
    )
    with contextlib.suppress(notices.MailError, OSError):  # the caller reports the failed backup
        notices.send(settings, settings.backup_mail, "The backup of Sojourn failed", reason)
        told.touch()


JOBS: dict[str, Callable[[Engine, Settings], list[str]]] = {
    N_("Expired data"): _delete_expired,
    N_("Notices"): _mail_notices,
    N_("Watched feeds"): _fetch_feeds,
    N_("The edition of the day"): _publish_the_day,
    N_("Purge list"): _complete_purge_list,
    N_("The scheduled backup"): lambda _engine, settings: back_up_if_due(settings),
}
