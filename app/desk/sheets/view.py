"""The page of a sheet: shared block, text with marks, rows, and what is left to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.desk.draft_form.catalogue import Catalogue
from app.desk.sheets.actions import SHARED
from app.desk.sheets.commands import RowError
from app.desk.sheets.fields import FieldMaker, FieldView, MarkOffer
from app.desk.sheets.form import OWN_VOICE, StatementRow
from app.desk.sheets.inner_fields import shared_days, shared_speakers
from app.desk.sheets.mark_words import mark_in_words
from app.desk.sheets.offers import FIELD_OF, TextMark, offered, outlets_of, row_of, text_marks
from app.desk.sheets.page_model import RelayNotice, RowRecord, SharedForm, SheetView, Todo
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
    default_fields,
    default_ticks,
    facts_of_source,
    speaker_lines,
)
from app.desk.sheets.support import RowSupport
from app.desk.sheets.text_view import (
    RowNumber,
    SheetText,
    TextView,
    numbered_rows,
    sentences_of,
    sentences_said,
    text_view,
)
from app.documents import ROW, Document
from app.i18n.formats import as_sentence
from app.i18n.translate import _, ngettext
from app.vocabulary.support import Corroboration


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
        self.viewer = RowViewer(self.catalogue, self.document, self.numbers, self.published)
        rows = self._rows()
        open_row = next((row for row in rows if row.key == self.open), None)
        current = open_row or next((row for row in rows if row.is_current), None)
        text = self._text_view(current.sentences if current else ())
        if text:
            rows = _with_sentences(rows, text)
        make = self._maker()
        anchor = "relays" if self.relays else ""
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
            speakers=speaker_lines(self.catalogue, self.document, self.published),
            defaults=default_ticks(make, self.document),
            default_choices=default_choices(make),
            default_fields=default_fields(make, self.document),
            shared=self._shared() if self.open == SHARED else None,
            text=text,
            text_problem=self.text.problem if self.text else "",
            rows=rows,
            count=_count_in_words(rows),
            todo=self._todo(rows),
            saved_at=self.saved_at,
            language=self.source["language"],
            address=self.source["url"].strip(),
            relays=self.relays,
            source_problems=[
                RowProblem("", as_sentence(each.message), each.field, SHARED)
                for each in self.errors
                if not each.key
            ],
        )

    def _maker(self, offers: Mapping[str, Sequence[MarkOffer]] | None = None) -> FieldMaker:
        errors = {self._path(each): each.message for each in self.errors if each.field}
        return FieldMaker(self.catalogue, self.published, errors, offers or {})

    def _text_view(self, current: Sequence[int]) -> TextView | None:
        if self.text is None:
            return None
        return text_view(self.catalogue, self.document, self.text, current)

    # Rows ----------------------------------------------------------------------------------------

    def _rows(self) -> list[SheetRow]:
        focused = self.focus.removeprefix("row-")
        keys = [row[ROW] for row in self.document["rows"]]
        if self.open in keys:
            current = self.open
        elif focused in keys:
            current = focused
        else:
            missing = (error.key for error in self.errors if error.key in keys)
            current = next(missing, keys[0] if keys else "")
        return [self._row(row, is_current=row[ROW] == current) for row in self.document["rows"]]

    def _row(self, row: Document, *, is_current: bool) -> SheetRow:
        viewer, key = self.viewer, row[ROW]
        record = self.records.get(row["record"], RowRecord())
        stage, stage_words = viewer.stage(row)
        errors = self._problems(row, is_open=key == self.open)
        form = None
        look, state_words = (
            ("incomplete", _("Incomplete")) if errors else ("complete", _("Complete"))
        )
        if key == self.open:
            look, state_words = "open", _("Open")
            make = self._maker(self._offers(row))
            form = RowFields(make, self.document, row).form()
        return SheetRow(
            key=key,
            number=self.numbers[key],
            kind_words=viewer.kind_words(row),
            type_words=viewer.type_words(row),
            stage=stage,
            stage_words=stage_words,
            sentences=sentences_of(row),
            title=viewer.title(row),
            address=viewer.address(row),
            look=look,
            state_words=state_words,
            spoken=viewer.spoken(row, state_words),
            cells=viewer.cells(row),
            details=viewer.details(row),
            links=viewer.links(row),
            errors=errors,
            support=_support_view(self.support.get(key)),
            form=form,
            comments=[talk for talk in record.comments if not talk.settled_by],
            draft_address=record.address,
            letters="".join(line["letter"] for line in self.document["speakers"]) + OWN_VOICE,
            is_current=is_current,
        )

    def _path(self, error: RowError) -> str:
        """Return the path of an error's field by the keys of its rows, as fields have it."""
        if not error.key:
            return error.field
        name, *inner = error.field.split(".")
        rows = row_of(self.document, error.key).get(name)
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

    def _marks(self) -> list[TextMark]:
        return text_marks(self.catalogue, self.text) if self.text else []

    def _offers(self, row: Document) -> dict[str, list[MarkOffer]]:
        """Return the values of the row's sentences by the empty fields that they fit."""
        offers: dict[str, list[MarkOffer]] = {}
        for each in offered(self.document, row, self._marks()):
            path = f"rows.{row[ROW]}.{FIELD_OF[each.mark.kind]}"
            do = f"take {row[ROW]} {each.mark.kind} {each.mark.value}"
            offers.setdefault(path, []).append(self._offer(do, each))
        return offers

    def _offer(self, do: str, each: TextMark) -> MarkOffer:
        assert self.text is not None
        taken = _("Take {value}").format(value=mark_in_words(self.catalogue, each.mark))
        where = _("sentence {number}").format(number=each.sentence)
        return MarkOffer(do, each.words, where, self.text.language, taken)

    # The rest ------------------------------------------------------------------------------------

    def _shared(self) -> SharedForm:
        marks = self._marks()
        make = self._maker(
            {
                path: [
                    self._offer(f"set {path} {each.mark.value}", each)
                    for each in outlets_of(self.document, speaker["letter"], marks)
                ]
                for speaker in self.document["speakers"]
                for name in ("outlet", "through")
                for path in [f"speakers.{speaker[ROW]}.{name}"]
                if not speaker[name]
            }
        )
        return SharedForm(
            self.source_fields,
            self.source_note,
            shared_speakers(make, self.document),
            shared_days(make, self.document),
        )

    def _todo(self, rows: Sequence[SheetRow]) -> list[Todo]:
        todo = [Todo("shared", as_sentence(each.message)) for each in self.errors if not each.key]
        if self.text and not self.source["language"]:
            todo.append(Todo("shared", _("Language?")))
        if any(relay.ways for relay in self.relays):
            todo.append(Todo("relays", _("Same report?")))
        for row in rows:
            if row.errors:
                label = _("Row {number}").format(number=row.number)
                anchor = next((error.anchor for error in row.errors if error.anchor), "")
                todo.append(Todo(anchor or f"row-{row.key}", label))
        return todo


def _support_view(support: RowSupport | None) -> SupportView | None:
    if support is None:
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


def _count_in_words(rows: Sequence[SheetRow]) -> str:
    if not rows:
        return ""
    total = ngettext("%(num)s row", "%(num)s rows", len(rows)) % {"num": len(rows)}
    missing = sum(bool(row.errors) for row in rows)
    return _("{rows}: {missing} incomplete").format(rows=total, missing=missing)
