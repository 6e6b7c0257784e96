"""Official documents that were read (rule 4)."""

from collections.abc import Iterable, Mapping

from app.kinds import Citation, Copy, SourceForm
from app.vocabulary.citations import Attribution
from app.vocabulary.sources import Extent, HostKind, SourceKind

OFFICIAL_DOCUMENTS = {SourceKind.GOVERNMENT, SourceKind.UN_DOCUMENT}
DOCUMENTS_SPEAK = {
    Attribution.DOCUMENT,
    Attribution.GOVERNMENT,
    Attribution.UN_PANEL,
    Attribution.OWN_VOICE,
}


def is_documented(support: Iterable[Citation], sources: Mapping[str, SourceForm]) -> bool:
    """Whether an official document that was read says so itself.

    A document that another report describes, or that passes on a report, does not count.
    """
    return any(
        (source := sources.get(citation.source)) is not None
        and source.kind in OFFICIAL_DOCUMENTS
        and any(_is_read_well(copy) for copy in source.copies)
        and not source.derived_from
        and len(citation.chain) == 1
        and citation.speaker.attribution in DOCUMENTS_SPEAK
        for citation in support
    )


def _is_read_well(copy: Copy) -> bool:
    """Whether a copy shows what a document says: the office's own in part, or any in full."""
    if copy.host_kind is HostKind.OWN:
        return copy.extent is not Extent.NONE
    return copy.extent is Extent.FULL
