"""The form of a citation: one source on one claim, with its speakers and its certainty."""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from app.forms.base import (
    CitationId,
    CopyId,
    CopyOrSourceId,
    Date,
    Form,
    Language,
    Line,
    LinkOrCitationId,
    NeededCopyId,
    NeededText,
    OutletCode,
    PastDate,
    Private,
    SourceId,
    Text,
    check_basis,
)
from app.vocabulary.citations import (
    FIXED_NAMING,
    OF_ANOTHER_SPEAKER,
    USUAL_NAMING,
    Attribution,
    Certainty,
    CitationKind,
    Difference,
    Locator,
    Manner,
    Naming,
    ReportsEvent,
    Stance,
)
from app.vocabulary.dates import DateBasis
from app.vocabulary.support import FIELD_KINDS, Disputed

READINGS = frozenset({Disputed.SCOPE, Disputed.DATE, Disputed.OCCURRENCE})
"""Fields of which another reading may make it another event."""


class ChainStep(Form):
    """One step from the speaker towards the source that was read; the first step is the speaker."""

    attribution: Attribution = Field(
        title="Who",
        description="Who speaks or relays it. Figures of a named office are “Government”.",
    )
    words: Line = Field(
        "",
        title="Who, in words",
        description="Who it is, as coarse as the source has it or coarser.",
    )
    named: Naming | None = Field(
        None,
        title="Named",
        description="Whether the source names them. An unnamed company head is anonymous.",
    )
    outlet: OutletCode = Field(
        "", title="Outlet", description="Code of the outlet, where the step is one."
    )
    speakers: int | None = Field(
        None,
        title="Speakers",
        description="How many spoke, if the source says so.",
        gt=0,
        le=2_147_483_647,
    )
    speakers_text: Line = Field(
        "",
        title="Speakers, in words",
        description="Words before “speakers”, if no number is given: several, dozens of.",
    )
    occasion: Line = Field(
        "", title="Occasion", description="Where or how it was said, such as a briefing."
    )
    said: Date = Field("", title="When", description="When this step spoke (EDTF).")
    exact_words: Annotated[Line, Private()] = Field(
        "", title="Exactly", description="A finer description; desk only."
    )

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

    @property
    def is_several(self) -> bool:
        """Whether more than one person speaks in this step."""
        return bool(self.speakers_text) or (self.speakers or 1) > 1


def is_own_voice(chain: Any) -> bool:
    """Whether a chain of steps or rows, as typed or read, begins with the outlet's own voice."""
    first = chain[0] if isinstance(chain, list) and chain else None
    who = first.get("attribution") if isinstance(first, dict) else getattr(first, "attribution", "")
    return bool(who == Attribution.OWN_VOICE)


def impossible_step(before: str, before_words: str, after: str, after_words: str) -> bool:
    """Whether a step can't pass on the one before it, by the kinds and words of both.

    Only outlets pass on an outlet's own voice, and nobody passes on what they said themselves.
    """
    if before == Attribution.OWN_VOICE:
        return after not in {Attribution.OTHER_OUTLET, ""}
    words = before_words.strip().casefold()
    return before == after and bool(words) and words == after_words.strip().casefold()


class Citation(Form):
    """One statement of one source about the record it stands under, one of its links or another citation."""  # noqa: E501

    id: CitationId = Field(
        "", title="Id", description="Short id, so that a stage or a reply can rest on it."
    )
    about: LinkOrCitationId = Field(
        "", title="About", description="Id of the link or citation it speaks of; empty: the record."
    )
    source: SourceId = Field(title="Source", description="Id of the source.", min_length=1)
    copy_read: CopyId = Field(
        "", title="Copy read", description="Number of the source’s copy that was read."
    )
    also_in: list[NeededCopyId] = Field(
        [], title="Also in", description="Other copies of the source that say the same."
    )
    missing_in: list[CopyOrSourceId] = Field(
        [],
        title="Missing in",
        description="Copies, or sources that pass it on, that leave this out.",
    )
    locator: Locator | None = Field(
        None, title="Part of the source", description="Where in the source it is."
    )
    locator_text: Line = Field("", title="Exactly where", description="Page or time.")
    breaks_off: bool = Field(
        False, title="Breaks off", description="The copy read ends here; more may follow."
    )
    own_words: bool = Field(
        False,
        title="Own words",
        description="Not from the report that the source passes on.",
    )
    stance: Stance = Field(
        title="Stance", description="Whether it supports, disputes, mentions or retracts."
    )
    kind: CitationKind = Field(
        title="Speaks of", description="Which part of the record it supports or disputes."
    )
    reports_event: ReportsEvent | None = Field(
        None,
        title="Also reports the event itself",
        description="Yes if it reports the event; no for a remark in passing.",
    )
    names_law: bool = Field(
        False, title="Names the law", description="The source itself names it, by number or date."
    )
    certainty: Certainty = Field(
        Certainty.FIRM,
        title="Certainty",
        description="How firmly the source itself puts it; for its speaker, see below.",
    )
    certainty_text: Line = Field(
        "", title="Its word", description="The printed word: seems, may, is said to."
    )
    manner: Manner | None = Field(
        None,
        title="Speaker puts it",
        description="How firmly the speaker, not the source, puts what is said.",
    )
    said: PastDate = Field(
        "", title="Said", description="When it was said or, failing that, printed (EDTF)."
    )
    said_text: Line = Field(
        "", title="Said, in words", description="The date as the source puts it."
    )
    said_basis: DateBasis | None = Field(
        None, title="Converted or inferred", description="What we did to the date of the source."
    )
    said_basis_reason: Line = Field(
        "", title="How we know", description="How we converted or inferred it."
    )
    happened: Date = Field(
        "",
        title="It happened",
        description="When this source says that it happened (EDTF), also if vaguer.",
    )
    happened_text: Line = Field(
        "", title="It happened, in words", description="The source's own words for that time."
    )
    deadline: Date = Field(
        "",
        title="Its deadline",
        description="Day by which, this source says, it must be done (EDTF).",
    )
    deadline_text: Line = Field(
        "",
        title="Deadline, in words",
        description="What must be done by then, as the source puts it.",
    )
    paraphrase: NeededText = Field(title="What it says", description="In our own words.")
    quote: Annotated[Text, Field(max_length=300)] = Field(
        "", title="Quote", description="A short quote, where wording matters."
    )
    quote_language: Language = Field("", title="Language", description="Language of the quote.")
    quote_translation: Text = Field("", title="Translation", description="The quote in English.")
    quote_translator: Line = Field(
        "", title="Translated by", description="Ours, or the source's own."
    )
    field: Disputed | None = Field(
        None, title="Differs in", description="Which field its value differs in."
    )
    value: Line = Field("", title="Its value", description="The value that the source gives.")
    differs: Difference | None = Field(None, title="Because", description="Why the value differs.")
    credibility: int | None = Field(
        None, title="Credibility", description="1 (confirmed) to 6 (can't be judged).", ge=1, le=6
    )
    chain: list[ChainStep] = Field(
        title="Chain", description="Who said it, then who passed it on.", min_length=1
    )
    note: Annotated[Text, Private()] = Field("", title="Note", description="For the desk only.")

    @model_validator(mode="before")
    @classmethod
    def drop_manner_of_own_voice(cls, values: Any) -> Any:
        """Drop how a speaker puts it where nobody but the outlet speaks."""
        if isinstance(values, dict) and values.get("manner") and is_own_voice(values.get("chain")):
            return {**values, "manner": None}
        return values

    @model_validator(mode="after")
    def fits(self) -> Self:
        if self.value and not (self.field and self.differs):
            raise ValueError("a value that differs needs its field and why it differs")
        check_basis(self.said, self.said_basis, self.said_basis_reason)
        if self.quote and not self.quote_language:
            raise ValueError("a quote needs its language")
        said, missing = [self.copy_read, *self.also_in], self.missing_in
        if (self.also_in and not self.copy_read) or len(set(said) | set(missing)) < len(
            [*said, *missing]
        ):
            raise ValueError(
                "name the copy that was read, and each other copy once: as one that says "
                "the same or as one that leaves it out"
            )
        if self.source in missing:
            raise ValueError("a source can’t leave out what it says; name one of its copies")
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
