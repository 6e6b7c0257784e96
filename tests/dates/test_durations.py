"""Lengths of time as they are typed."""

import pytest

from app.dates import durations
from tests.support.tables import misjudged


@pytest.mark.parametrize(
    ("typed", "length"), [("six months", "P6M"), ("٣ months", "P3M"), ("p90d", "P90D")]
)
def test_length_is_read_in_words_and_in_iso(typed: str, length: str) -> None:
    assert durations.normalise(typed) == length


def test_other_text_is_no_length() -> None:
    cases = [
        "P٣M",
        "P",
        "P0D",
        "months",
        "-1 months",
    ]
    assert misjudged(ValueError, durations.normalise, dict.fromkeys(cases, "not a length")) == {}
