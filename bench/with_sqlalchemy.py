"""A plain page to compare with Sojourn, written as the first version of a site would be.

Normalised tables with the usual indexes, a COUNT, a GROUP BY for each facet, SQLAlchemy objects
and a template. `make_tables` copies a published record; uvicorn runs `app` with DATABASE_URL.
"""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import FastAPI, Request
from jinja2 import Environment
from sqlalchemy import (
    ColumnElement,
    Engine,
    ForeignKey,
    Index,
    MetaData,
    and_,
    create_engine,
    extract,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    mapped_column,
    relationship,
    selectinload,
)
from starlette.responses import HTMLResponse, JSONResponse, Response

from app.database.engines import psycopg_url
from app.dates import edtf
from app.record.filters import EventFilters, window_of
from app.record.models import FilterTerm, Version
from app.record.search import CJK, plain_text
from app.record.sql.conditions import WHOLE_TIME
from bench.questions import FACETS, PAGE

MAX_CODES_PER_FACET = 20


class Base(DeclarativeBase):
    metadata = MetaData(schema="plain")


class Event(Base):
    __tablename__ = "event"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str]
    summary: Mapped[str]
    happened: Mapped[str]
    sort_day: Mapped[date | None]
    first: Mapped[date | None]
    last: Mapped[date | None]
    whole_first: Mapped[date | None]
    whole_last: Mapped[date | None]
    sure_first: Mapped[date | None]
    sure_last: Mapped[date | None]
    search: Mapped[Any] = mapped_column(TSVECTOR)
    words: Mapped[str]
    terms: Mapped[list["EventTerm"]] = relationship(lazy="raise")

    __table_args__ = (
        Index("event_order", "sort_day", "number"),
        Index("event_days", "first", "last"),
        Index("event_search", "search", postgresql_using="gin"),
    )


class EventTerm(Base):
    __tablename__ = "event_term"

    event: Mapped[int] = mapped_column(ForeignKey("plain.event.number"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)

    __table_args__ = (Index("event_term_code", "key", "code", "event"),)


def make_tables(engine: Engine) -> None:
    """Copy the published record into the tables once, and run VACUUM ANALYZE."""
    with engine.begin() as connection:
        if connection.scalar(text("SELECT to_regclass('plain.event')")):
            return
        connection.execute(text("CREATE SCHEMA plain"))
        Base.metadata.create_all(connection)
        span = func.range_merge(Version.span)
        form = Version.payload["form"]
        shown = (Version.closed.is_(None), Version.state == "live")
        events = select(
            Version.number,
            form["title"].astext,
            form["summary"].astext,
            Version.payload["happened_words"].astext,
            Version.sort_day,
            func.lower(span),
            func.upper(span) - 1,
            func.lower(WHOLE_TIME),
            func.upper(WHOLE_TIME) - 1,
            func.lower(Version.sure),
            func.upper(Version.sure) - 1,
            Version.search,
            Version.plain,
        ).where(Version.kind == "E", *shown)
        connection.execute(
            insert(Event).from_select([column.name for column in Event.__table__.columns], events)
        )
        used = func.unnest(Version.terms).table_valued("no").render_derived().lateral("used")
        terms = (
            select(Version.number, FilterTerm.key, FilterTerm.code)
            .select_from(Version)
            .join(used, true())
            .join(FilterTerm, FilterTerm.no == used.c.no)
        )
        of_events = terms.where(Version.kind == "E", *shown, FilterTerm.key.in_(FACETS))
        connection.execute(insert(EventTerm).from_select(["event", "key", "code"], of_events))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


# The page ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    total: int
    events: Sequence[Event]
    facets: Mapping[str, Sequence[tuple[str, int]]]
    years: Sequence[tuple[int, int]]


def conditions(filters: EventFilters) -> dict[str, ColumnElement[bool]]:
    found: dict[str, ColumnElement[bool]] = {}
    for key in FACETS:
        if codes := filters.included.get(key):
            found[key] = Event.number.in_(_events_with(key, codes))
        if codes := filters.excluded.get(key):
            found[f"not_{key}"] = Event.number.not_in(_events_with(key, codes))
    if words := filters.one("q"):
        is_cjk = bool(re.search(f"[{CJK}]", words))
        query = func.plainto_tsquery("english", words)
        found["q"] = (
            Event.words.contains(plain_text(words)) if is_cjk else Event.search.bool_op("@@")(query)
        )
    window = window_of(filters)
    if window != edtf.Days():
        first, last = window.first or date.min, window.last or date.max
        if filters.one("match") == "certain":
            whole = and_(Event.whole_first >= first, Event.whole_last <= last)
            found["window"] = or_(whole, and_(Event.sure_first <= last, Event.sure_last >= first))
        else:
            found["window"] = and_(
                Event.first <= last, func.coalesce(Event.last, literal(date.max)) >= first
            )
    return found


def _events_with(key: str, codes: Sequence[str]) -> Any:
    return select(EventTerm.event).where(EventTerm.key == key, EventTerm.code.in_(codes))


def events(db: Session, filters: EventFilters, skipped: int) -> Found:
    by_key = conditions(filters)
    matches = list(by_key.values())
    page = select(Event).where(*matches).order_by(Event.sort_day.nulls_last(), Event.number)
    facets = {}
    for key in FACETS:
        others = [
            condition for other, condition in by_key.items() if other.removeprefix("not_") != key
        ]
        counted = select(EventTerm.code, func.count()).where(EventTerm.key == key)
        if others:
            counted = counted.join(Event, Event.number == EventTerm.event).where(*others)
        ordered = (
            counted.group_by(EventTerm.code)
            .order_by(func.count().desc(), EventTerm.code)
            .limit(MAX_CODES_PER_FACET)
        )
        facets[key] = [(code, count) for code, count in db.execute(ordered)]
    year = extract("year", Event.sort_day)
    years = db.execute(select(year, func.count()).where(*matches).group_by(year).order_by(year))
    return Found(
        db.scalar(select(func.count()).select_from(Event).where(*matches)) or 0,
        db.scalars(page.offset(skipped).limit(PAGE).options(selectinload(Event.terms))).all(),
        facets,
        [(year, count) for year, count in years],
    )


TEMPLATE = Environment(autoescape=True).from_string(
    """<!doctype html><title>Events</title><h1>{{ found.total }} events</h1>
    {% for key, codes in found.facets.items() %}<h2>{{ key }}</h2><ul>{% for code, count in codes %}
    <li><a href="?{{ key }}={{ code }}">{{ code }}</a> {{ count }}</li>{% endfor %}</ul>{% endfor %}
    <p>{% for year, count in found.years %}{{ year }}: {{ count }} {% endfor %}</p>
    {% for event in found.events %}<article><h2>{{ event.title }}</h2><p>{{ event.happened }}</p>
    <p>{{ event.summary }}</p><p>{% for term in event.terms %}{{ term.key }} {{ term.code }} {% endfor %}</p></article>
    {% endfor %}"""  # noqa: E501
)


def site(read: Callable[[EventFilters, int], Found]) -> FastAPI:
    """Return a site with one page, of what `read` finds, and its counts."""
    pages = FastAPI()

    def found(request: Request) -> Found:
        pairs = [pair for pair in request.query_params.multi_items() if pair[0] != "skipped"]
        skipped = int(request.query_params.get("skipped", 0))
        return read(EventFilters.from_pairs(pairs)[0], skipped)

    @pages.get("/events")
    def events_page(request: Request) -> Response:
        return HTMLResponse(TEMPLATE.render(found=found(request)))

    @pages.get("/events.json")
    def events_json(request: Request) -> Response:
        of_all = found(request)
        facets = {key: dict(codes) for key, codes in of_all.facets.items()}
        return JSONResponse({"total": of_all.total, "facets": facets})

    return pages


def app() -> FastAPI:
    url, options = psycopg_url(os.environ["DATABASE_URL"]), {"prepare_threshold": None}
    engine = create_engine(url, connect_args=options)

    def read(filters: EventFilters, skipped: int) -> Found:
        with Session(engine, expire_on_commit=False) as db:
            return events(db, filters, skipped)

    return site(read)
