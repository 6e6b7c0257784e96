"""The synthetic record: valid, reproducible, distributed like a real one."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from app import demo
from app.database.sessions import DeskSession
from app.dates import edtf
from app.errors import CommandError
from app.kinds import EstimateForm, EventForm, PlaceForm, SourceForm
from app.record.models import Version
from app.record.publishing.integrity import find_problems

SIZE = 60


def test_demo_has_requested_size_and_no_problems(desk: DeskSession) -> None:
    demo.publish_demo_record(desk, SIZE)
    open_rows = (
        select(Version.kind, func.count()).where(Version.closed.is_(None)).group_by(Version.kind)
    )
    counts = dict(desk.execute(open_rows).all())
    assert counts["E"] == SIZE and counts["S"] == SIZE and counts["M"] == SIZE // 5
    assert find_problems(desk) == []


def test_equal_seeds_make_equal_records() -> None:
    first, again, other = (list(demo.demo_forms(SIZE, seed)) for seed in (7, 7, 8))
    assert first == again != other


def test_demo_of_odd_size_has_exact_size() -> None:
    assert sum(isinstance(form, EventForm) for form in demo.demo_forms(13)) == 13


def test_demo_is_distributed_like_real_records() -> None:
    made = list(demo.demo_forms(600))
    events = [form for form in made if isinstance(form, EventForm)]
    uncertain = [
        form for form in events if edtf.precision(_date(form)) != "day" or "/" in form.happened
    ]
    assert 0.35 < len(uncertain) / len(events) < 0.55
    assert {len(form.citations) for form in events} == {1, 2, 3, 4, 5, 6}
    outlets = Counter(form.outlet for form in made if isinstance(form, SourceForm))
    (_, most), *others = outlets.most_common()
    assert most > 3 * others[len(others) // 2][1]
    places = [form for form in made if isinstance(form, PlaceForm)]
    assert all(
        {"en", "zh-Hans", "ko"} <= {name.language for name in place.names} for place in places
    )
    assert any(isinstance(form, EstimateForm) and form.low for form in made)


def test_demo_is_refused_for_nonempty_record(desk: DeskSession) -> None:
    demo.publish_demo_record(desk, 5)
    with pytest.raises(CommandError, match="empty record"):
        demo.publish_demo_record(desk, 5)


def _date(event: EventForm) -> edtf.Edtf | None:
    return edtf.parse(event.happened) if event.happened else None
