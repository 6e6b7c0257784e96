"""The form of an estimate: a number for a place and a time, with its citations."""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from app.forms.base import (
    Date,
    EstimateId,
    EventId,
    Figure,
    Form,
    Line,
    PastDate,
    Private,
    Slug,
    Text,
    lies_within,
)
from app.forms.citations import Citation
from app.forms.events import Legal
from app.forms.joined_sources import JoinedSources, check_cited
from app.forms.terms import FigureToFigure, Term, check_terms
from app.vocabulary.estimates import (
    CHANGES,
    COUNTS_OF_NOBODY,
    FRACTIONS,
    MOMENT_OR_PERIOD,
    MOMENTARY,
    NATURES_OF_NOBODY,
    Counts,
    FigureForm,
    FigureRole,
    InferredTime,
    Money,
    Nature,
    PapersWere,
    Per,
    Population,
    Quantifier,
    Unit,
    WholeOrPart,
)
from app.vocabulary.events import NoNationality, TermKey
from app.vocabulary.laws import LegalRelation

MINIMUMS = {Quantifier.AT_LEAST, Quantifier.MORE_THAN}
THRESHOLDS = {*MINIMUMS, Quantifier.UP_TO, Quantifier.FEWER_THAN}


def _unit_of(code: Any) -> Any:
    """Return the unit of a code; the yuan keeps the code that it had before other currencies."""
    code = code.strip().lower() if isinstance(code, str) else code
    return Unit.YUAN if code == "cny" else code


class EstimateForm(Form):
    id: EstimateId = Field("", title="Id", description="Public id, given at first publication.")
    slug: Slug = Field("", title="Short name", description="A readable name for its address.")
    event: EventId = Field("", title="Event", description="Id of the event it belongs to, if any.")
    counts: Counts = Field(title="Counts", description="What it counts.")
    may_count: Counts | None = Field(
        None,
        title="May count instead",
        description="What it may count in fact; the remark says why.",
    )
    papers_were: PapersWere | None = Field(
        None,
        title="Papers were",
        description="For visas and permits: what was done, if the source says so.",
    )
    money: Money | None = Field(
        None, title="Money is", description="For money: what it is, if the source says so."
    )
    nature: Nature = Field(
        Nature.OBSERVED, title="Nature", description="Whether it was seen or is to come."
    )
    unit: Annotated[Unit, BeforeValidator(_unit_of)] = Field(
        Unit.PEOPLE, title="Unit", description="The thing that is counted."
    )
    per: Per | None = Field(
        None, title="Per", description="What it is counted by, if it is a rate."
    )
    form: FigureForm = Field(
        FigureForm.NUMBER, title="Form", description="What kind of number it is."
    )
    share_of: Line = Field(
        "",
        title="Share of",
        description="The whole of a share, such as “the workers whose contracts ended”.",
    )
    low: Figure | None = Field(None, title="Low", description="The lower bound.")
    point: Figure | None = Field(None, title="Figure", description="The figure itself.")
    high: Figure | None = Field(None, title="High", description="The upper bound.")
    quantifier: Quantifier = Field(title="Put as", description="How exactly the figure is put.")
    printed_words: Line = Field(
        "",
        title="Wording in the source",
        description="The words around the figure, such as “scores of”.",
    )
    printed: bool = Field(
        True,
        title="Printed",
        description="Untick it for a figure that no source gives: a sum, a remainder.",
    )
    population: Population = Field(
        title="Of whom",
        description="Whom it counts; not asked for time, age, money or a threshold.",
    )
    population_text: Line = Field(
        "", title="Of whom, in words", description="Whom it counts, in words."
    )
    coverage: WholeOrPart | None = Field(
        None,
        title="Covers",
        description="The whole of its population there, or a part; empty: by rule.",
    )
    as_of: PastDate = Field(
        "",
        title="As of",
        description="The day of a state, a total, or a report of a plan or rule (EDTF).",
    )
    as_of_text: Line = Field(
        "", title="As of, in words", description="The date as the source puts it."
    )
    period: Date = Field(
        "",
        title="Period",
        description="The time it was counted over (EDTF); for what moves or is planned.",
    )
    period_text: Line = Field(
        "", title="Period, in words", description="The period as the source puts it."
    )
    inferred: InferredTime | None = Field(
        None, title="Inferred by us", description="What the source does not say of this time."
    )
    inferred_reason: Text = Field(
        "", title="Inferred because", description="How we know that part of the time."
    )
    role: FigureRole = Field(
        FigureRole.ORDINARY, title="Role", description="How we treat it beside other figures."
    )
    role_reason: Text = Field("", title="Because", description="Why it is preferred or rejected.")
    no_nationality: NoNationality | None = Field(
        None,
        title="No nationality named",
        description="Choose why, if you name none below.",
    )
    terms: list[Term] = Field(title="Terms", description="Places, papers and people it counts.")
    links: list[FigureToFigure] = Field(
        [], title="Links", description="How it relates to other figures."
    )
    legal: list[Legal] = Field(
        [], title="Laws", description="Laws or resolutions under which it is counted."
    )
    citations: list[Citation] = Field(
        [], title="Citations", description="What sources say about it."
    )
    joined_sources: list[JoinedSources] = Field(
        [],
        title="Independent sources",
        description="Sources that we count as one, or apart, with the reason.",
    )
    remark: Text = Field(
        "", title="Remark", description="What readers should know about this figure."
    )
    exact_as_of: Annotated[Date, Private()] = Field(
        "", title="Exact date", description="A finer date; desk only."
    )
    note: Annotated[Text, Private()] = Field("", title="Note", description="For the desk only.")

    @model_validator(mode="before")
    @classmethod
    def ask_no_population(cls, values: Any) -> Any:
        """Fill in that nobody is counted where no population is asked for."""
        if isinstance(values, dict) and not values.get("population"):
            is_rule = values.get("nature") in NATURES_OF_NOBODY
            if is_rule or values.get("counts") in COUNTS_OF_NOBODY:
                return {**values, "population": Population.NOBODY}
        return values

    @model_validator(mode="after")
    def fits(self) -> Self:
        known = [n for n in (self.low, self.point, self.high) if n is not None]
        if known != sorted(known):
            raise ValueError("low, figure and high must rise in this order: correct one of them")
        if bool(known) == (self.quantifier is Quantifier.WORDS):
            raise ValueError("give a number, or choose “Words only” and no number")
        if self.quantifier is Quantifier.WORDS and not (self.printed_words or self.population_text):
            raise ValueError("words only: fill in “Wording in the source” or “Of whom, in words”")
        if self.may_count is self.counts:
            raise ValueError("that is what it counts already: leave “May count instead” empty")
        if self.may_count and not self.remark:
            raise ValueError("what it may count instead is our reading: say why under “Remark”")
        counts_nobody = self.counts in COUNTS_OF_NOBODY or self.nature in NATURES_OF_NOBODY
        if self.population is Population.NOBODY and not counts_nobody:
            raise ValueError("somebody or something is counted: choose another “Of whom”")
        if self.population is Population.NOBODY and not (self.population_text or self.event):
            raise ValueError("say what it is about: fill in “Of whom, in words” or “Event”")
        if self.counts is Counts.AGE and self.unit not in {Unit.YEARS, Unit.MONTHS}:
            raise ValueError("an age has the unit “Years” or “Months”: choose one of them")
        if any(legal.relation is not LegalRelation.COUNTED_UNDER for legal in self.legal):
            raise ValueError("a figure is “Counted under” a law: choose that “Relation”")
        if self.papers_were and self.counts is not Counts.PAPERS:
            raise ValueError("only for visas and permits: leave “Papers were” empty")
        if self.money and self.counts is not Counts.MONEY:
            raise ValueError("only for an amount of money: leave “Money is” empty")
        if self.quantifier is Quantifier.NEARLY and (self.low, self.high) != (None, None):
            raise ValueError("nearly: write the number under “Figure”, without bounds")
        if self.form not in CHANGES and any(n < 0 for n in known):
            raise ValueError("only a change may be below zero")
        if (self.form in FRACTIONS) != (self.unit is Unit.RATIO):
            raise ValueError("a share or percentage change has the unit “share”, and no other has")
        if self.form is FigureForm.SHARE and any(n > 1 for n in known):
            raise ValueError("a share is between 0 and 1: write 0.3 for 30 per cent")
        if self.share_of and self.form is not FigureForm.SHARE:
            raise ValueError("only a share has a whole: leave “Share of” empty")
        if self.nature is Nature.THRESHOLD and self.quantifier not in THRESHOLDS:
            raise ValueError(
                "a threshold is put as “at least”, “more than”, “up to” or “fewer than”: choose one"
            )
        if self.nature is Nature.MINIMUM and self.quantifier not in MINIMUMS:
            raise ValueError("a minimum is put as “at least” or “more than”: choose one of them")
        if self.inferred and not (self.inferred_reason and (self.as_of or self.period)):
            raise ValueError("an inferred time needs “As of” or “Period”, and “Inferred because”")
        is_momentary = (
            self.counts in MOMENTARY
            and self.nature is Nature.OBSERVED
            and self.form is not FigureForm.MEAN
        )
        if self.as_of and self.period:
            raise ValueError("fill in “As of” or “Period”, not both")
        if is_momentary and self.period and self.form not in CHANGES:
            raise ValueError("what exists at a moment has no period: write its day under “As of”")
        if (
            self.as_of
            and not is_momentary
            and self.nature is Nature.OBSERVED
            and self.counts not in MOMENT_OR_PERIOD
            and self.form is not FigureForm.SHARE
        ):
            raise ValueError(
                "a length of time, an age or money has no “As of”: write it under “Period”"
            )
        if self.exact_as_of and not lies_within(self.exact_as_of, self.as_of or self.period):
            raise ValueError("the exact date must lie inside the public one")
        if self.role in {FigureRole.PREFERRED, FigureRole.REJECTED} and not self.role_reason:
            raise ValueError("a preferred or rejected figure needs a reason: fill in “Because”")
        if not any(term.key is TermKey.PLACE for term in self.terms):
            raise ValueError("a figure needs a place; use “world” if it is everywhere")
        check_terms(self.terms, self.citations, self.no_nationality)
        about = {citation.id for citation in self.citations} | {link.id for link in self.links}
        for citation in self.citations:
            if citation.about and citation.about not in about:
                raise ValueError(
                    f"citation {citation.id} is about {citation.about}, which is not on this figure"
                )
        check_cited(self.joined_sources, self.citations)
        if any(link.to == self.id for link in self.links):
            raise ValueError("a figure can't be linked to itself")
        return self
