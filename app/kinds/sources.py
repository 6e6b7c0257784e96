"""The form of a source: a report, document or page, with its copies and the sources it repeats."""

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from app.kinds.base import (
    CopyId,
    Form,
    Language,
    Line,
    Needed,
    NeededOutletCode,
    OutletCode,
    PastDate,
    Private,
    Slug,
    SourceId,
    Text,
    Url,
)
from app.vocabulary.citations import Derivation
from app.vocabulary.sources import Extent, HostKind, PublishedBasis, SourceKind, TitleBasis


class Copy(Form):
    """One copy of a source: where it was found and how much of it was read."""

    id: CopyId = Field(
        "", title="Number", description="Number of the copy. Numbers are never used again."
    )
    host_kind: HostKind = Field(title="Host", description="What the address links to.")
    host: Line = Field(
        "", title="Host's name", description="Name of the site, if it is not the outlet's."
    )
    url: Url = Field("", title="Address", description="Address of this copy.")
    extent: Extent = Field(title="Read", description="How much of the copy was read.")
    read_on: PastDate = Field("", title="Read on", description="When it was read.")
    archive: Url = Field("", title="Archive", description="Address of an archived copy.")
    sha256: Annotated[str, Field(pattern=r"^(?:[0-9a-f]{64})?$")] = Field(
        "", title="SHA-256", description="Hash of the copy that was read."
    )


class DerivedFrom(Form):
    """What a source derives from: a source that was read, or an outlet's report that was not."""

    source: SourceId = Field("", title="Source", description="Id of the source it derives from.")
    outlet: OutletCode = Field(
        "", title="Outlet", description="Code of the outlet, if its report was not read."
    )
    how: Derivation = Field(title="How", description="How it depends on the other report.")

    @model_validator(mode="after")
    def fits(self) -> Self:
        if bool(self.source) == bool(self.outlet):
            raise ValueError("name either the source or, if it was not read, the outlet")
        return self


class SourceForm(Form):
    id: SourceId = Field("", title="Id", description="Public id, given at first publication.")
    slug: Slug = Field(
        "", title="Short name", description="A readable name for its page’s address."
    )
    outlet: NeededOutletCode = Field(
        title="Outlet", description="Code of the outlet that wrote the text."
    )
    title: Needed = Field(title="Title", description="Original title, in its own script.")
    title_basis: TitleBasis = Field(title="Title basis", description="How sure the title is.")
    title_en: Line = Field("", title="In English", description="Our translation of the title.")
    url: Url = Field("", title="Address", description="Address where it was found.")
    language: Language = Field(
        "", title="Language", description="Language of the text, such as Russian or ru."
    )
    author: Line = Field(
        "",
        title="Author",
        description="As in the source. Only people who sign their work publicly.",
    )
    kind: SourceKind = Field(title="Kind", description="Kind of source.")
    published: PastDate = Field("", title="Published", description="When it was published (EDTF).")
    published_basis: PublishedBasis = Field(
        title="Date basis", description="How sure that date is."
    )
    published_text: Line = Field(
        "", title="Date in words", description="The date in the page’s words."
    )
    rights: Line = Field(
        "", title="Rights", description="Licence or access, such as “subscribers only”."
    )
    derived_from: list[DerivedFrom] = Field(
        [], title="Derived from", description="Reports that it repeats, translates or quotes."
    )
    copies: list[Copy] = Field(
        [], title="Copies", description="The copies that were found and read."
    )
    remark: Text = Field(
        "", title="Remark", description="What readers should know about this source."
    )
    note: Annotated[Text, Private()] = Field("", title="Note", description="For the desk only.")

    @field_validator("copies")
    @classmethod
    def number_copies(cls, copies: list[Copy]) -> list[Copy]:
        """Give copies without a number their place, or the next one that is free."""
        used = [copy.id for copy in copies if copy.id]
        if len(set(used)) < len(used):
            raise ValueError("two copies have the same number: leave one empty")
        numbered = []
        for place, copy in enumerate(copies, start=1):
            id = copy.id or str(place)
            if not copy.id and id in used:
                id = str(max(map(int, used)) + 1)
            used.append(id)
            numbered.append(copy if copy.id else copy.model_copy(update={"id": id}))
        return numbered

    @model_validator(mode="after")
    def fits(self) -> Self:
        if bool(self.published) == (self.published_basis is PublishedBasis.UNKNOWN):
            raise ValueError("enter a publication date and how sure it is, or choose “unknown”")
        if any(parent.source and parent.source == self.id for parent in self.derived_from):
            raise ValueError("a source can't derive from itself")
        return self

    @property
    def is_linked(self) -> bool:
        """Whether pages link the URL. That of an index or of an unrelated host is shown only."""
        return bool(self.url) and not (self.copies and self.copies[0].host_kind is HostKind.MIRROR)
