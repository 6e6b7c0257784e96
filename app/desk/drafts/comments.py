"""What was said about a draft, in threads, each with the field that it is about."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft
from app.desk.draft_form.compare import titles_of
from app.desk.draft_form.documents import ROW, Document
from app.desk.draft_form.private_values import ALL, Access, is_field_hidden
from app.desk.drafts import commands
from app.desk.drafts.comment_models import Comment
from app.desk.identity.audit_log import Action, note
from app.desk.identity.models import Person
from app.i18n.translate import _


@dataclass(frozen=True)
class Talk:
    """A comment as it is printed, with its answers under it."""

    id: int
    by: str
    at: datetime
    words: str
    answers: Sequence["Talk"]
    settled_by: str
    place: str = ""
    field: str = ""
    anchor: str = ""


# What is said about it --------------------------------------------------------------------------------------------


def comment(
    db: Session,
    draft: Draft,
    by: Person,
    words: str,
    *,
    place: str = "",
    answers: Comment | None = None,
) -> Comment | None:
    """Adds a comment; nothing where it says nothing. An answer stands where what it answers stands."""
    if not words.strip():
        return None
    said = Comment(
        draft=draft.id,
        number=draft.number,
        place=answers.place if answers else place,
        answers=answers.id if answers else None,
        by=by.id,
        words=words.strip(),
    )
    db.add(said)
    db.flush()
    note(db, Action.COMMENTED, by, draft.record)
    return said


def settle(db: Session, draft: Draft, said: Comment, by: Person) -> None:
    if said.settled_by is None:
        said.settled_by = by.id
        note(db, Action.SETTLED, by, draft.record)


def comments(db: Session, draft: Draft) -> Sequence[Comment]:
    return db.scalars(select(Comment).where(Comment.draft == draft.id).order_by(Comment.id)).all()


def talks(db: Session, draft: Draft, access: Access = ALL) -> list[Talk]:
    """All that was said, the oldest first. What was said about a field that `access` hides is hidden too."""
    said = comments(db, draft)
    people = {person.id: person.called for person in db.scalars(select(Person))} if said else {}
    form = commands.form_of(draft)

    def talk(id: int, is_hidden: bool = False) -> Talk:
        comment = by_id[id]
        is_hidden = is_hidden or bool(
            comment.place and is_field_hidden(form, comment.place, access)
        )
        index = _index_path(draft.document, comment.place)
        return Talk(
            id=comment.id,
            by=people[comment.by],
            at=comment.at,
            words=_("About a private field that is hidden from you.")
            if is_hidden
            else comment.words,
            answers=[talk(other.id, is_hidden) for other in said if other.answers == id],
            settled_by=people[comment.settled_by] if comment.settled_by else "",
            place=comment.place,
            field=titles_of(form, comment.place, draft.document) if index else "",
            anchor=index,
        )

    by_id = {comment.id: comment for comment in said}
    return [talk(comment.id) for comment in said if comment.answers is None]


def by_place(db: Session, draft: Draft) -> Mapping[str, Sequence[Talk]]:
    found: dict[str, list[Talk]] = defaultdict(list)
    for talk in talks(db, draft):
        found[talk.place].append(talk)
    return found


def _index_path(document: Document, place: str) -> str:
    """Where a field stands on the draft's page, whose inputs are named by the order of rows; nothing if it is gone."""
    path: list[str] = []
    here: object = document
    for part in place.split(".") if place else ():
        if isinstance(here, list):
            index = next((index for index, row in enumerate(here) if row[ROW] == part), None)
            if index is None:
                return ""
            path.append(str(index))
            here = here[index]
        elif isinstance(here, dict) and part in here:
            path.append(part)
            here = here[part]
        else:
            return ""
    return ".".join(path)
