"""Two versions of a document to choose from, field by field, and the choices as they are posted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.desk.draft_form.compare import ComparedField
from app.desk.draft_form.documents import Document
from app.desk.draft_form.merge import differences, merge_documents
from app.kinds.base import Form

TAKE = "take."
"""Before the name of a difference, in the name of its radio buttons."""


@dataclass(frozen=True)
class ConflictView:
    """The data of `desk/components/conflict.html`."""

    title: str
    lede: str
    back: tuple[str, str]
    """Address and label."""
    action: str
    """The address that the choices are posted to."""
    theirs: str
    mine: str
    """Labels of the two versions."""
    differences: Sequence[ComparedField]
    hidden: Sequence[tuple[str, str]]
    """Names and values that are posted with the choices, such as what was typed."""
    is_incomplete: bool = False
    """Whether choices were posted and some are missing."""

    @property
    def undecided(self) -> list[ComparedField]:
        """The differences that the error summary links to."""
        return [each for each in self.differences if self.is_incomplete and not each.choice]


def posted_sides(posted: Mapping[str, str]) -> dict[str, str]:
    """Return the chosen side, `mine` or `theirs`, by the name of each difference."""
    return {
        name.removeprefix(TAKE): side
        for name, side in posted.items()
        if name.startswith(TAKE) and side in {"mine", "theirs"}
    }


def merge_as_chosen(
    form: type[Form], theirs: Document, mine: Document, sides: Mapping[str, str]
) -> Document | None:
    """Return the document of the chosen sides; None if a difference has none."""
    if any(each.name not in sides for each in differences(form, theirs, mine)):
        return None
    return merge_documents(form, theirs, mine, lambda place: sides.get(".".join(place)) == "mine")


def with_choices(
    found: Sequence[ComparedField], sides: Mapping[str, str] | None
) -> list[ComparedField]:
    """Return differences with the sides that were posted; as they are if nothing was."""
    if sides is None:
        return list(found)
    return [replace(each, choice=sides.get(each.name, "")) for each in found]
