"""Badges for support and status."""

from dataclasses import dataclass

from app.record.names.support_labels import support_labels
from app.record.payloads import CitedPayload


@dataclass(frozen=True)
class Badge:
    """A code and its label. The code also names the symbol in the sprite."""

    code: str
    label: str


def corroboration_badges(payload: CitedPayload) -> list[Badge]:
    return [Badge(code, label) for code, label in support_labels(payload)]
