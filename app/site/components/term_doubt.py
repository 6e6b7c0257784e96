"""The certainty of a term, its citation, and why a nationality is missing."""

from dataclasses import dataclass

from app.i18n.translate import N_, _
from app.kinds import Term
from app.vocabulary.citations import Certainty
from app.vocabulary.events import NoNationality


@dataclass(frozen=True)
class TermDoubt:
    """Both are empty if the term has the certainty and the citations of the record."""

    words: str
    citation: str


NO_DOUBT = TermDoubt("", "")
DOUBTS: dict[Certainty | None, str] = {
    Certainty.HEDGED: N_("alleged"),
    Certainty.ASKED: N_("as a rumour or question"),
}

NO_NATIONALITY_WORDS = {
    NoNationality.NOT_STATED: N_("not stated by sources"),
    NoNationality.ANY: N_("any nationality"),
}


def term_doubt(term: Term) -> TermDoubt:
    return TermDoubt(_(DOUBTS[term.certainty]) if term.certainty in DOUBTS else "", term.citation)


def no_nationality_in_words(answer: NoNationality) -> str:
    return _(NO_NATIONALITY_WORDS[answer])
