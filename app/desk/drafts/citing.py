"""Cites an article in an existing event or estimate."""

from typing import Literal

from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft, RevisionCause, Significance
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands
from app.desk.drafts.commands import PostedDraft
from app.desk.drafts.report_settings import new_citation
from app.desk.identity.models import Person
from app.documents import Document
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.vocabulary.citations import Stance
from app.vocabulary.kinds import CITING_KINDS


class CitingError(Exception):
    """The article can't be cited there: no such record, written by others, or in review.

    `draft` is the one in review.
    """

    def __init__(
        self, why: Literal["unknown", "others", "in-review"], draft: Draft | None = None
    ) -> None:
        super().__init__()
        self.why, self.draft = why, draft


def cite(
    db: Session,
    person: Person,
    catalogue: Catalogue,
    record: str,
    article: str,
    *,
    key: str,
    row: Document | None = None,
) -> tuple[Draft, int]:
    """Add a citation of an article, and return the draft and the place of the citation in it.

    The same key of a page adds it once. Without a `row` it is prefilled from the article. Raises
    CitingError.
    """
    draft = open_to_cite(db, person, record, article)
    citations = draft.document["citations"]
    if any(revision.sheet == key for revision in commands.revisions(db, draft)):
        return draft, len(citations) - 1
    row = row or new_citation(catalogue, draft.kind, article)
    document = {**draft.document, "citations": [*citations, row]}
    explain_source(draft, article, agrees=row["stance"] in {"", Stance.SUPPORTS})
    save_cited(db, person, draft, document, key)
    return draft, len(citations)


def open_to_cite(db: Session, person: Person, record: str, article: str) -> Draft:
    """Return the draft in which this person may cite an article. Raises CitingError."""
    draft = (
        commands.begin_to_change(db, person, record, article)
        if record[:1] in CITING_KINDS
        else None
    )
    if draft is None:
        raise CitingError("unknown")
    if not commands.may_write(person, draft):
        raise CitingError("others", draft)
    return draft


def explain_source(draft: Draft, source: str, *, agrees: bool) -> None:
    """Preselect why a record changes that gets a citation; what somebody chose before stays.

    A source that agrees is another source of the same facts. `draft` must be locked or new.
    """
    if draft.base is not None and not draft.why and not draft.reason:
        draft.why = (Significance.SOURCED if agrees else Significance.UPDATED).value
        draft.reason = _("Another source: {id}").format(id=source)


def save_cited(
    db: Session,
    person: Person,
    draft: Draft,
    document: Document,
    key: str,
) -> None:
    """Save a draft's document with citations changed. Raises CitingError if it is in review."""
    why, reason = draft.why or "", draft.reason or ""
    typed = PostedDraft(document, draft.number, key, why, reason)
    try:
        commands.save(db, draft, typed, person, RevisionCause.BY_ITSELF)
    except InvalidStateError:
        raise CitingError("in-review", draft) from None
