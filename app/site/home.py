"""What the front page shows: four figures with their caveats, what changed lately, and ways in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Tone = Literal["good", "caution", "disputed"]
"""How a kind of change is coloured: added is good, corrected a caution, withdrawn or removed disputed."""


@dataclass(frozen=True, slots=True)
class Example:
    """Something to try, beside the search field."""

    label: str
    url: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class ChangedItem:
    """One record that an edition touched; ``why`` is already in words."""

    why: str
    tone: Tone
    title: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """An edition, and some of what it touched; ``more`` is how many are not listed."""

    no: int
    at: datetime
    items: Sequence[ChangedItem]
    message: str = ""
    more: int = 0
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A question or a place as an address; ``names`` are (language, name) in other scripts."""

    label: str
    url: str
    count: int | None = None
    names: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Ways:
    title: str
    ways: Sequence[Way]


@dataclass(frozen=True, slots=True)
class Home:
    """Everything `site/home.html` prints."""

    events: int
    several_origins: int
    documented: int
    single_anonymous: int
    disputed: int
    sources: int
    outlets: int
    languages: int
    commonest_language: str
    commonest_language_sources: int
    estimates: int
    estimates_of_people_present: int
    places: int
    examples: Sequence[Example]
    changes: Sequence[Change]
    ways: Sequence[Ways]
