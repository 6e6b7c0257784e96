"""Codes of the record itself: places, reasons for a version."""

from app.vocabulary.code import Code
from app.vocabulary.kinds import RecordKind


class PlaceKind(Code):
    """What kind of place it is. Estimates and events are also counted by these levels."""

    SITE = "site"
    TOWN = "town"
    CITY = "city"
    DISTRICT = "district"
    PROVINCE = "province"
    REGION = "region"
    COUNTRY = "country"
    WORLD = "world"


SETTLEMENTS = {PlaceKind.CITY, PlaceKind.TOWN}
"""Kinds with a page and a dot on maps. A province has none: it would look like its capital."""


class Why(Code):
    """Why a version of a record was published."""

    ADDED = "added"
    CORRECTED = "corrected"
    UPDATED = "updated"
    CLARIFIED = "clarified"
    REINDEXED = "reindexed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Outcome(Code):
    """The result of a search for news of a place."""

    NOTHING_NEW = "nothing-new"
    SOMETHING_NEW = "something-new"


SILENT = {Why.CLARIFIED, Why.REINDEXED}
"""Reasons that change neither feeds nor `count_changes_since` (rule 7)."""

CONCEPT = "concept"
"""The list of concepts, which only searches use."""
LISTS = {
    "type": "Types of event",
    "sector": "Industries",
    "group": "Groups of workers",
    "paper": "Visas and permits",
    "nationality": "Nationalities",
    "right": "Rights and services",
    CONCEPT: "Search concepts",
}
"""The open lists. Their codes are rows of `seeds/vocabulary.csv`, with versions in the record."""

FORMER_LISTS: dict[str, RecordKind] = {"instrument": RecordKind.LAW}
"""Lists of past editions, by the kind of record that their codes have become."""


class DateBasis(Code):
    """What the editors added to a date. Without a code, the date is as the source gives it."""

    CONVERTED = "converted"
    YEAR_INFERRED = "year-inferred"
    BOTH = "converted-year-inferred"
    DAY_INFERRED = "day-inferred"
    ALL_INFERRED = "all-inferred"


NEEDS_REASON = frozenset(set(DateBasis) - {DateBasis.CONVERTED})
