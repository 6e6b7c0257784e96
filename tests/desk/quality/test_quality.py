"""Quality lists: each finds its records and nothing else, and links to where they are edited."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.cli import record as cli_record
from app.desk.approved.models import Draft
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.drafts import commands as drafts
from app.desk.drafts.commands import PostedDraft
from app.desk.purges import purge
from app.desk.quality import QualityCheck, count_lists, lines
from app.errors import CommandError
from app.kinds import Citation, EstimateForm
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import (
    a_small_world,
    make_citation,
    make_code,
    make_decision,
    make_estimate,
    make_event,
    make_page,
    make_place,
    make_source,
    make_step,
    make_term,
    publish_all,
)
from tests.support.desk_people import person
from tests.support.environment import environment_of
from tests.support.worlds import publish_new, world_of

PREFERRED = {"role": "preferred", "role_reason": "The best."}
ARCHIVED = {
    "copies": [{"host_kind": "own", "extent": "full", "archive": "https://archive.example.org/9"}]
}


def rival(
    number: int, as_of: str, point: int, place: str = "place-1", **changes: Any
) -> EstimateForm:
    cites = [make_citation(500 + number, 1 + number % 2, kind="number")]
    values: dict[str, Any] = {
        "as_of": as_of,
        "point": point,
        "terms": [make_term(code=place)],
        "citations": cites,
    }
    return make_estimate(number, **values | changes)


def _said_by(number: int, words: str) -> Citation:
    """Return a citation of a company that counts as named."""
    return make_citation(number, 2, chain=[make_step("company", words)])


def _on_one_day(*ids: str) -> list[Citation]:
    """Return citations of S1 and S2, whose chains begin on one day."""
    return [
        make_citation(int(id[1:]), source, said="2019-06-20")
        for source, id in enumerate(ids, start=1)
    ]


def fill_lists(database: Settings) -> None:
    anonymous = make_citation(3, 2, chain=[make_step("resident", "A trader")])
    read = [make_citation(6, 1), make_citation(7, 9, chain=[make_step()])]
    publish_new(
        database,
        make_place(7, code="place-7", parent="province-2"),
        make_code("unheard-of", "paper"),
        make_source(3, published="2019-06", published_basis="inferred"),
        make_source(9, outlet="outlet-2", **ARCHIVED),
        make_event(2, title="Nobody says so", citations=[]),
        make_event(3, citations=[anonymous]),
        make_event(4, citations="S3"),
        make_event(
            5,
            happened="2019",
            happened_basis="all-inferred",
            happened_basis_reason="Between two others.",
            summary="In 2019, 1,250 left.",
            citations="S2",
        ),
        make_event(6, citations=read),
        make_page(kind="answer", places=["place-1"], body="It closed [C6]."),
        make_page(2, kind="answer", places=["place-1"], body="It closed [C3]."),
        rival(1, "2019-06", 1_003, **PREFERRED),
        rival(2, "2019", 5_007, **PREFERRED),
        rival(3, "2026-01", 701, place="place-7"),
        rival(4, "2026-01", 907, place="place-7"),
        make_event(7, citations=[_said_by(71, "executive of a developer"), _said_by(72, "Kim")]),
        make_event(
            8,
            no_nationality="any",
            citations="C81 S2 (kind=number); C82 S1",
        ),
        make_event(10, citations=_on_one_day("C101", "C102")),
        make_event(11, citations=_on_one_day("C91", "C92"), joined_sources=[make_decision("S2")]),
        make_estimate(9, counts="sites", citations=_on_one_day("C98", "C99")),
        rival(5, "2019-08", 50, counts="sites", unit="businesses"),
    )
    with desk_session(database) as db:
        # Without the other origin, the grade is no longer justified.
        purge(db, "S9", None)
        chidi = person(database, "Chidi")
        drafts.begin(db, chidi, "old", "E")
        draft = drafts.begin_to_change(db, chidi, "E1")
        assert draft is not None
        drafts.save(
            db, draft, PostedDraft({**draft.document, "title": "Another title"}, 0, "page"), chidi
        )
        other = drafts.begin_to_change(db, chidi, "E3")
        assert other is not None
        drafts.save(
            db,
            other,
            PostedDraft({**other.document, "summary": "No stance was towards this."}, 0, "page"),
            chidi,
        )
        db.flush()
        long_ago = datetime.now(UTC) - timedelta(days=31)
        db.execute(update(Draft).where(Draft.key.endswith("old")).values(saved_at=long_ago))


faulty_desk = world_of("faulty_desk", fill_lists)
"""A desk with at least one line in each list."""


FOUND = {
    "without-citation": {"E2"},
    "several-preferred": {"M1", "M2"},
    "names-purged": {"E6"},
    "stale-sentences": {"U1"},
    "one-anonymous": {"E3"},
    "same-report": {"E10", "M9"},
    "named-without-name": {"E7"},
    "undecided-citations": {"E8"},
    "unsupported-numbers": {"E5"},
    "inferred-dates": {"E4", "E5"},
    "no-nationality": {
        *("E1", "E2", "E3", "E4", "E5", "E6", "E7", "E10", "E11"),
        *("M1", "M2", "M3", "M4", "M5", "M9"),
    },
    "conflicts": {"M1", "M2", "M3", "M4"},
    "none-preferred": {"M3"},
    "stale-cities": {"P1"},
    "without-archive": {"S1", "S2", "S3"},
    "to-reconfirm": {"Another title"},
    "unused-codes": {"paper:unheard-of"},
    "untouched-drafts": {""},
    "contradictory-speakers": set(),
    "links-against-time": set(),
}


def rows_of(db: Session, name: str) -> list[tuple[str, str]]:
    """Return the rows of a list."""
    check = QualityCheck(name)
    return [(id, words) for id, words in db.execute(check.query())]


def test_list_contains_its_records_and_nothing_else(faulty_desk: Settings) -> None:
    with desk_session(faulty_desk) as db:
        found = {
            check.value: {line.record or line.words for line in lines(db, check)}
            for check in QualityCheck
        }
        unused = found["unused-codes"]
        assert "paper:unheard-of" in unused and "type:stay-limit" not in unused
        assert found | {"unused-codes": FOUND["unused-codes"]} == FOUND
        assert {each.value: count for each, count in count_lists(db)} == {
            name: len(ids) if name != "unused-codes" else len(unused) for name, ids in found.items()
        }


def test_line_links_to_the_page_that_edits_it(faulty_desk: Settings, basma: TestClient) -> None:
    home = basma.get("/desk").text
    assert re.search(
        r'href="/desk/quality/without-citation"><span>[^<]*</span><span class="n">1<', home
    )
    shown = basma.get("/desk/quality").text
    assert all(check.label in shown for check in QualityCheck)
    for check in QualityCheck:
        page = basma.get(f"/desk/quality/{check.value}").text
        leads = re.findall(r'<li><a href="([^"]+)"', page[page.index("<h1>") :])
        assert leads or not FOUND[check.value], check.value
        assert all(basma.get(address).status_code == 200 for address in leads), check.value
    assert "Nobody says so" in basma.get("/desk/quality/without-citation").text
    assert 'href="/codebook#paper-unheard-of"' in basma.get("/desk/quality/unused-codes").text
    assert basma.get("/desk/quality/nothing").status_code == 404


def test_check_command_fails_only_for_faults(
    faulty_desk: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment_of(faulty_desk).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CommandError, match="4 faults found"):
        cli_record.check()
    assert "     1  Events with no citation (fault)" in capsys.readouterr().out
    with desk_session(faulty_desk) as db:
        two_origins = [make_citation(6, 1), make_citation(7, 2)]
        save_all(db, [make_event(2), make_event(6, citations=two_origins)])
        save_all(db, [rival(2, "2019", 5_007)])
        publish_approved(db, "Mended")
    cli_record.check()
    figures = capsys.readouterr().out.partition("\nEdition ")[2]
    assert "     3  Events with two or more independent sources\n" in figures
    assert "\n  2019  Country-3\n" in figures


NAMES_NOBODY = [
    "",
    "the head of a food company",
    "A scholar in Yanbian",
    "intelligence officials, not named",
    "Qatari officials",
    "기업 관계자",
]
NAMES_SOMEBODY = [
    "Kim Ki-nam, head of a food company",
    "National Intelligence Service",
    "Mustafar Ali, one of the immigration officials",
    "Иван Петров",
]


def test_named_speaker_whose_words_name_nobody(desk: Session) -> None:
    all_words = NAMES_NOBODY + NAMES_SOMEBODY
    said = [_said_by(number, words) for number, words in enumerate(all_words, start=1)]
    save_all(desk, [*a_small_world(), make_event(1, citations=said)])
    found = rows_of(desk, "named-without-name")
    assert {row[1].partition(" ")[2] for row in found} == set(NAMES_NOBODY)


def test_speaker_with_values_of_another_is_listed(desk: Session) -> None:
    own = [make_citation(2, chain=[make_step(words="on site")])]
    kept = [make_citation(1, chain=[make_step(occasion="briefing", named="yes")])]
    events = [make_event(1, citations=kept), make_event(2, citations=own)]
    save_all(desk, [*a_small_world(), *events])
    assert rows_of(desk, "contradictory-speakers") == [("E1", "C1")]


def test_effect_before_its_cause_is_listed(desk: Session) -> None:
    cause = make_event(1, happened="2019-06")
    before = make_event(2, happened="2019-03", links="E1 effect-of")
    after = make_event(3, happened="2019-07", links="L2 E1 effect-of")
    whole = make_event(4, happened="2019-03", links="L3 E1 part-of")
    forms = [*a_small_world(), cause, before, after, whole]
    save_all(desk, forms)
    publish_all(desk, *forms)
    assert rows_of(desk, "links-against-time") == [("E2", "L1 effect-of E1")]
