"""A quality list of links against time: an effect that was over before its cause began."""

from sqlalchemy import Select, func, select, true
from sqlalchemy.orm import aliased

from app.desk.approved.models import Record, rows_of_document
from app.record.models import Version
from app.vocabulary.events import COMES_AFTER
from app.vocabulary.kinds import RecordKind


def links_against_time() -> Select[str, str]:
    """Return events that were over before the event began that they come from by a link."""
    own, other = aliased(Version), aliased(Version)
    links = rows_of_document(Record.document["links"])
    link = links.c.value
    return (
        select(
            Record.id,
            func.concat_ws(" ", *(link[name].astext for name in ("id", "type", "to"))),
        )
        .select_from(Record)
        .join(links, true())
        .join(own, own.id == Record.id)
        .join(other, other.id == link["to"].astext)
        .where(
            Record.kind == RecordKind.EVENT,
            link["type"].astext.in_(COMES_AFTER),
            *(version.closed.is_(None) & version.is_live for version in (own, other)),
            func.upper(own.span) <= func.lower(other.span),
        )
    )
