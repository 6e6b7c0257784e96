"""Measures with their dated steps, for the question where they stood on a day: those of a place and of what it lies in.

Four statements, however many measures there are: the measures, the events whose citations their steps rest on, the
sources of these, and how much else happened around that day.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Row, false, or_, select
from sqlalchemy.orm import Session

from app.dates import edtf
from app.filtering import NONE
from app.forms import Citation, SourceForm, Stage
from app.forms.events import UNSTATED
from app.record.editions import Reading
from app.record.filters import EventFilters, StatusFilters
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.rules.containment import surroundings_of
from app.record.rules.stages import DatedStep, stored
from app.record.sql import conditions
from app.record.sql import rows as queries
from app.record.terms import term_numbers
from app.vocabulary.events import Role, Step, TermKey

MOST = 300
"""Measures that are looked at; where a question finds more, the newest of them."""


@dataclass(frozen=True)
class DatedStage:
    """A step as it was written down, and the days on which it may have been reached."""

    stage: Stage
    reached: DatedStep


@dataclass(frozen=True)
class Measure:
    """An event that has stages or a deadline, read as it is stored."""

    id: str
    payload: Mapping[str, Any]
    begun_by: date | None
    """The last day on which it could have begun: once that has passed, a plan is overdue."""

    @property
    def form(self) -> Mapping[str, Any]:
        form: Mapping[str, Any] = self.payload["form"]
        return form

    @cached_property
    def stages(self) -> Sequence[DatedStage]:
        written = (Stage.model_validate(stage) for stage in self.form.get("stages", []))
        return [
            DatedStage(stage, stored(step))
            for stage, step in zip(written, self.payload["steps"], strict=True)
        ]

    @property
    def steps(self) -> list[DatedStep]:
        return [dated.reached for dated in self.stages]

    @cached_property
    def places(self) -> Mapping[str, Role]:
        """The places that it names itself, each with its role; what is only seen in a picture is none of them."""
        named = (
            term for term in self.form["terms"] if term["key"] == TermKey.PLACE and "code" in term
        )
        return {
            term["code"]: Role(term["role"]) for term in named if term["role"] != Role.SHOWN_ONLY
        }

    @property
    def deadline(self) -> edtf.Days | None:
        text = self.form.get("deadline", "")
        return edtf.parse(text).whole if text and text != UNSTATED else None

    @property
    def linked(self) -> list[str]:
        """Events linked with it, either way: a step may rest on their citations."""
        return [link["to"] for link in self.form.get("links", [])] + [
            link["from"] for link in self.payload["links_from"]
        ]


def wider_than(asked: Iterable[str], directory: Directory) -> set[str]:
    """What these places lie in: what is ruled for the whole of it holds for them too."""
    return surroundings_of(asked, directory.places) - set(asked)


def measures(
    db: Session, edition: Reading, filters: StatusFilters, directory: Directory
) -> list[Measure]:
    """Events with stages or a deadline that name a place asked for, a place inside it, or one that it lies in.

    As everywhere, `place=` finds what lies inside. A rule for the whole of China does not lie inside Dandong and holds
    there all the same, so it is found by the place that it names itself.
    """
    asked = set(filters["place"])
    wider = wider_than(asked, directory)
    there = [*(("place", code) for code in asked), *(("names", code) for code in wider)]
    newest = backend.newest(
        db,
        edition,
        _as_events(filters).with_(place=None),
        directory,
        most=MOST,
        having=[STAGED, there] if asked else [STAGED],
    )
    rows = (
        db.execute(SHOWN, {"seqs": newest.seqs}).all()
        if newest
        else _read(db, edition, filters, directory)
    )
    found = [
        Measure(row.id, row.payload, row.lo and row.lo.upper and row.lo.upper - timedelta(days=1))
        for row in rows
    ]
    # What is only seen in a picture is stored among what an event names.
    return [
        m for m in found if not asked or wider & m.places.keys() or is_inside(m, asked, directory)
    ]


STAGED = [*(("stage", step) for step in Step), ("has", "deadline")]
COLUMNS = (Version.id, Version.payload, Version.lo)
SHOWN = select(*COLUMNS).where(*queries.STILL_THERE).order_by(*queries.NEWEST_FIRST)


def _read(
    db: Session, edition: Reading, filters: StatusFilters, directory: Directory
) -> Sequence[Row[Any]]:
    """The same rows without an index: those of past editions may be older than the term for what they name."""
    where: list[ColumnElement[bool]] = []
    asked = set(filters["place"])
    wider = wider_than(asked, directory)
    if asked:
        named = [
            Version.payload["form"]["terms"].contains(terms)
            for terms in queries.named_itself(wider)
        ]
        around = Version.terms.overlap(term_numbers(("place", code) for code in wider)) & or_(
            false(), *named
        )
        where.append(
            or_(Version.terms.overlap(term_numbers(("place", code) for code in asked)), around)
        )
    return db.execute(
        select(*COLUMNS)
        .where(
            *_live_events(edition),
            Version.terms.overlap(term_numbers(STAGED)),
            *where,
            *conditions.conditions(_as_events(filters).with_(place=None), directory).values(),
        )
        .order_by(*queries.NEWEST_FIRST)
        .limit(MOST)
    ).all()


def is_inside(measure: Measure, asked: Collection[str], directory: Directory) -> bool:
    """Whether it names one of these places, or a place in it."""
    return bool(surroundings_of(measure.places, directory.places) & set(asked))


@dataclass(frozen=True)
class Cited:
    """What a step rests on."""

    citation: Citation
    event: str
    """The event under which it stands: not always the one whose step it is."""
    source: SourceForm


def cited(
    db: Session, edition: Reading, steps: Iterable[tuple[Measure, Stage]]
) -> dict[str, Cited]:
    """The citations of these steps by their ids; one whose event or source is gone is not among them."""
    steps = list(steps)
    wanted = {stage.citation for _, stage in steps}
    forms = {measure.id: measure.form for measure, _ in steps}
    found = _citations(forms, wanted)
    beyond = {
        id for measure, stage in steps if stage.citation not in found for id in measure.linked
    } - forms.keys()
    rows = db.execute(
        select(Version.id, Version.payload["form"].label("form")).where(
            *_live_events(edition), Version.id.in_(beyond)
        )
    )
    found |= _citations({row.id: row.form for row in rows}, wanted)
    sources = {citation.source for citation, _ in found.values()}
    read = db.execute(
        select(Version.id, Version.payload["form"].label("form")).where(
            Version.kind == "S", edition.holds(), Version.state == "live", Version.id.in_(sources)
        )
    )
    by_id = {row.id: SourceForm.model_validate(row.form) for row in read}
    return {
        id: Cited(citation, event, by_id[citation.source])
        for id, (citation, event) in found.items()
        if citation.source in by_id
    }


def _citations(
    forms: Mapping[str, Mapping[str, Any]], wanted: set[str]
) -> dict[str, tuple[Citation, str]]:
    return {
        citation["id"]: (Citation.model_validate(citation), event)
        for event, form in forms.items()
        for citation in form.get("citations", [])
        if citation["id"] in wanted
    }


def acts_around(filters: StatusFilters, days: edtf.Days) -> EventFilters:
    """The list of what else happened there in these days: events that are no measures and have no stages."""
    assert days.first and days.last
    asked = _as_events(filters)
    return asked.with_(stage=NONE, from_=days.first.isoformat(), to=days.last.isoformat())


def _as_events(filters: StatusFilters) -> EventFilters:
    """The keys that both understand."""
    keys = EventFilters.by_key().keys() - {"edition"}
    return EventFilters.made_of(
        {k: v for k, v in filters.included.items() if k in keys}, filters.excluded
    )


def _live_events(edition: Reading) -> tuple[ColumnElement[bool], ...]:
    return Version.kind == "E", edition.holds(), Version.state == "live"
