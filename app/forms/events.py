"""The form of an event, with its stages and its legal basis."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from app.dates import day_ranges, edtf
from app.dates.wording import in_words
from app.forms.base import (
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
from app.forms.citations import Citation
from app.forms.joined_sources import JoinedSources, check_cited
from app.forms.terms import EventToEvent, Term, check_links, check_terms
from app.vocabulary.dates import DateBasis
from app.vocabulary.events import ENDS, NoNationality, Step
from app.vocabulary.laws import LegalRelation, Reading

UNKNOWN = "unknown"
UNSTATED = "unstated"
PLANNABLE = {Step.PLANNED, Step.ANNOUNCED}


class Stage(Form):
    """One step of the event's history, on one of two tracks."""

    step: Step = Field(title="Status", description="What is reported: of the rule, or in practice.")
    date: Date | Annotated[str, Field(pattern=f"^{UNKNOWN}$")] = Field(
        "",
        title="Reported for",
        description="The day for which it is reported (EDTF), or “unknown”.",
    )
    date_text: Line = Field(
        "", title="Reported for, in words", description="The date as the source puts it."
    )
    date_basis: DateBasis | None = Field(
        None, title="Converted or inferred", description="What we did to the date of the source."
    )
    date_basis_reason: Line = Field(
        "", title="How we know", description="How we converted or inferred it."
    )
    within: Date = Field(
        "",
        title="Within",
        description="Outer bound that we set for that day (EDTF).",
    )
    within_reason: Line = Field("", title="Bound because", description="Why we set that bound.")
    first_reported: Date = Field(
        "", title="First reported", description="When this was first reported (EDTF)."
    )
    planned_for: Date = Field(
        "", title="Planned for", description="When it is to begin, by the plan (EDTF)."
    )
    planned_for_text: Line = Field(
        "", title="Planned for, in words", description="The planned time as the source puts it."
    )
    deadline: Date | Annotated[str, Field(pattern=f"^{UNSTATED}$")] = Field(
        "",
        title="Deadline",
        description="Day by which this must be done (EDTF), or “unstated”.",
    )
    deadline_text: Line = Field(
        "", title="Deadline, in words", description="What must be done, as the source puts it."
    )
    valid_until: Date = Field(
        "", title="Stated end", description="Last day on which it is said to apply (EDTF)."
    )
    valid_until_text: Line = Field(
        "", title="Stated end, in words", description="The stated end as the source puts it."
    )
    duration: Length = Field(
        "",
        title="Stated length",
        description="How long it is said to apply, such as P6M or “6 months”.",
    )
    duration_text: Line = Field(
        "",
        title="Stated length, in words",
        description="As the source puts it, such as “until further notice”.",
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
            raise ValueError(
                "that a stated end has passed is calculated; choose the step that a source reports"
            )
        if self.step in ENDS and not self.date:
            raise ValueError("an end needs a day: fill in “Reported for”, or write “unknown”")
        if self.step in ENDS and self.valid_until:
            raise ValueError("a measure that has ended has no stated end: leave “Stated end” empty")
        if self.step in ENDS and (self.duration or self.duration_text):
            raise ValueError("a measure that has ended has no length: leave “Stated length” empty")
        if bool(self.within) != bool(self.within_reason):
            raise ValueError("fill in both “Within” and “Bound because”, or neither")
        day = "" if self.date == UNKNOWN else self.date
        if self.within:
            # Raises DateError if the date is not within the bound.
            day_ranges.spans(
                edtf.parse(day) if day else None, lasts=False, within=edtf.parse(self.within)
            )
        check_basis(day, self.date_basis, self.date_basis_reason)
        if self.step is Step.DONE and (self.valid_until or self.duration):
            raise ValueError("an act done once has no stated end and no length: leave both empty")
        if self.planned_for and self.step not in PLANNABLE:
            raise ValueError(
                "only what is planned or announced has a day it is planned for: "
                "leave “Planned for” empty"
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
        "", title="Law", description="Its code; empty where the source does not name it."
    )
    relation: LegalRelation = Field(
        title="Relation", description="How the event or figure relates to it."
    )
    reading: Reading = Field(title="Whose reading", description="The source's, or ours.")
    printed: Line = Field(
        "", title="Wording in the source", description="The source's own words for it."
    )


class EventForm(Form):
    id: EventId = Field("", title="Id", description="Public id, given at first publication.")
    slug: Slug = Field("", title="Short name", description="A readable name for its address.")
    title: Needed = Field(
        title="Title", description="What happened, in our own words.", max_length=200
    )
    summary: NeededText = Field(
        title="Summary", description="In our own words; “reported” where needed.", max_length=1_500
    )
    type: NeededSlug = Field(title="Type", description="Code of the type of event.")
    happened: Date = Field(
        "", title="Happened", description="When it happened (EDTF); empty if nobody says."
    )
    happened_text: Line = Field(
        "", title="Happened, in words", description="The date as the source puts it."
    )
    happened_basis: DateBasis | None = Field(
        None, title="Converted or inferred", description="What we did to the date of the source."
    )
    happened_basis_reason: Line = Field(
        "", title="How we know", description="How we converted or inferred it."
    )
    attested: PastDate = Field(
        "",
        title="Ongoing on",
        description="Going on at this date (EDTF); beginning and end are not known.",
    )
    within: Date = Field(
        "",
        title="Within",
        description="Outer bound that we set, where the date leaves more open (EDTF).",
    )
    within_reason: Line = Field("", title="Bound because", description="Why we set that bound.")
    deadline: Date | Annotated[str, Field(pattern=f"^{UNSTATED}$")] = Field(
        "",
        title="Deadline",
        description="Day by which something must be done (EDTF), or “unstated”.",
    )
    deadline_text: Line = Field(
        "",
        title="Deadline, in words",
        description="What must be done by then, as the source puts it.",
    )
    no_nationality: NoNationality | None = Field(
        None,
        title="No nationality named",
        description="Choose why, if you name none below.",
    )
    terms: list[Term] = Field(
        [], title="Terms", description="Places, permits, people and actors, each with its role."
    )
    stages: list[Stage] = Field(
        [], title="Stages", description="What is reported to have been reached, and when."
    )
    links: list[EventToEvent] = Field(
        [], title="Links", description="How it relates to other events."
    )
    legal: list[Legal] = Field(
        [],
        title="Legal basis",
        description="What law, resolution or notice it is based on or breaks.",
    )
    citations: list[Citation] = Field(
        [], title="Citations", description="What sources say about it."
    )
    joined_sources: list[JoinedSources] = Field(
        [],
        title="Independent sources",
        description="Sources that we count as one, or apart, with the reason.",
    )
    exact_happened: Annotated[Date, Private()] = Field(
        "", title="Exact date", description="A finer date; desk only."
    )
    exact_place: Annotated[PlaceCode, Private()] = Field(
        "", title="Exact place", description="Code of a finer place; desk only."
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
            raise ValueError("only a figure is counted under a law: choose another “Relation”")
        if bool(self.within) != bool(self.within_reason):
            raise ValueError("fill in both “Within” and “Bound because”, or neither")
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
                "“Ongoing on” takes a date at which it was going on, without two dots; if the "
                "beginning or the end is known, write it under “Happened”"
            )
        if self.exact_happened and not lies_within(self.exact_happened, self.when):
            raise ValueError("the exact date must lie inside the public one")
        if not any(term.names_place for term in self.terms):
            raise ValueError("an event needs a place; use “world” if it is everywhere")
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
