"""The synthetic record: valid, reproducible, distributed like a real one."""

from sqlalchemy import func, select

from app.database.sessions import DeskSession
from app.record.models import Version
from app.record.publishing.integrity import find_problems
from bench import made_up

SIZE = 60


def test_made_up_record_has_requested_size_and_no_problems(desk: DeskSession) -> None:
    made_up.publish_made_up_record(desk, SIZE)
    open_rows = (
        select(Version.kind, func.count()).where(Version.closed.is_(None)).group_by(Version.kind)
    )
    counts = dict(desk.execute(open_rows).all())
    assert counts["E"] == SIZE and counts["S"] == SIZE and counts["M"] == SIZE // 5
    assert find_problems(desk) == []


def test_equal_seeds_make_equal_records() -> None:
    first, again, other = (list(made_up.made_up_forms(SIZE, seed)) for seed in (7, 7, 8))
    assert first == again != other
