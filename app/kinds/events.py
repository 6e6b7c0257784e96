"""The form of an event, with its stages and its legal basis."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from app.dates import edtf
from app.dates.wording import in_words
from app.kinds.base import (
    NOTE,
    PUBLIC_ID,
    SHORT_NAME,
    CitationId,
    Date,
    EventId,
    F,
    Form,
    LawCode,
    Line,
    Needed,
    NeededSlug,
    NeededText,
    PastDate,
    PlaceCode,
    Slug,
    Text,
    check_basis,
    lies_within,
)
from app.kinds.citations import CITATIONS, INDEPENDENCE, Citation, JoinedSources, check_cited
from app.kinds.layout import Beside, Folded, KindWords, Rows, Section
from app.kinds.terms import OTHER_TERMS, PLACES, EventToEvent, Term, check_links, check_terms, terms
from app.vocabulary.events import ENDS, Direction, NoNationality, Step
from app.vocabulary.named import LegalRelation, Reading
from app.vocabulary.record import DateBasis

UNKNOWN = "unknown"
UNSTATED = "unstated"
PLANNABLE = {Step.PLANNED, Step.ANNOUNCED}


class Stage(Form):
    """One step of the event's history, on one of two tracks."""

    FORMER = frozenset(
        {
            *("date_basis", "date_basis_reason", "within", "within_reason", "planned_for_text"),
            *("deadline_text", "valid_until_text", "duration", "duration_text"),
        }
    )
    PARTS = (
        "step citation",
        "date date_text",
        "first_reported",
        Folded("Planned for, deadline, stated end", ("planned_for deadline", "valid_until")),
        "remark",
    )

    step: Step = F("Status", "The status reported, of the rule or in practice.")
    date: Date | Annotated[str, Field(pattern=f"^{UNKNOWN}$")] = F(
        "Reported for", "Day for which it is reported (EDTF), or “unknown”.", ""
    )
    date_text: Line = F("Reported for, in words", "The date in the source’s words.", "")
    first_reported: Date = F("First reported", "When this was first reported (EDTF).", "")
    planned_for: Date = F("Planned for", "Planned start (EDTF).", "")
    deadline: Date | Annotated[str, Field(pattern=f"^{UNSTATED}$")] = F(
        "Deadline", "Day by which this must be done (EDTF), or “unstated”.", ""
    )
    valid_until: Date = F(
        "Stated end", "Last day on which it applies, according to the source (EDTF).", ""
    )
    citation: CitationId = F(
        "Supporting citation",
        "Id of the citation that reports it.",
        min_length=1,
        hint="The citation that reports it.",
    )
    remark: Line = F("Remark", "What readers should know about this change.", "")

    @model_validator(mode="after")
    def fits(self) -> Self:
        if self.step is Step.LAPSED:
            raise ValueError("a passed end is calculated: choose the status that a source reports")
        if self.step in ENDS and not self.date:
            raise ValueError("an end needs a day: fill in “Reported for”, or enter “unknown”")
        if self.step in ENDS and self.valid_until:
            raise ValueError("a measure that has ended has no stated end: leave “Stated end” empty")
        if self.step is Step.DONE and self.valid_until:
            raise ValueError("an act done once has no stated end: leave “Stated end” empty")
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
    """The law, resolution or notice that an event is based on or breaks."""

    PARTS = ("instrument printed", "relation reading")

    instrument: LawCode = F("Law", "Its code. Empty if the source does not name it.", "")
    relation: LegalRelation = F("Relation", "How the event relates to it.")
    reading: Reading = F("Stated by", "By the source, or by us.")
    printed: Line = F("Wording in the source", "The source's own words for it.", "")


MAX_TITLE_CHARACTERS = 200


class EventForm(Form):
    FORMER = frozenset({"within", "within_reason", "deadline_text"})
    NOT_ASKED = frozenset({"scope"})
    WORDS = KindWords(
        new="New event",
        change="Change event {id}",
        hint="Its id, or words from its title.",
        counted=("{count} event", "{count} events"),
        title="Events",
        description="What was planned, ordered, done or seen, with the sources that support or "
        "dispute it.",
        example="E5",
    )
    SECTIONS = (
        Section(
            "what",
            "What",
            (
                "title",
                Beside("note", ("summary",)),
                "type",
                Folded("Another direction than its type’s", ("direction",)),
            ),
        ),
        Section(
            "when",
            "When",
            (
                Beside("exact_happened", ("happened", "happened_text")),
                "attested",
                Folded(
                    "A deadline (not an end)",
                    ("deadline",),
                ),
                Folded(
                    "Another calendar, or inferred parts",
                    ("happened_basis happened_basis_reason",),
                ),
            ),
        ),
        Section("where", "Where", (Beside("exact_place", PLACES),)),
        Section(
            "who",
            "Who and what is covered",
            ("no_nationality", terms("Term", *OTHER_TERMS)),
            "As in the source. Leave out what it does not state.",
        ),
        CITATIONS,
        INDEPENDENCE,
        Section(
            "stages",
            "Status",
            (Rows("stages", "Status change", "Add a status change"),),
            "Each reported change, with its citation. Other events than measures can only be "
            "planned.",
        ),
        Section(
            "links",
            "Links and legal basis",
            (
                Rows("links", "Link", "Add a link to another event"),
                Rows("legal", "Law", "Add a law or resolution"),
                Folded("Short name for its address", ("slug",)),
            ),
        ),
    )

    id: EventId = PUBLIC_ID
    slug: Slug = SHORT_NAME
    title: Needed = F("Title", "What happened, in our own words.", max_length=MAX_TITLE_CHARACTERS)
    summary: NeededText = F(
        "Summary", "In our own words; “reported” where needed.", max_length=1_500
    )
    type: NeededSlug = F("Type", "Code of the type of event.", codes="type", hint="")
    direction: Direction | None = F(
        "Direction",
        "What it means for the workers, if that differs from its type.",
        None,
        unchosen="As its type",
        listed=False,
    )
    happened: Date = F("Happened", "When it happened (EDTF). Empty if not stated.", "")
    happened_text: Line = F(
        "Happened, in words", "The date in the source’s words.", "", column="happened_as_printed"
    )
    happened_basis: DateBasis | None = F(
        "Converted or inferred",
        "What we changed in the date: converted, year-inferred, day-inferred or all-inferred.",
        None,
        hint="How we changed the date in the source.",
        unchosen="Neither; as stated by the source",
    )
    happened_basis_reason: Line = F("How we know", "How we converted or inferred it.", "")
    attested: PastDate = F(
        "Ongoing on",
        "It was ongoing on this date (EDTF); start and end are unknown.",
        "",
    )
    deadline: Date | Annotated[str, Field(pattern=f"^{UNSTATED}$")] = F(
        "Deadline", "Day by which something must be done (EDTF), or “unstated”.", ""
    )
    no_nationality: NoNationality | None = F(
        "No nationality",
        "Reason for a missing nationality.",
        None,
        hint="Choose why, if you name none below.",
        unchosen="Choose one, or add a nationality",
    )
    terms: list[Term] = F("Terms", "Places, permits, people and actors, each with its role.", [])
    stages: list[Stage] = F("Status changes", "Each reported status, with its date.", [])
    links: list[EventToEvent] = F("Links", "How it relates to other events.", [])
    legal: list[Legal] = F(
        "Legal basis", "The law, resolution or notice that it is based on or breaks.", []
    )
    citations: list[Citation] = F("Citations", "What sources say about it.", [])
    joined_sources: list[JoinedSources] = F(
        "Independent sources", "Sources counted as one or apart, with the reason.", []
    )
    exact_happened: Date = F("Exact date", "A more precise date. Desk only.", "", private=True)
    exact_place: PlaceCode = F(
        "Exact place", "Code of a more precise place. Desk only.", "", private=True
    )
    note: Text = NOTE

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
