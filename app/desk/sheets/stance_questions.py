"""What a proposed citation asks, by its stance, and the answers of a row."""

from dataclasses import dataclass

from app.i18n.translate import N_
from app.vocabulary.citations import Stance

QUESTIONS = {
    Stance.SUPPORTS: N_("Supports {record}? {title}"),
    Stance.DISPUTES: N_("Disputes {record}? {title}"),
    Stance.MENTIONS: N_("Mentions {record}? {title}"),
    Stance.WITHDRAWS: N_("Retracts {record}? {title}"),
}
"""What a question asks, by the stance that is proposed."""
ANSWERS = {
    Stance.SUPPORTS: N_("Supports {record}"),
    Stance.DISPUTES: N_("Disputes {record}"),
    Stance.MENTIONS: N_("Mentions {record}"),
    Stance.WITHDRAWS: N_("Retracts {record}"),
}
"""The answers that accept them."""


@dataclass(frozen=True)
class Answer:
    """A button that decides a row, with its key; while the row is open, another key presses it."""

    do: str
    label: str
    key: str
    open_key: str = ""

    @property
    def open_key_words(self) -> str:
        return self.open_key.replace("Control", "Ctrl") or self.key
