"""Fields that earlier releases had: stored rows drop them, new ones may not have them."""

from typing import ClassVar

import pytest
from pydantic import ValidationError

from app.kinds import ChainStep, Entry, Form
from tests.support.forms import all_forms

ENTRY = Entry()


class Row(Form):
    FORMER: ClassVar[frozenset[str]] = frozenset({"manner"})

    words: str = ""


class Whole(Form):
    rows: list[Row]


STORED = {"rows": [{"words": "a", "manner": "b"}]}


def test_former_field_of_a_stored_row_is_dropped() -> None:
    assert Whole.model_validate(STORED) == Whole(rows=[Row(words="a")])


def test_former_field_of_a_new_row_is_refused_in_words() -> None:
    with pytest.raises(ValidationError, match="“manner” is no field any more"):
        Whole.model_validate(STORED, context=ENTRY)


def test_unknown_field_of_a_stored_row_is_still_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        Whole.model_validate({"rows": [{"words": "a", "mannner": "b"}]})


def test_stored_former_fields_are_dropped_and_no_fields_any_more() -> None:
    for form in all_forms():
        assert not form.FORMER & form.model_fields.keys()
        try:
            form.model_validate(dict.fromkeys(form.FORMER, "x"))
        except ValidationError as error:
            assert "Extra inputs" not in str(error)


def test_number_of_speakers_of_an_earlier_release_is_read_in_words() -> None:
    step = {"attribution": "resident", "speakers": 3, "said": "2019"}
    assert ChainStep.model_validate(step).speakers_text == "3"
