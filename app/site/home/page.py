"""The front page: what it is, what applies now, one picture, and the newest events."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.i18n.translate import _, inside
from app.kinds import PageForm
from app.record.filters import EstimateFilters, EventFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.age import Age
from app.record.names.directory import Directory
from app.record.sql.rows import ListRow
from app.site.components.editor_sentences import EditorSentence, sentences_of_places
from app.site.components.headcounts import (
    STOCK_FILTERS,
    headline,
    newest_wholes,
    of_same_month,
)
from app.site.components.text import Paragraph, paragraphs, plain_words
from app.site.components.urls import PageLink, with_filters
from app.site.home.picture import YearsByDirection
from app.site.presenters.estimate import Headline, headline_view
from app.site.presenters.event import EventView, event_view
from app.site.status.state import State, states_of
from app.vocabulary.pages import PageKind
from app.vocabulary.record import PlaceKind
from app.web.urls import url

MAX_EVENTS = 5
MAX_EXAMPLES = 4
MAX_WORDS = 75
"""Words of a row of what applies. What does not fit is left out as a whole sentence."""
MAX_ESTIMATES = 40
"""Newest estimates of each place that are read."""


class Subject:
    """What the record is about: a heading and a sentence of the editors."""

    def __init__(self, page: PageForm) -> None:
        self.title = page.names[0].text
        self.text: Sequence[Paragraph] = paragraphs(page.body)
        self.description = plain_words(page.body)
        self.lang = page.language if page.language != "en" else ""


class PlaceNow:
    """One row of what applies: a place, its state, the newest event, and workers there."""

    def __init__(
        self,
        code: str,
        state: State,
        newest: EventView | None,
        workers: Headline | None,
        written: EditorSentence | None,
        *,
        said_above: Collection[str] = (),
    ) -> None:
        """`said_above`: ids of rules that the row of the whole world tells."""
        self.state, self.workers, self.written = state, workers, written
        self.label = state.directory.label("place", code)
        self.address = with_filters(url("status"), StatusFilters.made_of({"place": [code]}, {}))
        claims = [each for each in state.claims if not (each.rule and each.rule.id in said_above)]
        self.claims = claims or state.claims
        # How sure and how old is that of the rule that comes first.
        self.rule = self.claims[0].rule
        rules = [claim.rule for claim in self.claims if claim.rule]
        told = max((rule.last_day or date.min for rule in rules), default=date.min)
        is_newer = bool(newest and newest.row.sort_day and newest.row.sort_day > told)
        is_other = newest is not None and newest.id not in {rule.id for rule in rules}
        self.newest = newest if is_newer and is_other else None

    @property
    def sentences(self) -> list[str]:
        """What the reports say and the newest event, as whole sentences up to a limit."""
        first, *others = self.claims
        says, room = first.says, MAX_WORDS - len(first.word.split())
        if first.rule and len(says.split()) > room:
            says = first.rule.title
        found = [f"{says}."] if says else []
        for claim in others:
            found.append(claim.word)
            if claim.rule:
                # Its own support: that of the row is of the first.
                found.append(
                    _("{says} ({sure}).").format(
                        says=claim.says, sure=inside(claim.rule.sure_of_state)
                    )
                )
        if self.newest:
            newest = _("Newest report: {title}, {date}.").format(
                title=self.newest.form["title"], date=self.newest.when
            )
            if len(" ".join([*found, newest]).split()) <= room:
                found.append(newest)
        return found

    @property
    def reported(self) -> Age | None:
        """How old the last report of the rule is; None for a law, which needs none."""
        return self.rule.age if self.rule and not self.rule.is_law else None


class HomePage:
    """What `site/home/page.html` shows of an edition."""

    def __init__(
        self, db: Session, edition: IndexedEdition, directory: Directory, *, is_named: bool = False
    ) -> None:
        """`is_named`: whether the address names the edition. Such a page never changes."""
        self.db, self.edition, self.directory = db, edition, directory
        self.is_named = is_named
        self.on = edition.at.date()
        found = directory.page_of_kind(PageKind.SUBJECT)
        self.subject = Subject(found) if found else None
        shown = directory.page_of_kind(PageKind.PICTURE)
        self.places = [code for code in (shown.places if shown else ()) if code in directory.places]
        self.events = backend.match(db, edition, EventFilters(), directory).total
        self.estimates = backend.match(db, edition, EstimateFilters(), directory).total

    @cached_property
    def _seqs(self) -> dict[str, Sequence[int]]:
        """The newest events of all places ("") and of each place."""
        return {
            code: backend.latest_rows(
                self.db,
                self.edition,
                EventFilters.made_of({"place": [code] if code else ()}, {}),
                self.directory,
                most=1 if code else MAX_EVENTS,
            ).seqs
            for code in ("", *self.places)
        }

    @cached_property
    def _estimate_seqs(self) -> dict[str, Sequence[int]]:
        """The newest estimates for the whole of each place."""
        return {
            code: backend.latest_rows(
                self.db,
                self.edition,
                EstimateFilters.made_of(STOCK_FILTERS.included, {}),
                self.directory,
                most=MAX_ESTIMATES,
                having=[[("whole-at", code)]],
            ).seqs
            for code in self.places
        }

    @cached_property
    def _rows(self) -> dict[int, ListRow]:
        every = [*self._seqs.values(), *self._estimate_seqs.values()]
        return backend.rows_by_seq(self.db, [seq for seqs in every for seq in seqs])

    def _newest_of(self, code: str) -> list[EventView]:
        rows = [self._rows[seq] for seq in self._seqs[code] if seq in self._rows]
        return [event_view(row, self.directory, self.on) for row in rows]

    @cached_property
    def newest(self) -> list[EventView]:
        return self._newest_of("")

    @cached_property
    def now(self) -> list[PlaceNow]:
        """One row for the whole world, and one for each place that the editors list."""
        world = [
            place.code
            for place in self.directory.places.values()
            if place.kind is PlaceKind.WORLD and self.places
        ]
        asked = [*((code, False) for code in self.places), *((code, True) for code in world)]
        states = states_of(self.db, self.edition, self.directory, asked)
        codes = [*self.places, *world]
        written = sentences_of_places(self.db, self.edition, self.directory, PageKind.ROW, codes)
        of_world = [
            PlaceNow(code, state, None, None, written.get(code))
            for code, state in zip(world, states[len(self.places) :], strict=True)
            if state.newest
        ]
        said_above = {claim.rule.id for row in of_world for claim in row.claims if claim.rule}
        return of_world + [
            PlaceNow(
                code,
                state,
                next(iter(self._newest_of(code)), None),
                self._workers(code),
                written.get(code),
                said_above=said_above,
            )
            for code, state in zip(self.places, states, strict=False)
        ]

    def _workers(self, code: str) -> Headline | None:
        rows = [self._rows[seq] for seq in self._estimate_seqs[code] if seq in self._rows]
        newest = headline(newest_wholes(rows, code))
        if newest is None:
            return None
        return headline_view(of_same_month(newest, rows, code), self.on, self.directory, code)

    @property
    def overview(self) -> PageLink | None:
        """The overview that the editors wrote; None if there is none yet."""
        found = self.directory.page_of_kind(PageKind.OVERVIEW)
        return PageLink(found.names[0].text, url("page", code=found.code)) if found else None

    @cached_property
    def picture(self) -> YearsByDirection | None:
        drawn = YearsByDirection(self.db, self.edition, self.directory, self.places)
        return drawn if drawn.has_squares else None

    @property
    def examples(self) -> list[tuple[str, str, str]]:
        """Searches for the listed places, some by a name in another script: name, address, lang."""
        found: list[tuple[str, str, str]] = []
        for code in self.places[:MAX_EXAMPLES]:
            names = [
                *self.directory.names_of_place(code)[:1],
                ("", self.directory.label("place", code)),
            ]
            lang, name = names[0] if len(found) % 2 else names[-1]
            found.append((name, f"{url('search')}?{urlencode({'q': name})}", lang))
        return found
