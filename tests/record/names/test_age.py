from datetime import date

import pytest

from app.dates.edtf import parse
from app.record.names.status_labels import age


@pytest.mark.parametrize(
    ("text", "words", "is_old"),
    [
        ("2026-11-20", "less than a month ago", False),
        ("2026-10-24", "1 month ago", False),
        ("2026-10-25", "less than a month ago", False),
        ("2025-09-24", "14 months ago", False),
        ("2024-11-25", "23 months ago", False),
        ("2024-11-24", "2 years ago", True),
        ("2023-11-25", "2 years ago", True),
        ("2023-11-24", "3 years ago", True),
        # To the month: from its last day.
        ("2024-12", "22 months ago", False),
        ("2024-10~", "2 years ago", True),
        ("2022", "at least 3 years ago", True),
        ("../2024-12-24", "at least 23 months ago", False),
        ("2024-09/2024-10", "at least 2 years ago", True),
        ("2026", "", False),
        ("XXXX-05", "", False),
    ],
)
def test_age_counts_from_latest_possible_day(text: str, words: str, is_old: bool) -> None:
    days = parse(text).whole
    found = days and age(days, on=date(2026, 11, 24))
    assert (found.words if found else "") == words
    assert bool(found and found.is_old) == is_old
