"""The saved states of a document in words: of a draft, or of the sheet of a report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select

from app.desk.draft_form import documents
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import ComparedField, compare_documents
from app.desk.draft_form.documents import Document
from app.desk.identity.models import Person
from app.i18n.translate import _
from app.kinds.base import Form
from app.vocabulary.code import Code

BY_ITSELF, SET_ASIDE = "by-itself", "set-aside"
"""Causes that drafts and sheets share."""


class SavedState(Protocol):
    """A revision of a draft or of a sheet."""

    @property
    def number(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def by(self) -> int: ...
    @property
    def saved(self) -> str: ...
    @property
    def words(self) -> str | None: ...
    @property
    def document(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class DocumentVersion:
    """One revision; consecutive autosaves of one person are joined.

    A revision that was set aside is compared with the state of that moment, as is the next
    revision.
    """

    number: int
    at: datetime
    by: str
    saved: str
    words: str
    changed: Sequence[ComparedField]
    is_newest: bool


def document_versions(
    catalogue: Catalogue,
    form: type[Form],
    revisions: Sequence[SavedState],
    causes: type[Code],
    visible: Callable[[Document], Document],
) -> list[DocumentVersion]:
    """Return the versions, newest first, each with what differs from the one before.

    `visible` makes of a document what this person may see of it.
    """
    people = {person.id: person.called for person in catalogue.db.scalars(select(Person))}
    shown = _without_joined(revisions)
    states = [visible(documents.fit_to_form(form, revision.document)) for revision in shown]
    previous: list[Document | None] = [None]
    for revision, state in zip(shown, states, strict=True):
        previous.append(previous[-1] if revision.saved == SET_ASIDE else state)
    return [
        DocumentVersion(
            number=revision.number,
            at=revision.at,
            by=people[revision.by],
            saved=_(causes.by_code()[revision.saved].label),
            words=revision.words or "",
            changed=compare_documents(catalogue, form, before, state) if before else [],
            is_newest=revision is shown[-1] and revision.saved != SET_ASIDE,
        )
        for revision, before, state in reversed(list(zip(shown, previous, states, strict=False)))
    ]


def _without_joined(revisions: Sequence[SavedState]) -> list[SavedState]:
    """Return revisions without autosaves that the same person's next autosave replaced."""
    shown: list[SavedState] = []
    for revision in revisions:
        last = shown[-1] if shown else None
        if (
            last
            and last.saved == BY_ITSELF
            and (last.saved, last.by)
            == (
                revision.saved,
                revision.by,
            )
        ):
            shown.pop()
        shown.append(revision)
    return shown
