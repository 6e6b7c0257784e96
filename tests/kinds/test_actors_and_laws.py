"""Actors and laws: ids of other registers, and what a form refuses."""

import pytest
from pydantic import ValidationError

from app.kinds import CodeForm, Entry
from tests.make import make_actor, make_law, make_place, make_term
from tests.support.tables import differing, misjudged


def test_id_of_another_register_is_normalised_or_refused() -> None:
    expected = {
        ("wikidata", "q148"): "Q148",
        ("opensanctions", "NK-2aBcD"): "NK-2aBcD",
        ("lei", "5493 001kjtiigc8y1r12"): "5493001KJTIIGC8Y1R12",
        ("isni", "0000 0001 2103 2683"): "0000000121032683",
        ("isni", "0000-0001-2281-955X"): "000000012281955X",
    }
    refusals = {
        ("wikidata", "148"): "such as Q148",
        ("opensanctions", "a b"): "such as NK-",
        ("lei", "5493001"): "18 letters or digits",
        ("isni", "12"): "15 digits",
        # What contradicts the actor itself.
        ("parent", "actor-1"): "part of itself",
        ("reply_on", "2020"): "enter the reply",
    }

    def typed(field: str, text: str) -> object:
        return getattr(make_actor(1, "", **{field: text}), field)

    assert differing(typed, expected) == {}
    assert misjudged(ValidationError, typed, refusals) == {}


def test_term_may_name_an_actor_and_keeps_the_wording() -> None:
    term = make_term("actor", "government-of-china", printed="Chinese authorities")
    assert (term.code, term.printed) == ("government-of-china", "Chinese authorities")
    with pytest.raises(ValidationError, match="enter the source's words"):
        make_term("actor")


def test_only_a_site_has_an_operator() -> None:
    assert make_place(kind="site", operator="firm").operator == "firm"
    with pytest.raises(ValidationError, match="only a site has an operator"):
        make_place(operator="firm")


def test_law_that_names_itself_is_refused() -> None:
    with pytest.raises(ValidationError, match="under itself"):
        make_law(1, parent="law-1")


def test_code_of_the_former_list_is_read_and_not_entered() -> None:
    values = {"list": "instrument", "code": "a", "label": "A", "definition": "A law."}
    assert CodeForm.model_validate(values).list == "instrument"
    entry = Entry()
    with pytest.raises(ValidationError, match=r"write a row of laws\.csv"):
        CodeForm.model_validate(values, context=entry)
