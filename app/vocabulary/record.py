"""Codes of the record itself: kinds, places, reasons for a version."""

from app.vocabulary.code import Code
from app.vocabulary.kinds import NAMED_KINDS, RecordKind


class PlaceKind(Code):
    """What kind of place it is; also the levels by which places are counted."""

    SITE = "site", "Site", "A named firm, plant or zone. Never with exact coordinates.", ""
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
    """Why a row of the record was written."""

    ADDED = "added", "Added", "New in this edition.", ""
    CORRECTED = "corrected", "Corrected", "A mistake of ours was mended.", ""
    UPDATED = "updated", "Updated", "There was more or newer to say.", ""
    CLARIFIED = "clarified", "Clarified", "Wording only; what is said has not changed.", ""
    REINDEXED = "reindexed", "Derived again", "Nothing was said anew; what it rests on changed.", ""
    WITHDRAWN = "withdrawn", "Withdrawn", "Taken out, with a reason; the page stays.", ""
    MERGED = "merged", "Merged", "Turned out to be another record.", ""


class Outcome(Code):
    """What came of looking for news of a place."""

    NOTHING_NEW = (
        "nothing-new",
        "Nothing new",
        "Nothing was found that the record does not have.",
        "",
    )
    SOMETHING_NEW = (
        "something-new",
        "Something new",
        "What was found is entered, or being entered.",
        "",
    )


class RecordNoun(Code):
    """What the record holds rows of, each with a history of its own."""

    EVENT = "event", "Event", "Something planned, ordered, done or seen.", ""
    ESTIMATE = "estimate", "Figure", "A number that somebody gave, with what it counts.", ""
    SOURCE = "source", "Source", "A report, document or page that was read.", ""
    OUTLET = "outlet", "Outlet", "Who publishes sources.", ""
    PLACE = "place", "Place", "A city, province, country or region.", ""
    ACTOR = "actor", "Actor", "A government, company or other body that acts.", ""
    LAW = "law", "Law", "A resolution, treaty, law, decree, notice or agreement.", ""
    PAGE = "page", "Page", "A text of the site that editors write, such as “About this site”.", ""
    CODE = "code", "Code", "An entry of the codebook.", ""

    @property
    def kind(self) -> RecordKind:
        return RecordKind[self.name]


NOUN_OF_KIND: dict[str, RecordNoun] = {noun.kind: noun for noun in RecordNoun}
NAMED_NOUNS: dict[str, RecordKind] = {NOUN_OF_KIND[kind].value: kind for kind in NAMED_KINDS}
"""Nouns of records with codes: also their vocabularies, tables and the names of their pages."""


SILENT = {Why.CLARIFIED, Why.REINDEXED}
"""Reasons that change neither feeds nor `count_changes_since` (rule 7)."""

CONCEPT = "concept"
"""The list of concepts, which only searches use."""
LISTS = {
    "type": "Types of event",
    "sector": "Sectors",
    "group": "Groups of workers",
    "paper": "Visas and papers",
    "nationality": "Nationalities",
    "right": "What is barred",
    CONCEPT: "Words of searches",
}
"""The open lists. Their codes are rows of `seeds/vocabulary.csv`, with versions in the record."""

FORMER_LISTS: dict[str, RecordKind] = {"instrument": RecordKind.LAW}
"""Lists of past editions, by the kind of record that their codes have become."""
