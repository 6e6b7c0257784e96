"""The link to the feed of a list."""

from dataclasses import dataclass
from typing import TypeVar

from app.filtering import ARRANGEMENT, Filters
from app.record.filters import ListFilters
from app.site.components.urls import address

F = TypeVar("F", bound=Filters)
ATOM = "application/atom+xml"


@dataclass(frozen=True)
class FeedLink:
    label: str
    address: str


def feed_link(filters: ListFilters, label: str) -> FeedLink:
    """Return the link to the feed of a list, independent of the edition."""
    return FeedLink(label, address(followed_filters(filters).with_(edition=None), ".atom"))


def followed_filters(filters: F) -> F:
    """Remove sorting and paging from the filters, because a feed ignores them."""
    kept = {
        key: values
        for key, values in filters.included.items()
        if key not in ARRANGEMENT or key == "edition"
    }
    return filters.made_of(kept, filters.excluded)
