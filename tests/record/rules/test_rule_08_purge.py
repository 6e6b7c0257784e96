"""A purge removes content from every edition; nothing else is ever overwritten (rule 8)."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.kinds import RecordForm
from app.record.models import Edition, EditionCounter, FilterTerm, PurgedRecord, Version
from app.record.publishing.integrity import find_problems
from app.record.publishing.purge import purge, purge_again, purged_ids
from app.record.publishing.validation import PublishError
from tests.make import (
    a_small_world,
    make_actor,
    make_citation,
    make_code,
    make_estimate,
    make_event,
    make_law,
    make_place,
    make_source,
    make_step,
    publish_all,
    withdraw,
)
from tests.support.record_queries import ids

SECRET = "Ravensworth"
MINE = {"title": f"{SECRET} title", "slug": f"{SECRET}-slug".lower()}


def everything_public(db: Session) -> str:
    """Return every cell of every table of the record, as text."""
    tables = db.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'record'")).all()
    return "\n".join(
        str(row)
        for table in tables
        for row in db.scalars(text(f"SELECT to_jsonb(t)::text FROM record.{table} t"))
    )


def terms_of(db: Session, id: str) -> set[tuple[str, str]]:
    """Return the terms of all versions of a record."""
    numbers = {
        no for terms in db.scalars(select(Version.terms).where(Version.id == id)) for no in terms
    }
    found = db.execute(select(FilterTerm.key, FilterTerm.code).where(FilterTerm.no.in_(numbers)))
    return {(row.key, row.code) for row in found}


def all_terms(db: Session) -> set[tuple[str, str]]:
    return {(row.key, row.code) for row in db.execute(select(FilterTerm.key, FilterTerm.code))}


@pytest.fixture
def sound(desk: Session) -> Iterator[Session]:
    """A session whose record must be sound at the end."""
    yield desk
    assert find_problems(desk) == []


def test_purge_empties_every_version_and_keeps_id(sound: Session) -> None:
    publish_all(sound, *a_small_world(), make_event(1, summary=f"{SECRET} 단둥 리경희", **MINE))
    publish_all(
        sound, make_event(1, summary=f"{SECRET}, said again", **MINE), reason=f"{SECRET} asked."
    )
    assert SECRET in everything_public(sound)
    assert "리경" in everything_public(sound)
    assert purge(sound, "E1") == 3
    assert SECRET.lower() not in everything_public(sound).lower()
    assert "리경" not in everything_public(sound)
    rows = sound.scalars(select(Version).where(Version.id == "E1").order_by(Version.opened)).all()
    assert [(row.state, row.opened, row.closed, row.added) for row in rows] == [
        ("purged", 1, 2, 1),
        ("purged", 2, None, 1),
    ]
    for row in rows:
        left = sound.scalar(text(f"SELECT to_jsonb(v) FROM record.version v WHERE seq = {row.seq}"))
        kept = {key for key, value in left.items() if value not in (None, "", "{}", [], {})}
        always = "seq kind id number opened added changed state why format"
        assert kept - {"closed"} == {*always.split()}


def test_purge_has_own_edition_and_hides_record_in_all(desk: Session) -> None:
    publish_all(desk, *a_small_world(), make_event(1), make_event(2))
    purge(desk, "E1", "Removed on request")
    edition = desk.get_one(Edition, 2)
    assert edition.message == "Removed on request"
    assert desk.get_one(PurgedRecord, "E1").edition == 2
    assert [ids(desk, f"edition={no}") for no in (1, 2)] == [["E2"], ["E2"]]


def test_purge_removes_numbers_and_series_that_no_other_estimate_has(sound: Session) -> None:
    telling = FilterTerm.key.in_(["value", "series"])
    publish_all(sound, *a_small_world(), make_estimate(2, point=300))
    others = set(sound.execute(select(FilterTerm.key, FilterTerm.code).where(telling)))
    publish_all(sound, make_estimate(1, quantifier="range", low=300, point=None, high=1987))
    publish_all(sound, make_estimate(1, point=1988, as_of="2018-03", terms="place province-2"))
    assert {("value", "1987"), ("value", "1988")} <= set(
        sound.execute(select(FilterTerm.key, FilterTerm.code).where(telling))
    )
    purge(sound, "M1")
    assert set(sound.execute(select(FilterTerm.key, FilterTerm.code).where(telling))) == others
    assert find_problems(sound) == []
    # The number can be published again.
    publish_all(sound, make_estimate(3, point=1987))


def test_purge_removes_terms_of_cited_sources_in_all_editions(sound: Session) -> None:
    told = make_citation(
        1, chain=[make_step("resident", "A trader")], quote="Leave.", quote_language="en"
    )
    publish_all(sound, *a_small_world(), make_event(1, citations=[told]))
    publish_all(sound, make_event(2, terms="place province-2"))
    purge(sound, "E1")
    there = select(FilterTerm.no).where(
        FilterTerm.code.in_(["place-1", "resident"]) | (FilterTerm.code == "quote")
    )
    rows = sound.scalars(select(Version).where(Version.id == "S1").order_by(Version.seq)).all()
    assert len(rows) == 3
    assert not {no for row in rows for no in row.terms} & set(sound.scalars(there))
    # Terms of other events that cite the source, and of the source itself, stay.
    named = {
        (t.key, t.code)
        for t in sound.scalars(select(FilterTerm).where(FilterTerm.no.in_(rows[-1].terms)))
    }
    assert named >= {
        ("place", "province-2"),
        ("outlet", "outlet-1"),
        ("attribution", "outlet-own-voice"),
    }


def test_purge_removes_actors_and_laws_of_cited_sources(sound: Session) -> None:
    told = make_event(
        1,
        terms="place; actor ravensworth (role=denies)",
        legal=[{"instrument": "ravensworth-act", "relation": "based-on", "reading": "source"}],
    )
    publish_all(
        sound, *a_small_world(), make_actor(1, "ravensworth"), make_law(1, "ravensworth-act"), told
    )
    told_by = {("actor", "ravensworth"), ("actor_role", "denies:ravensworth")}
    told_by |= {("law", "ravensworth-act")}
    assert told_by <= terms_of(sound, "S1") and told_by <= all_terms(sound)
    purge(sound, "E1")
    assert not told_by & terms_of(sound, "S1") and not told_by & all_terms(sound)


def test_purge_removes_terms_of_any_key_that_no_row_has_any_more(sound: Session) -> None:
    publish_all(sound, *a_small_world(), make_code("poachers", "group"), make_event(2))
    before = all_terms(sound)
    publish_all(sound, make_event(1, terms="place; group poachers"))
    assert ("group", "poachers") in all_terms(sound)
    purge(sound, "E1")
    left = all_terms(sound) - before
    assert not {key for key, _code in left} & {"group", "uses", "exempt", "names"}
    # They can be published again.
    publish_all(sound, make_event(3, terms="place; group poachers"))
    assert ids(sound, "group=poachers") == ["E3"]


@pytest.mark.parametrize("id", ["A1", "N1"])
def test_purge_of_actor_or_law_reaches_past_versions_of_others(sound: Session, id: str) -> None:
    code = f"{SECRET}-firm".lower()
    others: list[RecordForm]
    bare: list[RecordForm] = [make_event(1), make_estimate(1), make_law(2, "charter")]
    if id == "A1":
        named: RecordForm = make_actor(1, code)
        bare += [make_actor(2, "branch"), make_place(4, kind="site")]
        others = [
            make_actor(2, "branch", parent=code),
            make_law(2, "charter", issuer=code),
            make_place(4, kind="site", operator=code),
            make_event(
                1,
                terms=f"place; actor {code} (printed=the firm); actor {code} (role=denies)",
            ),
            make_estimate(1, terms=f"place; actor {code} (role=says)"),
        ]
    else:
        named = make_law(1, code)
        others = [
            make_law(2, "charter", parent=code),
            make_event(
                1, legal=[{"instrument": code, "relation": "based-on", "reading": "source"}]
            ),
        ]
    publish_all(sound, *a_small_world(), named, *others)
    publish_all(sound, *bare)
    assert code in everything_public(sound)
    purge(sound, id)
    assert code not in everything_public(sound)
    first = sound.scalars(
        select(Version.payload).where(Version.id == "E1", Version.opened == 1)
    ).one()["form"]
    if id == "A1":
        named_by = [term for term in first["terms"] if term["key"] == "actor"]
        assert [term["printed"] for term in named_by] == ["the firm", "[removed]"]
    else:
        assert len(first["legal"]) == 1 and first["legal"][0]["printed"]


def test_purge_recalculates_dependent_rows(sound: Session) -> None:
    publish_all(
        sound,
        *a_small_world(),
        make_event(1, title=SECRET),
        make_event(2, links="E1 follows"),
        make_event(3),
    )
    publish_all(sound, make_event(1, title=SECRET, links="L2 E3 explains"))
    purge(sound, "E1")
    affected = sound.scalars(
        select(Version).where(Version.id == "E3", Version.closed.is_(None))
    ).one()
    assert (affected.why, affected.payload["links_from"]) == ("reindexed", [])


def test_purged_source_title_leaves_search_in_all_editions(
    sound: Session,
) -> None:
    relay = make_source(4, outlet="outlet-2", derived_from=[{"source": "S3", "how": "relay"}])
    secret = make_source(
        3, title=SECRET, title_en=SECRET, author=SECRET, url=f"https://example.org/{SECRET}"
    )
    cites = make_event(1, citations="S3; S2")
    publish_all(
        sound,
        *a_small_world(),
        secret,
        relay,
        cites,
        make_estimate(1, citations="S3"),
    )
    publish_all(sound, make_event(1, title="Edited", citations="S3; S2"))
    publish_all(sound, make_event(2, citations="C3 S4"))
    assert ids(sound, f"q={SECRET}&edition=1") == ["E1"]
    purge(sound, "S3")
    assert SECRET.lower() not in everything_public(sound).lower()
    assert ids(sound, f"q={SECRET}") == ids(sound, f"q={SECRET}&edition=1") == []
    # The other words are found as before; there is one independent source less, and a report that
    # was removed counts as no second report of the same.
    assert ids(sound, "q=Edited") == ["E1"]
    assert ids(sound, "corroboration=own-report") == ["E1", "E2"]


def test_step_of_purged_citation_is_only_possible(sound: Session) -> None:
    rests = make_event(
        2,
        links="E1 follows",
        stages="planned 2019-03",
    )
    publish_all(sound, *a_small_world(), make_event(1), rests)
    purge(sound, "E1")
    payload = sound.scalars(
        select(Version.payload).where(Version.id == "E2", Version.closed.is_(None))
    ).one()
    assert payload["steps"][0]["hedged"] is True


def test_withdrawn_record_can_be_purged(desk: Session) -> None:
    publish_all(desk, *a_small_world(), make_event(1, title=SECRET))
    withdraw(desk, "E1", f"{SECRET} asked for it.")
    purge(desk, "E1")
    assert SECRET not in everything_public(desk)


def test_purge_of_referenced_place_is_refused(sound: Session) -> None:
    publish_all(
        sound,
        *a_small_world(),
        make_place(4, remark=SECRET),
        make_event(1, terms="place place-4"),
    )
    with pytest.raises(PublishError, match="E1 still names place-4"):
        purge(sound, "P4")
    publish_all(sound, make_event(1))
    purge(sound, "P4")
    assert SECRET not in everything_public(sound)


def test_second_purge_does_nothing_and_missing_is_refused(desk: Session) -> None:
    publish_all(desk, *a_small_world(), make_event(1))
    assert purge(desk, "E1") == 2
    assert purge(desk, "E1") is None
    with pytest.raises(PublishError, match="E9 is not in the record"):
        purge(desk, "E9")
    # Edition 2 is the purge; edition 3 has the recalculated source.
    assert desk.scalars(select(EditionCounter.edition)).one() == 3


def test_purged_id_can_not_be_published_again(desk: Session) -> None:
    publish_all(desk, *a_small_world(), make_event(1))
    purge(desk, "E1")
    with pytest.raises(PublishError, match="E1 was removed for good"):
        publish_all(desk, make_event(1))
    with pytest.raises(PublishError, match="E1 is not in the record"):
        withdraw(desk, "E1")


def test_replay_purges_again_after_restore(desk: Session) -> None:
    """An older backup still has the content; the list of purged ids is stored separately."""
    publish_all(desk, *a_small_world(), make_event(1, title=SECRET), make_event(2))
    with desk.begin_nested() as since_the_backup:
        purge(desk, "E1")
        kept = purged_ids(desk)
        since_the_backup.rollback()
    desk.expire_all()
    assert SECRET in everything_public(desk)
    assert purge_again(desk, [*kept, "E9"]) == ["E1"]
    assert SECRET not in everything_public(desk)
    assert purge_again(desk, kept) == []


def test_purge_function_ignores_temporary_tables_of_caller(
    desk: Session,
) -> None:
    """The function's search path is fixed, so a temporary table of the same name is ignored."""
    publish_all(desk, *a_small_world(), make_event(1, title=SECRET))
    desk.execute(text("CREATE TEMPORARY TABLE version (id text, state text)"))
    desk.execute(text("SET search_path = pg_temp, record"))
    desk.scalar(text("SELECT record.purge('E1', '')"))
    assert SECRET not in everything_public(desk)
    config = desk.scalar(text("SELECT proconfig FROM pg_proc WHERE proname = 'purge'"))
    assert config == ["search_path=pg_catalog, pg_temp"]
