"""What runs by itself now and then: `sojourn tick` by a clock of the machine's, or `serve` beside its answers.

Safe to run twice, and at once: one works and the others leave it to that one; what is done is not done again.
"""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Engine

from app.background import BackgroundLoop
from app.database.engines import desk_engine
from app.database.locks import alone
from app.database.sessions import DeskSession
from app.desk.feeds import feeds
from app.desk.identity import devices, links, notices, sessions, throttle
from app.desk.imports import commands as imports
from app.desk.imports import working
from app.desk.intake.models import Feed
from app.desk.messages import messages
from app.desk.purges import commands as purging
from app.i18n.translate import N_, _, ngettext
from app.record.publishing.daily_edition import publish_the_day
from app.settings import Settings

log = logging.getLogger("sojourn")

TICKING = 0x53_4A_54_49_43_4B  # any number that nothing else in the database locks
SECONDS_BETWEEN = 300.0


@dataclass(frozen=True)
class Ticked:
    """What was done, duty by duty, and which failed by what kind of error: its words could be private."""

    done: list[str]
    failed: list[str]


def tick(settings: Settings) -> Ticked | None:
    """Does what is due; nothing where somebody else is at it. A duty that fails keeps no other from being done."""
    engine = desk_engine(settings)
    try:
        with alone(engine, TICKING) as is_alone:
            return _do(engine, settings) if is_alone else None
    finally:
        engine.dispose()


def _do(engine: Engine, settings: Settings) -> Ticked:
    done: list[str] = []
    failed: list[str] = []
    for name, duty in DUTIES.items():
        try:
            done += duty(engine, settings)
        except Exception as error:  # whatever it is, it is told
            failed.append(f"{_(name)}: {type(error).__name__}")
    return Ticked(done, failed)


# The duties -------------------------------------------------------------------------------------------------------


def _forget(engine: Engine, _settings: Settings) -> list[str]:
    """What has run out goes, and not only when somebody next comes by."""
    with DeskSession(engine) as db, db.begin():
        keys = sessions.expire(db) + links.expire(db) + throttle.expire(db) + devices.expire(db)
        people = messages.forget(db)
        uploads = imports.give_up_old(db)
    return [
        *_counted(
            "%(num)s key that had run out is gone.", "%(num)s keys that had run out are gone.", keys
        ),
        *_counted(
            "How to reach %(num)s person is forgotten.",
            "How to reach %(num)s people is forgotten.",
            people,
        ),
        *_counted("%(num)s upload is given up.", "%(num)s uploads are given up.", uploads),
    ]


def _mail_notices(engine: Engine, settings: Settings) -> list[str]:
    sent = notices.send_by_mail(engine, settings)
    return _counted("%(num)s notice was mailed.", "%(num)s notices were mailed.", sent)


def _look_at_feeds(engine: Engine, settings: Settings) -> list[str]:
    """Each feed is fetched outside of any transaction, and noted in one of its own."""
    with DeskSession(engine) as db, db.begin():
        due = feeds.due(db)
    new = 0
    for id, url in due:
        brought = feeds.look(url, settings)
        with DeskSession(engine) as db, db.begin():
            feed = db.get(Feed, id, with_for_update=True)
            if feed is not None and feed.stopped_at is None:
                new += feeds.keep(db, feed, brought)
    return [
        *_counted("%(num)s feed was looked at.", "%(num)s feeds were looked at.", len(due)),
        *_counted("%(num)s link is new.", "%(num)s links are new.", new),
    ]


def _counted(one: str, many: str, count: int) -> list[str]:
    return [ngettext(one, many, count) % {"num": count}] if count else []


def _go_on_with_imports(engine: Engine, _settings: Settings) -> list[str]:
    """Where the process that was at work on them is gone."""
    with DeskSession(engine) as db, db.begin():
        missed = working.missed(db)
    went_on = sum(working.work(engine, id) for id in missed)
    return _counted("%(num)s import went on.", "%(num)s imports went on.", went_on)


def _publish_the_day(engine: Engine, settings: Settings) -> list[str]:
    if not settings.daily_edition:
        return []
    with DeskSession(engine) as db, db.begin():
        edition = publish_the_day(db, _("A new day; nothing else has changed"))
        return [_("Edition {number} is of today.").format(number=edition.no)] if edition else []


def _complete_purge_list(engine: Engine, settings: Settings) -> list[str]:
    """Add what was purged while the list could not be written, such as with a full disk."""
    if settings.purge_list is None:
        return []
    with DeskSession(engine) as db, db.begin():
        missing = set(purging.purged(db)) - set(purging.listed(settings.purge_list))
    purging.add_to_list(settings.purge_list, missing)
    return _counted(
        "%(num)s id was missing in the purge list.",
        "%(num)s ids were missing in the purge list.",
        len(missing),
    )


DUTIES: dict[str, Callable[[Engine, Settings], list[str]]] = {
    N_("What has run out"): _forget,
    N_("Notices to accounts"): _mail_notices,
    N_("Watched feeds"): _look_at_feeds,
    N_("The edition of the day"): _publish_the_day,
    N_("The list of what was purged"): _complete_purge_list,
    N_("Imports that stopped"): _go_on_with_imports,
}


# Beside the site --------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def ticking(settings: Settings, seconds_between: float = SECONDS_BETWEEN) -> Iterator[None]:
    """Ticks in a thread of this process, from a while after it began until it ends."""
    stopped = threading.Event()

    def tick_later() -> None:
        if stopped.wait(seconds_between):
            return
        ticked = tick(settings)
        for words in ticked.failed if ticked else ():
            log.error("What runs by itself failed: %s", words)

    loop = BackgroundLoop("tick", tick_later, stopped)
    loop.start()
    try:
        yield
    finally:
        stopped.set()
        # Whoever stops the site does not wait for the end of a fetch; a transaction that is cut off leaves nothing.
        loop.join(1)
