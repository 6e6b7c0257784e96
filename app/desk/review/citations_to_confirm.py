"""Citations that an approver must confirm, since the draft edits what they support (rule 13)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.desk.approved.draft_models import Draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.review import commands


@dataclass(frozen=True)
class CitationToConfirm:
    """A citation that supports or disputes text that the draft changes."""

    id: str
    said: Sequence[str]
    is_confirmed: bool


def doubts(
    catalogue: Catalogue, draft: Draft, confirmed: Collection[str]
) -> list[CitationToConfirm]:
    rows = {row["id"]: row for row in draft.document.get("citations", [])}
    return [
        CitationToConfirm(
            id,
            [
                catalogue.label(
                    catalogue.meant("source", rows[id]["source"]) or rows[id]["source"]
                ),
                rows[id]["paraphrase"],
            ],
            id in confirmed,
        )
        for id in commands.citations_in_doubt(catalogue, draft)
    ]


CONFIRM = "confirm."
"""Prefix of a citation's checkbox name."""
CONFIRM_ALL = "confirm-all"
"""Name of the checkbox for all citations of a page; its value holds their ids."""


def confirmed_ids(posted: Mapping[str, str]) -> frozenset[str]:
    """Return the citations that were confirmed, one by one or all of the page."""
    one_by_one = {name.removeprefix(CONFIRM) for name in posted if name.startswith(CONFIRM)}
    return frozenset(one_by_one | set(posted.get(CONFIRM_ALL, "").split()))


class HasCitationsToConfirm(Protocol):
    """A draft with citations to confirm."""

    @property
    def doubts(self) -> Sequence[CitationToConfirm]: ...


def doubtful(lines: Iterable[HasCitationsToConfirm]) -> list[str]:
    """Return all citations of a page that must be confirmed."""
    return [doubt.id for line in lines for doubt in line.doubts]
