"""Which edition a worker answers from: the newest of which it has the indexes, read beside the requests.

A request is answered from one edition, chosen as it begins; while a newer one is brought in, requests go on being
answered from the one before. A worker that can't bring one in says so, and goes on as well.
"""

import contextlib
import ctypes
import gc
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.background import BackgroundLoop, GiveUp
from app.record.editions import NoEdition, Reading, reading
from app.record.index import Index, build_each, caught_up_each
from app.record.index.building import with_common
from app.record.index.gathering import gathered

log = logging.getLogger("sojourn")

MOST_KEPT = 2
"""Editions whose indexes are kept: who pages through a list began in the one before."""
MOST_SECONDS_BEHIND = 10.0


@dataclass(frozen=True)
class Serving:
    """The indexes of one edition, one for each kind of list."""

    edition: int
    at: datetime
    """When it was published."""
    indexes: Mapping[str, Index]

    @property
    def has_common(self) -> bool:
        """Whether the rows of common words have been gathered."""
        return all(index.common for index in self.indexes.values())


@dataclass(frozen=True)
class Health:
    """Which edition is published and which one this worker answers from; `problem` is empty where all is well."""

    published: int
    served: int
    seconds_behind: float
    problem: str
    is_gathering: bool
    """Whether rows of common words are still being gathered, which is no fault."""


class Indexes:
    def __init__(
        self,
        sessions: Callable[[], AbstractContextManager[Session]],
        also: Callable[[Session, Reading], object] = lambda _db, _edition: None,
        is_alone: bool = False,
        give_up: GiveUp | None = None,
    ) -> None:
        self.sessions = sessions
        self.also = also
        """What else is made ready of an edition before readers are answered from it."""
        self.is_alone = is_alone
        """Whether its process does nothing but serve this site."""
        self.kept: Sequence[Serving] = ()
        self.busy = threading.Lock()
        self.failed = ""
        self.behind_since: float | None = None
        self.stopped = threading.Event()
        self.changed = threading.Event()
        """Set when there are other indexes than before."""
        self.gathering = BackgroundLoop("words", self._gather, self.stopped, give_up)

    def start(self) -> None:
        """From now on the rows of common words are gathered beside the requests. Searches don't wait for them."""
        self.gathering.start()

    def stop(self) -> None:
        self.stopped.set()
        self.changed.set()
        self.gathering.join()

    @property
    def serving(self) -> Serving | None:
        """What requests that begin now are answered from; nothing until the first edition has been read."""
        return self.kept[0] if self.kept else None

    def of(self, edition: Reading, kind: str) -> Index | None:
        for serving in self.kept:
            if serving.edition == edition.no:
                return serving.indexes[kind]
        # One that failed is tried again by the watch, and not by each reader.
        if edition.is_newest and not self.failed and not self.busy.locked():
            threading.Thread(target=self.catch_up, name="index", daemon=True).start()
        return None

    def catch_up(self) -> bool:
        """Brings in the newest edition; whether it is the one now served."""
        with self.busy:
            try:
                with self.sessions() as db:
                    self._bring_in(db)
            except NoEdition:
                return False
            except Exception as error:  # Whatever it was, readers are better served with an older edition than not.
                if not self.failed:
                    log.exception(
                        "This worker can't bring in the newest edition, and will try again"
                    )
                self.failed = type(error).__name__
                return False
            self.failed = ""
            self.changed.set()
            return True

    def _bring_in(self, db: Session) -> None:
        edition, before = reading(db), self.serving
        if self._seconds_behind(edition.no) == 0:
            return
        earlier = before if before and before.edition < edition.no else None
        indexes = (
            caught_up_each(db, earlier.indexes, edition) if earlier else build_each(db, edition)
        )
        self.also(db, edition)
        if not earlier or any(
            index.rows.room is not earlier.indexes[kind].rows.room
            for kind, index in indexes.items()
        ):
            # Read anew, or put in order: what there was before is on its way out.
            _give_back()
            if self.is_alone:
                _settle()
        self.kept = (Serving(edition.no, edition.at, indexes), *self.kept[: MOST_KEPT - 1])
        self.behind_since = None

    def _gather(self) -> None:
        """Gather what is missing, then wait for other indexes. Meanwhile all is answered without."""
        while self.gather():
            pass
        self.gathering.note_success()
        self.changed.wait()
        self.changed.clear()

    def gather(self) -> bool:
        """Gathers what is missing of common words; whether anything was, since there may be other indexes meanwhile."""
        serving = self.serving
        if serving is None or serving.has_common:
            return False
        # It rests as long as it worked: there may be no other processor for readers.
        common = gathered(self.sessions, serving.indexes, _reading(serving), self.stopped.wait)
        if common is None:
            return False
        with self.busy:
            now = self.serving
            assert now
            if any(
                index.rows.room is not serving.indexes[kind].rows.room
                for kind, index in now.indexes.items()
            ):
                return True  # Read anew, or put in order: the same rows have other slots.
            indexes = {
                kind: replace(index, common=common[kind]) for kind, index in now.indexes.items()
            }
            if now.edition > serving.edition:
                with self.sessions() as db:
                    indexes = with_common(db, indexes, serving.edition, _reading(now))
            self.kept = (replace(now, indexes=indexes), *self.kept[1:])
        _give_back()
        return True

    def health(self, published: int) -> Health:
        serving = self.serving
        served = serving.edition if serving else published
        seconds = self._seconds_behind(published)
        meanwhile = f"readers see edition {served}" if serving else "until then lists are slow"
        problem = ""
        if self.failed:
            problem = f"Edition {published} can't be brought in ({self.failed}); {meanwhile}."
        elif seconds > MOST_SECONDS_BEHIND:
            problem = (
                f"Edition {published} has been on its way in for {seconds:.0f} s; {meanwhile}."
            )
        is_gathering = (
            self.gathering.thread.is_alive() and serving is not None and not serving.has_common
        )
        return Health(published, served, round(seconds, 3), problem, is_gathering)

    def _seconds_behind(self, published: int) -> float:
        """How long this worker has known that it doesn't serve that edition."""
        if published == 0 or (self.serving and self.serving.edition == published):
            self.behind_since = None
            return 0
        if self.behind_since is None:
            self.behind_since = time.monotonic()
        return max(time.monotonic() - self.behind_since, 0.001)


def _reading(serving: Serving) -> Reading:
    return Reading(serving.edition, serving.at, serving.edition)


def _settle() -> None:
    """What is there now stays: Python need not look through a million objects again and again, each time for as long
    as it takes to answer ten readers, to find which of them nobody needs any more."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _give_back() -> None:
    """What only reading needed goes back to the system; the C library would keep it, a third of all, for later."""
    with contextlib.suppress(AttributeError):  # Another C library than GNU's gives back by itself.
        ctypes.CDLL(None).malloc_trim(0)
