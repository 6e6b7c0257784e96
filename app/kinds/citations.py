"""The form of a citation: one source on one claim, with its speakers and its certainty."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, model_validator

from app.kinds.base import (
    NOTE,
    CitationId,
    Date,
    F,
    Form,
    Language,
    Line,
    LinkOrCitationId,
    NeededText,
    OutletCode,
    PastDate,
    SourceId,
    Text,
)
from app.kinds.layout import AddButton, Beside, Folded, Part, Rows, Section
from app.vocabulary.citations import (
    FIXED_NAMING,
    OF_ANOTHER_SPEAKER,
    USUAL_NAMING,
    Attribution,
    Certainty,
    CitationKind,
    Counting,
    Difference,
    Locator,
    Naming,
    ReportsEvent,
    Stance,
)
from app.vocabulary.kinds import RecordKind
from app.vocabulary.support import FIELD_KINDS, Disputed

READINGS = {Disputed.SCOPE, Disputed.DATE, Disputed.OCCURRENCE}
"""Fields of which another reading may make it another event."""


class ChainStep(Form):
    """One step from the speaker towards the source that was read; the first step is the speaker."""

    PARTS = (
        Beside("exact_words", ("attribution words", "named")),
        Folded("Outlet, number of speakers, occasion", ("outlet speakers_text", "occasion")),
    )
    FORMER = frozenset({"speakers", "said"})

    attribution: Attribution = F(
        "Who", "Who speaks or repeats it. Statistics of a named office are “Government”."
    )
    words: Line = F("Who, in words", "The speaker, no more precise than in the source.", "")
    named: Naming | None = F(
        "Named", "Whether the source names the speaker. An unnamed company head is anonymous.", None
    )
    outlet: OutletCode = F("Outlet", "Code of the outlet, if the speaker is one.", "")
    speakers_text: Line = F(
        "Speakers", "How many, in words such as “two”, “several” or “dozens of”.", ""
    )
    occasion: Line = F("Occasion", "Occasion of the statement, such as a briefing.", "")
    exact_words: Line = F(
        "Exact description", "A more precise description. Desk only.", "", private=True
    )

    @model_validator(mode="before")
    @classmethod
    def read_number_of_speakers(cls, values: Any) -> Any:
        """Take the number of speakers that earlier releases stored as their number in words."""
        number = values.get("speakers") if isinstance(values, dict) else None
        if not number:
            return values
        return {**values, "speakers_text": values.get("speakers_text") or str(number)}

    @model_validator(mode="before")
    @classmethod
    def read_usual_naming(cls, values: Any) -> Any:
        """Fill in what the kind of speaker says, for steps that say nothing themselves.

        An outlet's own voice is neither named nor anonymous, whatever was copied to it.
        """
        if isinstance(values, dict) and values.get("attribution") == Attribution.OWN_VOICE:
            return {**values, "named": None}
        if isinstance(values, dict) and not values.get("named"):
            return {**values, "named": USUAL_NAMING.get(str(values.get("attribution")))}
        return values

    @model_validator(mode="after")
    def fits(self) -> Self:
        if self.attribution in FIXED_NAMING and self.named is not USUAL_NAMING[self.attribution]:
            raise ValueError(
                f"“{self.attribution.label}” does not fit “{self.named and self.named.label}”: "
                "change the kind of speaker, or whether it is named"
            )
        return self

    @property
    def contradictions(self) -> list[str]:
        """The fields that this kind of speaker doesn't have, such as the outlet of a person."""
        return [
            name for name in OF_ANOTHER_SPEAKER.get(self.attribution, ()) if getattr(self, name)
        ]

    @property
    def is_anonymous(self) -> bool:
        return self.named is Naming.UNNAMED


def impossible_step(before: str, before_words: str, after: str, after_words: str) -> bool:
    """Whether a step can't pass on the one before it, by the kinds and words of both.

    Only outlets pass on an outlet's own voice, and nobody passes on what they said themselves.
    """
    if before == Attribution.OWN_VOICE:
        return after not in {Attribution.OTHER_OUTLET, ""}
    words = before_words.strip().casefold()
    return before == after and bool(words) and words == after_words.strip().casefold()


CITATIONS = Section(
    "citations",
    "Citations",
    (Rows("citations", "Citation", "Add a citation"),),
    "What each source says, in our own words. Add one citation for each statement.",
)


class Citation(Form):
    """One statement of one source about the record it stands under, one of its links or another citation."""  # noqa: E501

    FORMER = frozenset(
        {
            *("copy_read", "also_in", "missing_in", "breaks_off", "own_words"),
            *("manner", "said_basis", "said_basis_reason", "happened_text", "deadline"),
            *("deadline_text", "quote_translator", "credibility"),
        }
    )
    PARTS = (
        "source",
        Rows("chain", "Speaker", "Add a speaker or outlet"),
        Beside("note", ("paraphrase",)),
        "stance kind about",
        "reports_event",
        "names_law",
        "said said_text",
        Folded("Date that this source gives", ("happened",)),
        "certainty certainty_text",
        Folded(
            "Quote, place in the source, differences",
            (
                "quote",
                "quote_language",
                "quote_translation",
                "locator locator_text",
                "field value differs",
            ),
        ),
    )

    id: CitationId = F(
        "Id", "Short id, to which a status change or another citation can refer.", ""
    )
    about: LinkOrCitationId = F(
        "Link or citation",
        "Id of the link or citation that it is about. Empty: the record.",
        "",
        hint="This record, or one of its links or citations.",
        unchosen="The record itself",
    )
    source: SourceId = F("Source", "Id of the source.", min_length=1)
    locator: Locator | None = F("Part of the source", "Part of the source that contains it.", None)
    locator_text: Line = F("Page, paragraph or time", "Its page, paragraph or time there.", "")
    stance: Stance = F("Stance", "Whether it supports, disputes, mentions or retracts.")
    kind: CitationKind = F("About", "Which part of the record it supports or disputes.")
    reports_event: ReportsEvent | None = F(
        "Also reports the event itself",
        "Yes if it reports the event, no if it only mentions it.",
        None,
        unchosen="No answer (needed for date, number, scope, effect and law)",
    )
    names_law: bool = F("Names the law", "The source names the law by number or date.", False)
    certainty: Certainty = F(
        "Certainty", "How certain the source itself is, not its speaker.", Certainty.FIRM
    )
    certainty_text: Line = F("Its word", "The word in the source: seems, may, is said to.", "")
    said: PastDate = F("Said", "When it was said or, if unknown, published (EDTF).", "")
    said_text: Line = F("Said, in words", "The date in the source’s words.", "")
    happened: Date = F(
        "Date of the event",
        "When it happened according to this source, not when it was announced (EDTF).",
        "",
    )
    paraphrase: NeededText = F("What it says", "In our own words.")
    quote: Annotated[Text, Field(max_length=300)] = F(
        "Quote", "A short quote, if the wording matters.", "", language="quote_language"
    )
    quote_language: Language = F("Language", "Language of the quote.", "")
    quote_translation: Text = F("Translation", "The quote in English, translated by us.", "")
    field: Disputed | None = F(
        "Different field", "The field with a different value.", None, unchosen="No difference"
    )
    value: Line = F("Value in the source", "The value that the source gives.", "")
    differs: Difference | None = F(
        "Reason", "Why the value differs.", None, unchosen="No difference"
    )
    chain: list[ChainStep] = F(
        "Chain", "The speaker first, then each one who repeated it.", min_length=1, column="chains"
    )
    note: Text = NOTE

    @model_validator(mode="after")
    def fits(self) -> Self:
        if self.value and not (self.field and self.differs):
            raise ValueError("a different value needs its field and a reason: enter both")
        if self.quote and not self.quote_language:
            raise ValueError("a quote needs a language: choose one")
        return self

    @property
    def is_about_field(self) -> bool:
        """Whether it supports one field of its record, so that `reports_event` is asked."""
        return not self.about and self.stance is Stance.SUPPORTS and self.kind in FIELD_KINDS

    @property
    def reads_otherwise(self) -> bool:
        """Whether it may mean another whom, where or when, so that `reports_event` is asked."""
        return (
            not self.about
            and self.stance is Stance.SUPPORTS
            and self.differs is Difference.OTHER_READING
            and self.field in READINGS
        )

    @property
    def speaker(self) -> ChainStep:
        return self.chain[0]

    @property
    def is_anonymous(self) -> bool:
        """Whether the first speaker is not named. An outlet's own voice is not anonymous."""
        return self.speaker.is_anonymous


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
        if self.how in {Counting.ONE_VOICE, Counting.TWO_VOICES} and any(
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
