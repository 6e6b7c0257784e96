"""The list of changes as files and feeds."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.i18n.translate import N_, _, ngettext
from app.record.editions import SelectedEdition
from app.record.filters import ChangeFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.reads.changelog import ChangeCounts, RecordChange, count_changes
from app.record.reads.changelog import read_changes as record_changes
from app.record.reads.recalculations import Recalculation, read_recalculations
from app.record.sql.streaming import OpenSession
from app.site.changes import page as changes
from app.site.components.change import change_differences, change_title
from app.site.components.urls import address, list_name
from app.site.export import feeds
from app.site.export.feeds import TITLES, Feed, FeedEntry, build_feed
from app.site.export.responses import (
    ListFile,
    feed_response,
    json_heading,
    limit_of,
    list_response,
    next_address,
    table_response,
)
from app.site.export.table_writer import Table
from app.site.lists.chips import chips
from app.site.references import feed_links
from app.site.references.feed_links import followed_filters
from app.vocabulary.record import Why
from app.web.urls import absolute_url


def changes_file(
    request: Request,
    db: Session,
    edition: IndexedEdition,
    filters: ChangeFilters,
    directory: Directory,
) -> Response:
    """Return the list of changes as a file or feed, by the suffix of the URL."""
    suffix = request.url.path.partition(".")[2]
    if f".{suffix}" in feed_links.ENDINGS:
        newest = filters.with_(sort=None, after=None, limit=None)
        recent = record_changes(db, edition, newest, directory, feeds.MAX_ENTRIES).rows
        recalculated = (
            []
            if changes.is_narrowed(newest)
            else read_recalculations(db, edition, newest["since"], most=feeds.MAX_ENTRIES)
        )
        return feed_response(
            request,
            feed_of_changes(
                request, edition, filters, recent, directory, recalculated=recalculated
            ),
            edition,
        )
    if suffix == "json":
        body = changes_as_json(request, db, edition, filters, directory, item=changes.as_json)
        return list_response(request, edition, body)
    file = _changes_as_file(
        edition, filters, count_changes(db, edition, filters, directory), directory
    )
    read = partial(change_rows, edition, filters)
    return table_response(request, edition, file, changes.COLUMNS, read, names=directory)


def changes_as_json(
    request: Request,
    db: Session,
    edition: IndexedEdition,
    filters: ChangeFilters,
    directory: Directory,
    *,
    item: Callable[[RecordChange, Directory], dict[str, Any]],
) -> dict[str, Any]:
    """Return one page of changes as JSON."""
    counted = count_changes(db, edition, filters, directory)
    found = record_changes(db, edition, filters, directory, limit_of(filters))
    return {
        **json_heading(
            request, edition, filters, _changes_as_file(edition, filters, counted, directory)
        ),
        "total": counted.total,
        "derived_again": counted.derived_again,
        "next": next_address(request, edition, filters, found.next),
        "items": [item(change, directory) for change in found.rows],
    }


def _changes_as_file(
    edition: SelectedEdition, filters: ChangeFilters, counted: ChangeCounts, directory: Directory
) -> ListFile:
    words = ngettext("{count} change", "{count} changes", counted.total)
    asked_for = "; ".join(
        [words, *(chip.label for chip in chips(filters.with_(edition=None), directory))]
    )
    lasting = filters.with_(after=None, limit=None, edition=str(edition.no))
    return ListFile(
        list_name(filters), asked_for, address(lasting), counted.total, changes.PRIMARY_KEY
    )


def feed_of_changes(
    request: Request,
    edition: SelectedEdition,
    filters: ChangeFilters,
    recent: Sequence[RecordChange],
    directory: Directory,
    *,
    recalculated: Sequence[Recalculation] = (),
) -> Feed:
    """Return a feed with one entry for each change. Entries are never updated.

    A recalculation is one entry, and not one for each row.
    """
    entries = [_entry(request, change, directory) for change in recent]
    entries += [_recalculation_entry(request, each) for each in recalculated]
    entries.sort(key=lambda entry: entry.updated, reverse=True)
    entries = entries[: feeds.MAX_ENTRIES]
    return build_feed(request, edition, _("changes"), followed_filters(filters), entries)


def _recalculation_entry(request: Request, found: Recalculation) -> FeedEntry:
    alone = ChangeFilters.made_of(
        {"since": [str(found.edition)], "edition": [str(found.edition)]}, {}
    )
    return FeedEntry(
        id=absolute_url(request, address(alone)),
        title=_("Edition {no} was recalculated by new rules").format(no=found.edition),
        summary="\n".join(
            part for part in (changes.recalculation_in_words(found.rows), found.message) if part
        ),
        why=_(Why.REINDEXED.label),
        published=found.at,
        updated=found.at,
    )


def _entry(request: Request, change: RecordChange, directory: Directory) -> FeedEntry:
    alone = ChangeFilters.made_of({"id": [change.row.id], "edition": [str(change.edition)]}, {})
    into = _("Its id is now {id}.").format(id=change.into) if change.into else ""
    fields = (
        _("{field}: {before} → {after}").format(
            field=each.title, before=each.before or "–", after=each.after or "–"
        )
        for each in change_differences(change, directory)
    )
    return FeedEntry(
        id=absolute_url(request, address(alone)),
        title=_(TITLES.get(change.why, N_("{title}"))).format(
            title=change_title(change, directory)
        ),
        summary="\n".join(part for part in (change.reason, into, *fields, change.message) if part),
        why=_(change.why.label),
        published=change.at,
        updated=change.at,
    )


def change_rows(
    edition: SelectedEdition, filters: ChangeFilters, sessions: OpenSession, directory: Directory
) -> Table:
    with sessions() as db:
        return changes.COLUMNS, changes.stream_rows(db, edition, filters, directory, sessions)
