"""Codes of the record itself: places, reasons for a version."""

from app.vocabulary.code import Code
from app.vocabulary.kinds import RecordKind


class PlaceKind(Code):
    """What kind of place it is. Estimates and events are also counted by these levels."""

    SITE = "site", "Site", "A named firm, factory or zone, always without coordinates.", ""
    TOWN = "town", "Town", "A small town.", "Kaishantun"
    CITY = "city", "City", "A city or county town.", "Dandong"
    DISTRICT = "district", "District", "A district or prefecture within a province.", "Yanbian"
    PROVINCE = "province", "Province", "A province, state, krai or oblast.", "Liaoning"
    REGION = (
        "region",
        "Region",
        "An area that cuts across provinces or countries.",
        "Northeast China",
    )
    COUNTRY = "country", "Country", "A country.", "China"
    WORLD = "world", "World", "Everywhere.", ""


SETTLEMENTS = {PlaceKind.CITY, PlaceKind.TOWN}
"""Kinds with a page and a dot on maps. A province has none: it would look like its capital."""


class Why(Code):
    """Why a version of a record was published."""

    ADDED = "added", "Added", "New in this edition.", ""
    CORRECTED = "corrected", "Corrected", "We corrected a mistake of ours.", ""
    UPDATED = "updated", "Updated", "We added new or further information.", ""
    CLARIFIED = "clarified", "Wording", "Only the wording changed.", ""
    REINDEXED = (
        "reindexed",
        "Recalculated",
        "Only calculated values changed, because a rule or a related record changed.",
        "",
    )
    WITHDRAWN = (
        "withdrawn",
        "Withdrawn",
        "Removed from all lists, with a reason. Its page stays.",
        "",
    )
    MERGED = (
        "merged",
        "Merged",
        "Found to be the same as another record, to which its page now redirects.",
        "",
    )


class Outcome(Code):
    """The result of a search for news of a place."""

    NOTHING_NEW = (
        "nothing-new",
        "Nothing new",
        "The search found only what the record already has.",
        "",
    )
    SOMETHING_NEW = (
        "something-new",
        "Something new",
        "The search found new information. It is in the record or being entered.",
        "",
    )


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
