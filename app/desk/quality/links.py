"""A quality list of links against time: an effect that was over before its cause began."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from app.desk.approved.models import EventLinkRow
from app.record.models import Version
from app.vocabulary.events import COMES_AFTER


def links_against_time() -> Select[str, str]:
    """Return events that were over before the event began that they come from by a link."""
    own, other = aliased(Version), aliased(Version)
    return (
        select(
            EventLinkRow.event,
            func.concat_ws(" ", EventLinkRow.id, EventLinkRow.type, EventLinkRow.to),
        )
        .join(own, own.id == EventLinkRow.event)
        .join(other, other.id == EventLinkRow.to)
        .where(
            EventLinkRow.type.in_(COMES_AFTER),
            *(version.closed.is_(None) & version.is_live for version in (own, other)),
            func.upper(own.span) <= func.lower(other.span),
        )
    )
