"""The citations that a change puts in doubt, as pages of review print them, each to be confirmed (rule 13)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.desk.drafts.catalogue import Catalogue
from app.desk.drafts.models import Draft
from app.desk.review import commands


@dataclass(frozen=True)
class Doubt:
    """A citation that stood by, or against, words which have changed since."""

    id: str
    said: Sequence[str]
    is_confirmed: bool


def doubts(catalogue: Catalogue, draft: Draft, confirmed: Collection[str]) -> list[Doubt]:
    rows = {row["id"]: row for row in draft.document.get("citations", [])}
    return [
        Doubt(
            id,
            [
                catalogue.label(catalogue.meant("source", rows[id]["source"]) or rows[id]["source"]),
                rows[id]["paraphrase"],
            ],
            id in confirmed,
        )
        for id in commands.in_doubt(catalogue, draft)
    ]


CONFIRM = "confirm."
"""The name of a citation's box begins so."""


def confirmed_in(names: Collection[str]) -> frozenset[str]:
    """The citations whose boxes were ticked, among the names of what a page sent."""
    return frozenset(name.removeprefix(CONFIRM) for name in names if name.startswith(CONFIRM))
