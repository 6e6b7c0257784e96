"""Which page model belongs to which kind of record; the desk previews drafts with it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from app.record.editions import Reading
from app.record.models import Version
from app.record.names.directory import Directory
from app.site.cities.city import one_city
from app.site.estimates.estimate import one_estimate
from app.site.events.event import one_event
from app.site.outlets.page import one_outlet
from app.site.places.page import one_place
from app.site.sources.source import one_source

VIEWS: dict[str, tuple[str, Callable[[Session, Reading, Version, Directory], Any]]] = {
    "E": ("event", one_event),
    "M": ("estimate", one_estimate),
    "S": ("source", one_source),
    "O": ("outlet", one_outlet),
}
PLACE_VIEWS: dict[str, Callable[[Session, Reading, str, Directory], Any]] = {"city": one_city, "place": one_place}
