"""The support of single fields of an event: "Date: 2 independent sources"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.i18n.translate import N_, _
from app.record.names.directory import Directory
from app.record.names.support_labels import level_label
from app.record.reads.event_context import EventContext
from app.site.components.citations import CitationLink, citation_link
from app.vocabulary.citations import CitationKind


@dataclass(frozen=True)
class FieldSupportView:
    """The level of support of one field, and the citations that speak of it."""

    code: str
    words: str
    citations: Sequence[CitationLink]


SENTENCES: Mapping[str, str] = {
    CitationKind.DATE: N_("Date: {level}"),
    CitationKind.NUMBER: N_("Number: {level}"),
    CitationKind.SCOPE: N_("Scope: {level}"),
    CitationKind.EFFECT: N_("Effect: {level}"),
    CitationKind.LEGAL: N_("Legal basis: {level}"),
}


def field_support(event: EventContext, directory: Directory) -> list[FieldSupportView]:
    """Return a row for each field with citations of its own; none in early editions."""
    by_id = {citation.id: citation for citation in event.form.citations}
    found = event.payload.get("field_support", {})
    return [
        FieldSupportView(
            code=found[kind]["corroboration"],
            words=_(sentence).format(
                level=level_label(found[kind]["corroboration"], found[kind]["independent"])
            ),
            citations=[
                citation_link(by_id[id], event.sources, directory)
                for id in found[kind]["citations"]
            ],
        )
        for kind, sentence in SENTENCES.items()
        if kind in found
    ]
