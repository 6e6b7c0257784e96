"""The form of a law: a resolution, treaty, law, decree, notice or agreement."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from app.kinds.base import (
    ActorCode,
    Date,
    Form,
    LawCode,
    LawId,
    Line,
    Needed,
    NeededSlug,
    NeededText,
    Private,
    Text,
    Url,
)
from app.kinds.terms import Name
from app.vocabulary.laws import LawKind


class Article(Form):
    """An article that matters here, in our own words."""

    number: Needed = Field(title="Article", description="Such as “paragraph 8” or “section 321”.")
    says: NeededText = Field(title="What it says", description="In our own words.")


class LawForm(Form):
    id: LawId = Field("", title="Id", description="Public id, given at first publication.")
    code: NeededSlug = Field(title="Code", description="Used in addresses; never changes.")
    names: list[Name] = Field(
        title="Titles",
        description="Its short name first, then its titles. One is enough.",
        min_length=1,
    )
    kind: LawKind = Field(title="Kind", description="What kind of text it is.")
    symbol: Line = Field(
        "", title="Symbol", description="Its symbol as cited, such as S/RES/2397 (2017)."
    )
    issuer: ActorCode = Field(
        "", title="Issued by", description="Code of the actor that issued it. Empty for several."
    )
    parent: LawCode = Field("", title="Part of", description="Code of the law to which it belongs.")
    adopted: Date = Field("", title="Adopted", description="When it was adopted (EDTF).")
    in_force: Date = Field("", title="In force", description="Day from which it applies (EDTF).")
    expires: Date = Field("", title="Expires", description="When it ends or ended (EDTF).")
    replaced_by: LawCode = Field(
        "", title="Replaced by", description="Code of the law that replaced it."
    )
    text_url: Url = Field("", title="Text", description="Free address of its official text.")
    articles: list[Article] = Field(
        [], title="Articles", description="The articles that matter here, in our own words."
    )
    remark: Text = Field(
        "", title="Remark", description="What readers should know, such as what it is not."
    )
    note: Annotated[Text, Private()] = Field("", title="Note", description="For the desk only.")

    @model_validator(mode="after")
    def fits(self) -> Self:
        if self.code in {self.parent, self.replaced_by} - {""}:
            raise ValueError("a law can’t be under itself, or replace itself")
        return self
