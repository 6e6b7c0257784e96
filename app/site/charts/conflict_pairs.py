"""Which estimates of a page conflict: by the rule, in the editors' judgement, or elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.site.charts.glyphs import PlaceEstimate
from app.vocabulary.estimates import EstimateLink


@dataclass(frozen=True)
class MarkedPair:
    """Letters of two estimates that the editors marked as conflicting, with their reason."""

    one: str
    other: str
    reason: str


@dataclass(frozen=True)
class ConflictPairs:
    """The conflicts of the estimates of one page, by letter."""

    by_rule: Sequence[tuple[str, str]]
    marked: Sequence[MarkedPair]
    elsewhere: Sequence[str]
    """Estimates in conflict with one that is not on the page."""

    @property
    def are_any(self) -> bool:
        return bool(self.by_rule or self.marked or self.elsewhere)


def conflict_pairs(figures: Sequence[PlaceEstimate], letters: Mapping[str, str]) -> ConflictPairs:
    reasons = {
        frozenset((figure.id, link["to"])): link.get("reason", "")
        for figure in figures
        for link in figure.form.get("links", [])
        if link["type"] == EstimateLink.CONFLICTS_WITH
    }
    pairs = [
        (figure.id, other.id)
        for number, figure in enumerate(figures)
        for other in figures[number:]
        if other.id in figure.payload["conflicts"]
    ]
    return ConflictPairs(
        by_rule=[
            (letters[one], letters[other])
            for one, other in pairs
            if frozenset((one, other)) not in reasons
        ],
        marked=[
            MarkedPair(letters[one], letters[other], reasons[frozenset((one, other))])
            for one, other in pairs
            if frozenset((one, other)) in reasons
        ],
        elsewhere=[
            letters[figure.id]
            for figure in figures
            if not letters.keys() >= set(figure.payload["conflicts"])
        ],
    )
