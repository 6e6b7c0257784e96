"""The kinds of records with names: what files, the API and the dataset say of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.filtering import Filters
from app.i18n.translate import N_
from app.record.filters import ActorFilters, LawFilters, OutletFilters, PageFilters, PlaceFilters
from app.record.payloads import form_of
from app.site.export.column_readers import (
    ColumnRow,
    list_field,
    number,
    preferred_name_of,
    text,
)
from app.site.export.column_types import Column, ColumnType
from app.vocabulary.actors import FOLLOW_THE_MONEY, ActorKind
from app.vocabulary.kinds import RecordKind


@dataclass(frozen=True)
class NamedRecords:
    """One kind of records with names."""

    kind: str
    path: str
    """Name of their list in addresses and of their table in the dataset."""
    one: str
    """Name of a row in the OpenAPI description."""
    title: str
    description: str
    about: str
    """What the README of the dataset says."""
    filters: type[Filters]
    columns: Sequence[Column[ColumnRow]]
    example: str
    """A code, for examples."""
    repeated: tuple[str, ...] = ("names",)
    """Repeated rows of the form that JSON has in addition to the columns."""


OUTLET_COLUMNS: list[Column[ColumnRow]] = [
    Column("id", "Public id; leads for ever to /outlets/{code}.", lambda row: row.id),
    Column("code", "Code, used in addresses and filters.", text("code")),
    Column("kind", "What kind of publisher it is.", text("kind")),
    Column("country", "Where it is based, in two letters (ISO 3166-1).", text("country")),
    Column("languages", "Languages it publishes in.", list_field("languages"), ColumnType.LIST),
    Column("belongs_to", "Code of the outlet that it is a service of.", text("belongs_to")),
    Column("reliability", "Grade A to F of the Admiralty code; f is not judged.", text("reliability", "f")),
    Column("reliability_reason", "Why this grade.", text("reliability_reason")),
    Column("graded_on", "When it was graded.", lambda row: form_of(row).get("reliability_on"), ColumnType.DAY),
    Column("added", "Edition in which it was first published.", lambda row: row.added, ColumnType.COUNT),
    Column("changed", "Edition in which it last changed.", lambda row: row.changed, ColumnType.COUNT),
    Column("name", "Its name in English, or as preferred.", preferred_name_of),
]  # fmt: skip

PLACE_COLUMNS: list[Column[ColumnRow]] = [
    Column("id", "Public id; leads for ever to its page.", lambda row: row.id),
    Column("code", "Code, used in addresses and filters.", text("code")),
    Column("name", "Its name in English, or as preferred.", preferred_name_of),
    Column("kind", "What kind of place it is.", text("kind")),
    Column("parent", "Code of the place it administratively lies in.", text("parent")),
    Column("regions", "Codes of regions that cut across, which it lies in.", list_field("regions"), ColumnType.LIST),
    Column("country", "For a country, its two letters (ISO 3166-1).", text("country")),
    Column("latitude", "Degrees north.", number("latitude"), ColumnType.NUMBER),
    Column("longitude", "Degrees east.", number("longitude"), ColumnType.NUMBER),
    Column("precision_km", "How far off the point may be, in km.", number("precision_km"), ColumnType.NUMBER),
    Column("geonames", "Its number in GeoNames.", number("geonames"), ColumnType.NUMBER),
    Column("added", "Edition in which it was first published.", lambda row: row.added, ColumnType.COUNT),
    Column("changed", "Edition in which it last changed.", lambda row: row.changed, ColumnType.COUNT),
    Column("remark", "Note by the editors.", text("remark")),
    Column("operator", "For a site, code of the actor that runs it.", text("operator")),
]  # fmt: skip

ACTOR_COLUMNS: list[Column[ColumnRow]] = [
    Column("id", "Public id; leads for ever to /actors/{code}.", lambda row: row.id),
    Column("code", "Code, used in addresses and filters.", text("code")),
    Column("name", "Its name in English, or as preferred.", preferred_name_of),
    Column("kind", "What kind of body it is.", text("kind")),
    Column("schema", "The schema of its kind in FollowTheMoney.", lambda row: FOLLOW_THE_MONEY[ActorKind(form_of(row)["kind"])]),
    Column("parent", "Code of the actor that it is a part of.", text("parent")),
    Column("country", "Whose body it is, in two letters (ISO 3166-1).", text("country")),
    Column("wikidata", "Its id in Wikidata.", text("wikidata")),
    Column("opensanctions", "Its id in OpenSanctions.", text("opensanctions")),
    Column("lei", "Its Legal Entity Identifier (ISO 17442).", text("lei")),
    Column("isni", "Its International Standard Name Identifier.", text("isni")),
    Column("reply", "Its published reply to the reports about it.", text("reply")),
    Column("reply_on", "When it answered, in EDTF.", text("reply_on")),
    Column("reply_address", "Where the answer can be read.", text("reply_url")),
    Column("remark", "Note by the editors.", text("remark")),
    Column("added", "Edition in which it was first published.", lambda row: row.added, ColumnType.COUNT),
    Column("changed", "Edition in which it last changed.", lambda row: row.changed, ColumnType.COUNT),
]  # fmt: skip

LAW_COLUMNS: list[Column[ColumnRow]] = [
    Column("id", "Public id; leads for ever to /laws/{code}.", lambda row: row.id),
    Column("code", "Code, used in addresses and filters.", text("code")),
    Column("name", "Its short name or title in English, or as preferred.", preferred_name_of),
    Column("kind", "Kind of text.", text("kind")),
    Column("symbol", "Symbol used in citations.", text("symbol")),
    Column("issuer", "Code of the actor that issued it. Empty if several did, or if unknown.", text("issuer")),
    Column("parent", "Code of the law that it is under.", text("parent")),
    Column("adopted", "When it was adopted, in EDTF.", text("adopted")),
    Column("in_force", "Since when it applies, in EDTF.", text("in_force")),
    Column("expires", "When it ends or ended, in EDTF; empty if no end is recorded.", text("expires")),
    Column("replaced_by", "Code of the law that replaced it.", text("replaced_by")),
    Column("text_address", "Address of its official text.", text("text_url")),
    Column("remark", "Note by the editors.", text("remark")),
    Column("added", "Edition in which it was first published.", lambda row: row.added, ColumnType.COUNT),
    Column("changed", "Edition in which it last changed.", lambda row: row.changed, ColumnType.COUNT),
]  # fmt: skip

PAGE_COLUMNS: list[Column[ColumnRow]] = [
    Column("id", "Public id; leads for ever to /pages/{code}.", lambda row: row.id),
    Column("code", "Code, used in addresses.", text("code")),
    Column("name", "Its title in English, or as preferred.", preferred_name_of),
    Column("kind", "Where the site shows the page.", text("kind")),
    Column("language", "Language of the text.", text("language")),
    Column("responsible", "Who answers for the text; empty if nobody does yet.", text("responsible")),
    Column("body", "The text. Links are written as [words](E5).", text("body")),
    Column("places", "Codes of places whose estimates the front page shows.", list_field("places"), ColumnType.LIST),
    Column("added", "Edition in which it was first published.", lambda row: row.added, ColumnType.COUNT),
    Column("changed", "Edition in which it last changed.", lambda row: row.changed, ColumnType.COUNT),
]  # fmt: skip

NAMED_RECORDS = (
    NamedRecords(
        RecordKind.PLACE,
        "places",
        "Place",
        N_("Places"),
        N_(
            "All places in the record, from the world to a workplace, with their names in all scripts."
        ),
        "Cities, provinces, countries and other places, as a tree.",
        PlaceFilters,
        PLACE_COLUMNS,
        "jilin",
    ),
    NamedRecords(
        RecordKind.OUTLET,
        "outlets",
        "Outlet",
        N_("Outlets"),
        N_("The publishers of sources, with their reliability."),
        "Publishers of sources.",
        OutletFilters,
        OUTLET_COLUMNS,
        "daily-nk",
    ),
    NamedRecords(
        RecordKind.ACTOR,
        "actors",
        "Actor",
        N_("Actors"),
        N_(
            "Governments, offices, firms and other bodies that act or are affected. Private people are not listed."
        ),
        "Governments, offices, firms and other bodies that act, as a tree.",
        ActorFilters,
        ACTOR_COLUMNS,
        "government-of-china",
    ),
    NamedRecords(
        RecordKind.LAW,
        "laws",
        "Law",
        N_("Laws"),
        N_("Resolutions, treaties, laws, decrees, notices and agreements in the record."),
        "Resolutions, treaties, laws, decrees, notices and agreements.",
        LawFilters,
        LAW_COLUMNS,
        "unscr-2397",
        repeated=("names", "articles"),
    ),
    NamedRecords(
        RecordKind.PAGE,
        "pages",
        "Page",
        N_("Pages"),
        N_("Texts of the site that editors write: the overview, and who publishes the record."),
        "Texts of the site that editors write.",
        PageFilters,
        PAGE_COLUMNS,
        "about",
        repeated=("names", "sections", "marks"),
    ),
)
