"""Badges of support and status, and groups of speakers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.i18n.translate import _, inside
from app.record.names.directory import Directory
from app.record.rules import stages
from app.vocabulary.citations import Attribution


@dataclass(frozen=True)
class Mark:
    """A code with its words, and the sprite's shape for it."""

    code: str
    label: str


SPEAKER_GROUPS = {
    "doc": {Attribution.DOCUMENT},
    "rec": {Attribution.GOVERNMENT, Attribution.NAMED_OFFICIAL, Attribution.COMPANY},
    "anon": {Attribution.ANONYMOUS_OFFICIAL, Attribution.ANONYMOUS_SOURCE, Attribution.RESIDENT},
    "ana": {
        Attribution.EXPERT,
        Attribution.NGO,
        Attribution.UN_PANEL,
        Attribution.INTELLIGENCE,
        Attribution.OBSERVERS,
    },
}


def speaker_group(attribution: str) -> str:
    """The shape that stands for a kind of speaker; the outlet's own voice and relays for all the rest."""
    return next(
        (group for group, members in SPEAKER_GROUPS.items() if attribution in members), "out"
    )


def stage_marks(payload: Mapping[str, Any]) -> list[Mark]:
    """The newest step of each track; what is only said with reserve must not look as if it were certain."""
    marks = []
    for reached in stages.greatest([stages.stored(step) for step in payload["steps"]]).values():
        label = _(reached.step.label)
        marks.append(
            Mark(
                reached.step,
                _("Possibly {stage}").format(stage=inside(label)) if reached.is_hedged else label,
            )
        )
    return marks


def corroboration_marks(payload: Any, directory: Directory) -> list[Mark]:
    return [Mark(code, directory.label("corroboration", code)) for code in payload["corroboration"]]
