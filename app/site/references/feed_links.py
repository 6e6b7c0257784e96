"""Links to the feeds of a page."""

from dataclasses import dataclass
from typing import TypeVar

from app.filtering import ARRANGEMENT, Filters
from app.record.filters import ListFilters
from app.site.components.urls import address, with_filters
from app.web.urls import url

F = TypeVar("F", bound=Filters)
ATOM, JSON_FEED = "application/atom+xml", "application/feed+json"
ENDINGS = {".atom": ATOM, ".feed.json": JSON_FEED}


def followed_address(filters: Filters, ending: str = "") -> str:
    if isinstance(filters, ListFilters):
        return address(filters, ending)
    return with_filters(url("cities") + ending, filters)


@dataclass(frozen=True)
class FeedLink:
    label: str
    address: str
    type: str


def feed_links(filters: Filters, label: str) -> list[FeedLink]:
    """Return links to the feeds of a list, independent of the edition."""
    followed = followed_filters(filters).with_(edition=None)
    return [
        FeedLink(label, followed_address(followed, ending), media_type)
        for ending, media_type in ENDINGS.items()
    ]


def followed_filters(filters: F) -> F:
    """Remove sorting and paging from the filters, because a feed ignores them.

    Addresses of the feed of cities keep the size of dots: readers follow them.
    """
    kept = {
        key: values
        for key, values in filters.included.items()
        if key not in ARRANGEMENT or key in {"edition", "size"}
    }
    return filters.made_of(kept, filters.excluded)
