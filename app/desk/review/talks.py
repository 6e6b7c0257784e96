"""What was said about a draft, in threads, each with the field that it is about."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.drafts import commands
from app.desk.drafts.comparing import titles_of
from app.desk.drafts.documents import ROW, Document
from app.desk.drafts.models import Draft
from app.desk.drafts.private_values import ALL, Access, is_field_hidden
from app.desk.people.models import Person
from app.desk.review.changes import Talk
from app.desk.review.commands import comments
from app.i18n.translate import _


def talks(db: Session, draft: Draft, access: Access = ALL) -> list[Talk]:
    """All that was said, the oldest first. What was said about a field that `access` hides is hidden too."""
    said = comments(db, draft)
    people = {person.id: person.called for person in db.scalars(select(Person))} if said else {}
    form = commands.form_of(draft)

    def talk(id: int, is_hidden: bool = False) -> Talk:
        comment = by_id[id]
        is_hidden = is_hidden or bool(comment.place and is_field_hidden(form, comment.place, access))
        index = _index_path(draft.document, comment.place)
        return Talk(
            id=comment.id,
            by=people[comment.by],
            at=comment.at,
            words=_("About a private field that is hidden from you.") if is_hidden else comment.words,
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
