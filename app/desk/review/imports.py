"""The drafts of one import that wait for a reviewer: looked at and approved many at a time, names before the rest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft, State
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.models import Person
from app.desk.imports.models import Import, ImportRow
from app.desk.review.batch import Line, line
from app.desk.review.citations_to_confirm import doubtful
from app.desk.review.commands import NAMES_FIRST, wrote_in
from app.settings import Settings
from app.web.urls import url

AT_ONCE = 100
"""So many are looked at on one page."""


@dataclass(frozen=True)
class ImportReview:
    """What `desk/review/import.html` prints."""

    import_address: str
    title: str
    by: str
    reason: str
    lines: Sequence[Line]
    doubtful: Sequence[str]
    """All citations of the page that are to be confirmed."""
    total: int
    """How many this person may decide on."""
    others: int
    """How many wait for somebody else, since this person wrote in them."""
    first: int
    first_address: str
    next_address: str


@dataclass(frozen=True)
class Waiting:
    """An import of which some drafts wait for whoever looks at the list."""

    address: str
    title: str
    by: str
    count: int


def import_review(
    db: Session,
    catalogue: Catalogue,
    it: Import,
    settings: Settings,
    *,
    skipped: int = 0,
    left_out: Collection[int] = (),
    confirmed: Collection[str] = (),
) -> ImportReview:
    """The next of them after some that are `skipped`; those `left_out` stand without a tick."""
    own = _is_own(catalogue.person, settings)
    of_it = _waiting().where(ImportRow.import_id == it.id)
    found = of_it.where(~own).order_by(NAMES_FIRST, Draft.id).offset(skipped).limit(AT_ONCE)
    counts = db.execute(
        of_it.with_only_columns(
            func.count().filter(~own), func.count().filter(own), maintain_column_froms=True
        )
    ).one()
    total, others = counts
    drafts = db.scalars(found).all()
    here, last = url("import-review", id=it.id), skipped + len(drafts)
    lines = [
        line(catalogue, draft, confirmed, is_ticked=draft.id not in left_out) for draft in drafts
    ]
    return ImportReview(
        import_address=url("import", id=it.id),
        title=it.title,
        by=db.get_one(Person, it.by).called,
        reason=it.reason or "",
        lines=lines,
        doubtful=doubtful(lines),
        total=total,
        others=others,
        first=skipped + 1,
        first_address=here if skipped else "",
        next_address=f"{here}?after={last}" if last < total else "",
    )


def drafts_of(db: Session, it: Import, ids: Collection[int]) -> set[int]:
    """Which of these drafts are of that import."""
    of_it = select(ImportRow.draft).where(ImportRow.import_id == it.id, ImportRow.draft.in_(ids))
    return {draft for draft in db.scalars(of_it) if draft}


def waiting_of_imports(db: Session, person: Person, settings: Settings) -> list[Waiting]:
    """The imports of which this person may decide on something, the oldest first."""
    it = Import
    counted = (
        _waiting()
        .join(it, it.id == ImportRow.import_id)
        .where(~_is_own(person, settings))
        .with_only_columns(it.id, it.title, it.by, func.count(), maintain_column_froms=True)
        .group_by(it.id)
        .order_by(it.id)
    )
    return [
        Waiting(url("import-review", id=id), title, db.get_one(Person, by).called, count)
        for id, title, by, count in db.execute(counted)
    ]


def _waiting() -> Select[Draft]:
    return (
        select(Draft)
        .join(ImportRow, ImportRow.draft == Draft.id)
        .where(Draft.state == State.IN_REVIEW)
    )


def _is_own(person: Person, settings: Settings) -> ColumnElement[bool]:
    return false() if settings.one_person_desk else wrote_in(person)


def skipped_in(asked: Mapping[str, str]) -> int:
    """After how many the page begins, as its address says."""
    after = asked.get("after", "")
    return int(after) if after.isdecimal() and len(after) < 7 else 0
