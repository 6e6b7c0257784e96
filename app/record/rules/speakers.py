"""How many speakers stand behind citations that count as one source (rule 3)."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.kinds import Citation, JoinedSources
from app.vocabulary.citations import Counting

Speaker = tuple[str, str, str, str]
"""Kind, words, outlet and naming of a first speaker."""


@dataclass(frozen=True)
class SpeakerCount:
    """Speakers as sources count them. `words`: counts in words, such as "two" or "several"."""

    number: int
    """Descriptions of people and bodies; those who are counted in words count as one."""
    words: tuple[str, ...] = ()


def count_speakers(
    citations: Iterable[Citation], joined: Iterable[JoinedSources] = ()
) -> SpeakerCount:
    """Count the first speakers of the chains, each description once, and each voice once."""
    citations = list(citations)
    voices = _voices(citations, joined)
    speakers = {_root(_speaker(citation), voices) for citation in citations}
    words = dict.fromkeys(citation.speaker.speakers_text for citation in citations)
    return SpeakerCount(len(speakers), tuple(filter(None, words)))


def _speaker(citation: Citation) -> Speaker:
    step = citation.speaker
    return step.attribution, step.words.casefold(), step.outlet, step.named or ""


def _voices(
    citations: Iterable[Citation], joined: Iterable[JoinedSources]
) -> dict[Speaker, Speaker]:
    """Return the speakers who are one voice with another, each with one of the others."""
    speakers = {citation.id: _speaker(citation) for citation in citations}
    voices: dict[Speaker, Speaker] = {}
    for decision in joined:
        if decision.how is Counting.ONE_VOICE and decision.members <= speakers.keys():
            first, second = (
                _root(speakers[id], voices) for id in (decision.member, decision.other)
            )
            if first != second:
                voices[second] = first
    return voices


def _root(speaker: Speaker, voices: dict[Speaker, Speaker]) -> Speaker:
    while speaker in voices:
        speaker = voices[speaker]
    return speaker
