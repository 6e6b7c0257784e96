"""What the templates of a sheet's page print."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.desk.draft_form.views import FieldChoice, OfferedCodes, code_lists
from app.desk.drafts.comments import CommentView
from app.desk.sheets.fields import FieldView
from app.desk.sheets.inner_fields import InnerRowView
from app.desk.sheets.row_view import RowProblem, SheetRow
from app.desk.sheets.shared_view import DefaultTick, SourceFact, SpeakerLine
from app.desk.sheets.text_view import TextView
from app.i18n.translate import _


@dataclass(frozen=True)
class RowRecord:
    """The draft of a row’s record, and its comments."""

    address: str = ""
    comments: Sequence[CommentView] = ()


@dataclass(frozen=True)
class SheetNextStep:
    """Where to go on from a sheet that can't be written now."""

    address: str
    label: str


@dataclass(frozen=True)
class Todo:
    anchor: str
    label: str


@dataclass(frozen=True)
class SharedForm:
    """The shared block while it is edited."""

    source: Sequence[FieldView]
    source_note: str
    speakers: Sequence[InnerRowView]
    days: Sequence[InnerRowView]


@dataclass(frozen=True)
class RelayStatement:
    """A record that cites the other report, and what this one has of it."""

    record: str
    title: str
    note: str
    choices: Sequence[FieldChoice]


@dataclass(frozen=True)
class RelayNotice:
    """A report read before that this one may pass on, or does."""

    source: str
    lead: str
    address: str
    about: str
    ways: Sequence[tuple[str, str]]
    """Code and label of buttons; none if the editor has answered."""
    statements: Sequence[RelayStatement]


@dataclass(frozen=True)
class SheetView:
    """The data of `desk/sources/page.html` and of the fragments that it reloads."""

    id: str
    number: int
    page: str
    open: str
    focus: str
    facts: Sequence[SourceFact]
    speakers: Sequence[SpeakerLine]
    defaults: Sequence[DefaultTick]
    default_choices: Sequence[tuple[str, Sequence[FieldChoice]]]
    default_fields: Sequence[FieldView]
    shared: SharedForm | None
    text: TextView | None
    text_problem: str
    rows: Sequence[SheetRow]
    count: str
    todo: Sequence[Todo]
    saved_at: datetime | None
    language: str
    address: str
    is_closed: bool = False
    """Whether nothing can be written here now, since it is in review or somebody else's."""
    closed_words: str = ""
    next_steps: Sequence[SheetNextStep] = ()
    waiting: Sequence[str] = ()
    """What others drafted for the report and have not submitted, a sentence each."""
    other: str = ""
    is_saved: bool = True
    said: str = ""
    """What the press has done, for screen readers."""
    news: str = ""
    """What happened beside the save that was asked for."""
    can_undo: bool = False
    seen: str = ""
    """Which revisions of the drafts the page shows (`from_forms.drafts_seen`)."""
    text_error: str = ""
    typed_text: str = ""
    typed_translation: str = ""
    relays: Sequence[RelayNotice] = ()
    has_versions: bool = False
    source_problems: Sequence[RowProblem] = ()
    problems: Sequence[RowProblem] = ()
    """Errors in words with their anchors, once the editor has asked to submit."""

    def with_problems(self) -> "SheetView":
        """Return a copy that lists all errors on top, each with its place."""
        problems = [
            replace(each, words=_("This report, {error}").format(error=each.words))
            if each.path
            else each
            for each in self.source_problems
        ]
        for row in self.rows:
            for each in row.errors:
                words_ = _("Row {number}, {error}").format(number=row.number, error=each.words)
                problems.append(replace(each, words=words_, opens=row.key))
        return replace(self, problems=problems)

    @property
    def code_lists(self) -> Sequence[OfferedCodes]:
        """The lists of codes that the shared block offers while it is edited."""
        return code_lists(each.list_id for each in self.shared.source) if self.shared else ()

    @property
    def saved_words(self) -> str:
        if self.saved_at is None:
            return _("Not saved yet.")
        words = _("Saved. Version {number}.").format(number=self.number)
        return f"{self.news} {words}" if self.news else words

    @property
    def pasted_text(self) -> str:
        return self.typed_text or (self.text.words if self.text else "")

    @property
    def pasted_translation(self) -> str:
        return self.typed_translation or (self.text.translated if self.text else "")

    @property
    def open_row(self) -> SheetRow | None:
        return next((row for row in self.rows if row.form), None)
