"""The indexes of a worker, updated in the background when an edition is published.

A request uses one edition from start to end. Until the newest edition is loaded, requests use the
one before; until the first one is loaded, the worker is not ready. If loading fails, the worker
reports it in its health and tries again.
"""

import contextlib
import ctypes
import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache

from sqlalchemy.orm import Session

from app.background import BackgroundLoop, GiveUp
from app.record.editions import NoEditionError, SelectedEdition, select_edition
from app.record.index import Index, build_indexes, update_indexes
from app.record.index.build import (
    empty_indexes,
    gather_common_words,
    hide_rows,
    read_purged_since,
)

log = logging.getLogger("sojourn")

MAX_PAST_EDITIONS = 8
"""Past editions whose rows stay selected: those that were asked for lately."""
MAX_SECONDS_WAITED = 3.0
"""How long a request waits for an edition that is published but not loaded yet."""
SECONDS_BETWEEN_LOOKS = 0.1
MAX_SECONDS_BEHIND = 10.0
"""Longer delays are reported as a problem."""


Prepare = Callable[[Session, SelectedEdition], object]


class NotReadyError(Exception):
    """This worker has not read the edition yet."""


@dataclass(frozen=True)
class ServedEdition:
    """The indexes by kind, with the newest edition that they have."""

    edition: int
    at: datetime
    """When the edition was published."""
    indexes: Mapping[str, Index]

    @property
    def has_common(self) -> bool:
        return all(index.common for index in self.indexes.values())

    @cached_property
    def past(self) -> Callable[[int], Mapping[str, Index]]:
        """The indexes of an earlier edition; those that were asked for lately stay selected."""

        @lru_cache(MAX_PAST_EDITIONS)
        def select(edition: int) -> Mapping[str, Index]:
            return {kind: index.at(edition) for kind, index in self.indexes.items()}

        return select

    def select(self, edition: int) -> Mapping[str, Index]:
        """Return the indexes of this edition or of an earlier one."""
        return self.indexes if edition == self.edition else self.past(edition)


@dataclass(frozen=True)
class IndexHealth:
    """The published edition and the one that this worker serves; `problem` is empty if healthy."""

    published: int
    served: int
    seconds_behind: float
    problem: str
    is_ready: bool
    """Whether an edition is loaded, or none is published."""
    is_gathering: bool
    """Whether rows of common words are still being read, which is normal after a start."""


class IndexManager:
    def __init__(
        self,
        sessions: Callable[[], AbstractContextManager[Session]],
        also: Prepare = lambda _db, _edition: None,
        later: Prepare = lambda _db, _edition: None,
        give_up: GiveUp | None = None,
    ) -> None:
        self.sessions = sessions
        self.also = also
        """Prepares other data of an edition before the edition is served."""
        self.later = later
        """Prepares data that a page would otherwise make for itself, once the edition is served."""
        self.serving: ServedEdition | None = None
        """The indexes for new requests; None until the first edition is loaded."""
        self.busy = threading.Lock()
        self.loaded = threading.Condition()
        self.failed = ""
        self.behind_since: float | None = None
        self.stopped = threading.Event()
        self.changed = threading.Event()
        """Set when the indexes were replaced."""
        self.gathering = BackgroundLoop("words", self._gather, self.stopped, give_up)

    def start(self) -> None:
        """Start to read rows of common words in the background. Searches don't wait for them."""
        self.gathering.start()

    def stop(self) -> None:
        self.stopped.set()
        self.changed.set()
        self.gathering.join()

    def wait_for(self, edition: int) -> ServedEdition:
        """Return the indexes with a published edition; raise NotReadyError after some seconds."""
        until = time.monotonic() + MAX_SECONDS_WAITED
        while self.serving is None or self.serving.edition < edition:
            # After a failure the edition watcher tries again, so that not every request does.
            if not self.failed and not self.busy.locked():
                threading.Thread(target=self.catch_up, name="index", daemon=True).start()
            with self.loaded:
                self.loaded.wait(SECONDS_BETWEEN_LOOKS)
            if time.monotonic() > until:
                raise NotReadyError
        return self.serving

    def published(self) -> Mapping[str, Index]:
        """Return the indexes of the newest edition that is loaded; empty ones without any."""
        return self.serving.indexes if self.serving else empty_indexes()

    def catch_up(self) -> bool:
        """Load the newest edition; return whether it is served now."""
        with self.busy:
            try:
                with self.sessions() as db:
                    self._load_newest(db)
            except NoEditionError:
                return False
            except Exception as error:  # Whatever the cause, an older edition is better than none.
                if not self.failed:
                    log.exception(
                        "This worker can't bring in the newest edition, and will try again"
                    )
                self.failed = type(error).__name__
                return False
            self.failed = ""
            self.changed.set()
        with self.loaded:
            self.loaded.notify_all()
        return True

    def _load_newest(self, db: Session) -> None:
        edition, before = select_edition(db), self.serving
        if self._seconds_behind(edition.no) == 0:
            return
        earlier = before if before and before.edition < edition.no else None
        if earlier and (purged := read_purged_since(db, earlier.edition)):
            # Building takes seconds, in which nothing purged may be listed or counted.
            hidden = {kind: hide_rows(index, purged) for kind, index in earlier.indexes.items()}
            self.serving = replace(earlier, indexes=hidden)
        indexes = (
            update_indexes(db, earlier.indexes, edition) if earlier else build_indexes(db, edition)
        )
        self.also(db, edition)
        if not earlier or any(
            index.rows.order is not earlier.indexes[kind].rows.order
            for kind, index in indexes.items()
        ):
            # The index was rebuilt, so the old one can be freed.
            _free_memory()
        self.serving = ServedEdition(edition.no, edition.at, indexes)
        self.behind_since = None

    def _gather(self) -> None:
        """Prepare what the first searches need, then wait until the indexes are replaced."""
        while self.gather():
            pass
        if serving := self.serving:
            try:
                with self.sessions() as db:
                    self.later(db, _edition_of(serving))
            except Exception:  # A page that needs it makes it, or says what is wrong.
                log.exception("What the first searches need could not be prepared")
        self.gathering.note_success()
        self.changed.wait()
        self.changed.clear()

    def gather(self) -> bool:
        """Read missing common words; return whether to call again, for replaced indexes."""
        serving = self.serving
        if serving is None or serving.has_common:
            return False
        # Pauses as long as each statement took: there may be only one CPU for all requests.
        common = gather_common_words(
            self.sessions, serving.indexes, _edition_of(serving), self.stopped.wait
        )
        if common is None:
            return False
        with self.busy:
            if self.serving is not serving:
                return True  # An edition was published meanwhile.
            indexes = {
                kind: replace(index, common=common[kind]) for kind, index in serving.indexes.items()
            }
            self.serving = replace(serving, indexes=indexes)
        _free_memory()
        return True

    def health(self, published: int) -> IndexHealth:
        serving = self.serving
        served = serving.edition if serving else 0
        seconds = self._seconds_behind(published)
        meanwhile = f"readers see edition {served}" if serving else "until then there are no lists"
        problem = ""
        if self.failed:
            problem = f"Edition {published} can't be brought in ({self.failed}); {meanwhile}."
        elif seconds > MAX_SECONDS_BEHIND:
            problem = (
                f"Edition {published} has been on its way in for {seconds:.0f} s; {meanwhile}."
            )
        is_gathering = (
            self.gathering.thread.is_alive() and serving is not None and not serving.has_common
        )
        is_ready = serving is not None or published == 0
        if not is_ready and not problem:
            problem = f"Edition {published} is being read."
        return IndexHealth(published, served, round(seconds, 3), problem, is_ready, is_gathering)

    def _seconds_behind(self, published: int) -> float:
        """Return the seconds since this worker first saw an edition that it does not serve yet."""
        if published == 0 or (self.serving and self.serving.edition == published):
            self.behind_since = None
            return 0
        if self.behind_since is None:
            self.behind_since = time.monotonic()
        return max(time.monotonic() - self.behind_since, 0.001)


def _edition_of(serving: ServedEdition) -> SelectedEdition:
    return SelectedEdition(serving.edition, serving.at, serving.edition)


def _free_memory() -> None:
    """Return freed memory to the system: glibc would keep it, a third of the process."""
    with contextlib.suppress(AttributeError):  # Other C libraries have no malloc_trim.
        ctypes.CDLL(None).malloc_trim(0)
