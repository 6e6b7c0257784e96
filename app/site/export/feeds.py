"""Feeds of lists as Atom: records last added, materially changed or withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.i18n.translate import N_, _
from app.record.editions import SelectedEdition
from app.record.filters import ListFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.reads.changelog import ListChange, recent_changes
from app.site.components.urls import address, record_address
from app.site.lists.request import followed_filters
from app.site.lists.summary import title
from app.site.presenters.title import title_parts
from app.site.references.citable import AUTHOR, provenance_headers
from app.vocabulary.record import Why
from app.web.state import app_state
from app.web.urls import absolute_url

ATOM = "application/atom+xml"
MAX_ENTRIES = 50


def feed_of_list(
    request: Request,
    db: Session,
    edition: IndexedEdition,
    filters: ListFilters,
    directory: Directory,
) -> Response:
    followed = followed_filters(filters)
    changes = recent_changes(db, edition, followed, directory, MAX_ENTRIES)
    entries = [_entry(request, change, directory) for change in changes]
    return feed_response(request, edition, title(followed, directory), followed, entries)


@dataclass(frozen=True)
class FeedEntry:
    """One record with its newest change. `id` is the permanent address of the record."""

    id: str
    title: str
    summary: str
    why: str
    published: datetime
    updated: datetime


TITLES = {
    Why.ADDED: N_("{title}"),
    Why.CORRECTED: N_("Corrected: {title}"),
    Why.UPDATED: N_("Updated: {title}"),
    Why.WITHDRAWN: N_("Withdrawn: {title}"),
    Why.MERGED: N_("Merged into another: {title}"),
}
TITLE_OF_LEFT = N_("Removed from this list: {title}")


def _entry(request: Request, change: ListChange, directory: Directory) -> FeedEntry:
    words, speaker, remark = title_parts(change.row, directory)
    form = change.row.payload["form"]
    into = _("Its id is now {id}.").format(id=change.into) if change.into else ""
    left = (
        _("It does not match this filter since the change. The earlier version was:")
        if change.has_left
        else ""
    )
    when = change.row.payload.get("happened_words") or ""
    parts = [change.reason, into, left, form.get("summary", "") or speaker, when, remark]
    return FeedEntry(
        id=absolute_url(request, record_address(change.row.id, form.get("code", ""))),
        title=_(TITLE_OF_LEFT if change.has_left else TITLES[Why(change.why)]).format(title=words),
        summary="\n".join(part[:1].upper() + part[1:] for part in parts if part),
        why=_(Why(change.why).label),
        published=change.added_at,
        updated=change.at,
    )


def feed_response(
    request: Request,
    edition: SelectedEdition,
    name: str,
    followed: ListFilters,
    entries: Sequence[FeedEntry],
) -> Response:
    """Return the feed of a list as Atom (RFC 4287). Its id is the address of the list's page."""
    page, licence = absolute_url(request, address(followed)), app_state(request).settings.licence
    here = absolute_url(request, address(followed, ".atom"))
    updated = max((entry.updated for entry in entries), default=edition.at)
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    _add_text(root, "id", page)
    _add_text(root, "title", _("{site}: {list}").format(site=AUTHOR, list=name))
    _add_text(root, "updated", _timestamp(updated))
    _add_text(SubElement(root, "author"), "name", AUTHOR)
    _add_text(root, "rights", licence)
    SubElement(root, "link", {"rel": "self", "type": ATOM, "href": here})
    SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": page})
    for entry in entries:
        element = SubElement(root, "entry")
        _add_text(element, "id", entry.id)
        _add_text(element, "title", entry.title)
        _add_text(element, "published", _timestamp(entry.published))
        _add_text(element, "updated", _timestamp(entry.updated))
        SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": entry.id})
        SubElement(element, "category", {"term": entry.why})
        _add_text(element, "summary", entry.summary)
    return Response(
        tostring(root, encoding="utf-8", xml_declaration=True),
        media_type=f"{ATOM}; charset=utf-8",
        headers=provenance_headers(request, edition),
    )


def _add_text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _timestamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
