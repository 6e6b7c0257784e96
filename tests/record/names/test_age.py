from datetime import date

from app.dates.edtf import parse
from app.record.names.status_labels import age
from tests.support.tables import differing


def test_age_counts_from_latest_possible_day() -> None:
    expected = {
        "2026-11-20": ("less than a month ago", False),
        "2026-10-24": ("1 month ago", False),
        "2026-10-25": ("less than a month ago", False),
        "2025-09-24": ("14 months ago", False),
        "2024-11-25": ("23 months ago", False),
        "2024-11-24": ("2 years ago", True),
        "2023-11-25": ("2 years ago", True),
        "2023-11-24": ("3 years ago", True),
        # To the month: from its last day.
        "2024-12": ("22 months ago", False),
        "2024-10~": ("2 years ago", True),
        "2022": ("at least 3 years ago", True),
        "../2024-12-24": ("at least 23 months ago", False),
        "2024-09/2024-10": ("at least 2 years ago", True),
        "2026": ("", False),
        "XXXX-05": ("", False),
    }

    def found(text: str) -> object:
        days = parse(text).whole
        found = days and age(days, on=date(2026, 11, 24))
        return (found.words if found else ""), bool(found and found.is_old)

    assert differing(found, expected) == {}
