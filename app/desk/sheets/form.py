"""The document of a sheet: the shared block of a report, and one row for each statement.

The forms describe fields for `draft_form.documents`, `merge` and `compare`; what a row must say is
checked on the draft that is made of it. Words of the text are only in fields for wording
in the source, and only after a press.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from app.documents import ROW, Document, fit_to_form
from app.i18n.translate import N_
from app.kinds.base import (
    Date,
    Figure,
    Form,
    LawCode,
    Line,
    OutletCode,
    PlaceCode,
    Slug,
    SourceId,
    Text,
)
from app.kinds.terms import Term
from app.vocabulary.citations import (
    Attribution,
    Certainty,
    CitationKind,
    Naming,
    ReportsEvent,
    Stance,
)
from app.vocabulary.code import Code
from app.vocabulary.estimates import (
    EstimateLink,
    FigureForm,
    Nature,
    Per,
    Population,
    Quantifier,
    Unit,
)
from app.vocabulary.events import EventLink, Role, Step, TermKey

OWN_VOICE = "O"
"""The letter of the outlet's own voice. It is in no list of speakers."""
NATIONALITY_KEY = "0"
"""The key of the usual nationality among those that a row leaves out."""
SPEAKER_LETTERS = list("ABCDEFGHIJKLMNPQRSTUVW")
DAY_LETTERS = ["X", "Y", "Z", *(f"{letter}{number}" for number in range(2, 10) for letter in "XYZ")]
MAX_MORE_CHARACTERS = 200_000
ACCEPTED = "accepted"
"""The state of a row in documents of earlier releases that is kept."""


class StatementKind(Code):
    """What a statement row becomes."""

    EVENT = "event", N_("Event"), N_("A new event.")
    ESTIMATE = "estimate", N_("Estimate"), N_("A new estimate.")
    CITATION = "citation", N_("Citation"), N_("A citation of an existing record.")


class TimeIs(Code):
    """Which field the time of a row is in the long form, where it is not the usual one."""

    ATTESTED = "attested", N_("Ongoing on"), N_("An event that was going on at that time.")
    AS_OF = "as_of", N_("As of"), N_("The day of a state, or of a total up to then.")
    PERIOD = "period", N_("Period"), N_("The time over which it was counted.")


class RowRelation(Code):
    """Relations of a row that are no links between records of one kind."""

    OF_EVENT = "of-event", N_("Estimate of"), N_("The event that the estimate belongs to.")
    ALSO_SAID_BY = "also-said-by", N_("Also said by"), N_("A second citation of the same record.")
    CITATION_OF = (
        "citation-of",
        N_("Citation of"),
        N_("The row whose record the citation is about."),
    )


Letter = Annotated[Line, StringConstraints(max_length=2)]
Keys = Annotated[Line, StringConstraints(pattern=r"^[0-9a-f, ]*$")]
Key = Annotated[Line, StringConstraints(pattern=r"^[0-9a-f]{0,8}$")]
SentenceNumbers = Annotated[Line, StringConstraints(pattern=r"^[0-9 ]*$")]
RowOrRecord = Annotated[Line, StringConstraints(pattern=r"^(?:[0-9a-f]{1,8}|[EM][1-9][0-9]*)?$")]
RecordId = Annotated[Line, StringConstraints(pattern=r"^(?:[EM][1-9][0-9]*)?$")]


class SheetSpeaker(Form):
    """Who says one or more of the statements: the first step of their chains.

    An outlet that passes it on is the second step.
    """

    letter: Letter = Field("", title="Letter")
    attribution: Attribution | None = Field(None, title="Who")
    words: Line = Field("", title="Who, in words")
    named: Naming | None = Field(None, title="Named")
    outlet: OutletCode = Field("", title="Outlet")
    speakers_text: Line = Field("", title="Speakers")
    occasion: Line = Field("", title="Occasion")
    through: OutletCode = Field("", title="Passed on by")


class DaySaid(Form):
    """A day on which somebody spoke. A row without one is of the day of publication."""

    letter: Letter = Field("", title="Letter")
    said: Date = Field("", title="Said")
    said_text: Line = Field("", title="Said, in words")


class DefaultTerm(Form):
    """A term that each row has, if ticked, unless the row leaves it out."""

    key: TermKey | None = Field(None, title="Names a")
    code: Slug = Field("", title="Code")
    role: Role | None = Field(None, title="Role")
    ticked: bool = Field(True, title="Ticked")


class RowLink(Form):
    """How a row relates to another one, to a record, or to a second speaker."""

    relation: RowRelation | EventLink | EstimateLink | None = Field(None, title="Relation")
    to: RowOrRecord = Field(
        "", title="To", description="Key of a row, or id of a record; empty for “also said by”."
    )
    reason: Text = Field("", title="Why")
    speaker: Letter = Field(
        "", title="Speaker", description="Certainty of “also said by”, as for all fields below."
    )
    day: Letter = Field("", title="Day said")
    stance: Stance | None = Field(None, title="Stance")
    certainty: Certainty | None = Field(None, title="Certainty")
    hedge_words: Line = Field("", title="Its word")
    statement: Text = Field("", title="What it says", description="Empty: the row's statement.")
    sentences: SentenceNumbers = Field("", title="Sentences")


class StatementRow(Form):
    """One statement of the report."""

    NAMED_BY: ClassVar[tuple[str, ...]] = ("statement", "paraphrase", "title")

    kind: StatementKind = Field(StatementKind.EVENT, title="Kind")
    record: RecordId = Field(
        "",
        title="Record",
        description="Its own record once there is a draft; the existing one of a citation.",
    )
    sentences: SentenceNumbers = Field("", title="Sentences", description="Numbers from 1.")
    statement: Text = Field(
        "", title="Statement", description="Title, summary and paraphrase, until edited apart."
    )
    title: Line = Field("", title="Title", description="Empty: the statement.")
    summary: Text = Field("", title="Summary", description="Empty: the statement.")
    paraphrase: Text = Field("", title="What it says", description="Empty: the statement.")
    type: Slug = Field(
        "", title="Type", description="Type of an event, or what an estimate measures."
    )
    step: Step | None = Field(None, title="Status", description="The status that it reports.")
    when: Line = Field("", title="When")
    when_text: Line = Field("", title="When, in words")
    when_is: TimeIs | None = Field(None, title="The time is")
    where: list[PlaceCode] = Field([], title="Where", description="Empty: the default places.")
    speaker: Letter = Field("", title="Attributed to", description="Empty: the outlet itself.")
    day: Letter = Field("", title="Day said", description="Empty: the day of publication.")
    certainty: Certainty | None = Field(None, title="Certainty", description="Empty: firm.")
    hedge_words: Line = Field("", title="Its word")
    nature: Nature | None = Field(None, title="Nature", description="Empty: observed.")
    quantifier: Quantifier | None = Field(None, title="Reported as")
    low: Figure | None = Field(None, title="Low")
    point: Figure | None = Field(None, title="Value")
    high: Figure | None = Field(None, title="High")
    unit: Unit | None = Field(None, title="Unit")
    per: Per | None = Field(None, title="Per")
    form: FigureForm | None = Field(None, title="Form", description="Empty: a number.")
    share_of: Line = Field("", title="Share of")
    printed_words: Line = Field("", title="Wording in the source")
    population: Population | None = Field(
        None, title="Population", description="Empty: the default."
    )
    population_text: Line = Field("", title="Population, in words")
    stance: Stance | None = Field(None, title="Stance", description="Empty: supports.")
    about: CitationKind | None = Field(None, title="About", description="Empty: by kind.")
    reports_event: ReportsEvent | None = Field(
        None,
        title="Also reports the event itself",
        description="Asked for a citation of one field of an event.",
    )
    deadline: Line = Field("", title="Deadline")
    left_out: Keys = Field("", title="Left out", description="Keys of default terms.")
    laws: list[LawCode] = Field([], title="Laws", description="Laws that it refers to.")
    links: list[RowLink] = Field([], title="Links")
    terms: list[Term] = Field([], title="Terms")
    citation: Key = Field(
        "", title="Citation", description="Key of its citation in the draft, if not the row's own."
    )
    more: Annotated[Text, StringConstraints(max_length=MAX_MORE_CHARACTERS)] = Field(
        "", title="More", description="Fields of the long form that a row does not have, as JSON."
    )


class SheetForm(Form):
    """The sheet of a report. Outlet, language, day and copies are in the source's own draft."""

    source: SourceId = Field("", title="Report")
    speakers: list[SheetSpeaker] = Field([], title="Speakers")
    days: list[DaySaid] = Field([], title="Days said")
    nationality: Slug = Field("", title="Default nationality")
    places: list[PlaceCode] = Field([], title="Default places")
    population: Population | None = Field(None, title="Default population")
    defaults: list[DefaultTerm] = Field([], title="Default terms")
    not_relays: list[SourceId] = Field(
        [], title="Not a repeat of", description="Similar reports that it does not repeat."
    )
    rows: list[StatementRow] = Field([], title="Statements")


FIELDS_OF_ALL = frozenset(
    {
        *("kind", "record", "sentences", "statement", "paraphrase", "when"),
        *("speaker", "day", "certainty", "hedge_words", "stance", "about", "links"),
        *("reports_event", "citation", "more"),
    }
)
FIELDS_OF: dict[str, frozenset[str]] = {
    StatementKind.EVENT: FIELDS_OF_ALL
    | {
        *("title", "summary", "type", "step", "when_text", "when_is", "where", "deadline"),
        *("left_out", "laws", "terms"),
    },
    StatementKind.ESTIMATE: FIELDS_OF_ALL
    | {
        *("type", "when_text", "when_is", "where", "nature", "quantifier", "low", "point", "high"),
        *("unit", "per", "form", "share_of", "printed_words", "population", "population_text"),
        *("left_out", "terms"),
    },
    StatementKind.CITATION: FIELDS_OF_ALL | {"step"},
}
"""The fields that each kind of row has. Others are kept, since the kind may be changed back."""


def next_letter(rows: Iterable[Document], letters: Sequence[str] = SPEAKER_LETTERS) -> str:
    """Return the first letter that no speaker or day has; "" if all are taken."""
    taken = {row["letter"] for row in rows}
    return next((letter for letter in letters if letter not in taken), "")


def sheet_of(stored: Document) -> Document:
    """Return a stored document as this release has it.

    Earlier ones kept a state with each row: those that were only proposed, or rejected, are left
    out with the links to them, and “people” is written out as the unit of the others.
    """
    rows = stored.get("rows", [])
    gone = {row[ROW] for row in rows if row.get("state", ACCEPTED) != ACCEPTED}
    kept = [
        {
            **row,
            "links": [link for link in row.get("links", []) if link.get("to") not in gone],
            "unit": row.get("unit") or (Unit.PEOPLE.value if _counts_people(row) else ""),
        }
        for row in rows
        if row[ROW] not in gone
    ]
    return fit_to_form(SheetForm, {**stored, "rows": kept})


def _counts_people(row: Document) -> bool:
    """Whether no unit meant people when the row was stored."""
    return "state" in row and row.get("kind") == StatementKind.ESTIMATE
