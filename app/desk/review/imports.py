"""Drafts of one import that wait for review, approved many at a time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft, DraftState
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.models import Person
from app.desk.imports.models import Import, ImportRow
from app.desk.review.authors import has_written
from app.desk.review.batch import ReviewRow, review_row
from app.desk.review.citations_to_confirm import doubtful
from app.desk.review.commands import PUBLISH_ORDER
from app.settings import Settings
from app.web.urls import url

DRAFTS_PER_PAGE = 100
"""Drafts per page."""


@dataclass(frozen=True)
class ImportReview:
    """The data of `desk/review/import.html`."""

    import_address: str
    title: str
    by: str
    reason: str
    lines: Sequence[ReviewRow]
    doubtful: Sequence[str]
    """All citations of the page that must be confirmed."""
    total: int
    """Number of drafts that this person may decide on."""
    others: int
    """Number of drafts that need somebody else, since this person wrote in them."""
    first: int
    first_address: str
    next_address: str


@dataclass(frozen=True)
class ImportInReview:
    """An import with drafts that the viewer may decide on."""

    address: str
    title: str
    by: str
    count: int


def import_review(
    db: Session,
    catalogue: Catalogue,
    imported: Import,
    settings: Settings,
    *,
    skipped: int = 0,
    left_out: Collection[int] = (),
    confirmed: Collection[str] = (),
) -> ImportReview:
    """Return one page of drafts, after the `skipped` ones; those `left_out` are not ticked."""
    is_own = _is_own(catalogue.person, settings)
    waiting_drafts = _drafts_in_review().where(ImportRow.import_id == imported.id)
    page_of_drafts = (
        waiting_drafts.where(~is_own)
        .order_by(PUBLISH_ORDER, Draft.id)
        .offset(skipped)
        .limit(DRAFTS_PER_PAGE)
    )
    counts = db.execute(
        waiting_drafts.with_only_columns(
            func.count().filter(~is_own), func.count().filter(is_own), maintain_column_froms=True
        )
    ).one()
    total, others = counts
    drafts = db.scalars(page_of_drafts).all()
    review_url, last = url("import-review", id=imported.id), skipped + len(drafts)
    lines = [
        review_row(catalogue, draft, confirmed, is_ticked=draft.id not in left_out)
        for draft in drafts
    ]
    return ImportReview(
        import_address=url("import", id=imported.id),
        title=imported.title,
        by=db.get_one(Person, imported.by).called,
        reason=imported.reason or "",
        lines=lines,
        doubtful=doubtful(lines),
        total=total,
        others=others,
        first=skipped + 1,
        first_address=review_url if skipped else "",
        next_address=f"{review_url}?after={last}" if last < total else "",
    )


def ids_in_import(db: Session, imported: Import, ids: Collection[int]) -> set[int]:
    """Return which of these drafts belong to the import."""
    ids_of_import = select(ImportRow.draft).where(
        ImportRow.import_id == imported.id, ImportRow.draft.in_(ids)
    )
    return {draft for draft in db.scalars(ids_of_import) if draft}


def imports_in_review(db: Session, person: Person, settings: Settings) -> list[ImportInReview]:
    """Return the imports with drafts that this person may decide on, oldest first."""
    imported = Import
    counted = (
        _drafts_in_review()
        .join(imported, imported.id == ImportRow.import_id)
        .where(~_is_own(person, settings))
        .with_only_columns(
            imported.id, imported.title, imported.by, func.count(), maintain_column_froms=True
        )
        .group_by(imported.id)
        .order_by(imported.id)
    )
    return [
        ImportInReview(url("import-review", id=id), title, db.get_one(Person, by).called, count)
        for id, title, by, count in db.execute(counted)
    ]


def _drafts_in_review() -> Select[Draft]:
    return (
        select(Draft)
        .join(ImportRow, ImportRow.draft == Draft.id)
        .where(Draft.state == DraftState.IN_REVIEW)
    )


def _is_own(person: Person, settings: Settings) -> ColumnElement[bool]:
    return false() if settings.one_person_desk else has_written(person)


def page_offset(query: Mapping[str, str]) -> int:
    """Return the offset of the page from its query."""
    after = query.get("after", "")
    return int(after) if after.isdecimal() and len(after) < 7 else 0
