"""How many speakers stand behind citations that count as one source (rule 3)."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.forms import Citation


@dataclass(frozen=True)
class SpeakerCount:
    """Speakers as sources count them. `words`: counts in words, such as "several"."""

    number: int
    """People and bodies; those who are counted only in words count as one."""
    words: tuple[str, ...] = ()


def count_speakers(citations: Iterable[Citation]) -> SpeakerCount:
    """Count the first speakers of the chains, each description once."""
    numbers: dict[tuple[str, ...], int] = {}
    words: dict[str, None] = {}
    for citation in citations:
        step = citation.speaker
        key = (step.attribution, step.words.casefold(), step.outlet, step.named or "")
        numbers[key] = max(numbers.get(key, 1), step.speakers or 1)
        if step.speakers_text:
            words[step.speakers_text] = None
    return SpeakerCount(sum(numbers.values()), tuple(words))
