"""Asks for default terms that the text of a report names and no row has, such as a nationality."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.desk.draft_form.documents import Document
from app.desk.reading.marks import MarkKind, Reason
from app.desk.sheets.defaults import OFFERED_TERMS, offered_defaults
from app.desk.sheets.fields import FieldMaker
from app.desk.sheets.form import StatementKind
from app.desk.sheets.inner_fields import is_live, term_in_words
from app.desk.sheets.taking import TextMark
from app.i18n.translate import N_, _
from app.vocabulary.events import TermKey

WORDS: dict[TermKey, tuple[str, str]] = {
    TermKey.NATIONALITY: (
        N_("Nationality?"),
        N_("The text names a nationality, but no row has one: {name}."),
    ),
    TermKey.GROUP: (
        N_("Group of workers?"),
        N_("The text names a group of workers, but no row has one: {name}."),
    ),
    TermKey.SECTOR: (
        N_("Industry?"),
        N_("The text names an industry, but no row has one: {name}."),
    ),
    TermKey.PAPER: (
        N_("Visa or permit?"),
        N_("The text names a visa or permit, but no row has one: {name}."),
    ),
}
"""For each kind of term the entry of the to-do list, and the question as a sentence."""


@dataclass(frozen=True)
class DefaultQuestion:
    """A term that sentences of the text name, while no row has one of its kind."""

    choice: str
    """As `defaults.add_default` takes it: nationality:kp."""
    sentences: Sequence[int]
    label: str
    words: str
    name: str

    @property
    def anchor(self) -> str:
        return f"ask-{self.choice.partition(':')[0]}"


def default_questions(
    make: FieldMaker, document: Document, marks: Sequence[TextMark]
) -> list[DefaultQuestion]:
    """Return a question for each kind of term that the text names and the sheet does not have.

    One mark of a nationality is enough. Other terms are asked for where they are offered for every
    row. What an editor has answered with no is not asked again.
    """
    live = [row for row in document["rows"] if is_live(row)]
    if all(row["kind"] == StatementKind.CITATION for row in live):
        return []
    have = {term["key"] for term in document["defaults"] if term["ticked"]}
    have |= {term["key"] for row in live for term in row["terms"]}
    have |= {TermKey.NATIONALITY.value} if document["nationality"] else set()
    have |= {choice.partition(":")[0] for choice in refused_defaults(document)}
    asked: dict[str, DefaultQuestion] = {}
    for choice in [*_nationalities(marks), *offered_defaults(document, marks)]:
        key, _colon, code = choice.partition(":")
        if key in have or key in asked or key not in WORDS or not make.catalogue.code(key, code):
            continue
        name = term_in_words(make.catalogue, {"key": key, "code": code})
        label, words = (_(text) for text in WORDS[TermKey(key)])
        sentences = _sentences(marks, choice)
        asked[key] = DefaultQuestion(choice, sentences, label, words.format(name=name), name)
    return [*asked.values()]


def refused_defaults(document: Document) -> list[str]:
    """Return the terms that no row needs, by the answer of an editor."""
    return [part for part in document["not_defaults"].split(", ") if part]


def refuse_default(document: Document, choice: str) -> None:
    document["not_defaults"] = ", ".join(dict.fromkeys([*refused_defaults(document), choice]))


def _nationalities(marks: Iterable[TextMark]) -> list[str]:
    """Return the nationalities that the text names, the most named first."""
    found = [
        f"{TermKey.NATIONALITY}:{each.mark.value}"
        for each in marks
        if each.mark.kind is MarkKind.NATIONALITY and each.mark.reason is not Reason.NO_CODE
    ]
    return sorted(dict.fromkeys(found), key=found.count, reverse=True)


def _sentences(marks: Iterable[TextMark], choice: str) -> list[int]:
    key, _colon, code = choice.partition(":")
    is_nationality = key == TermKey.NATIONALITY
    assert is_nationality or key in OFFERED_TERMS
    kind, value = (MarkKind.NATIONALITY, code) if is_nationality else (MarkKind.TERM, choice)
    return [
        *dict.fromkeys(
            each.sentence for each in marks if (each.mark.kind, each.mark.value) == (kind, value)
        )
    ]
