"""Past editions show the rows and names of their time (rule 7)."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from app.database.engines import libpq_url
from app.filtering import Since
from app.kinds import CheckForm
from app.record.editions import NoEditionError, select_edition
from app.record.models import Edition
from app.record.names.directory import read_directory
from app.record.publishing.next_edition import publish_checks, publish_daily_edition
from app.record.publishing.purge import purge
from app.settings import Settings
from app.vocabulary.record import SILENT, Why
from tests.conftest import desk_session
from tests.make import (
    a_small_world,
    make_code,
    make_event,
    make_outlet,
    make_place,
    publish_all,
    withdraw,
)
from tests.support.record_queries import counted, ids

DAY = date(2026, 1, 10)
NAMED = [{"text": "Old Town", "language": "en"}]
RENAMED = [{"text": "New Town", "language": "en"}]


def test_past_edition_shows_rows_of_that_time(desk: Session) -> None:
    publish_all(desk, *a_small_world(), make_event(1))
    publish_all(desk, make_event(1, happened="2018-01-01"), make_event(2))
    withdraw(desk, "E2")
    assert [ids(desk, f"edition={no}") for no in (1, 2, 3)] == [["E1"], ["E1", "E2"], ["E1"]]
    assert [ids(desk, f"from=2019&edition={no}") for no in (1, 2, 3)] == [["E1"], ["E2"], []]
    assert [counted(desk, f"edition={no}").total for no in (1, 2, 3)] == [1, 2, 1]


def test_labels_are_of_requested_edition(desk: Session) -> None:
    publish_all(
        desk,
        *a_small_world(),
        make_place(1, names=NAMED),
        make_outlet(1, names=NAMED),
        make_event(),
    )
    publish_all(
        desk,
        make_place(1, names=RENAMED),
        make_outlet(1, names=RENAMED),
        make_code(label="Limit of stay"),
    )
    then, now = (read_directory(desk, select_edition(desk, pairs)) for pairs in ("1", ""))
    pairs = [("place", "place-1"), ("outlet", "outlet-1"), ("type", "stay-limit")]
    assert [then.label(*pair) for pair in pairs] == ["Old Town", "Old Town", "Stay-limit"]
    assert [now.label(*pair) for pair in pairs] == ["New Town", "New Town", "Limit of stay"]


def test_place_is_found_by_name_in_editions_with_name(desk: Session) -> None:
    publish_all(desk, *a_small_world(), make_place(1, names=NAMED), make_event())
    publish_all(desk, make_place(1, names=RENAMED))
    assert [ids(desk, f"q=Old+Town&edition={no}") for no in (1, 2)] == [["E1"], []]
    assert [ids(desk, f"q=New+Town&edition={no}") for no in (1, 2)] == [[], ["E1"]]


def test_reasons_that_update_changed_since(desk: Session) -> None:
    publish_all(desk, *a_small_world(), make_event(1), make_event(2))
    for why in set(Why) - {Why.WITHDRAWN, Why.MERGED}:
        with desk.begin_nested() as course:
            publish_all(desk, make_event(1, title="Changed"), why=why)
            assert ids(desk, "changed_since=2") == ([] if why in SILENT else ["E1"]), why
            assert ids(desk, "added_since=2") == []
            course.rollback()
        desk.expire_all()


def test_edition_is_selected_by_number_or_day(desk: Session) -> None:
    """The last edition of a UTC day or month; an error for an earlier day or a future number."""
    noon = datetime(2026, 1, 10, 12, tzinfo=UTC)
    moments = [
        noon,
        noon + timedelta(hours=11, minutes=59),
        noon + timedelta(days=1),
        noon + timedelta(days=40),
    ]
    desk.execute(
        insert(Edition),
        [
            {"no": no, "at": at, "message": "", "release": "1"}
            for no, at in enumerate(moments, start=1)
        ],
    )
    queries = ["", "1", "3", "2026-01-10", "2026-01-11", "2026-02-01", "2026-01", "2030-01"]
    assert [select_edition(desk, text).no for text in queries] == [4, 1, 3, 2, 3, 3, 3, 4]
    assert [select_edition(desk, text).is_newest for text in ("", "4", "3")] == [True, True, False]
    for nothing in ("5", "2026-01-09", "2025-12", "2026"):
        with pytest.raises(NoEditionError, match=f"no edition {nothing}"):
            select_edition(desk, nothing)


def test_edition_days_are_utc_in_any_session_timezone(desk: Session) -> None:
    late = datetime(2026, 1, 10, 23, 30, tzinfo=UTC)
    desk.execute(insert(Edition), [{"no": 1, "at": late, "message": "", "release": "1"}])
    desk.execute(text("SET LOCAL timezone = 'Asia/Seoul'"))
    assert select_edition(desk, "2026-01-10").no == 1


def test_since_day_starts_with_first_edition_of_day(desk: Session) -> None:
    publish_all(desk, *a_small_world(), make_event(1))
    publish_all(desk, make_event(2))
    today = select_edition(desk).at.date()
    assert ids(desk, f"added_since={today}") == ["E1", "E2"]
    assert ids(desk, f"added_since={today + timedelta(days=1)}") == []
    assert ids(desk, "added_since=2") == ["E2"]
    assert ids(desk, "added_since=3") == []


def test_reading_before_first_edition_raises(desk: Session) -> None:
    with pytest.raises(NoEditionError, match="nothing has been published yet"):
        select_edition(desk)


def test_edition_with_number_like_year_is_selected(desk: Session) -> None:
    """With an edition a day, such numbers are reached after five years."""
    assert Since("edition", "", "").clean("2026") == "2026"
    publish_all(desk, *a_small_world(), make_event(1))
    assert ids(desk, "added_since=2026") == []
    with pytest.raises(NoEditionError, match="there is no edition 2026"):
        select_edition(desk, "2026")
    month = select_edition(desk).at.date().isoformat()[:7]
    assert select_edition(desk, month).no == 1
    assert ids(desk, f"added_since={month}") == ["E1"]


def test_edition_is_never_dated_before_previous_edition(database: Settings) -> None:
    """The clock was ahead and is set back: the times of editions stay ascending."""
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1))
    with psycopg.connect(libpq_url(database.migrate_database_url or "")) as connection:
        connection.execute("UPDATE record.edition SET at = now() + interval '1 day'")
    with desk_session(database) as desk:
        publish_all(desk, make_event(1, title="Another title"))
        check = CheckForm(
            places=["place-1"], outlets=["outlet-1"], languages=["en"], first=DAY, last=DAY
        )
        publish_checks(desk, [check])
        purge(desk, "E1")
        assert publish_daily_edition(desk, "") is None, (
            "a daily edition must be skipped if the newest edition is dated later"
        )
        times = desk.scalars(select(Edition.at).order_by(Edition.no)).all()
    assert len(times) >= 4 and times == sorted(times)
    assert times[0] > datetime.now(UTC)
