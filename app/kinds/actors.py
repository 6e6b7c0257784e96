"""The form of an actor: a public body, company, organisation or international body."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from app.kinds.base import (
    ActorCode,
    ActorId,
    Country,
    Form,
    NeededSlug,
    PastDate,
    Private,
    Text,
    Url,
)
from app.kinds.external_ids import Isni, Lei, OpenSanctionsId, WikidataId
from app.kinds.terms import Name
from app.vocabulary.actors import ActorKind


class ActorForm(Form):
    id: ActorId = Field("", title="Id", description="Public id, given at first publication.")
    code: NeededSlug = Field(title="Code", description="Used in addresses; never changes.")
    names: list[Name] = Field(
        title="Names",
        description="Of a body or an office, never of a person. One is enough.",
        min_length=1,
    )
    kind: ActorKind = Field(
        title="Kind",
        description="Kind of body. An official is an office: “Deputy minister of …”.",
    )
    parent: ActorCode = Field(
        "", title="Part of", description="Code of the body to which it belongs."
    )
    country: Country = Field(
        "", title="Country", description="Its country, in two letters (ISO 3166-1)."
    )
    wikidata: WikidataId = Field("", title="Wikidata", description="Its Wikidata id, such as Q148.")
    opensanctions: OpenSanctionsId = Field(
        "", title="OpenSanctions", description="Its OpenSanctions id, from the end of its address."
    )
    lei: Lei = Field("", title="LEI", description="Its Legal Entity Identifier, 20 characters.")
    isni: Isni = Field("", title="ISNI", description="Its ISNI, 16 characters.")
    reply: Text = Field(
        "", title="Reply", description="Its reply to the reports about it, in its own words."
    )
    reply_on: PastDate = Field("", title="Replied on", description="Date of the reply (EDTF).")
    reply_url: Url = Field("", title="Address of reply", description="Address of the reply.")
    indexable: bool = Field(
        False,
        title="Open to search engines",
        description="Only for companies, whose pages are closed to search engines.",
    )
    remark: Text = Field(
        "", title="Remark", description="What readers should know, such as what it is not."
    )
    note: Annotated[Text, Private()] = Field("", title="Note", description="For the desk only.")

    @model_validator(mode="after")
    def fits(self) -> Self:
        if self.parent and self.parent == self.code:
            raise ValueError("an actor can't be part of itself")
        if (self.reply_on or self.reply_url) and not self.reply:
            raise ValueError("enter the reply, too, or leave its date and address empty")
        if self.indexable and self.kind is not ActorKind.COMPANY:
            raise ValueError(
                "only a company’s page is closed to search engines: leave “Open to search "
                "engines” empty"
            )
        return self

    @property
    def is_indexable(self) -> bool:
        """Whether search engines may list its page."""
        return self.indexable or self.kind is not ActorKind.COMPANY
