"""The synthetic record: sound, the same for the same seed, and only for an empty database."""

from random import Random

import pytest
from sqlalchemy import func, select

from app import demo
from app.database.sessions import DeskSession
from app.errors import Stop
from app.record.doctor import problems
from app.record.models import Version

SIZE = 60


def test_it_is_as_large_as_asked_and_the_doctor_finds_nothing(desk: DeskSession) -> None:
    demo.make(desk, SIZE)
    open_rows = select(Version.kind, func.count()).where(Version.closed.is_(None)).group_by(Version.kind)
    counts = dict(desk.execute(open_rows).all())
    assert counts["E"] >= SIZE and counts["S"] == SIZE * 3 // 2 and counts["M"] >= SIZE // 2
    assert problems(desk) == []


def test_the_same_seed_makes_the_same_events() -> None:
    first, again = (list(demo._Maker(Random(7), SIZE).events()) for _ in range(2))
    assert first == again and len(first) == SIZE


def test_it_does_not_mix_with_a_record_that_is_there(desk: DeskSession) -> None:
    demo.make(desk, 5)
    with pytest.raises(Stop, match="empty record"):
        demo.make(desk, 5)
