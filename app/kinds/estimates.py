"""The form of an estimate: a number for a place and a time, with its citations."""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, model_validator

from app.kinds.base import (
    NOTE,
    PUBLIC_ID,
    SHORT_NAME,
    Date,
    EstimateId,
    EventId,
    F,
    Figure,
    Form,
    Line,
    PastDate,
    Slug,
    Text,
    lies_within,
)
from app.kinds.citations import CITATIONS, INDEPENDENCE, Citation, JoinedSources, check_cited
from app.kinds.layout import Beside, Folded, KindWords, Rows, Section
from app.kinds.terms import OTHER_TERMS, PLACES, FigureToFigure, Term, check_terms, terms
from app.vocabulary.estimates import (
    CHANGES,
    COUNTS_OF_NOBODY,
    FRACTIONS,
    MOMENTARY,
    NATURES_OF_NOBODY,
    Counts,
    FigureForm,
    FigureRole,
    InferredTime,
    Nature,
    PapersWere,
    Per,
    Population,
    Quantifier,
    Unit,
    WholeOrPart,
)
from app.vocabulary.events import TermKey

MINIMUMS = {Quantifier.AT_LEAST, Quantifier.MORE_THAN}
THRESHOLDS = {*MINIMUMS, Quantifier.UP_TO, Quantifier.FEWER_THAN}


def _unit_of(code: Any) -> Any:
    """Return the unit of a code; the yuan keeps the code that it had before other currencies."""
    code = code.strip().lower() if isinstance(code, str) else code
    return Unit.YUAN if code == "cny" else code


class EstimateForm(Form):
    FORMER = frozenset({"legal", "may_count", "money", "no_nationality", "printed"})
    NOT_ASKED = frozenset({"reports_event", "names_law", "relation"})
    WORDS = KindWords(
        new="New estimate",
        change="Change estimate {id}",
        hint="Its id, or words from its description.",
        counted=("{count} estimate", "{count} estimates"),
        title="Estimates",
        description="Numbers for a place and time, as reported. Estimates of different kinds are "
        "never added up.",
        example="M84",
    )
    SECTIONS = (
        Section(
            "what",
            "What is counted",
            (
                "counts nature",
                "papers_were",
                "unit per form",
                "share_of",
                "population population_text",
                "coverage event",
            ),
        ),
        Section(
            "figure",
            "Number",
            (
                "quantifier",
                "low point high",
                "printed_words",
                Folded("Preferred or rejected", ("role", "role_reason")),
            ),
        ),
        Section(
            "when",
            "When",
            (
                Beside("exact_as_of", ("as_of as_of_text", "period period_text")),
                Folded("Year or day inferred by us", ("inferred inferred_reason",)),
            ),
            "Use “as of” for people present on a day or arrived by a day. Use a period for people "
            "who came over time. For a plan or rule, use either or neither; its day of report is "
            "not a period.",
        ),
        Section("where", "Where", PLACES),
        Section(
            "who",
            "Population",
            (terms("Term", *OTHER_TERMS, but=[TermKey.RIGHT]),),
        ),
        CITATIONS,
        INDEPENDENCE,
        Section(
            "links",
            "Links",
            (
                Rows("links", "Link", "Add a link to another estimate"),
                Beside("note", ("remark",)),
                Folded("Short name for its address", ("slug",)),
            ),
        ),
    )

    id: EstimateId = PUBLIC_ID
    slug: Slug = SHORT_NAME
    event: EventId = F("Event", "Id of the event it belongs to, if any.", "")
    counts: Counts = F("Measures", "What the number measures.")
    papers_were: PapersWere | None = F(
        "Permits were", "For visas and permits: issued, in force, refused or revoked.", None
    )
    nature: Nature = F("Nature", "Whether it was observed, planned or forecast.", Nature.OBSERVED)
    unit: Annotated[Unit, BeforeValidator(_unit_of)] = F(
        "Unit", "The unit that is counted.", Unit.PEOPLE
    )
    per: Per | None = F(
        "Per", "The unit of time or number, if it is a rate.", None, unchosen="Not a rate"
    )
    form: FigureForm = F("Form", "What kind of number it is.", FigureForm.NUMBER)
    share_of: Line = F(
        "Share of", "The whole of a share, such as “the workers whose contracts ended”.", ""
    )
    low: Figure | None = F("Low", "The lower bound.", None)
    point: Figure | None = F("Value", "The value.", None)
    high: Figure | None = F("High", "The upper bound.", None)
    quantifier: Quantifier = F("Reported as", "How precise the reported number is.")
    printed_words: Line = F(
        "Wording in the source",
        "The words around the number, such as “scores of”.",
        "",
        column="as_printed",
    )
    population: Population = F(
        "Population",
        "The people counted. Not for time, age, money or a threshold.",
        unchosen="Choose one (not for time, age, money, minimum or threshold)",
    )
    population_text: Line = F(
        "Population, in words", "The population in words.", "", column="population_in_words"
    )
    coverage: WholeOrPart | None = F(
        "Covers",
        "The whole population there or a part. Empty: calculated by rule.",
        None,
        unchosen="Not stated (calculated by rule 6)",
    )
    as_of: PastDate = F("As of", "The day for which the number is true (EDTF).", "")
    as_of_text: Line = F("As of, in words", "The date in the source’s words.", "", listed=False)
    period: Date = F("Period", "The period of the count (EDTF), for movements and plans.", "")
    period_text: Line = F("Period, in words", "The period in the source’s words.", "", listed=False)
    inferred: InferredTime | None = F(
        "Inferred by us",
        "The part of this time that the source does not state.",
        None,
        unchosen="Nothing; as stated by the source",
    )
    inferred_reason: Text = F("Inferred because", "Our reason for that part of the time.", "")
    role: FigureRole = F("Role", "How it is treated among other estimates.", FigureRole.ORDINARY)
    role_reason: Text = F("Reason", "Why it is preferred or rejected.", "")
    terms: list[Term] = F("Terms", "Places, permits and people that it counts.")
    links: list[FigureToFigure] = F("Links", "How it relates to other estimates.", [])
    citations: list[Citation] = F("Citations", "What sources say about it.", [])
    joined_sources: list[JoinedSources] = F(
        "Independent sources", "Sources counted as one or apart, with the reason.", []
    )
    remark: Text = F("Remark", "What readers should know about this estimate.", "")
    exact_as_of: Date = F("Exact date", "A more precise date. Desk only.", "", private=True)
    note: Text = NOTE

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
            raise ValueError("low, value and high must be in rising order: correct one of them")
        if bool(known) == (self.quantifier is Quantifier.WORDS):
            raise ValueError("give a number, or choose “Words only” and no number")
        if self.quantifier is Quantifier.WORDS and not (self.printed_words or self.population_text):
            raise ValueError(
                "words only: fill in “Wording in the source” or “Population, in words”"
            )
        counts_nobody = self.counts in COUNTS_OF_NOBODY or self.nature in NATURES_OF_NOBODY
        if self.population is Population.NOBODY and not counts_nobody:
            raise ValueError("people or things are counted: choose another “Population”")
        if self.population is Population.NOBODY and not (self.population_text or self.event):
            raise ValueError(
                "enter what it is about: fill in “Population, in words”, such as “wages of the "
                "workers”, or choose the event that it is an estimate of"
            )
        if self.counts is Counts.AGE and self.unit not in {Unit.YEARS, Unit.MONTHS}:
            raise ValueError("an age has the unit “Years” or “Months”: choose one of them")
        if self.papers_were and self.counts is not Counts.PAPERS:
            raise ValueError("only for visas and permits: leave “Permits were” empty")
        if self.quantifier is Quantifier.NEARLY and (self.low, self.high) != (None, None):
            raise ValueError("nearly: enter the number under “Value”, without bounds")
        if self.form not in CHANGES and any(n < 0 for n in known):
            raise ValueError("only a change may be below zero")
        if (self.form in FRACTIONS) != (self.unit is Unit.RATIO):
            raise ValueError(
                "the unit “share” is for a share or percentage change under “Form”: change either"
            )
        if self.form is FigureForm.SHARE and any(n > 1 for n in known):
            raise ValueError("a share is between 0 and 1: enter 0.3 for 30 per cent")
        is_fall = self.form is FigureForm.PERCENT_CHANGE and any(n < 0 for n in known)
        if is_fall and self.quantifier in THRESHOLDS:
            raise ValueError("a fall of up to 80 per cent is from −0.8 to 0: choose “Between”")
        if self.share_of and self.form is not FigureForm.SHARE:
            raise ValueError("only for a share: leave “Share of” empty")
        if self.nature is Nature.THRESHOLD and self.quantifier not in THRESHOLDS:
            raise ValueError(
                "a threshold is reported as “at least”, “more than”, “up to” or “fewer "
                "than”: choose one"
            )
        if self.nature is Nature.MINIMUM and self.quantifier not in MINIMUMS:
            raise ValueError(
                "a minimum is reported as “at least” or “more than”: choose one of them"
            )
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
            raise ValueError("a number at a moment has no period: enter its day under “As of”")
        if (
            self.as_of
            and self.nature is Nature.OBSERVED
            and self.counts in COUNTS_OF_NOBODY
            and self.form is not FigureForm.SHARE
            and not self.per
        ):
            raise ValueError(
                "a length of time, an age or money has no “As of”: enter the date under “Period”"
            )
        if self.exact_as_of and not lies_within(self.exact_as_of, self.as_of or self.period):
            raise ValueError("the exact date must be within the public one")
        if self.role in {FigureRole.PREFERRED, FigureRole.REJECTED} and not self.role_reason:
            raise ValueError("a preferred or rejected estimate needs a reason: fill in “Reason”")
        if not any(term.key is TermKey.PLACE for term in self.terms):
            raise ValueError("an estimate needs a place: use “world” if it is everywhere")
        check_terms(self.terms, self.citations)
        about = {citation.id for citation in self.citations} | {link.id for link in self.links}
        for citation in self.citations:
            if citation.about and citation.about not in about:
                raise ValueError(
                    f"citation {citation.id} is about {citation.about}, which is not "
                    "in this estimate"
                )
        check_cited(self.joined_sources, self.citations)
        if any(link.to == self.id for link in self.links):
            raise ValueError("an estimate can't be linked to itself")
        return self
