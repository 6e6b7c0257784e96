"""A statement row as its page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.dates.bar import Bar
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.date_reading import read_date
from app.desk.draft_form.things import Match, figure_in_words
from app.desk.drafts.comments import CommentView
from app.desk.sheets import expanding
from app.desk.sheets.actions import SHARED
from app.desk.sheets.form import OWN_VOICE, RowRelation, StatementKind
from app.desk.sheets.inner_fields import speaker_in_words, term_in_words
from app.desk.sheets.row_fields import RowForm
from app.desk.sheets.text_view import SentenceView
from app.documents import ROW, Document, date_in_words
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.vocabulary.citations import Certainty, CitationKind, Stance
from app.vocabulary.estimates import Counts, EstimateLink, Nature
from app.vocabulary.events import EventLink, Role, Step, TermKey
from app.vocabulary.kinds import CITING_KINDS
from app.vocabulary.speaker_groups import speaker_group
from app.web.urls import url


@dataclass(frozen=True)
class SpeakerCell:
    letter: str
    label: str
    group: str


@dataclass(frozen=True)
class RowLine:
    """A line below a row that leads to another row or a record."""

    label: str
    name: str
    anchor: str
    title: str


@dataclass(frozen=True)
class RowProblem:
    anchor: str
    """The id of the field, if the page shows it."""
    words: str
    path: str = ""
    """The path of the field, which is its id where its row is open; "" is the whole row."""
    opens: str = ""
    """What has to be open to show the field: the key of a row, or the shared block."""

    @property
    def target(self) -> str:
        """Query and fragment of the page with the field open and focused."""
        if self.path:
            return f"?check=1&open={self.opens}&focus={self.path}#{self.path}"
        return f"#row-{self.opens}" if self.opens != SHARED else f"#{SHARED}"


@dataclass(frozen=True)
class SupportView:
    """What a row counts for, why, and what to choose instead."""

    code: str
    lead: str
    why: str = ""
    advice: str = ""
    is_weak: bool = False


@dataclass(frozen=True)
class RowCells:
    """The five columns of a row."""

    when: str
    bar: Bar | None
    said: str
    said_letter: str
    places: Sequence[Match]
    where_note: str
    speaker: SpeakerCell
    certainty: str
    amount: str
    measure: str


@dataclass(frozen=True)
class SheetRow:
    """A row, closed or open."""

    key: str
    number: int
    kind_words: str
    type_words: str
    stage: str
    stage_words: str
    sentences: Sequence[int]
    title: str
    address: str
    look: str
    """Open, complete or incomplete: the state of a row is what it lacks."""
    state_words: str
    spoken: str
    cells: RowCells
    details: Sequence[str]
    """What tells rows apart beside the five columns, as in “Deadline: 21 October 2026”."""
    links: Sequence[RowLine]
    errors: Sequence[RowProblem]
    support: SupportView | None = None
    says: Sequence[SentenceView] = ()
    form: RowForm | None = None
    comments: Sequence[CommentView] = ()
    draft_address: str = ""
    letters: str = ""
    """Letters of the speakers that a key may choose."""
    is_current: bool = False


@dataclass
class RowViewer:
    """Makes the views of all rows of a sheet."""

    catalogue: Catalogue
    document: Document
    numbers: Mapping[str, int]
    published: str
    drafts: Mapping[str, str] = field(default_factory=dict)
    """Addresses of the drafts of rows, by record."""

    def cells(self, row: Document) -> RowCells:
        reading = read_date(row["when"], self.published) if row["when"] else None
        places, where_note = self._places(row)
        amount, measure = self._number(row)
        day = next((each for each in self.document["days"] if each["letter"] == row["day"]), None)
        return RowCells(
            when=date_in_words(row["when"]),
            bar=reading.bar if reading else None,
            said=date_in_words(day["said"]) if day else "",
            said_letter=row["day"] if day else "",
            places=places,
            where_note=where_note,
            speaker=self.speaker(row["speaker"]),
            certainty=self._certainty(row),
            amount=amount,
            measure=measure,
        )

    def _places(self, row: Document) -> tuple[list[Match], str]:
        found = []
        for name in self._place_names(row):
            code = self.catalogue.meant("place", name)
            found.append(
                Match(code, self.catalogue.label(code, "place"), self._script(code))
                if code
                else Match("", name)
            )
        from_defaults = bool(found) and not row["where"].strip()
        found += [
            Match(term["code"], _("{place} ({role})").format(place=place, role=role))
            for term in row["terms"]
            if term["key"] == TermKey.PLACE
            for place in [term_in_words(self.catalogue, term)]
            for role in [_(Role(term["role"]).label).lower() if term["role"] else ""]
        ]
        return found, _("from the defaults") if from_defaults else ""

    def _place_names(self, row: Document) -> list[str]:
        """Return the codes or typed names of a row's places; of the report if it has none."""
        if row["kind"] == StatementKind.CITATION:
            return []
        return expanding.split_codes(row["where"] or self.document["places"])

    def details(self, row: Document) -> list[str]:
        """Return the deadline and the row's own terms, each with its title."""
        said = [(_("Deadline"), date_in_words(row["deadline"]))] if row["deadline"] else []
        said += [
            (_(TermKey(term["key"]).label), term_in_words(self.catalogue, term))
            for term in row["terms"]
            if term["code"] and term["key"] != TermKey.PLACE
        ]
        return [_("{title}: {value}").format(title=title, value=value) for title, value in said]

    def _script(self, code: str) -> Sequence[tuple[str, str]]:
        """Return the first name of a place in another script."""
        names = self.catalogue.directory.names_of_place(code)
        return names[:1]

    def speaker(self, letter: str) -> SpeakerCell:
        speakers = (each for each in self.document["speakers"] if each["letter"] == letter)
        speaker = next(speakers, None)
        if speaker is None:
            return SpeakerCell(OWN_VOICE, _("Outlet’s own report"), "out")
        group = speaker_group(speaker["attribution"], speaker["named"] or None)
        return SpeakerCell(letter, speaker_in_words(speaker), group)

    @staticmethod
    def _certainty(row: Document) -> str:
        code = Certainty.by_code().get(row["certainty"], Certainty.FIRM)
        label = _(code.label)
        hedge = row["hedge_words"].strip()
        return _("{certainty}: “{words}”").format(certainty=label, words=hedge) if hedge else label

    @staticmethod
    def _number(row: Document) -> tuple[str, str]:
        if row["kind"] != StatementKind.ESTIMATE:
            return "", ""
        figure = {**row, "counts": row["type"], "form": row["form"] or "number"}
        figure |= {"nature": row["nature"] or "observed"}
        amount, measure = figure_in_words(figure)
        return amount, measure

    # Words ---------------------------------------------------------------------------------------

    def kind_words(self, row: Document) -> str:
        kind = StatementKind(row["kind"])
        if kind is StatementKind.CITATION and row["record"]:
            return _("Citation of {record}").format(record=row["record"])
        return _(kind.label)

    def type_words(self, row: Document) -> str:
        match row["kind"]:
            case StatementKind.EVENT:
                form = self.catalogue.code("type", row["type"])
                return form.label if form else ""
            case StatementKind.ESTIMATE:
                counts = Counts.by_code().get(row["type"])
                nature = Nature.by_code().get(row["nature"])
                # Of the number of an earlier version: that the report retracts it.
                own = Stance.by_code().get(row["stance"])
                parts = [_(code.label) for code in (counts, nature, own) if code]
                return enumerate_words(parts)
        stance = Stance.by_code().get(row["stance"], Stance.SUPPORTS)
        about = CitationKind.by_code().get(row["about"])
        if about is None:
            return _(stance.label)
        return _("{stance}: {about}").format(stance=_(stance.label), about=_(about.label).lower())

    def title(self, row: Document) -> str:
        """Return the statement; while there is none, what the fields say."""
        written = row["title"] or row["statement"] or row["paraphrase"]
        if row["kind"] == StatementKind.CITATION and (cited := self.cited(row)):
            return written or cited.title
        if written:
            return str(written)
        amount, _measure = self._number(row)
        places = [match.label for match in self._places(row)[0]]
        when = date_in_words(row["when"])
        if row["deadline"]:
            when = _("deadline {day}").format(day=date_in_words(row["deadline"]))
        parts = [self.type_words(row), amount, enumerate_words(places), when]
        return enumerate_words(filter(None, parts)) or _("No statement yet")

    def cited(self, row: Document) -> RowLine | None:
        """Return the record that a citation is about, or the row; None if it names neither."""
        to = next(
            (link["to"] for link in row["links"] if link["relation"] == RowRelation.CITATION_OF), ""
        )
        about = next((each for each in self.document["rows"] if each[ROW] == to), None)
        if about is not None and to in self.numbers:
            name = _("row {number}").format(number=self.numbers[to])
            return RowLine("", name, f"#row-{to}", self.title(about))
        if not row["record"]:
            return None
        return RowLine("", row["record"], self.address(row), self.catalogue.label(row["record"]))

    def spoken(self, row: Document, state: str) -> str:
        """Return what a screen reader says before the title of a row."""
        words_ = _("Row {number}, {kind}, {state}:").format(
            number=self.numbers[row[ROW]], kind=self.kind_words(row).lower(), state=state.lower()
        )
        return f"{words_} "

    def address(self, row: Document) -> str:
        is_citation = row["kind"] == StatementKind.CITATION
        return url("desk-record", record=row["record"]) if is_citation and row["record"] else ""

    def stage(self, row: Document) -> tuple[str, str]:
        step = Step.by_code().get(row["step"])
        return (step.value, _(step.label)) if step else ("", "")

    def links(self, row: Document) -> list[RowLine]:
        lines = []
        relations = {**EventLink.by_code(), **EstimateLink.by_code(), **RowRelation.by_code()}
        titles = {each[ROW]: self.title(each) for each in self.document["rows"]}
        for link in row["links"]:
            relation = relations.get(link["relation"])
            label = _(relation.label) if relation else _("Link")
            if link["relation"] == RowRelation.ALSO_SAID_BY:
                speaker = self.speaker(link["speaker"])
                lines.append(RowLine(label, f"{speaker.letter} {speaker.label}", "", ""))
            elif link["to"] in self.numbers:
                number = _("row {number}").format(number=self.numbers[link["to"]])
                lines.append(RowLine(label, number, f"#row-{link['to']}", titles[link["to"]]))
            elif link["to"]:
                address = (
                    url("desk-record", record=link["to"]) if link["to"][:1] in CITING_KINDS else ""
                )
                title = self.catalogue.label(link["to"]) if address else ""
                lines.append(RowLine(label, link["to"], address, title))
        return lines
