"""The history of a record: one row for each edition that changed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.i18n.formats import enumerate_words
from app.i18n.translate import _, inside
from app.record.names.directory import Directory
from app.record.reads.event_context import EventVersion
from app.vocabulary.record import SILENT, Why


@dataclass(frozen=True)
class RevisionRow:
    edition: int
    at: datetime
    why: str
    is_added: bool
    is_silent: bool
    """Whether only wording or calculated values changed."""
    reason: str
    by: str
    """Publisher of the edition: a role, or a name of their choice."""
    changes: Sequence[str]


def revision_rows(revisions: Sequence[EventVersion], directory: Directory) -> list[RevisionRow]:
    """Return the versions newest first, each with its changes of support and dispute."""
    earlier = [*revisions[1:], None]
    return [
        RevisionRow(
            edition=revision.edition,
            at=revision.at,
            why=_(Why(revision.why).label),
            is_added=revision.why == Why.ADDED,
            is_silent=Why(revision.why) in SILENT,
            reason=revision.reason,
            by=revision.by,
            changes=_changes(before, revision, directory) if before else (),
        )
        for revision, before in zip(revisions, earlier, strict=True)
    ]


def _changes(before: EventVersion, after: EventVersion, directory: Directory) -> list[str]:
    found = []
    if before.corroboration != after.corroboration:
        was, now = (_labels("corroboration", r.corroboration, directory) for r in (before, after))
        found.append(_("Support: from “{was}” to “{now}”.").format(was=was, now=now))
    if before.disputed != after.disputed:
        was, now = (
            _labels("disputed", r.disputed, directory) or _("not disputed") for r in (before, after)
        )
        found.append(_("Disputed: from “{was}” to “{now}”.").format(was=was, now=now))
    return found


def _labels(vocabulary: str, codes: Sequence[str], directory: Directory) -> str:
    return enumerate_words(inside(directory.label(vocabulary, code)) for code in codes)
