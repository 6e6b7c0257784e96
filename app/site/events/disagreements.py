"""Where sources disagree with an event or with each other: what is disputed, by whom, and values printed otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.forms import EventForm
from app.i18n.translate import _
from app.record.names.directory import Directory
from app.record.reads.event_context import Around
from app.site.components.citations import CitationLink, link_to, words_of_value
from app.site.components.estimate_line import FigureView
from app.vocabulary.citations import Difference
from app.vocabulary.events import EventLink, Role, TermKey
from app.vocabulary.support import Disputed


@dataclass(frozen=True)
class Against:
    """One citation that disputes, and what it says."""

    citation: CitationLink
    says: str


@dataclass(frozen=True)
class DisputeView:
    """One field that is disputed."""

    label: str
    against: Sequence[Against]


@dataclass(frozen=True)
class DifferenceView:
    """A value that a source gives, beside what the record has there."""

    field: str
    printed: str
    is_error: bool
    on_record: Sequence[str]
    reason: str
    citation: CitationLink


def disputes(event: Around, directory: Directory) -> list[DisputeView]:
    by_id = {citation.id: citation for citation in event.form.citations}
    return [
        DisputeView(
            directory.label("disputed", field),
            [
                Against(link_to(by_id[id], event.sources, directory), by_id[id].paraphrase)
                for id in ids
            ],
        )
        for field, ids in event.row.payload["disputed"].items()
    ]


def differences(
    event: Around, figures: Sequence[FigureView], directory: Directory
) -> list[DifferenceView]:
    return [
        DifferenceView(
            field=_(citation.field.label),
            printed=words_of_value(citation.value),
            is_error=citation.differs is Difference.ERROR,
            on_record=_on_record(citation.field, event, figures, directory),
            reason=_(citation.differs.label),
            citation=link_to(citation, event.sources, directory),
        )
        for citation in event.form.citations
        if citation.value and citation.field and citation.differs
    ]


def _on_record(
    field: Disputed, event: Around, figures: Sequence[FigureView], directory: Directory
) -> list[str]:
    """What the record holds in that field, where it holds it apart from its words."""
    form, payload = event.form, event.row.payload
    match field:
        case Disputed.DATE:
            deadline = payload["deadline_words"]
            found = [
                payload["happened_words"],
                deadline and _("deadline {day}").format(day=deadline),
            ]
        case Disputed.NUMBER:
            found = [figure.words for figure in figures]
        case Disputed.SCOPE:
            legal = [
                directory.label("instrument", each.instrument)
                for each in form.legal
                if each.instrument
            ]
            found = [*legal, *covered(form, directory)]
        case Disputed.CAUSE:
            found = _causes(event)
        case _:
            found = []
    return [each for each in found if each]


def _causes(event: Around) -> list[str]:
    """Titles of what it is said to come from, or is explained by."""
    links = [link.to for link in event.form.links if link.type is EventLink.EFFECT_OF]
    links += [
        link["from"]
        for link in event.row.payload["links_from"]
        if link["type"] == EventLink.EXPLAINS
    ]
    return [event.events[id].payload["form"]["title"] for id in links if id in event.events]


def covered(form: EventForm, directory: Directory) -> list[str]:
    """Whom or what the event covers, in the words of its codes."""
    return [
        directory.label(term.key, term.code) if term.code else term.printed
        for term in form.terms
        if term.key not in {TermKey.PLACE, TermKey.ACTOR} and term.role is Role.TARGET
    ]
