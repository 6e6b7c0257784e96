"""Disputed fields of an event, and values of sources that differ from the record."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.documents import date_in_words
from app.i18n.translate import _
from app.kinds import Citation
from app.record.names.directory import Directory
from app.record.payloads import form_of
from app.record.reads.event_context import EventContext
from app.site.components.citations import CitationLink, citation_link
from app.site.components.estimate_line import EstimateView
from app.vocabulary.citations import Difference
from app.vocabulary.events import EventLink
from app.vocabulary.support import Disputed


@dataclass(frozen=True)
class DisputingCitation:
    """A citation that disputes a field, with its paraphrase."""

    citation: CitationLink
    says: str


@dataclass(frozen=True)
class DisputeView:
    """A disputed field with the citations that dispute it."""

    label: str
    against: Sequence[DisputingCitation]


@dataclass(frozen=True)
class DifferenceView:
    """A value in a source that differs from the record, with the recorded values."""

    field: str
    printed: str
    is_error: bool
    on_record: Sequence[str]
    reason: str
    citation: CitationLink


def disputes(event: EventContext, directory: Directory) -> list[DisputeView]:
    by_id = {citation.id: citation for citation in event.form.citations}
    return [
        DisputeView(
            directory.label("disputed", field),
            [
                DisputingCitation(
                    citation_link(by_id[id], event.sources, directory), by_id[id].paraphrase
                )
                for id in ids
            ],
        )
        for field, ids in event.payload["disputed"].items()
    ]


def differences(
    event: EventContext, figures: Sequence[EstimateView], directory: Directory
) -> list[DifferenceView]:
    return [
        DifferenceView(
            field=_(citation.field.label),
            printed=date_in_words(citation.value),
            is_error=citation.differs is Difference.ERROR,
            on_record=_recorded_values(citation, event, figures, directory),
            reason=_(citation.differs.label),
            citation=citation_link(citation, event.sources, directory),
        )
        for citation in event.form.citations
        if citation.value
        and citation.field
        and citation.differs in {Difference.ERROR, Difference.RIVAL}
        and not _is_recorded(citation, figures)
    ]


def _is_recorded(citation: Citation, figures: Sequence[EstimateView]) -> bool:
    """Whether an estimate of the event has all the numbers of the differing value."""
    numbers = set(re.findall(r"\d[\d,]*", citation.value))
    return citation.field is Disputed.NUMBER and any(
        numbers and numbers <= set(re.findall(r"\d[\d,]*", figure.words)) for figure in figures
    )


def _recorded_values(
    citation: Citation,
    event: EventContext,
    figures: Sequence[EstimateView],
    directory: Directory,
) -> list[str]:
    """Return the recorded values of a field; none if the field exists only as prose.

    Whom or what an event covers has many values: only the law of an error is compared.
    """
    form, payload = event.form, event.payload
    match citation.field:
        case Disputed.DATE:
            deadline = payload["deadline_words"]
            found = [
                payload["happened_words"],
                deadline and _("deadline {day}").format(day=deadline),
            ]
        case Disputed.NUMBER:
            found = [figure.words for figure in figures]
        case Disputed.SCOPE if citation.differs is Difference.ERROR:
            found = [
                directory.label("law", each.instrument) for each in form.legal if each.instrument
            ]
        case Disputed.CAUSE:
            found = _titles_of_causes(event)
        case _:
            found = []
    return [each for each in found if each]


def _titles_of_causes(event: EventContext) -> list[str]:
    """Return the titles of events linked as a cause or as an explanation."""
    links = [link.to for link in event.form.links if link.type is EventLink.EFFECT_OF]
    links += [
        link["from"] for link in event.payload["links_from"] if link["type"] == EventLink.EXPLAINS
    ]
    return [form_of(event.events[id])["title"] for id in links if id in event.events]
