"""Measures with dated status changes, for the status page: those of a place and its ancestors."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from app.dates import edtf
from app.filtering import NONE
from app.kinds.events import UNSTATED
from app.kinds.terms import names_place
from app.record.filters import EventFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.payloads import Stored, event_payload, form_of
from app.record.rules.containment import places_and_ancestors
from app.record.rules.reported_status import Objection, objections
from app.record.sql.rows import SELECT_RULE_ROWS
from app.vocabulary.events import Role, Step
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import PlaceKind

MAX_MEASURES = 300
"""Maximum number of measures read; the latest ones if more match."""


@dataclass(frozen=True)
class Measure:
    """An event with stages or a deadline, as stored, without its citations."""

    row: Any

    @property
    def form(self) -> Stored:
        return form_of(self.row)

    @cached_property
    def places(self) -> Mapping[str, Role]:
        """The role of each place in the form, without ancestors and places pictured only."""
        return {
            term["code"]: Role(term["role"])
            for term in self.form["terms"]
            if "code" in term and names_place(term)
        }

    @cached_property
    def objections(self) -> list[Objection]:
        return objections(event_payload(self.row))

    @property
    def deadline(self) -> edtf.Days | None:
        text = self.form.get("deadline", "")
        return edtf.parse(text).whole if text and text != UNSTATED else None


def ancestors_of(places: Iterable[str], directory: Directory) -> set[str]:
    """Return the ancestors of these places: a rule for an ancestor applies to them too."""
    return places_and_ancestors(places, directory.places) - set(places)


def read_each(
    db: Session,
    edition: IndexedEdition,
    asked: Sequence[tuple[StatusFilters, bool]],
    directory: Directory,
) -> list[list[Measure]]:
    """Return events with stages or a deadline in the places of each of these filters.

    The second value: only those that name the places themselves, and not an ancestor. Runs one SQL
    statement.
    """
    seqs = [_seqs_of(db, edition, filters, directory, is_own) for filters, is_own in asked]
    rows = db.execute(SELECT_RULE_ROWS, {"seqs": list({seq for each in seqs for seq in each})})
    read = {row.seq: Measure(row) for row in rows}
    return [
        _of_places([read[seq] for seq in wanted if seq in read], filters, directory, is_own=is_own)
        for wanted, (filters, is_own) in zip(seqs, asked, strict=True)
    ]


def _seqs_of(
    db: Session,
    edition: IndexedEdition,
    filters: StatusFilters,
    directory: Directory,
    is_own: bool,
) -> Sequence[int]:
    """Return the rows of measures, by the index.

    The filter `place=dandong` finds only places within Dandong. A rule for all of China applies
    there too; its event is found by the term `names china`.
    """
    places = set(filters["place"])
    ancestors = ancestors_of(places, directory) if not is_own else set()
    own = "names" if is_own else "place"
    place_terms = [*((own, code) for code in places), *(("names", code) for code in ancestors)]
    return backend.latest_rows(
        db,
        edition,
        _as_events(filters).with_(place=None),
        directory,
        most=MAX_MEASURES,
        having=[STAGE_TERMS, place_terms] if places else [STAGE_TERMS],
    ).seqs


def _of_places(
    read: Sequence[Measure], filters: StatusFilters, directory: Directory, *, is_own: bool
) -> list[Measure]:
    """Return the measures without those that only picture a place: these do not count."""
    places = set(filters["place"])
    if is_own:
        return [m for m in read if not places.isdisjoint(m.places)]
    ancestors = ancestors_of(places, directory)
    return [
        m
        for m in read
        if not places
        or any(applies_within(m, code, directory) for code in ancestors & m.places.keys())
        or is_in_places(m, places, directory)
    ]


def applies_within(measure: Measure, place: str, directory: Directory) -> bool:
    """Whether a measure for a larger place may apply to the places within it (rule 11).

    A ban on leaving one country “to the world” is no rule of every other country.
    """
    is_world = directory.kind_of_place(place) is PlaceKind.WORLD
    return not is_world or measure.places[place] not in {Role.FROM, Role.VIA, Role.TO}


def people_of(edition: IndexedEdition) -> list[str]:
    """Return the nationality that most events of the record name; empty if none is."""
    index = edition.indexes[RecordKind.EVENT]
    counts = index.term_counts.of("nationality").items()
    return [code for code, count in counts if code != NONE and 2 * count > len(index.live)]


def chosen_people(edition: IndexedEdition, filters: StatusFilters) -> list[str]:
    """Return whose rules are shown; empty if all are: a law, an actor or a type is asked for."""
    chosen = list(filters["nationality"])
    is_about_rules = any(filters[key] for key in ("type", "actor", "law"))
    return [] if is_about_rules or NONE in chosen else chosen or people_of(edition)


STAGE_TERMS = [*(("stage", step) for step in Step), ("has", "deadline")]


def is_in_places(measure: Measure, places: Collection[str], directory: Directory) -> bool:
    """Whether a measure is in one of these places or within it."""
    return bool(places_and_ancestors(measure.places, directory.places) & set(places))


def other_events_filters(filters: StatusFilters, days: edtf.Days) -> EventFilters:
    """Return the filters for other events in these places and days: those without stages."""
    assert days.first and days.last
    event_filters = _as_events(filters)
    return event_filters.with_(stage=NONE, from_=days.first.isoformat(), to=days.last.isoformat())


def _as_events(filters: StatusFilters) -> EventFilters:
    """Return the filters that events and the status page have in common."""
    keys = EventFilters.by_key().keys() - {"edition"}
    return EventFilters.made_of(
        {k: v for k, v in filters.included.items() if k in keys}, filters.excluded
    )
