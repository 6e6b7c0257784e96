"""Relays of a report on its page: questions, and ticks for what is on record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.views import FieldChoice
from app.desk.reading.relays import Found, RelayQuestion
from app.desk.reports import relays
from app.desk.reports.relay_citations import cite_ticked
from app.desk.reports.relays import RelayTick
from app.documents import Document
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _, ngettext
from app.vocabulary.citations import Derivation
from app.web.urls import url


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


WAYS = {
    "words": (Derivation.RELAY, Derivation.SYNDICATION),
    "facts": (Derivation.TRANSLATION, Derivation.SUMMARY),
}
"""How a report may derive from one with the same words, or with the same facts."""
FOUND_LABELS = {
    Found.ALSO: N_("Also here"),
    Found.DIFFERENT: N_("Different here"),
}


def relay_notices(
    db: Session, catalogue: Catalogue, source: str, document: Document
) -> list[RelayNotice]:
    """Return a question for each report that is alike, and what is on record from its parents."""
    answered = {part.strip() for part in document["not_relays"].split(",")}
    notices = [
        _question(catalogue, question, _statements(catalogue, source, question.source))
        for question in relays.questions(db, catalogue, source)
        if question.source not in answered
    ]
    for parent in sorted(relays.parents(catalogue, source)):
        if statements := _statements(catalogue, source, parent):
            words_ = _("This report repeats")
            about = catalogue.label(parent)
            address = url("article", id=parent)
            notices.append(RelayNotice(parent, words_, address, about, (), statements))
    return notices


def _question(
    catalogue: Catalogue, question: RelayQuestion, statements: Sequence[RelayStatement]
) -> RelayNotice:
    share = f"{question.share:.0%}"
    lead = (
        _("{share} of this text is in").format(share=share)
        if question.how == "words"
        else _("{common} of {total} dates, places and estimates match").format(
            common=question.common, total=question.total
        )
    )
    about = [catalogue.label(question.source), _days_apart(question.days_later)]
    return RelayNotice(
        question.source,
        lead,
        url("article", id=question.source),
        enumerate_words(part for part in about if part),
        [(way.value, _("Set “{way}”").format(way=_(way.label))) for way in WAYS[question.how]],
        statements,
    )


def _days_apart(days: int | None) -> str:
    if days is None:
        return ""
    if days == 0:
        return _("published the same day")
    words_ = (
        ngettext("published %(num)s day earlier", "published %(num)s days earlier", days)
        if days > 0
        else ngettext("published %(num)s day later", "published %(num)s days later", -days)
    )
    return words_ % {"num": abs(days)}


def _statements(catalogue: Catalogue, source: str, copied: str) -> list[RelayStatement]:
    return [
        RelayStatement(tick.record, tick.title, _difference(tick), _choices(tick))
        for tick in relays.ticks(catalogue, source, copied)
        if not tick.is_cited
    ]


def _difference(tick: RelayTick) -> str:
    if tick.found is not Found.DIFFERENT:
        return ""
    return _("{there} there, {here} here").format(there=tick.there, here=tick.here)


def _choices(tick: RelayTick) -> list[FieldChoice]:
    """Return the answers, with the likeliest chosen. Only what was compared can differ."""
    likely = None if tick.found is Found.MISSING else tick.found
    codes = [found for found in FOUND_LABELS if found is not Found.DIFFERENT or tick.here]
    choices = [
        FieldChoice(found.value, _(FOUND_LABELS[found]), is_chosen=found is likely)
        for found in codes
    ]
    return [*choices, FieldChoice("", _("Leave it out"), is_chosen=likely is None)]


def answer_statements(
    catalogue: Catalogue, source: str, copied: str, *, posted: Mapping[str, str], key: str
) -> int:
    """Cite this report as the answers say, and return in how many records. Raises CitingError."""
    answers = {found.value: found for found in FOUND_LABELS}
    ticked = []
    for tick in relays.ticks(catalogue, source, copied):
        found = answers.get(posted.get(f"same.{copied}.{tick.record}", ""))
        if found is not None and (found is not Found.DIFFERENT or tick.here):
            ticked.append(replace(tick, found=found))
    return len(cite_ticked(catalogue.db, catalogue, ticked, source=source, copied=copied, key=key))
