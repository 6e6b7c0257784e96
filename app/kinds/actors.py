"""The form of an actor: a public body, company, organisation or international body."""

from typing import Self

from pydantic import model_validator

from app.kinds.base import (
    CODE_HINT,
    ActorCode,
    ActorId,
    Country,
    F,
    Form,
    NeededSlug,
    PastDate,
    Text,
    Url,
)
from app.kinds.external_ids import Isni, Lei, OpenSanctionsId, WikidataId
from app.kinds.layout import Beside, KindWords, Section
from app.kinds.terms import NAMES, Names
from app.vocabulary.actors import ActorKind


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

    id: ActorId = F("Id", "Public id, given at first publication.", "")
    code: NeededSlug = F("Code", "Used in addresses; never changes.", hint=CODE_HINT)
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
    remark: Text = F("Remark", "What readers should know, such as what it is not.", "")
    note: Text = F("Note", "For the desk only.", "", private=True)

    @model_validator(mode="after")
    def fits(self) -> Self:
        if self.parent and self.parent == self.code:
            raise ValueError("an actor can't be part of itself")
        if (self.reply_on or self.reply_url) and not self.reply:
            raise ValueError("enter the reply, too, or leave its date and address empty")
        return self
