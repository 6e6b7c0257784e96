"""The page of one record or place. The desk's preview calls it with rows that are not published."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.record.filters import EstimateFilters, EventFilters, ListFilters
from app.record.index.edition import IndexedEdition
from app.record.lists.session import ListSession
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.publishing.working_set import reference_name
from app.record.sql import rows as record_rows
from app.site.components.urls import record_address
from app.site.lists.request import edition_directory
from app.site.lists.summary import title
from app.site.record_pages.row import find_record
from app.site.references import json_ld
from app.site.references.citable import CiteBox, place_view, record_view, share_links
from app.site.references.dataset_page import dataset_page
from app.site.references.feed_links import FeedLink, feed_links
from app.site.references.formats import source_reference
from app.vocabulary.kinds import RecordKind
from app.web.page import page


def feeds_of_place(code: str, directory: Directory) -> list[FeedLink]:
    """Return the feeds of events and estimates in a place and the places within it."""
    lists: list[ListFilters] = [
        each.made_of({"place": [code]}, {}) for each in (EventFilters, EstimateFilters)
    ]
    return [link for filters in lists for link in feed_links(filters, title(filters, directory))]


@dataclass(frozen=True)
class RecordPage:
    """The template for a kind of record, and the function that fills its page model."""

    variable: str
    """Name of the page model in the template."""
    template: str
    fill: Callable[[Session, IndexedEdition, Version, Directory], Any]


@dataclass(frozen=True)
class PlacePage:
    """The template for a place, and the function that fills its page model from a code."""

    variable: str
    template: str
    fill: Callable[[Session, IndexedEdition, str, Directory], Any]


def record_page(
    request: Request, db: ListSession, kind: str, name: str, shown: RecordPage
) -> Response:
    edition, row = find_record(request, db, kind, name)
    directory = edition_directory(request, db, edition)
    if isinstance(row, Response):
        response = row
    else:
        response = show_record(request, db, edition, row, directory, shown=shown)
    actor = directory.actors.get(name.removesuffix(".json")) if kind == RecordKind.ACTOR else None
    if actor and not actor.is_indexable:
        # Search engines may list the page of a company only if the editors allow it.
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def show_record(
    request: Request,
    db: Session,
    edition: IndexedEdition,
    row: Version,
    directory: Directory,
    *,
    shown: RecordPage,
    **more: Any,
) -> Response:
    """Return the page of one row. `more` are further template variables."""
    view = shown.fill(db, edition, row, directory)
    cited_as = record_view(edition, row, directory)
    at = record_address(row.id, reference_name(row))
    return page(
        request,
        shown.template,
        edition=edition,
        # The desk's preview has another path, but must show the public address.
        request_path=at,
        json_url=f"{at}.json",
        cited=CiteBox(request, cited_as),
        shared=share_links(request, cited_as),
        described=json_ld.describe_record(request, cited_as, row, directory),
        **{shown.variable: view},
        reference=source_reference(record_rows.list_row(row), directory)
        if row.kind == RecordKind.SOURCE
        else None,
        **more,
    )


def show_place(
    request: Request,
    db: Session,
    edition: IndexedEdition,
    code: str,
    directory: Directory,
    *,
    shown: PlacePage,
    as_table: bool = False,
    **more: Any,
) -> Response:
    """Return the page of a place, with a table in place of the chart if `as_table`.

    `more` are further template variables.
    """
    view = shown.fill(db, edition, code, directory)
    cited = place_view(edition, code, directory)
    return dataset_page(
        request,
        shown.template,
        edition,
        directory,
        cited=cited,
        file_address=lambda ending: f"{view.address}{ending}?edition={edition.no}",
        places=[code],
        request_path=view.address,
        json_url=f"{view.address}.json",
        feeds=feeds_of_place(code, directory),
        **{shown.variable: view},
        as_table=as_table,
        **more,
    )
