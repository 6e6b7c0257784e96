"""Integrity checks: no problem after random publishing, and a sentence for each kind of damage."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.database.engines import migration_engine
from app.kinds import RecordForm
from app.record.publishing.integrity import find_problems
from app.record.publishing.publish import Approved, Merge, Withdrawal, publish
from app.record.publishing.purge import purge
from app.record.publishing.validation import PublishError
from app.record.publishing.working_set import live_keys
from app.settings import Settings
from tests.conftest import desk_session, reader_session
from tests.make import (
    a_small_world,
    make_citation,
    make_code,
    make_estimate,
    make_event,
    make_link,
    make_outlet,
    make_place,
    make_source,
    make_stage,
    make_step,
    make_term,
    publish_all,
)

N = st.integers(1, 4)
"""Few records of each kind, so that random acts often affect each other."""
PERHAPS = st.booleans()
FEW: dict[str, Any] = {"max_size": 2, "unique": True}


@st.composite
def places(draw: st.DrawFn) -> RecordForm:
    """Return a place whose parent has a smaller number, so that the tree has no cycles."""
    number = draw(N)
    above = draw(st.integers(0, number - 1))
    regions = draw(st.lists(st.integers(1, number - 1), **FEW)) if number > 1 else []
    parent = f"place-{above}" if above else ""
    return make_place(number, parent=parent, regions=[f"place-{region}" for region in regions])


@st.composite
def outlets(draw: st.DrawFn) -> RecordForm:
    number = draw(N)
    owner = draw(st.integers(0, number - 1))
    name = draw(st.sampled_from(["The Paper", "新闻"]))
    return make_outlet(
        number, belongs_to=f"outlet-{owner}" if owner else "", names=[{"text": name}]
    )


@st.composite
def sources(draw: st.DrawFn) -> RecordForm:
    number = draw(N)
    parents: list[dict[str, str]] = [
        {"source": f"S{parent}", "how": "relay"}
        for parent in draw(st.lists(st.integers(1, max(1, number - 1)), **FEW))
    ]
    if draw(PERHAPS):
        parents.append({"outlet": f"outlet-{draw(N)}", "how": "translation"})
    return make_source(
        number,
        outlet=f"outlet-{draw(N)}",
        title=draw(st.sampled_from(["A report", "노동자"])),
        published=draw(st.sampled_from(["2019-06-20", "2019-07", "2020"])),
        derived_from=parents if number > 1 else [],
    )


@st.composite
def citations(draw: st.DrawFn, first: int) -> list[Any]:
    return [
        make_citation(
            first + index,
            draw(N),
            stance=draw(st.sampled_from(["supports", "supports", "disputes", "withdraws"])),
            kind=draw(st.sampled_from(["occurrence", "number", "forecast", "cause"])),
            certainty=draw(st.sampled_from(["firm", "hedged"])),
            said=draw(st.sampled_from(["", "2019-06-10"])),
            chain=[
                draw(
                    st.sampled_from(
                        [
                            make_step(),
                            make_step("other-outlet", outlet="outlet-1"),
                            make_step("other-outlet", words="a radio"),
                            make_step("named-official", "An Ambassador"),
                            make_step("resident", "a resident"),
                        ]
                    )
                )
            ],
        )
        for index in range(draw(st.integers(1, 3)))
    ]


@st.composite
def events(draw: st.DrawFn) -> RecordForm:
    number = draw(N)
    said = draw(citations(number * 10))
    to = draw(N)
    exempt = [make_term("paper", "student", "exempt")] if draw(PERHAPS) else []
    return make_event(
        number,
        title=draw(st.sampled_from(["One", "Another"])),
        happened=draw(
            st.sampled_from(["", "2019-05", "2019-05/..", "XXXX-05", "[2019-05,2019-06]"])
        ),
        terms=[
            make_term(code=f"place-{draw(N)}", role=draw(st.sampled_from(["at", "from"]))),
            *exempt,
        ],
        citations=said,
        links=[make_link(f"E{to}", "follows", number)] if to != number and draw(PERHAPS) else [],
        stages=[make_stage("planned", "2019-03", said[0].id)] if draw(PERHAPS) else [],
    )


@st.composite
def estimates(draw: st.DrawFn) -> RecordForm:
    number = draw(N)
    return make_estimate(
        number,
        point=draw(st.sampled_from([1_001, 1_003, 5_001])),
        as_of=draw(st.sampled_from(["2019-06", "2019-07"])),
        event=draw(st.sampled_from(["", "E1", "E2"])),
        terms=[make_term(code=f"place-{draw(st.integers(1, 2))}")],
        citations=draw(citations(400 + number * 10)),
    )


FORMS = st.one_of(places(), outlets(), sources(), events(), estimates())
IDS = st.builds("{}{}".format, st.sampled_from("EEMSPO"), N)
ACTS = st.one_of(
    st.lists(FORMS, min_size=1, max_size=4),
    st.lists(FORMS, min_size=1, max_size=4),
    st.builds(Withdrawal, IDS, st.just("a reason")),
    st.builds(
        lambda letter, one, other: Merge(f"{letter}{one}", f"{letter}{other}"),
        st.sampled_from("EM"),
        N,
        N,
    ),
)


def attempt(db: Session, act: Any) -> None:
    """Publish, and ignore a refusal, which leaves the record unchanged."""
    try:
        with db.begin_nested():
            match act:
                case Withdrawal():
                    publish(db, (), withdrawn=[act])
                case Merge():
                    publish(db, (), merged=[act])
                case forms:
                    publish(db, [Approved(form) for form in forms])
    except PublishError:
        db.expire_all()


@pytest.fixture
def four_of_each(desk: Session) -> Session:
    numbers = range(1, 5)
    publish_all(desk, make_code(), make_code("student", "paper"), *(make_place(n) for n in numbers))
    publish_all(
        desk,
        *(make_outlet(n) for n in numbers),
        *(make_source(n, outlet=f"outlet-{n}") for n in numbers),
    )
    publish_all(desk, *(make_event(n, citations=[make_citation(n * 10)]) for n in numbers))
    return desk


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, min_size=3, max_size=10))
def test_random_publishing_leaves_no_problems(four_of_each: Session, acts: list[Any]) -> None:
    course = four_of_each.begin_nested()
    for act in acts:
        attempt(four_of_each, act)
    assert find_problems(four_of_each) == []
    course.rollback()
    four_of_each.expire_all()


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(ACTS, min_size=2, max_size=5),
    id=st.builds("{}{}".format, st.sampled_from("EMS"), N),
)
def test_random_publishing_with_purges_leaves_no_problems(
    four_of_each: Session, acts: list[Any], id: str
) -> None:
    course = four_of_each.begin_nested()
    for act in acts:
        attempt(four_of_each, act)
    if id in four_of_each.scalars(text("SELECT id FROM record.version")).all():
        purge(four_of_each, id)
    assert find_problems(four_of_each) == []
    course.rollback()
    four_of_each.expire_all()


def test_published_seeds_have_no_problems(published: Settings) -> None:
    """With the reader's login, like `sojourn doctor`."""
    with reader_session(published) as reader:
        assert find_problems(reader) == []


DAMAGE = [
    (
        'UPDATE record.version SET payload = payload || \'{"precision": "year"}\' '
        "WHERE id = 'E1'",
        "E1 is not what would",
    ),
    (
        "UPDATE record.version SET terms = terms[2:] WHERE id = 'E1'",
        "E1 is not what would be derived today",
    ),
    (
        "UPDATE record.version SET span = '{}' WHERE id = 'E1'",
        "E1 is not what would be derived today",
    ),
    (
        "UPDATE record.version SET sure = NULL WHERE id = 'E1'",
        "E1 is not what would be derived today",
    ),
    (
        "UPDATE record.version SET plain = '' WHERE id = 'M1'",
        "M1 is not what would be derived today",
    ),
    (
        "UPDATE record.version SET terms = terms || 999999 WHERE id = 'E1'",
        "E1 answers to terms that have no name",
    ),
    (
        "UPDATE record.version SET closed = 2 WHERE id = 'S2'",
        "S2 was closed in edition 2, which holds no later version",
    ),
    ("DELETE FROM record.version WHERE id = 'S1'", "E1 names S1, which is not in the record"),
    (
        "UPDATE record.version SET state = 'withdrawn' WHERE id = 'P1'",
        "E1 names place-1, which is not in the record",
    ),
    (
        'UPDATE record.version SET payload = \'{"form": {"id": "E1"}}\' WHERE id = \'E1\'',
        "E1 can't be read",
    ),
    (
        "UPDATE record.counter SET edition = 7",
        "The counter of editions stands at 7, the newest edition is 2",
    ),
    (
        "INSERT INTO record.edition VALUES (9, now(), '', '')",
        "Editions 1 to 9 should be 9, but there are 3",
    ),
    ("INSERT INTO record.purged VALUES ('E1', 1)", "E1 was removed for good and is here again"),
    (
        "UPDATE record.version SET state = 'merged', "
        "payload = payload || '{\"into\": \"E9\"}' WHERE id = 'E2'",
        "E2 was merged into E9, which is not in the record",
    ),
    (
        "UPDATE record.version "
        "SET payload = jsonb_set(payload, '{form,citations,0,id}', '\"C1\"') WHERE id = 'E2'",
        "C1 is a citation or link of E1, E2",
    ),
]


def test_each_kind_of_damage_is_reported(database: Settings, desk: Session) -> None:
    """Damage is done with the owner's login, without triggers, and rolled back."""
    publish_all(desk, *a_small_world())
    publish_all(desk, make_event(1), make_event(2), make_estimate(1))
    assert find_problems(desk) == []
    desk.commit()
    engine = migration_engine(database)
    for statement, sentence in DAMAGE:
        with Session(engine) as owner:
            meddle(owner, statement)
            found = find_problems(owner)
        assert any(each.startswith(sentence) for each in found), (statement, found)
    engine.dispose()


def test_outdated_rows_are_recalculated_without_change(database: Settings, desk: Session) -> None:
    """The rows keep their `changed` edition: recalculation is no change."""
    publish_all(desk, *a_small_world(), make_event(1), make_event(2), make_estimate(1))
    desk.commit()
    engine = migration_engine(database)
    with Session(engine) as owner, owner.begin():
        meddle(owner, "UPDATE record.version SET terms = terms[2:] WHERE id IN ('E1', 'S1', 'O1')")
    engine.dispose()
    with desk_session(database) as later:
        assert publish(later, (), again=live_keys(later)) and find_problems(later) == []
        rows = later.execute(
            text("SELECT id, why, changed FROM record.version WHERE opened = 2 ORDER BY id")
        )
        assert rows.all() == [
            ("E1", "reindexed", 1),
            ("O1", "reindexed", 1),
            ("S1", "reindexed", 1),
        ]
        assert publish(later, (), again=live_keys(later)) is None


def meddle(owner: Session, statement: str) -> None:
    for table in ("version", "counter"):
        owner.execute(text(f"ALTER TABLE record.{table} DISABLE TRIGGER USER"))
    owner.connection().exec_driver_sql(statement)
