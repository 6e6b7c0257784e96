"""The forms of actors, laws, outlets and places, which have a code and names; and of checks."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, StringConstraints, ValidationInfo, model_validator

from app.kinds.base import (
    CODE,
    NOTE,
    PUBLIC_ID,
    REMARK,
    ActorCode,
    ActorId,
    Country,
    Date,
    Entry,
    F,
    Form,
    Language,
    LawCode,
    LawId,
    Line,
    Needed,
    NeededSlug,
    NeededText,
    OutletCode,
    OutletId,
    PastDate,
    PlaceCode,
    PlaceId,
    RefersTo,
    Text,
    Url,
    is_ahead,
)
from app.kinds.layout import Beside, KindWords, Rows, Section
from app.kinds.terms import NAMES, Names
from app.vocabulary.kinds import RecordKind
from app.vocabulary.named import ActorKind, LawKind
from app.vocabulary.record import Outcome, PlaceKind
from app.vocabulary.sources import OutletKind, Reliability


def _matching(pattern: str, message: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text and not re.fullmatch(pattern, text, re.ASCII):
            raise ValueError(message)
        return text

    return check


def _compact(text: str) -> str:
    return re.sub(r"[\s-]", "", text).upper()


_SHORT = StringConstraints(max_length=100)
WikidataId = Annotated[
    str,
    _SHORT,
    AfterValidator(lambda text: text.upper()),
    AfterValidator(
        _matching(r"Q[1-9][0-9]{0,11}", "an id of Wikidata is a Q and a number, such as Q148")
    ),
]
OpenSanctionsId = Annotated[
    str,
    _SHORT,
    AfterValidator(
        _matching(
            r"[A-Za-z0-9][A-Za-z0-9._-]{2,99}",
            "an id of OpenSanctions has letters, digits and hyphens, such as NK-2aBcD: copy it "
            "from the end of the address there",
        )
    ),
]
Lei = Annotated[
    str,
    _SHORT,
    AfterValidator(_compact),
    AfterValidator(
        _matching(
            r"[0-9A-Z]{18}[0-9]{2}",
            "an LEI has 18 letters or digits and two digits: copy it again",
        )
    ),
]
Isni = Annotated[
    str,
    _SHORT,
    AfterValidator(_compact),
    AfterValidator(
        _matching(r"[0-9]{15}[0-9X]", "an ISNI has 15 digits and a last digit or X: copy it again")
    ),
]


class ActorForm(Form):
    FORMER = frozenset({"indexable"})
    WORDS = KindWords(
        new="New actor",
        change="Change actor {id}",
        hint="Any name, or its id. Empty if it has no page.",
        make="Enter it as a new actor",
        counted=("{count} actor", "{count} actors"),
        title="Actors",
        description="Governments, offices, firms and other bodies that act or are affected. "
        "Private people are not listed.",
        example="government-of-china",
        kinds="Kinds of actor",
    )
    SECTIONS = (
        Section(
            "what",
            "What it is",
            ("code kind", NAMES, "parent country", Beside("note", ("remark",))),
            "A body or an office, never a person. Entries keep the source’s wording.",
        ),
        Section(
            "registers",
            "In other registers",
            ("wikidata opensanctions", "lei isni"),
            "Only if you are sure that it is the same firm.",
        ),
        Section("reply", "Its reply", ("reply", "reply_on reply_url")),
    )

    id: ActorId = PUBLIC_ID
    code: NeededSlug = CODE
    names: Names = F(
        "Names", "Of a body or an office, never of a person. One is enough.", min_length=1
    )
    kind: ActorKind = F("Kind", "Kind of body. An official is an office: “Deputy minister of …”.")
    parent: ActorCode = F("Part of", "Code of the body to which it belongs.", "")
    country: Country = F("Country", "Its country, in two letters (ISO 3166-1).", "")
    wikidata: WikidataId = F("Wikidata", "Its Wikidata id, such as Q148.", "")
    opensanctions: OpenSanctionsId = F(
        "OpenSanctions", "Its OpenSanctions id, from the end of its address.", ""
    )
    lei: Lei = F("LEI", "Its Legal Entity Identifier, 20 characters.", "")
    isni: Isni = F("ISNI", "Its ISNI, 16 characters.", "")
    reply: Text = F("Reply", "Its reply to the reports about it, in its own words.", "")
    reply_on: PastDate = F("Replied on", "Date of the reply (EDTF).", "")
    reply_url: Url = F("Address of reply", "Address of the reply.", "", column="reply_address")
    remark: Text = REMARK
    note: Text = NOTE

    @model_validator(mode="after")
    def fits(self) -> Self:
        if (self.reply_on or self.reply_url) and not self.reply:
            raise ValueError("enter the reply, too, or leave its date and address empty")
        return self


class Article(Form):
    """An article that matters here, in our own words."""

    PARTS = ("number", "says")

    number: Needed = F("Article", "Such as “paragraph 8” or “section 321”.")
    says: NeededText = F("What it says", "In our own words.")


class LawForm(Form):
    FORMER = frozenset({"expires", "replaced_by"})
    WORDS = KindWords(
        new="New law",
        change="Change law {id}",
        hint="Its symbol, title or id. Empty if not named.",
        make="Enter it as a new law",
        counted=("{count} law", "{count} laws"),
        title="Laws",
        description="Resolutions, treaties, laws, decrees, notices and agreements in the record.",
        example="unscr-2397",
        kinds="Kinds of law",
    )
    SECTIONS = (
        Section("what", "What it is", ("code kind", NAMES, "symbol issuer", "parent")),
        Section(
            "when",
            "Dates in force",
            ("adopted in_force",),
            "From the text or its issuer. Enforcement is recorded in events.",
        ),
        Section(
            "text",
            "What it says",
            (
                "text_url",
                Rows("articles", "Article", "Add an article"),
                Beside("note", ("remark",)),
            ),
            "In our own words. Only what you read in the text itself.",
        ),
    )

    id: LawId = PUBLIC_ID
    code: NeededSlug = CODE
    names: Names = F(
        "Titles", "Its short name first, then its titles. One is enough.", min_length=1
    )
    kind: LawKind = F("Kind", "What kind of text it is.")
    symbol: Line = F("Symbol", "Its symbol as cited, such as S/RES/2397 (2017).", "")
    issuer: ActorCode = F("Issued by", "Code of the actor that issued it. Empty for several.", "")
    parent: LawCode = F("Part of", "Code of the law to which it belongs.", "")
    adopted: Date = F("Adopted", "When it was adopted (EDTF).", "")
    in_force: Date = F("In force", "Day from which it applies (EDTF).", "")
    text_url: Url = F("Text", "Free address of its official text.", "", column="text_address")
    articles: list[Article] = F(
        "Articles", "The articles that matter here, in our own words.", [], column="law_articles"
    )
    remark: Text = REMARK
    note: Text = NOTE


class OutletForm(Form):
    FORMER = frozenset({"reliability_by"})
    WORDS = KindWords(
        new="New outlet",
        change="Change outlet {id}",
        hint="Any name, or its id.",
        make="Enter it as a new outlet",
        counted=("{count} outlet", "{count} outlets"),
        title="Outlets",
        description="The publishers of sources, with their reliability.",
        example="daily-nk",
    )
    SECTIONS = (
        Section("what", "What it is", ("code", NAMES, "kind country", "languages belongs_to")),
        Section(
            "grade",
            "Reliability of the outlet",
            (
                "reliability",
                Beside("note", ("reliability_reason",)),
                "reliability_on",
            ),
        ),
    )

    id: OutletId = PUBLIC_ID
    code: NeededSlug = CODE
    names: Names = F("Names", "Its names and abbreviations.", min_length=1)
    kind: OutletKind = F("Kind", "What kind of publisher it is.")
    country: Country = F("Country", "Where it is based, in two letters (ISO 3166-1).", "")
    languages: list[Language] = F("Languages", "The languages it publishes in.", [])
    belongs_to: OutletCode = F("Belongs to", "Its parent outlet: both count as one source.", "")
    reliability: Reliability = F(
        "Reliability",
        "Grade A to F of the Admiralty code; f is not judged.",
        Reliability.F,
        hint="Grade A to F of the Admiralty code.",
    )
    reliability_reason: Text = F("Reason", "Why this grade.", "")
    reliability_on: date | None = F("Graded on", "When it was graded.", None, column="graded_on")
    note: Text = NOTE

    @model_validator(mode="after")
    def fits(self) -> Self:
        if self.reliability is not Reliability.F and not self.reliability_reason:
            raise ValueError("a grade other than F needs a reason: enter one")
        return self


class PlaceForm(Form):
    WORDS = KindWords(
        new="New place",
        change="Change place {id}",
        hint="Any name, or its id: 丹东, 단둥, Dandong, P3.",
        make="Enter it as a new place",
        counted=("{count} place", "{count} places"),
        title="Places",
        description="All places in the record, from the world to a workplace, with their names in "
        "all scripts.",
        example="jilin",
    )
    SECTIONS = (
        Section("what", "What it is", ("code kind", NAMES)),
        Section(
            "where",
            "Where it is",
            (
                "parent country",
                "regions",
                "latitude longitude precision_km",
                "geonames",
                "operator",
                Beside("note", ("remark",)),
            ),
        ),
    )

    id: PlaceId = PUBLIC_ID
    code: NeededSlug = CODE
    kind: PlaceKind = F("Kind", "What kind of place it is.")
    parent: PlaceCode = F("Part of", "Code of the administrative area that contains it.", "")
    regions: Annotated[list[NeededSlug], RefersTo(RecordKind.PLACE)] = F(
        "Regions",
        "Codes of its regions.",
        [],
        hint="Codes of its regions, separated by commas.",
    )
    country: Country = F("Country", "For a country: its code of two letters (ISO 3166-1).", "")
    names: Names = F("Names", "Its names. One in any script is enough.", min_length=1)
    latitude: float | None = F("Latitude", "Degrees north.", None, ge=-90, le=90)
    longitude: float | None = F("Longitude", "Degrees east.", None, ge=-180, le=180)
    precision_km: float | None = F("Precision", "Possible error of the point, in km.", None, gt=0)
    geonames: int | None = F("GeoNames", "Its number in GeoNames.", None, gt=0, le=2_147_483_647)
    operator: ActorCode = F("Operator", "For a site: code of the actor that operates it.", "")
    remark: Text = REMARK
    note: Text = NOTE

    @model_validator(mode="after")
    def fits(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("give both latitude and longitude, or neither")
        if self.kind is PlaceKind.SITE and self.latitude is not None:
            raise ValueError(
                "a site can’t have coordinates, which could expose the people who work "
                "there: leave them empty"
            )
        if self.operator and self.kind is not PlaceKind.SITE:
            raise ValueError("only a site has an operator: leave “Operator” empty")
        return self


NeededLanguage = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(?:-[A-Z][a-z]{3})?$")]


class CheckForm(Form):
    """A check has no text: the records that were entered show what was found."""

    places: list[NeededSlug] = F("Places", "Codes of the places.", min_length=1)
    outlets: list[NeededSlug] = F("Outlets", "Codes of the outlets.", min_length=1)
    languages: list[NeededLanguage] = F("Languages", "Codes of the languages.", min_length=1)
    first: date = F("From", "First day of publication that was searched.")
    last: date = F("To", "Last day of publication that was searched.")
    outcome: Outcome = F("Result", "Whether anything was new.", Outcome.NOTHING_NEW)

    @model_validator(mode="after")
    def fits(self, info: ValidationInfo) -> Self:
        if self.first > self.last:
            raise ValueError("the first day is after the last: correct one of them")
        if isinstance(info.context, Entry) and is_ahead(self.last):
            raise ValueError("this day is in the future: correct it")
        return self
