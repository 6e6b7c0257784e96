"""Codes of languages and countries that are typed as people write them."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from pydantic import ValidationError

from app.desk.draft_form import documents
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.articles import row_factory
from app.forms import ChainStep, Citation
from tests.make import make_outlet, make_source
from tests.support.tables import differing


def test_language_is_read_from_its_name() -> None:
    expected = {
        "ru": "ru",
        "Russian": "ru",
        "russian": "ru",
        "русский": "ru",
        "Vietnamese": "vi",
        "Simplified Chinese": "zh-Hans",
        "zh-Hans": "zh-Hans",
        "": "",
    }
    assert differing(lambda typed: make_source(1, language=typed).language, expected) == {}


def test_language_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError):
        make_source(1, language="Klingonish")


@pytest.mark.parametrize("typed", ["ru", "RU", " ru "])
def test_country_is_read_in_any_case(typed: str) -> None:
    assert make_outlet(1, country=typed).country == "RU"


def test_own_voice_is_never_named() -> None:
    step = ChainStep.model_validate({"attribution": "outlet-own-voice", "named": "yes"})
    assert step.named is None


def test_added_citation_of_a_change_copies_source_and_speaker_but_no_name_of_own_voice() -> None:
    step = documents.blank_row(ChainStep, attribution="outlet-own-voice", named="yes")
    last = documents.blank_row(Citation, source="S1", stance="supports", chain=[step])
    known: Any = SimpleNamespace(
        document=lambda _id: {"published": "2019-05-01", "copies": []},
        drafts_from=lambda _article: [],
    )
    make = row_factory(cast(Catalogue, known), None, "event", {"citations": [last]})
    added = make(Citation)
    assert (added["source"], added["said"]) == ("S1", "2019-05-01")
    assert [(each["attribution"], each["named"]) for each in added["chain"]] == [
        ("outlet-own-voice", "")
    ]
