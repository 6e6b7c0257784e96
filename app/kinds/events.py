"""The form of an event, with its stages and its legal basis."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from app.dates import day_ranges, edtf
from app.dates.wording import in_words
from app.kinds.base import (
    CitationId,
    Date,
    EventId,
    Form,
    LawCode,
    Length,
    Line,
    Needed,
    NeededSlug,
    NeededText,
    PastDate,
    PlaceCode,
    Private,
    Slug,
    Text,
    check_basis,
    lies_within,
)
from app.kinds.citations import Citation
from app.kinds.joined_sources import JoinedSources, check_cited
from app.kinds.terms import EventToEvent, Term, check_links, check_terms
from app.vocabulary.dates import DateBasis
from app.vocabulary.events import ENDS, NoNationality, Step
from app.vocabulary.laws import LegalRelation, Reading

UNKNOWN = "unknown"
UNSTATED = "unstated"
PLANNABLE = {Step.PLANNED, Step.ANNOUNCED}


class Stage(Form):
    """One step of the event's history, on one of two tracks."""

    step: Step = Field(
        title="Status", description="The status reported, of the rule or in practice."
    )
    date: Date | Annotated[str, Field(pattern=f"^{UNKNOWN}$")] = Field(
        "",
        title="Reported for",
        description="Day for which it is reported (EDTF), or “unknown”.",
    )
    date_text: Line = Field(
        "", title="Reported for, in words", description="The date in the source’s words."
    )
    date_basis: DateBasis | None = Field(
        None, title="Converted or inferred", description="How we changed the date in the source."
    )
    date_basis_reason: Line = Field(
        "", title="How we know", description="How we converted or inferred it."
    )
    within: Date = Field(
        "",
        title="Within",
        description="Outer bound that we set for that day (EDTF).",
    )
    within_reason: Line = Field(
        "", title="Reason for the bound", description="Why we set that bound."
    )
    first_reported: Date = Field(
        "", title="First reported", description="When this was first reported (EDTF)."
    )
    planned_for: Date = Field("", title="Planned for", description="Planned start (EDTF).")
    planned_for_text: Line = Field(
        "", title="Planned for, in words", description="The planned time in the source’s words."
    )
    deadline: Date | Annotated[str, Field(pattern=f"^{UNSTATED}$")] = Field(
        "",
        title="Deadline",
        description="Day by which this must be done (EDTF), or “unstated”.",
    )
    deadline_text: Line = Field(
        "", title="Deadline, in words", description="What must be done, in the source’s words."
    )
    valid_until: Date = Field(
        "",
        title="Stated end",
        description="Last day on which it applies, according to the source (EDTF).",
    )
    valid_until_text: Line = Field(
        "", title="Stated end, in words", description="The stated end in the source’s words."
    )
    duration: Length = Field(
        "",
        title="Stated length",
        description="Stated length, such as P6M or “6 months”.",
    )
    duration_text: Line = Field(
        "",
        title="Stated length, in words",
        description="In the source’s words, such as “until further notice”.",
    )
    citation: CitationId = Field(
        title="Supporting citation", description="Id of the citation that reports it.", min_length=1
    )
    remark: Line = Field(
        "", title="Remark", description="What readers should know about this change."
    )

    @model_validator(mode="after")
    def fits(self) -> Self:
        if self.step is Step.LAPSED:
            raise ValueError("a passed end is calculated: choose the status that a source reports")
        if self.step in ENDS and not self.date:
            raise ValueError("an end needs a day: fill in “Reported for”, or enter “unknown”")
        if self.step in ENDS and self.valid_until:
            raise ValueError("a measure that has ended has no stated end: leave “Stated end” empty")
        if self.step in ENDS and (self.duration or self.duration_text):
            raise ValueError("a measure that has ended has no length: leave “Stated length” empty")
        if bool(self.within) != bool(self.within_reason):
            raise ValueError("fill in both “Within” and “Reason for the bound”, or neither")
        day = "" if self.date == UNKNOWN else self.date
        if self.within:
            # Raises DateError if the date is not within the bound.
            day_ranges.spans(
                edtf.parse(day) if day else None, lasts=False, within=edtf.parse(self.within)
            )
        check_basis(day, self.date_basis, self.date_basis_reason)
        if self.step is Step.DONE and (self.valid_until or self.duration):
            raise ValueError("an act done once has no stated end or length: leave both empty")
        if self.planned_for and self.step not in PLANNABLE:
            raise ValueError(
                "only a planned or announced status has a planned day: leave “Planned for” empty"
            )
        self._refuse_end_before_beginning()
        return self

    def _refuse_end_before_beginning(self) -> None:
        end = edtf.parse(self.valid_until).whole if self.valid_until else None
        begins = self.planned_for or ("" if self.date == UNKNOWN else self.date)
        begin = edtf.parse(begins).whole if begins else None
        if end and begin and end.last and begin.first and end.last < begin.first:
            raise ValueError(
                f"the stated end, {in_words(self.valid_until, lasts=False)}, is before "
                f"{in_words(begins, lasts=False)}; correct one of the two days"
            )


class Legal(Form):
    """The law, resolution or notice that an event is based on or breaks, or of a figure."""

    instrument: LawCode = Field(
        "", title="Law", description="Its code. Empty if the source does not name it."
    )
    relation: LegalRelation = Field(
        title="Relation", description="How the event or estimate relates to it."
    )
    reading: Reading = Field(title="Stated by", description="By the source, or by us.")
    printed: Line = Field(
        "", title="Wording in the source", description="The source's own words for it."
    )


MAX_TITLE_CHARACTERS = 200


class EventForm(Form):
    id: EventId = Field("", title="Id", description="Public id, given at first publication.")
    slug: Slug = Field(
        "", title="Short name", description="A readable name for its page’s address."
    )
    title: Needed = Field(
        title="Title",
        description="What happened, in our own words.",
        max_length=MAX_TITLE_CHARACTERS,
    )
    summary: NeededText = Field(
        title="Summary", description="In our own words; “reported” where needed.", max_length=1_500
    )
    type: NeededSlug = Field(title="Type", description="Code of the type of event.")
    happened: Date = Field(
        "", title="Happened", description="When it happened (EDTF). Empty if not stated."
    )
    happened_text: Line = Field(
        "", title="Happened, in words", description="The date in the source’s words."
    )
    happened_basis: DateBasis | None = Field(
        None, title="Converted or inferred", description="How we changed the date in the source."
    )
    happened_basis_reason: Line = Field(
        "", title="How we know", description="How we converted or inferred it."
    )
    attested: PastDate = Field(
        "",
        title="Ongoing on",
        description="It was ongoing on this date (EDTF); start and end are unknown.",
    )
    within: Date = Field(
        "",
        title="Within",
        description="Outer bound that we set, if the date is wider (EDTF).",
    )
    within_reason: Line = Field(
        "", title="Reason for the bound", description="Why we set that bound."
    )
    deadline: Date | Annotated[str, Field(pattern=f"^{UNSTATED}$")] = Field(
        "",
        title="Deadline",
        description="Day by which something must be done (EDTF), or “unstated”.",
    )
    deadline_text: Line = Field(
        "",
        title="Deadline, in words",
        description="What must be done by then, in the source's words.",
    )
    no_nationality: NoNationality | None = Field(
        None,
        title="No nationality",
        description="Choose why, if you name none below.",
    )
    terms: list[Term] = Field(
        [], title="Terms", description="Places, permits, people and actors, each with its role."
    )
    stages: list[Stage] = Field(
        [], title="Status changes", description="Each reported status, with its date."
    )
    links: list[EventToEvent] = Field(
        [], title="Links", description="How it relates to other events."
    )
    legal: list[Legal] = Field(
        [],
        title="Legal basis",
        description="The law, resolution or notice that it is based on or breaks.",
    )
    citations: list[Citation] = Field(
        [], title="Citations", description="What sources say about it."
    )
    joined_sources: list[JoinedSources] = Field(
        [],
        title="Independent sources",
        description="Sources counted as one or apart, with the reason.",
    )
    exact_happened: Annotated[Date, Private()] = Field(
        "", title="Exact date", description="A more precise date. Desk only."
    )
    exact_place: Annotated[PlaceCode, Private()] = Field(
        "", title="Exact place", description="Code of a more precise place. Desk only."
    )
    note: Annotated[Text, Private()] = Field("", title="Note", description="For the desk only.")

    @property
    def is_only_planned(self) -> bool:
        """Whether nothing but a plan is reported of it."""
        return {stage.step for stage in self.stages} == {Step.PLANNED}

    @property
    def when(self) -> str:
        """When it happened, or when it is attested; empty if nobody says."""
        return self.happened or self.attested

    @model_validator(mode="after")
    def fits(self) -> Self:
        if any(legal.relation is LegalRelation.COUNTED_UNDER for legal in self.legal):
            raise ValueError("only an estimate is counted under a law: choose another “Relation”")
        if bool(self.within) != bool(self.within_reason):
            raise ValueError("fill in both “Within” and “Reason for the bound”, or neither")
        if self.within:
            # Raises DateError if the date is not within the bound.
            day_ranges.spans(
                edtf.parse(self.when) if self.when else None,
                True,
                within=edtf.parse(self.within),
            )
        check_basis(self.when, self.happened_basis, self.happened_basis_reason)
        if self.attested and self.happened:
            raise ValueError("fill in “Happened” or “Ongoing on”, not both")
        if self.attested and edtf.OPEN in edtf.parse(self.attested).parts:
            raise ValueError(
                "“Ongoing on” is a date without two dots. If the start or end is known, "
                "enter it under “Happened”"
            )
        if self.exact_happened and not lies_within(self.exact_happened, self.when):
            raise ValueError("the exact date must be within the public one")
        if not any(term.names_place for term in self.terms):
            raise ValueError("an event needs a place: use “world” if it is everywhere")
        check_terms(self.terms, self.citations, self.no_nationality)
        check_links(self.links, self.citations)
        cited = {citation.id for citation in self.citations if citation.id}
        linked = {link.id for link in self.links if link.id}
        for citation in self.citations:
            if citation.about and citation.about not in cited | linked:
                raise ValueError(
                    f"citation {citation.id} is about {citation.about}, which is not on this event"
                )
        check_cited(self.joined_sources, self.citations)
        if any(link.to == self.id for link in self.links):
            raise ValueError("an event can't be linked to itself")
        return self
