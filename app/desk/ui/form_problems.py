"""The errors of a posted form, each with the field that it belongs to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.i18n.formats import as_sentence
from app.i18n.translate import _
from app.record.publishing.validation import MAX_REASON_CHARACTERS

REASON = "reason"
"""The id of the field of the published reason."""


@dataclass(frozen=True)
class FormProblem:
    """An error in a sentence, and the id of its field; "" if it is of no single field."""

    words: str
    field: str = ""


@dataclass(frozen=True)
class FormProblems:
    """The errors of a form, for its summary and beside its fields."""

    problems: tuple[FormProblem, ...] = ()

    @classmethod
    def of_reasons(cls, reasons: Iterable[str]) -> "FormProblems":
        """Return what prevents an act, without fields: other records, or their states."""
        return cls(tuple(FormProblem(as_sentence(reason)) for reason in reasons))

    def __iter__(self) -> Iterator[FormProblem]:
        return iter(self.problems)

    def __len__(self) -> int:
        return len(self.problems)

    def of(self, field: str) -> str:
        """Return the errors of a field; "" if it has none."""
        return " ".join(each.words for each in self.problems if each.field == field)


NO_PROBLEMS = FormProblems()


def reason_problems(reason: str, missing: str, field: str = REASON) -> list[FormProblem]:
    """Return what is wrong with a reason for readers; `missing` is the error of an empty one."""
    if not reason.strip():
        return [FormProblem(missing, field)]
    if len(reason.strip()) > MAX_REASON_CHARACTERS:
        words = _("The reason is too long. Use at most {max} characters.")
        return [FormProblem(words.format(max=MAX_REASON_CHARACTERS), field)]
    return []
