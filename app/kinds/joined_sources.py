"""The form of an editor's decision that sources are one, or that one is independent (rule 3)."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from app.kinds.base import F, Form, NeededText
from app.kinds.citations import Citation
from app.kinds.layout import AddButton, Part, Rows, Section
from app.vocabulary.citations import Counting
from app.vocabulary.kinds import RecordKind

SourceOrCitationId = Annotated[str, StringConstraints(pattern=r"^(?:[SC][1-9][0-9]{0,8})?$")]


INDEPENDENCE = Section(
    "joined_sources",
    "Independent sources",
    (
        Rows(
            "joined_sources",
            "Decision",
            (
                AddButton("joined", "Count two as one", {"how": Counting.JOINED}),
                AddButton("one-voice", "Count speakers as one", {"how": Counting.ONE_VOICE}),
                AddButton("split", "Count one apart", {"how": Counting.SPLIT}),
            ),
        ),
    ),
    "Only if you know more than the rule can. Readers see your reason.",
)


class JoinedSources(Form):
    """Two sources, citations or speakers that count as one, or one that counts apart."""

    PARTS = ("member other", "reason")

    how: Counting = F("Decision", "Whether to count them as one or apart.")
    member: SourceOrCitationId = F(
        "Source",
        "Id of a source or citation of this record.",
        min_length=1,
        hint="A source or citation of this record.",
    )
    other: SourceOrCitationId = F(
        "Same as",
        "Id of the source or citation to count it with.",
        "",
        hint="The source or citation to count it with.",
    )
    reason: NeededText = F("Reason", "Reason, shown to readers.")

    @classmethod
    def parts_of(cls, row: Mapping[str, str]) -> tuple[Part, ...]:
        """Return the fields of a decision. A source that counts apart has no second one."""
        return ("member", "reason") if row["how"] == Counting.SPLIT else cls.PARTS

    @model_validator(mode="after")
    def fits(self) -> Self:
        if self.how is not Counting.SPLIT and self.other in {"", self.member}:
            raise ValueError("sources that count as one are two: choose both")
        if self.how is Counting.ONE_VOICE and any(
            id.startswith(RecordKind.SOURCE) for id in self.members
        ):
            raise ValueError(
                "speakers are joined by their citations: choose two citations, because a "
                "source may quote several speakers"
            )
        if self.how is Counting.SPLIT and self.other:
            raise ValueError(
                "a source that counts apart is apart from all others: remove the second one"
            )
        return self

    def applies_to(self, citation: Citation) -> bool:
        """Whether the decision names a citation or its source."""
        return not {citation.id, citation.source}.isdisjoint(self.members)

    @property
    def members(self) -> set[str]:
        return {self.member, self.other} - {""}


def check_cited(joined: Iterable[JoinedSources], citations: Iterable[Citation]) -> None:
    """Refuse decisions about sources that the record does not cite."""
    cited = {id for citation in citations for id in (citation.id, citation.source)}
    for decision in joined:
        for id in sorted(decision.members - cited):
            raise ValueError(
                f"{id} is counted with others, but not cited here: choose a source or citation "
                "of this record, or remove the decision"
            )
