"""The form of a source: a report, document or page, with its copies and the sources it repeats."""

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from app.kinds.base import (
    NOTE,
    PUBLIC_ID,
    SHORT_NAME,
    CopyId,
    F,
    Form,
    Language,
    Line,
    Needed,
    NeededOutletCode,
    OutletCode,
    PastDate,
    Slug,
    SourceId,
    Text,
    Url,
)
from app.kinds.layout import Beside, Folded, KindWords, Rows, Section
from app.vocabulary.citations import Derivation
from app.vocabulary.sources import Extent, HostKind, PublishedBasis, SourceKind, TitleBasis


class Copy(Form):
    """One copy of a source: where it was found and how much of it was read."""

    PARTS = (
        "host_kind host",
        "url",
        "extent read_on",
        Folded("Archived copy", ("archive sha256",)),
    )

    id: CopyId = F("Number", "Number of the copy. Numbers are never used again.", "")
    host_kind: HostKind = F("Host", "What the address links to.")
    host: Line = F("Host's name", "Name of the site, if it is not the outlet's.", "")
    url: Url = F("Address", "Address of this copy.", "")
    extent: Extent = F("Read", "How much of the copy was read.")
    read_on: PastDate = F("Read on", "When it was read.", "")
    archive: Url = F("Archive", "Address of an archived copy.", "")
    sha256: Annotated[str, Field(pattern=r"^(?:[0-9a-f]{64})?$")] = F(
        "SHA-256", "Hash of the copy that was read.", ""
    )


class DerivedFrom(Form):
    """What a source derives from: a source that was read, or an outlet's report that was not."""

    PARTS = ("source outlet", "how")

    source: SourceId = F("Source", "Id of the source it derives from.", "")
    outlet: OutletCode = F("Outlet", "Code of the outlet, if its report was not read.", "")
    how: Derivation = F("How", "How it depends on the other report.")

    @model_validator(mode="after")
    def fits(self) -> Self:
        if bool(self.source) == bool(self.outlet):
            raise ValueError("name either the source or, if it was not read, the outlet")
        return self


class SourceForm(Form):
    FORMER = frozenset({"published_text", "rights"})
    WORDS = KindWords(
        new="New source",
        change="Change source {id}",
        hint="Its address or id, or words from its title.",
        make="Enter it as a new source",
        counted=("{count} source", "{count} sources"),
        title="Sources",
        description="Published items, where they were found, and the records that cite them.",
        example="S4",
    )
    SECTIONS = (
        Section(
            "what",
            "What was read",
            (
                "url",
                "outlet",
                "title",
                "title_en",
                "title_basis language",
                "kind author",
                Folded("Short name for its address", ("slug",)),
            ),
        ),
        Section("when", "When it was published", ("published", "published_basis")),
        Section(
            "copies",
            "Copies",
            (Rows("copies", "Copy", "Add a copy"),),
            "Where it was read, and how much. Note where the copy ends.",
        ),
        Section(
            "derived_from",
            "Earlier reports",
            (
                Rows("derived_from", "Earlier report", "Add an earlier report"),
                Beside("note", ("remark",)),
            ),
            "Reports that this one repeats, translates or quotes. A repeat is not an independent "
            "source.",
        ),
    )

    id: SourceId = PUBLIC_ID
    slug: Slug = SHORT_NAME
    outlet: NeededOutletCode = F("Outlet", "Code of the outlet that wrote the text.")
    title: Needed = F("Title", "Original title, in its own script.", language="language")
    title_basis: TitleBasis = F("Title basis", "How sure the title is.", column="title_is")
    title_en: Line = F("In English", "Our translation of the title.", "", column="title_in_english")
    url: Url = F("Address", "Address where it was found.", "", listed=False)
    language: Language = F(
        "Language",
        "Language of the text that was read.",
        "",
        hint="Language of the text, such as Russian or ru.",
    )
    author: Line = F("Author", "As in the source. Only people who sign their work publicly.", "")
    kind: SourceKind = F("Kind", "Kind of source.")
    published: PastDate = F("Published", "When it was published (EDTF).", "")
    published_basis: PublishedBasis = F(
        "Date basis", "How sure that date is.", column="published_is"
    )
    copies: list[Copy] = F("Copies", "The copies that were found and read.", [])
    derived_from: list[DerivedFrom] = F(
        "Derived from", "Reports that it repeats, translates or quotes.", [], column="derivations"
    )
    remark: Text = F("Remark", "What readers should know about this source.", "")
    note: Text = NOTE

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
        return self

    @property
    def is_linked(self) -> bool:
        """Whether pages link the URL. That of an index or of an unrelated host is shown only."""
        return bool(self.url) and not (self.copies and self.copies[0].host_kind is HostKind.MIRROR)
