"""The banner of a past edition: how the rows of the current page have changed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from fastapi import Request
from sqlalchemy.orm import Session

from app.i18n.formats import enumerate_words
from app.i18n.translate import _, ngettext
from app.record.editions import SelectedEdition
from app.record.filters import ChangeFilters
from app.record.index.edition import IndexedEdition
from app.record.lists.cited_rows import CitedRows
from app.record.lists.session import ListSession, select_edition
from app.record.models import Version
from app.record.reads.changelog import count_changes
from app.record.reads.fingerprints import (
    RemovedRow,
    RowDifferences,
    count_changes_since,
    removed_since,
)
from app.site.changes.changes import Changes
from app.site.cite.citable import NotCitableError, changes_address, citable
from app.site.components.urls import address, record_address
from app.site.lists.request import edition_directory, requested_address
from app.vocabulary.kinds import RecordNoun
from app.web.urls import url

MAX_GONE = 3
"""Removed records that a banner names."""


@dataclass(frozen=True)
class GoneNote:
    """A record withdrawn or merged since, with the reason."""

    id: str
    address: str
    words: str
    reason: str


@dataclass(frozen=True)
class ChangesSince:
    """The changes since a past edition, for its banner."""

    words: str
    changes: str
    """Address of the list of these changes."""
    gone: Sequence[GoneNote]


def changes_since_edition(
    request: Request, db: ListSession, edition: SelectedEdition
) -> ChangesSince:
    """Return what changed in the page's rows since the edition.

    For a page without rows, such as the home page, all events, estimates and sources count.
    """
    now = select_edition(db)
    if request.url.path == url("changes"):
        return _since_in_changes(request, db, edition, now)
    try:
        found = citable(request, db, requested_address(request))
    except NotCitableError:
        then, since = (
            _rows_of_kinds(request, each) for each in (select_edition(db, str(edition.no)), now)
        )
        filters = ChangeFilters.made_of(
            {"since": [str(edition.no + 1)], "what": _kinds_of(request)}, {}
        )
        return ChangesSince(
            _difference_in_words(count_changes_since(db, then, since)),
            address(filters),
            [],
        )
    rows = found.rows(found.view.edition, found.directory)
    difference = count_changes_since(db, rows, found.rows(now, edition_directory(request, db, now)))
    gone = removed_since(db, rows, now, MAX_GONE)
    return ChangesSince(
        _difference_in_words(difference), changes_address(found), [_note(each) for each in gone]
    )


def _rows_of_kinds(request: Request, edition: IndexedEdition) -> CitedRows:
    """Return all rows that a page without rows of its own depends on."""
    kinds = [noun.kind for noun in _kinds_of(request)]
    others = [kind for kind in kinds if kind not in edition.indexes]
    return CitedRows(
        edition,
        {kind: index.live for kind, index in edition.indexes.items() if kind in kinds},
        Version.kind.in_(others) if others else None,
    )


def _kinds_of(request: Request) -> list[RecordNoun]:
    """Return the kinds of record that a page without rows depends on."""
    if request.url.path.startswith(url("codebook")):
        return [RecordNoun.CODE]
    return [RecordNoun.EVENT, RecordNoun.ESTIMATE, RecordNoun.SOURCE]


def _since_in_changes(
    request: Request, db: Session, edition: SelectedEdition, now: IndexedEdition
) -> ChangesSince:
    directory = edition_directory(request, db, now)
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    filters, _dropped = Changes.parse(pairs, directory)
    later = filters.with_(edition=None, after=None, since=str(edition.no + 1))
    count = count_changes(db, now, later, directory).total
    return ChangesSince(
        ngettext("{count} more change", "{count} more changes", count), address(later), []
    )


def _difference_in_words(since: RowDifferences) -> str:
    counted = [
        (since.added, ngettext("{count} row added", "{count} rows added", since.added)),
        (since.changed, ngettext("{count} changed", "{count} changed", since.changed)),
        # l10n: rows that a newer edition has no longer
        (since.gone, ngettext("{count} removed", "{count} removed", since.gone)),
        (
            since.recalculated,
            ngettext(
                "{count} recalculated by a new rule",
                "{count} recalculated by a new rule",
                since.recalculated,
            ),
        ),
    ]
    return enumerate_words(words for count, words in counted if count) or _("no change")


def _note(gone: RemovedRow) -> GoneNote:
    if gone.into:
        words = _("was merged into {id} in edition {no}").format(id=gone.into, no=gone.edition)
    else:
        words = _("was withdrawn in edition {no}").format(no=gone.edition)
    return GoneNote(gone.id, record_address(gone.id, gone.code), words, gone.reason.rstrip("."))
