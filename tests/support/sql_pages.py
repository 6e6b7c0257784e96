"""What pages ask beyond lists, in plain SQL and from payloads: the oracle of pages by the index."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import (
    String,
    cast,
    column,
    false,
    func,
    or_,
    select,
    true,
    values,
)
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.orm import Session

from app.forms import Citation, SourceForm
from app.record.derivation.codes_used import CODE_LOCATIONS
from app.record.editions import SelectedEdition
from app.record.filters import StatusFilters
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.payloads import (
    EventPayload,
    estimate_form,
    estimate_payload,
    event_payload,
    named_place_codes,
)
from app.record.reads.event_context import _days_after, _earlier_or_part, named_places
from app.record.reads.measures import (
    MAX_MEASURES,
    STAGE_TERMS,
    Measure,
    _as_events,
    ancestors_of,
    is_in_places,
)
from app.record.reads.outlet_roles import ROLES, OutletEvent, RoleEvents
from app.record.rules.containment import place_and_ancestors
from app.record.rules.independence import IndependentSource, outlet_roles
from app.record.sql import code_usage, conditions
from app.record.sql.code_usage import CodeUses
from app.record.sql.rows import LATEST_DATE_FIRST, LIST_COLUMNS, ListRow, list_row
from app.record.terms import term_numbers
from app.site.charts.chart_views import EventCount
from app.site.cities.latest_estimates import EstimateSummary, PlaceCounts, _latest_of
from app.site.place_estimates.at_place import MAX_ESTIMATES, PlaceEvents
from app.site.place_estimates.rules import MAX_EVENTS
from app.vocabulary.events import EventLink, Role, TermKey
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import SETTLEMENTS
from tests.support import sql_lists


def use_sql(patch: pytest.MonkeyPatch) -> None:
    """Let pages count and read by SQL instead of the index."""
    sql_lists.use_sql(patch)
    for name, by_sql in {
        "app.record.lists.backend.count_code_uses": count_code_uses,
        "app.record.reads.measures.read_measures": read_measures,
        "app.site.outlets.page.events_by_role": events_by_role,
    }.items():
        patch.setattr(name, by_sql)


def _naming_places(codes: Iterable[str]) -> list[list[dict[str, str]]]:
    """Return JSON values, one of which the terms of a form contain if it has one of these places.

    Places that are only pictured do not count.
    """
    roles = [role for role in Role if role is not Role.SHOWN_ONLY]
    return [
        [{"key": TermKey.PLACE, "code": code, "role": role}] for code in codes for role in roles
    ]


def _names_one_of(codes: Iterable[str]) -> Any:
    named = [Version.payload["form"]["terms"].contains(each) for each in _naming_places(codes)]
    return or_(false(), *named)


def _of(kind: str, edition: SelectedEdition) -> Sequence[Any]:
    return Version.kind == kind, edition.holds(), Version.is_live


def count_code_uses(db: Session, edition: SelectedEdition, keys: Iterable[str]) -> CodeUses:
    return code_usage.merge_uses(
        code_usage.count_terms(db, edition, [*keys, "uses"]),
        _count_codes_in_payloads(db, edition),
        code_usage.count_reasons(db, edition),
    )


def _count_codes_in_payloads(db: Session, edition: SelectedEdition) -> CodeUses:
    locations = values(
        column("list", String),
        column("kinds", String),
        column("rows", String),
        column("field", String),
        column("default", String),
        name="asked",
    ).data(
        [(name, "".join(p.kinds), p.path, p.field, p.default) for name, p in CODE_LOCATIONS.items()]
    )
    rows = func.jsonb_path_query(Version.payload, cast(locations.c.rows, JSONPATH)).table_valued(
        column("row", JSONB)
    )
    row = rows.render_derived().lateral("found")
    code = func.coalesce(row.c.row[locations.c.field].astext, locations.c.default).label("code")
    statement = (
        select(Version.kind, locations.c.list, code, func.count(Version.seq.distinct()))
        .select_from(Version)
        .join(locations, func.strpos(locations.c.kinds, Version.kind) > 0)
        .join(row, true())
        .where(edition.holds(), Version.is_live, code != "")
        .group_by(Version.kind, locations.c.list, code)
    )
    found: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for kind, name, used, count in db.execute(statement):
        found[kind][name, used] = count
    return found


def read_measures(
    db: Session, edition: SelectedEdition, filters: StatusFilters, directory: Directory
) -> list[Measure]:
    places = set(filters["place"])
    ancestors = ancestors_of(places, directory)
    where = []
    if places:
        is_ancestor = Version.terms.overlap(
            term_numbers(("place", code) for code in ancestors)
        ) & _names_one_of(ancestors)
        where = [
            or_(
                Version.terms.overlap(term_numbers(("place", code) for code in places)), is_ancestor
            )
        ]
    rows = db.execute(
        select(Version.id, Version.payload)
        .where(
            *_of(RecordKind.EVENT, edition),
            Version.terms.overlap(term_numbers(STAGE_TERMS)),
            *where,
            *conditions.conditions(_as_events(filters).with_(place=None), directory).values(),
        )
        .order_by(*LATEST_DATE_FIRST)
        .limit(MAX_MEASURES)
    )
    read = [Measure(row.id, row.payload) for row in rows]
    return [
        m
        for m in read
        if not places or ancestors & m.places.keys() or is_in_places(m, places, directory)
    ]


def events_by_role(
    db: Session, edition: SelectedEdition, _directory: Directory, outlet: str, most: int
) -> Mapping[str, RoleEvents]:
    """Calculate the roles from all events and sources of the outlet."""
    outlet_terms = term_numbers([("outlet", outlet), ("origin", outlet)])
    rows = db.execute(
        select(Version.kind, Version.id, Version.payload)
        .where(
            Version.kind.in_((RecordKind.SOURCE, RecordKind.EVENT)),
            Version.terms.overlap(outlet_terms),
            edition.holds(),
            Version.is_live,
        )
        .order_by(*LATEST_DATE_FIRST)
    ).all()
    own = {
        id: SourceForm.model_validate(payload["form"])
        for kind, id, payload in rows
        if kind == RecordKind.SOURCE
    }
    found: dict[str, list[OutletEvent]] = {part: [] for part in ROLES}
    for kind, id, payload in rows:
        if kind == RecordKind.EVENT:
            for part in _roles_in(payload, own, outlet):
                title, when = payload["form"]["title"], payload["happened_words"]
                found[part].append(OutletEvent(id, title, when))
    return {part: RoleEvents(len(events), events[:most]) for part, events in found.items()}


def _roles_in(payload: EventPayload, own: Mapping[str, SourceForm], outlet: str) -> list[str]:
    origins = [
        IndependentSource(
            tuple(origin["outlets"]),
            tuple(origin["sources"]),
            tuple(origin["citations"]),
            origin["speakers"],
        )
        for origin in payload["origins"]
    ]
    citations = [
        Citation.model_validate(citation) for citation in payload["form"].get("citations", [])
    ]
    roles = outlet_roles(origins, citations, own)
    return [part for part in ROLES if (part, outlet) in roles]


def events_that_followed(
    db: Session, edition: SelectedEdition, row: Version, directory: Directory
) -> list[str]:
    """Return the ids of all events that followed another one, in order."""
    named = named_places(event_payload(row)["form"], directory)
    cities = [code for code in named if directory.kind_of_place(code) in SETTLEMENTS]
    wider = [code for code in named if code not in cities]

    def within(codes: Collection[str]) -> Any:
        return Version.terms.overlap(term_numbers(("place", code) for code in codes))

    days = _days_after(list_row(row).lo)
    statement = select(Version.id).where(
        *_of(RecordKind.EVENT, edition),
        Version.id.not_in([row.id, *_earlier_or_part(row)]),
        Version.lo.overlaps(days),
        or_(within(cities), within(wider) & _names_one_of(wider)),
    )
    return [*db.scalars(statement.order_by(Version.sort_day, Version.number))]


def estimates_at(db: Session, edition: SelectedEdition, codes: Iterable[str]) -> list[ListRow]:
    rows = db.execute(
        select(*LIST_COLUMNS)
        .where(
            *_of(RecordKind.ESTIMATE, edition),
            _names_one_of(codes),
        )
        .order_by(*LATEST_DATE_FIRST)
        .limit(MAX_ESTIMATES)
    )
    return [list_row(row) for row in rows]


def events_in(
    db: Session, edition: SelectedEdition, code: str, sites: Sequence[str]
) -> PlaceEvents:
    here = (
        *_of(RecordKind.EVENT, edition),
        Version.terms.overlap(term_numbers([("place", code)])),
    )
    each = select(Version.sort_day).where(*here).subquery()
    days = db.execute(select(func.count(), *each.c).group_by(*each.c)).all()
    at = {
        site: db.scalar(
            select(func.count()).where(
                *here, Version.terms.overlap(term_numbers([("place", site)]))
            )
        )
        or 0
        for site in sites
    }
    return PlaceEvents(
        acts=[EventCount(day, count) for count, day in days if day],
        total=sum(row[0] for row in days),
        at=at,
    )


def count_places(db: Session, edition: SelectedEdition, directory: Directory) -> PlaceCounts:
    by_place: dict[str, list[ListRow]] = defaultdict(list)
    for row in db.execute(select(*LIST_COLUMNS).where(*_of(RecordKind.ESTIMATE, edition))):
        for code in named_place_codes(estimate_form(row)["terms"]):
            by_place[code].append(list_row(row))
    counted: Counter[str] = Counter()
    elsewhere: Counter[str] = Counter()
    events = select(Version.payload["form"]["terms"]).where(*_of(RecordKind.EVENT, edition))
    for terms in db.scalars(events):
        named = named_place_codes(terms)
        around = {wider for code in named for wider in place_and_ancestors(code, directory.places)}
        counted.update(around)
        if not any(directory.kind_of_place(code) in SETTLEMENTS for code in around):
            elsewhere.update(named)
    return PlaceCounts(
        {code: _summary(rows, code) for code, rows in by_place.items()}, counted, elsewhere
    )


def _summary(rows: Sequence[ListRow], code: str) -> EstimateSummary:
    payloads = [estimate_payload(row) for row in rows]
    conflicts = sum(bool(payload["conflicts"]) for payload in payloads)
    differs = sum(bool(payload["differs"]) for payload in payloads)
    found = _latest_of(rows, code)
    return EstimateSummary(
        len(rows),
        conflicts,
        differs,
        found.newest,
        found.extremes,
        found.others,
        found.parts,
        found.other,
    )


def newest_events_and_rules(
    db: Session, edition: SelectedEdition, code: str, newest: int
) -> tuple[list[ListRow], list[ListRow]]:
    here = (
        *_of(RecordKind.EVENT, edition),
        Version.terms.overlap(term_numbers([("place", code)])),
    )
    steps = [term for term in STAGE_TERMS if term[0] == "stage"]
    is_rule = or_(
        Version.terms.overlap(term_numbers(steps)),
        Version.payload["form"]["links"].contains([{"type": EventLink.EVADES}]),
    )
    ordered = select(*LIST_COLUMNS).where(*here).order_by(*LATEST_DATE_FIRST)
    lately, rules = ordered.limit(newest), ordered.where(is_rule).limit(MAX_EVENTS)
    return [list_row(row) for row in db.execute(lately)], [
        list_row(row) for row in db.execute(rules)
    ]
