"""The fields of an open row, and of the shared block while it is edited."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.desk.draft_form.views import FieldChoice
from app.desk.sheets.fields import Button, FieldGroup, FieldMaker, FieldView
from app.desk.sheets.form import (
    NATIONALITY_KEY,
    OWN_VOICE,
    RowRelation,
    StatementKind,
    TimeIs,
)
from app.desk.sheets.inner_fields import InnerRowView, day_choices, speaker_choices, term_in_words
from app.desk.sheets.link_fields import LinkFields
from app.desk.sheets.text_view import numbered_rows
from app.desk.sheets.typed import own_term
from app.documents import ROW, Document
from app.i18n.translate import N_, _
from app.kinds import Citation, EstimateForm, EventForm, Form, Stage, Term
from app.kinds.events import MAX_TITLE_CHARACTERS
from app.kinds.terms import TERM_TITLES
from app.vocabulary.code import Code
from app.vocabulary.events import TermKey
from app.vocabulary.kinds import RecordKind

TERMS_TO_ADD = {
    TermKey.PLACE: N_("Add a place with another role"),
    TermKey.PAPER: N_("Add a visa or permit"),
    TermKey.SECTOR: N_("Add an industry"),
    TermKey.GROUP: N_("Add a group"),
    TermKey.NATIONALITY: N_("Add a nationality"),
    TermKey.ACTOR: N_("Add an actor"),
}


FIELD_RELATIONS = frozenset({RowRelation.CITATION_OF, RowRelation.OF_EVENT})
"""Relations that a field of the row holds, and no list of links."""


@dataclass(frozen=True)
class RowForm:
    """An open row."""

    groups: Sequence[FieldGroup]
    terms: Sequence[InnerRowView]
    rowlinks: Sequence[InnerRowView]
    usual: Sequence[FieldChoice]
    """Terms of the report, with a tick each unless the row leaves one out."""
    actors: FieldView
    """Actors that the text offers."""
    adding: Sequence[Button]
    foot: Sequence[Button]


@dataclass
class RowFields:
    """Makes the form of one row."""

    make: FieldMaker
    document: Document
    row: Document

    @property
    def key(self) -> str:
        key: str = self.row[ROW]
        return key

    def path(self, name: str) -> str:
        return f"rows.{self.key}.{name}"

    def form(self) -> RowForm:
        kind = self.row["kind"]
        groups = {
            StatementKind.EVENT: self._of_event,
            StatementKind.ESTIMATE: self._of_estimate,
            StatementKind.CITATION: self._of_citation,
        }[kind]()
        is_citation = kind == StatementKind.CITATION
        links = LinkFields(self.make, self.document, self.row)
        in_fields = {own_term(self.row, key)[ROW] for key in TermKey}
        adding = [
            Button(f"add-term {self.key} {key}", _(label))
            for key, label in TERMS_TO_ADD.items()
            if not is_citation
        ]
        if not is_citation:
            adding.append(Button(f"add-link {self.key}", _("Link to a row or record")))
        adding.append(Button(f"add-link {self.key} speaker", _("Also said by")))
        return RowForm(
            groups,
            [links.term(term) for term in self.row["terms"] if term[ROW] not in in_fields]
            if not is_citation
            else [],
            [
                links.link(link)
                for link in self.row["links"]
                if link["relation"] not in FIELD_RELATIONS
            ],
            self._usual() if not is_citation else [],
            self._offering("actor", _("Actor")),
            adding,
            [
                *self._kinds(),
                Button(f"copy {self.key}", _("Copy")),
                Button(f"up {self.key}", _("Move up")),
                Button(f"down {self.key}", _("Move down")),
                Button(f"remove {self.key}", _("Remove")),
            ],
        )

    def _kinds(self) -> list[Button]:
        """Return the buttons that make a row without a record one of another kind."""
        labels = {
            StatementKind.EVENT: _("Make it an event"),
            StatementKind.ESTIMATE: _("Make it an estimate"),
            StatementKind.CITATION: _("Make it a citation"),
        }
        others = [kind for kind in labels if kind != self.row["kind"]]
        if self.row["record"]:
            return []
        return [Button(f"kind {self.key} {kind}", labels[kind]) for kind in others]

    # Kinds of rows -------------------------------------------------------------------------------

    def _of_event(self) -> list[FieldGroup]:
        return [
            *self._statement(),
            FieldGroup(
                [
                    self._code("type", _("Type"), EventForm, "type"),
                    self._code("step", _("Status reported"), Stage, "step", _("None")),
                ]
            ),
            FieldGroup([self._when(_("When")), self._where()]),
            self._whom(),
            *self._said(),
            self._fold(
                _("Deadline, laws, wording"),
                [
                    self._laws(),
                    self._text("when_text", _("When, in the source’s words")),
                    self._choice_of("when_is", _("The time is"), [TimeIs.ATTESTED]),
                    self._date("deadline", _("Deadline")),
                ],
            ),
        ]

    def _population(self) -> FieldView:
        has_default = bool(self.document["population"])
        empty = _("Default of this report") if has_default else ""
        return self._code("population", _("Population"), EstimateForm, "population", empty)

    def _of_estimate(self) -> list[FieldGroup]:
        links = LinkFields(self.make, self.document, self.row)
        return [
            *self._statement(is_short=True),
            FieldGroup(
                [
                    self._code("type", _("Measures"), EstimateForm, "counts"),
                    self._code("nature", _("Nature"), EstimateForm, "nature", _("Observed")),
                ]
            ),
            self._number(),
            # Without a default of the report it must be chosen, and is not hidden.
            *([] if self.document["population"] else [FieldGroup([self._population()])]),
            FieldGroup([self._when(_("When")), self._where()]),
            self._whom(),
            FieldGroup([links.event()]),
            *self._said(),
            self._fold(
                _("Population, rate, wording"),
                [
                    *([self._population()] if self.document["population"] else []),
                    self._text("population_text", _("Population, in words")),
                    self._code("per", _("Per"), EstimateForm, "per"),
                    self._code("form", _("Form"), EstimateForm, "form", _("A number")),
                    self._text("share_of", _("Share of")),
                    self._choice_of("when_is", _("The time is"), [TimeIs.AS_OF, TimeIs.PERIOD]),
                    self._text("when_text", _("When, in the source’s words")),
                    self._text("printed_words", _("Number, in the source’s words")),
                ],
            ),
        ]

    def _of_citation(self) -> list[FieldGroup]:
        return [
            FieldGroup([self._cited()]),
            *self._statement(is_short=True),
            FieldGroup(
                [
                    self._code("stance", _("Stance"), Citation, "stance", _("Supports")),
                    self._code("about", _("About"), Citation, "kind", _("The record itself")),
                    self._code(
                        "reports_event",
                        _("Also reports the event"),
                        Citation,
                        "reports_event",
                        _("Not answered"),
                    ),
                ]
            ),
            FieldGroup(
                [
                    self._when(_("When, as this report has it")),
                    self._code("step", _("Status reported"), Stage, "step", _("None")),
                ]
            ),
            *self._said(),
        ]

    def _cited(self) -> FieldView:
        """Return the field of what a citation speaks of: a record, or a row by its number."""
        path, title = self.path("record"), _("What it speaks of")
        hint = _("Words of its title, an id such as E5 or M7, or the number of a row above.")
        numbers = numbered_rows(self.document)
        for link in self.row["links"]:
            if link["relation"] == RowRelation.CITATION_OF and link["to"] in numbers:
                value = str(numbers[link["to"]])
                return self.make.row_number(path, title, value, hint=hint)
        record = self.row["record"]
        thing = "estimate" if record[:1] == RecordKind.ESTIMATE else "event"
        return self.make.name(path, title, record, thing, hint=hint)

    # Parts ---------------------------------------------------------------------------------------

    def _statement(self, *, is_short: bool = False) -> list[FieldGroup]:
        is_split = any(self.row[name] for name in ("title", "summary", "paraphrase"))
        if not is_split:
            hint = _(
                "In your own words, in at most {count} characters. Used as title, summary and "
                "paraphrase."
            ).format(count=MAX_TITLE_CHARACTERS)
            if is_short:
                hint = _("What the report says, in your own words.")
            one = self._text("statement", _("Statement"), kind="long", hint=hint)
            after = [Button(f"split {self.key}", _("Edit the three texts separately"))]
            return [FieldGroup([one], after=[] if is_short else after)]
        texts = [self._text("paraphrase", _("What it says"), kind="long")]
        if not is_short:
            texts = [
                self._text("title", _("Title")),
                self._text("summary", _("Summary"), kind="long"),
                *texts,
            ]
        buttons = [Button(f"join {self.key}", _("One statement for all"))]
        if not is_short:
            buttons.append(Button(f"summary {self.key}", _("Draft the summary from the rows")))
        return [
            *(FieldGroup([text]) for text in texts[:-1]),
            FieldGroup([texts[-1]], after=buttons),
        ]

    def _when(self, title: str) -> FieldView:
        return self._date("when", title, digit="1")

    def _where(self) -> FieldView:
        usual = self.document["places"]
        hint = _("If empty: the default places of this report.") if usual else ""
        return self.make.names(
            self.path("where"), _("Where"), self.row["where"], digit="2", hint=hint
        )

    def _whom(self) -> FieldGroup:
        """Return a field for one term of each list. Further ones, and other roles, are added."""
        return FieldGroup(
            [
                self.make.code(
                    self.path(key.value),
                    _(TERM_TITLES[key]),
                    own["code"],
                    Term,
                    "code",
                    row=own,
                    empty=_("None"),
                )
                for key in (TermKey.NATIONALITY, TermKey.PAPER, TermKey.SECTOR, TermKey.GROUP)
                for own in [own_term(self.row, key)]
            ]
        )

    def _laws(self) -> FieldView:
        hint = _("Separate values with commas.")
        path = self.path("laws")
        return self.make.names(path, _("Laws"), self.row["laws"], "law", digit="4", hint=hint)

    def _said(self) -> list[FieldGroup]:
        return [
            FieldGroup(
                [
                    self.make.choice(
                        self.path("speaker"),
                        _("Attributed to"),
                        self.row["speaker"].replace(OWN_VOICE, ""),
                        speaker_choices(self.document),
                    ),
                    self.make.choice(
                        self.path("day"), _("Day said"), self.row["day"], day_choices(self.document)
                    ),
                ],
                after=[
                    Button(f"add-speaker {self.key}", _("Describe another speaker")),
                    Button(f"add-day {self.key}", _("Enter another day")),
                ],
            ),
            FieldGroup(
                [
                    self._code("certainty", _("Certainty"), Citation, "certainty", _("Firm")),
                    self._text("hedge_words", _("Its word in the source")),
                ]
            ),
        ]

    def _number(self) -> FieldGroup:
        fields = [
            self._code("quantifier", _("Reported as"), EstimateForm, "quantifier"),
            self._text("low", _("Low"), kind="number"),
            self._text("point", _("Value"), kind="number"),
            self._text("high", _("High"), kind="number"),
            self._code("unit", _("Unit"), EstimateForm, "unit", _("Choose one")),
        ]
        number = self._offering("number", _("Number"), digit="3")
        return FieldGroup(fields, number.title, number.digit, number=number)

    def _offering(self, name: str, title: str, digit: str = "") -> FieldView:
        """Return a view without a box, with the values offered for several fields."""
        path = self.path(name)
        return FieldView(path, title, digit=digit, offered=self.make.offered.get(path, ()))

    def _fold(self, title: str, fields: Sequence[FieldView]) -> FieldGroup:
        is_open = any(one.value or one.error or one.offered for one in fields)
        return FieldGroup(fields, fold=title, is_open=is_open)

    def _usual(self) -> list[FieldChoice]:
        left_out = {key.strip() for key in self.row["left_out"].split(",")}
        nationality = []
        if code := self.document["nationality"]:
            label = term_in_words(
                self.make.catalogue, {"key": TermKey.NATIONALITY.value, "code": code}
            )
            is_used = NATIONALITY_KEY not in left_out
            nationality.append(FieldChoice(NATIONALITY_KEY, label, is_chosen=is_used))
        return nationality + [
            FieldChoice(
                term[ROW],
                term_in_words(self.make.catalogue, term),
                is_chosen=term[ROW] not in left_out,
            )
            for term in self.document["defaults"]
            if term["ticked"]
        ]

    def _text(self, name: str, title: str, **more: str) -> FieldView:
        return self.make.text(self.path(name), title, self.row[name], **more)

    def _date(self, name: str, title: str, **more: str) -> FieldView:
        return self.make.date(self.path(name), title, self.row[name], **more)

    def _code(
        self, name: str, title: str, form: type[Form], field: str, empty: str = ""
    ) -> FieldView:
        return self.make.code(self.path(name), title, self.row[name], form, field, empty=empty)

    def _choice_of(self, name: str, title: str, allowed: Sequence[Code]) -> FieldView:
        choices = [FieldChoice("", _("Default"))]
        choices += [FieldChoice(code.value, _(code.label)) for code in allowed]
        return self.make.choice(self.path(name), title, self.row[name], choices)
