"""Speakers of one voice, and the own words of a source that passes on others (rule 3)."""

import pytest
from pydantic import ValidationError

from app.kinds import Citation, JoinedSources, SourceForm
from app.record.rules import independence
from tests.make import make_citation, make_event, make_outlet, make_source, make_step

OUTLETS = {form.code: form for form in (make_outlet(1), make_outlet(2))}
AGENCY = make_source(1)
RELAY = make_source(2, outlet="outlet-2", derived_from=[{"source": "S1", "how": "relay"}])
SOURCES = {form.id: form for form in (AGENCY, RELAY)}


def of_ministry(number: int, source: int = 1) -> Citation:
    step = make_step("government-statement", "the ministry", named="yes")
    return make_citation(number, source, chain=[step])


def of_deputy(number: int, source: int = 1) -> Citation:
    return make_citation(
        number, source, chain=[make_step("named-official", "the deputy minister", named="yes")]
    )


def one_voice(member: str = "C1", other: str = "C2") -> JoinedSources:
    return JoinedSources(
        how="one-voice", member=member, other=other, reason="The minister speaks for it."
    )


def origins(
    citations: list[Citation],
    joined: list[JoinedSources] | None = None,
    sources: dict[str, SourceForm] | None = None,
) -> list[tuple[tuple[str, ...], int]]:
    """Return the citations and the number of speakers of each independent source."""
    found = independence.independent_sources(citations, sources or SOURCES, OUTLETS, joined or [])
    return [(origin.citations, origin.speakers) for origin in found]


def test_office_and_official_are_two_speakers_unless_they_are_one_voice() -> None:
    citations = [of_ministry(1), of_deputy(2)]
    assert origins(citations) == [(("C1", "C2"), 2)]
    assert origins(citations, [one_voice()]) == [(("C1", "C2"), 1)]


def test_voices_are_joined_at_any_remove() -> None:
    resident = make_citation(4, chain=[make_step("resident", "a cook")])
    citations = [of_ministry(1), of_deputy(2), of_deputy(3), resident]
    assert origins(citations, [one_voice(), one_voice("C3", "C4")]) == [
        (("C1", "C2", "C3", "C4"), 1)
    ]


def test_one_voice_in_two_newspapers_is_one_source() -> None:
    apart = {"S1": AGENCY, "S2": make_source(2, outlet="outlet-2")}
    citations = [of_ministry(1, 1), of_deputy(2, 2)]
    assert origins(citations, sources=apart) == [(("C1",), 1), (("C2",), 1)]
    assert origins(citations, [one_voice()], apart) == [(("C1", "C2"), 1)]


@pytest.mark.parametrize("other", ["", "C1", "S2"])
def test_one_voice_is_of_two_citations(other: str) -> None:
    with pytest.raises(ValidationError, match="two"):
        one_voice("C1", other)


def test_own_words_of_a_relay_that_are_split_share_nothing_with_it() -> None:
    citations = [make_citation(1), make_citation(2, 2)]
    apart = JoinedSources(how="split", member="C2", reason="The newspaper asked by itself.")
    assert origins(citations) == [(("C1", "C2"), 1)]
    assert origins(citations, [apart]) == [(("C1",), 1), (("C2",), 1)]


def test_decision_about_voices_names_citations_of_the_record() -> None:
    with pytest.raises(ValidationError, match="C2 is counted with others"):
        make_event(joined_sources=[one_voice()])
