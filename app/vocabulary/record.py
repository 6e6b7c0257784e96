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


class DateBasis(Code):
    """What the editors added to a date. Without a code, the date is as the source gives it."""

    CONVERTED = (
        "converted",
        "Our conversion",
        "The source uses another calendar, such as Hijri, Juche or lunar; we converted the date.",
        "“Late Dhu al-Hijja 1434”.",
    )
    YEAR_INFERRED = (
        "year-inferred",
        "Year inferred",
        "The source gives no year; we inferred it, with the reason.",
        "“Friday (15/7)” in an article of July 2022.",
    )
    BOTH = (
        "converted-year-inferred",
        "Our conversion, year inferred",
        "The source uses another calendar and gives no year.",
        "“At the end of Dhu al-Hijja”.",
    )
    DAY_INFERRED = (
        "day-inferred",
        "Day or month inferred",
        "The source gives no day, or neither day nor month; we inferred it, with the reason.",
        "“On Tuesday”, in an article of about 20 August 2024.",
    )
    ALL_INFERRED = (
        "all-inferred",
        "Whole date inferred",
        "The source gives no date, or only a time relative to an undated page; we inferred the "
        "date, with the reason.",
        "“In the last five months”, on an undated page.",
    )


NEEDS_REASON = frozenset(set(DateBasis) - {DateBasis.CONVERTED})
