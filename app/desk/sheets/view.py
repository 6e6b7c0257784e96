"""The page of a sheet: shared block, text with marks, rows, and what is left to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import ROW, Document
from app.desk.reading.marks import MarkKind
from app.desk.sheets import taking
from app.desk.sheets.actions import SHARED
from app.desk.sheets.commands import RowError
from app.desk.sheets.default_questions import DefaultQuestion, default_questions
from app.desk.sheets.defaults import offered_defaults
from app.desk.sheets.fields import FieldMaker, FieldView, MarkOffer
from app.desk.sheets.form import OWN_VOICE, UNDECIDED, StatementKind, StatementRow, StatementState
from app.desk.sheets.inner_fields import is_live, shared_days, shared_speakers
from app.desk.sheets.mark_words import mark_in_words
from app.desk.sheets.page_model import (
    RejectedRow,
    RelayNotice,
    RowRecord,
    SharedForm,
    SheetView,
    Todo,
)
from app.desk.sheets.row_fields import RowFields
from app.desk.sheets.row_view import (
    RowProblem,
    RowViewer,
    SheetRow,
    SupportView,
)
from app.desk.sheets.shared_view import (
    days_said,
    default_choices,
    default_ticks,
    facts_of_source,
    names_in_text,
    speaker_lines,
)
from app.desk.sheets.speaker_names import words_for_speaker
from app.desk.sheets.support import RowSupport
from app.desk.sheets.taking import SLOTS, TextMark
from app.desk.sheets.text_view import (
    SIGNS,
    RowNumber,
    SheetText,
    TextView,
    made_of,
    numbered_rows,
    sentences_said,
    text_marks,
    text_view,
)
from app.desk.sheets.unknown_towns import towns_to_add
from app.i18n.formats import as_sentence, enumerate_words
from app.i18n.translate import _, ngettext, reader_language
from app.vocabulary.support import Corroboration

MAX_NAMES_OFFERED = 3
FIELD_OF_SLOT = {"law": "laws"}
"""Where the marks of a slot are offered, if not in a field of its name."""


@dataclass
class SheetPage:
    """What the view of a sheet is made of."""

    catalogue: Catalogue
    id: str
    document: Document
    source: Document
    text: SheetText | None = None
    open: str = ""
    focus: str = ""
    errors: Sequence[RowError] = ()
    records: Mapping[str, RowRecord] = field(default_factory=dict)
    """By record, of rows that have one."""
    support: Mapping[str, RowSupport] = field(default_factory=dict)
    """By row."""
    source_fields: Sequence[FieldView] = ()
    source_note: str = ""
    relays: Sequence[RelayNotice] = ()
    page: str = ""
    number: int = 0
    saved_at: datetime | None = None
    is_closed: bool = False

    def view(self) -> SheetView:
        self.numbers = numbered_rows(self.document)
        self.published = self.source["published"]
        self.marks = text_marks(self.text.words, self.text.reading) if self.text else []
        self.town_labels: set[str] = set()
        self.speaker_names = names_in_text(self.document, self.marks)
        self.viewer = RowViewer(self.catalogue, self.document, self.numbers, self.published)
        rows = self._rows()
        open_row = next((row for row in rows if row.key == self.open), None)
        current = open_row or next((row for row in rows if row.is_current), None)
        text = self._text_view(current.sentences if current else ())
        if text:
            rows = _with_sentences(rows, text)
        make = self._maker()
        anchor = "relays" if self.relays else ""
        questions = [] if self.is_closed else default_questions(make, self.document, self.marks)
        return SheetView(
            id=self.id,
            number=self.number,
            page=self.page,
            open=self.open,
            focus=self.focus,
            facts=[
                *facts_of_source(self.catalogue, self.source, anchor),
                *days_said(self.document),
            ],
            speakers=speaker_lines(
                self.catalogue, self.document, self.published, self.speaker_names
            ),
            defaults=default_ticks(
                make, self.document, offered_defaults(self.document, self.marks)
            ),
            default_choices=default_choices(make, self._places_of_text()),
            shared=self._shared() if self.open == SHARED else None,
            text=text,
            text_problem=self.text.problem if self.text else "",
            rows=rows,
            rejected=self._rejected(),
            count=_count_in_words(self.document),
            todo=self._todo(rows, text, questions),
            saved_at=self.saved_at,
            language=self.source["language"],
            address=self.source["url"].strip(),
            relays=self.relays,
            questions=questions,
            source_problems=[
                RowProblem("", as_sentence(each.message), each.field, SHARED)
                for each in self.errors
                if not each.key
            ],
        )

    def _maker(self, proposed: Mapping[str, Sequence[MarkOffer]] | None = None) -> FieldMaker:
        errors = {self._path(each): each.message for each in self.errors if each.field}
        return FieldMaker(
            self.catalogue, self.published, errors, proposed or {}, self.speaker_names
        )

    def _text_view(self, current: Sequence[int]) -> TextView | None:
        if self.text is None:
            return None
        return text_view(self.catalogue, self.document, self.text, current)

    def _places_of_text(self) -> list[tuple[str, str]]:
        known = self.catalogue.directory.places
        codes = dict.fromkeys(
            each.mark.value for each in self.marks if each.mark.kind is MarkKind.PLACE
        )
        return [(code, self.catalogue.label(code, "place")) for code in codes if code in known]

    # Rows ----------------------------------------------------------------------------------------

    def _rows(self) -> list[SheetRow]:
        live = [row for row in self.document["rows"] if is_live(row)]
        focused = self.focus.removeprefix("row-")
        keys = [row[ROW] for row in live]
        if self.open in keys:
            current = self.open
        elif focused in keys:
            current = focused
        else:
            waiting = (row[ROW] for row in live if row["state"] in UNDECIDED)
            current = next(waiting, keys[0] if keys else "")
        return [self._row(row, is_current=row[ROW] == current) for row in live]

    def _row(self, row: Document, *, is_current: bool) -> SheetRow:
        viewer, key = self.viewer, row[ROW]
        is_open = key == self.open
        record = self.records.get(row["record"], RowRecord())
        stage, stage_words = viewer.stage(row)
        form = None
        if is_open:
            is_relay = bool(self.source["derived_from"])
            make = self._maker(self._offers(row))
            form = RowFields(make, self.document, row, is_relay).form()
        return SheetRow(
            key=key,
            number=self.numbers[key],
            kind_words=viewer.kind_words(row),
            type_words=viewer.type_words(row),
            stage=stage,
            stage_words=stage_words,
            sentences=taking.sentences_of(row),
            title=viewer.title(row),
            address=viewer.address(row),
            look=viewer.look(row, is_open=is_open),
            state_words=viewer.state_words(row, is_open=is_open),
            spoken=viewer.spoken(row, is_open=is_open),
            cells=viewer.cells(row),
            details=viewer.details(row),
            links=viewer.links(row),
            reasons=viewer.reasons(row),
            because=self._because(row),
            also=viewer.also(row),
            answers=viewer.answers(row, is_open=is_open),
            errors=self._problems(row, is_open=is_open),
            towns=() if is_open else self._towns(row),
            support=_support_view(self.support.get(key), row),
            form=form,
            comments=[talk for talk in record.comments if not talk.settled_by],
            draft_address=record.address,
            letters="".join(line["letter"] for line in self.document["speakers"]) + OWN_VOICE,
            is_current=is_current,
        )

    def _towns(self, row: Document) -> list[tuple[str, str]]:
        """Return the buttons that add the row's towns as places: each on the first row only."""
        if row["kind"] == StatementKind.CITATION:
            return []
        found = dict(towns_to_add(self.catalogue, row, [each.mark for each in self.marks]))
        new = [each for each in found.items() if each[1] not in self.town_labels]
        self.town_labels.update(found.values())
        return new

    def _path(self, error: RowError) -> str:
        """Return the path of an error's field by the keys of its rows, as fields have it."""
        if not error.key:
            return error.field
        name, *inner = error.field.split(".")
        rows = taking.row_of(self.document, error.key).get(name)
        if inner and isinstance(rows, list) and inner[0].isdigit() and int(inner[0]) < len(rows):
            inner[0] = rows[int(inner[0])][ROW]
        return ".".join(["rows", error.key, name, *inner])

    def _problems(self, row: Document, *, is_open: bool) -> list[RowProblem]:
        problems = []
        for each in self.errors:
            if each.key != row[ROW]:
                continue
            path = self._path(each) if each.field else ""
            title = field_title(each.field)
            words_ = as_sentence(each.message)
            if title:
                words_ = _("{field}: {error}").format(field=title, error=words_)
            problems.append(RowProblem(path if is_open else "", words_, path))
        # One statement serves as three texts, and may lack in each.
        return [*dict.fromkeys(problems)]

    def _because(self, row: Document) -> list[tuple[str, str]]:
        """Return the marks that an undecided row has, with their kinds."""
        if row["state"] not in UNDECIDED:
            return []
        own = taking.sentences_of(row)
        return [
            (each.words, _(SIGNS[each.mark.kind][1]).lower())
            for each in self.marks
            if each.sentence in own
            and each.mark.kind in SIGNS
            and made_of(self.catalogue, self.document, row, each)
        ]

    def _offers(self, row: Document) -> dict[str, list[MarkOffer]]:
        """Return the marks of the row's sentences beside the fields that they fit."""
        if self.text is None:
            return {}
        offers = {}
        for slot in SLOTS:
            found = taking.marks_for(row, slot, self.marks)
            left = [each for each in found if not taking.is_held(self.document, row, slot, each)]
            # The key takes the first one: after what the field holds the next of the text.
            following = taking.next_mark(self.document, row, slot, self.marks)
            left.sort(key=lambda each: each is not following)
            offers[f"rows.{row[ROW]}.{FIELD_OF_SLOT.get(slot.field, slot.field)}"] = [
                self._offer(row, slot.digit, each) for each in left
            ]
        return offers

    def _offer(self, row: Document, digit: str, each: TextMark) -> MarkOffer:
        assert self.text is not None
        return MarkOffer(
            f"use {row[ROW]} {digit} {self.marks.index(each)}",
            each.words,
            _("sentence {number}:").format(number=each.sentence),
            self.text.language,
            mark_in_words(self.catalogue, each.mark),
        )

    def _rejected(self) -> list[RejectedRow]:
        rejected = []
        for row in self.document["rows"]:
            if is_live(row):
                continue
            numbers = [str(number) for number in taking.sentences_of(row)]
            said = _("{kind}: {title} (sentences: {numbers})") if numbers else _("{kind}: {title}")
            words_ = said.format(
                kind=self.viewer.kind_words(row),
                title=self.viewer.title(row),
                numbers=enumerate_words(numbers),
            )
            rejected.append(RejectedRow(row[ROW], words_))
        return rejected

    # The rest ------------------------------------------------------------------------------------

    def _shared(self) -> SharedForm:
        make = self._maker(self._names_of_speakers())
        return SharedForm(
            self.source_fields,
            self.source_note,
            shared_speakers(make, self.document),
            shared_days(make, self.document),
        )

    def _names_of_speakers(self) -> dict[str, list[MarkOffer]]:
        """Return the words of the text for each speaker; none of a text in another language."""
        if self.text is None or self.text.language != reader_language():
            return {}
        offers = {}
        for speaker in self.document["speakers"]:
            path = f"speakers.{speaker[ROW]}.words"
            found = words_for_speaker(self.document, speaker, self.marks)
            offers[path] = [
                MarkOffer(
                    f"set {path} {each.words}",
                    each.words,
                    _("sentence {number}:").format(number=each.sentence),
                    self.text.language,
                    _("Use these words"),
                )
                for each in found[:MAX_NAMES_OFFERED]
                if each.words != speaker["words"]
            ]
        return offers

    def _todo(
        self,
        rows: Sequence[SheetRow],
        text: TextView | None,
        questions: Sequence[DefaultQuestion],
    ) -> list[Todo]:
        todo = [Todo("shared", as_sentence(each.message)) for each in self.errors if not each.key]
        if self.text and not self.source["language"]:
            todo.append(Todo("shared", _("Language?")))
        if any(relay.ways for relay in self.relays):
            todo.append(Todo("relays", _("Same report?")))
        todo += [
            Todo(
                each.anchor,
                each.label,
                f"use-default {each.choice}",
                _("Tick “{name}”").format(name=each.name),
            )
            for each in questions
        ]
        undecided = {row[ROW] for row in self.document["rows"] if row["state"] in UNDECIDED}
        for row in rows:
            if row.key in undecided or row.errors:
                label = _("Row {number}").format(number=row.number)
                anchor = next((error.anchor for error in row.errors if error.anchor), "")
                todo.append(Todo(anchor or f"row-{row.key}", label))
        if text and not all(each.has_row for each in text.unused):
            todo.append(Todo("unused", _("Marks not used")))
        return todo


def _support_view(support: RowSupport | None, row: Document) -> SupportView | None:
    """Return what an accepted or open row counts for; proposals count for nothing yet."""
    if support is None or row["state"] in UNDECIDED:
        return None
    code = support.code if support.code in Corroboration.by_code() else Corroboration.NONE.value
    return SupportView(code, support.lead, support.why, support.advice, is_weak=support.is_weak)


def field_title(name: str) -> str:
    """Return the title of a row's field, for the list of its errors."""
    first = name.partition(".")[0]
    described = StatementRow.model_fields.get(first)
    return _(described.title or "") if described else ""


def _with_sentences(rows: Sequence[SheetRow], text: TextView) -> list[SheetRow]:
    """Return rows with their sentences, each sentence shown once."""
    shown: dict[int, RowNumber] = {}
    with_sentences = []
    for row in rows:
        found = [text.sentence(number) for number in row.sentences]
        said = [each for each in found if each is not None]
        here = RowNumber(row.number, row.key)
        with_sentences.append(replace(row, says=sentences_said(said, shown, here)))
    return with_sentences


def _count_in_words(document: Document) -> str:
    states = [row["state"] for row in document["rows"] if is_live(row)]
    if not states:
        return ""
    total = ngettext("%(num)s row", "%(num)s rows", len(states)) % {"num": len(states)}
    accepted = states.count(StatementState.ACCEPTED)
    waiting = len(states) - accepted
    return _("{rows}: {accepted} accepted, {waiting} to decide").format(
        rows=total, accepted=accepted, waiting=waiting
    )
