"""What a field offers from what was typed beside it."""

import pytest

from app.desk.draft_form.documents import blank_row
from app.desk.draft_form.offered_values import offered_values
from app.desk.draft_form.share_question import share_without_whole
from app.forms import ChainStep, EstimateForm, EventForm, FigureToFigure


@pytest.mark.parametrize(
    ("kind", "words", "offered"),
    [
        ("document", "official figures of the Ministry of Labour", ["government-statement"]),
        ("document", "immigration data", ["government-statement"]),
        ("anonymous-source", "통계청 자료", ["government-statement"]),
        ("document", "official figures", []),
        ("document", "a contract", []),
        ("named-official", "head of the immigration office", []),
        ("company", "office of the firm", []),
    ],
)
def test_office_in_words_is_offered_as_government(
    kind: str, words: str, offered: list[str]
) -> None:
    row = blank_row(ChainStep, attribution=kind, words=words)
    assert [each.value for each in offered_values(ChainStep, "attribution", row)] == offered


@pytest.mark.parametrize(
    ("values", "offered"),
    [
        ({"form": "share", "population_text": "all who left"}, ["all who left"]),
        ({"form": "share"}, ["workers"]),
        ({"form": "share", "share_of": "all there"}, []),
        ({"form": "number"}, []),
    ],
    ids=str,
)
def test_population_is_offered_as_whole(values: dict[str, str], offered: list[str]) -> None:
    row = {**blank_row(EstimateForm), "population": "workers", **values}
    assert [each.value for each in offered_values(EstimateForm, "share_of", row)] == offered


def test_share_needs_words_or_link_of_its_whole() -> None:
    share = {**blank_row(EstimateForm), "form": "share"}
    assert "share_of" in share_without_whole(EstimateForm, share)
    assert not share_without_whole(EstimateForm, {**share, "share_of": "all there"})
    link = blank_row(FigureToFigure, type="share-of", to="M1")
    assert not share_without_whole(EstimateForm, {**share, "links": [link]})
    assert not share_without_whole(EstimateForm, {**share, "form": "number"})
    assert not share_without_whole(EventForm, share)
