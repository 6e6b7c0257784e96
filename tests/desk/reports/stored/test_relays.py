"""Reports that pass on others: asked about, set, and cited in the same records."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands
from app.desk.drafts.citing import CitingError
from app.desk.drafts.report_models import ReportPrint
from app.desk.identity.models import Person
from app.desk.reading.relays import Found
from app.desk.reading.text import MarkKind
from app.desk.reports import marking, relays, texts
from app.desk.reports.relay_citations import cite_ticked
from app.desk.reports.relay_view import answer_statements
from app.documents import Document
from app.errors import InvalidStateError
from app.settings import Settings
from tests.desk.reports.stored.conftest import an_entry
from tests.make import make_citation, make_estimate, make_event, make_source, make_step
from tests.support.reading_gold import passages

ENGLISH, KOREAN = (
    " ".join(passage.text for passage in passages("tuned") if passage.language == language)
    for language in ("en", "ko")
)
FACTS = [
    (MarkKind.PLACE, "place-1"),
    (MarkKind.DATE, "2019-04-20"),
    (MarkKind.ESTIMATE, "about 300 people"),
]
DAY = "2019-04-23"


@pytest.fixture(autouse=True)
def copied(db: Session) -> None:
    """S7 with an event and two estimates that cite it, and S8, from which nothing was entered."""

    def cited(number: int, **more: Any) -> Any:
        chain = [make_step("anonymous-source", "a trader")]
        words = "So a trader said."
        return make_citation(number, 7, paraphrase=words, chain=chain, said=DAY, **more)

    number = [cited(71, kind="number")]
    records: list[Any] = [
        make_source(7, outlet="outlet-2", published=DAY),
        make_source(8, outlet="outlet-1", published=DAY),
        make_source(9, outlet="outlet-1", published="2019-04-25"),
        make_event(7, citations=[cited(70)], happened="2019-04"),
        make_estimate(7, point=300, quantifier="about", citations=number),
        make_estimate(8, point=12, unit="hours", citations=[cited(72, kind="number")]),
    ]
    save_all(db, records)
    db.flush()


def remember(db: Session, settings: Settings, source: str, text: str, **more: Any) -> None:
    values = {"published": DAY, "facts": FACTS} | more
    texts.keep_hashes(db, settings, source, text)
    texts.keep_facts(db, source, values["published"], values["facts"])


def entered(db: Session, by: Person, point: str = "300") -> list[str]:
    """Enter an estimate of people and an event of place 1 from S8; return their ids."""
    number = {"quantifier": "about", "unit": "people", "point": point, "counts": "present"}
    estimate = an_entry(db, by, "M", "S8", **number)
    return [estimate.record, an_entry(db, by, "E", "S8", happened="2019-04-20").record]


# Asking -----------------------------------------------------------------------------------------


def test_report_with_the_text_of_another_is_asked_about(
    world: Settings, db: Session, basma: Person
) -> None:
    remember(db, world, "S7", ENGLISH)
    remember(db, world, "S9", KOREAN, published="2019-04-25", facts=[])
    remember(db, world, "S8", ENGLISH[:3000])
    (question,) = relays.questions(db, Catalogue(db, basma), "S8")
    assert (question.source, question.how, question.days_later) == ("S7", "words", 0)
    assert question.share > 0.9


def test_of_a_text_only_hashes_and_codes_are_kept(world: Settings, db: Session) -> None:
    remember(db, world, "S7", ENGLISH)
    kept = db.get_one(ReportPrint, "S7")
    assert len(kept.hashes) > 100 and all(isinstance(number, int) for number in kept.hashes)
    assert kept.facts == sorted([kind.value, value] for kind, value in FACTS)
    assert {column.name for column in ReportPrint.__table__.columns} == {
        *("source", "published", "hashes", "facts")
    }


def test_text_that_was_pasted_again_replaces_its_fingerprint(world: Settings, db: Session) -> None:
    remember(db, world, "S7", ENGLISH)
    before = db.get_one(ReportPrint, "S7").hashes
    remember(db, world, "S7", KOREAN, facts=[])
    after = db.get_one(ReportPrint, "S7")
    assert not {*before} & {*after.hashes} and after.facts == []


def test_report_is_not_asked_about_what_its_parent_derives_from(
    world: Settings, db: Session, basma: Person
) -> None:
    for source in ("S7", "S8", "S9"):
        remember(db, world, source, ENGLISH)
    relays.set_relay(db, basma, "S7", "S9", key="a")
    relays.set_relay(db, basma, "S8", "S7", key="b")
    assert relays.questions(db, Catalogue(db, basma), "S8") == []


# Setting ----------------------------------------------------------------------------------------


def test_relay_is_written_into_the_draft_of_the_source_once(
    world: Settings, db: Session, basma: Person
) -> None:
    remember(db, world, "S7", ENGLISH)
    remember(db, world, "S8", ENGLISH)
    relays.set_relay(db, basma, "S8", "S7", key="a")
    draft = relays.set_relay(db, basma, "S8", "S7", key="b")
    assert [(row["source"], row["how"]) for row in draft.document["derived_from"]] == [
        ("S7", "relay")
    ]
    assert (draft.why, draft.reason) == ("updated", "It derives from S7.")
    assert relays.questions(db, Catalogue(db, basma), "S8") == []
    assert relays.questions(db, Catalogue(db, basma), "S7") == [], (
        "an article that is passed on must not be asked about its relay"
    )


def test_source_can_not_be_set_as_a_relay_of_itself(db: Session, basma: Person) -> None:
    with pytest.raises(InvalidStateError):
        relays.set_relay(db, basma, "S8", "S8", key="a")


# Ticks ------------------------------------------------------------------------------------------


def test_records_of_the_copied_article_are_also_here_or_missing(db: Session, basma: Person) -> None:
    entered(db, basma)
    ticks = relays.ticks(Catalogue(db, basma), "S8", "S7")
    assert not any(tick.is_cited for tick in ticks)
    assert {tick.record: tick.found for tick in ticks} == {
        "E7": Found.ALSO,
        "M7": Found.ALSO,
        "M8": Found.MISSING,
    }


def test_record_with_another_number_here_differs(db: Session, basma: Person) -> None:
    entered(db, basma, point="400")
    found = relays.ticks(Catalogue(db, basma), "S8", "S7")
    (tick,) = (tick for tick in found if tick.record == "M7")
    assert tick.found is Found.DIFFERENT
    assert (tick.there, tick.here) == ("about 300 people", "about 400 people")


def test_text_without_entries_is_compared_by_its_marks(
    world: Settings, db: Session, basma: Person
) -> None:
    def found(words: str) -> dict[str, Found]:
        catalogue = Catalogue(db, basma)
        kept = texts.store(db, world, basma, "S8", text=words, language="en")
        assert marking.mark_text(db, catalogue, kept, DAY)
        return {tick.record: tick.found for tick in relays.ticks(catalogue, "S8", "S7")}

    same = found("It rained. About 300 workers left Place-1 on 20 April 2019.")
    assert same == {"E7": Found.ALSO, "M7": Found.ALSO, "M8": Found.MISSING}
    # Another day at that place is no other day of the event; another number may be.
    other = found("About 400 workers left Place-1 on 20 June 2018.")
    assert (other["E7"], other["M7"]) == (Found.MISSING, Found.DIFFERENT)
    assert {*found("Nothing of it on 20 April 2019.").values()} == {Found.MISSING}


def test_answers_cite_the_report_in_the_records(db: Session, basma: Person) -> None:
    entered(db, basma)
    posted = {"same.S7.E7": "also", "same.S7.M7": "also", "same.S7.M8": ""}
    catalogue = Catalogue(db, basma)
    assert answer_statements(catalogue, "S8", "S7", posted=posted, key="page") == 2
    assert [len(citations(db, record)) for record in ("E7", "M7")] == [2, 2]


def cite(db: Session, basma: Person, *records: str, point: str = "300") -> None:
    entered(db, basma, point)
    catalogue = Catalogue(db, basma)
    ticked = [tick for tick in relays.ticks(catalogue, "S8", "S7") if tick.record in records]
    assert len(ticked) == len(records)
    cite_ticked(db, catalogue, ticked, source="S8", copied="S7", key="page")


def citations(db: Session, record: str) -> list[Document]:
    draft = commands.open_draft(db, record)
    assert draft is not None
    return list(draft.document["citations"])


def test_ticked_record_cites_the_report_as_it_cites_the_copied_one(
    db: Session, basma: Person
) -> None:
    for _press in range(2):
        cite(db, basma, "E7", "M7")
    for record in ("E7", "M7"):
        first, second = citations(db, record)
        assert (second["source"], second["paraphrase"]) == ("S8", first["paraphrase"])
        assert second["chain"][0]["attribution"] == "anonymous-source"
        assert second["id"] not in {"", first["id"]}


def test_what_differs_here_is_written_into_a_citation(db: Session, basma: Person) -> None:
    cite(db, basma, "M7", point="400")
    row = citations(db, "M7")[1]
    dispute = {"stance": "disputes", "field": "number", "differs": "rival"}
    # It is to be put into words.
    assert row | dispute | {"value": "about 400 people", "paraphrase": ""} == row


def test_record_that_this_report_has_in_review_can_not_be_cited(db: Session, basma: Person) -> None:
    draft = commands.begin_to_change(db, basma, "E7", "S8")
    assert draft is not None
    commands.move(db, draft, basma, commands.SUBMIT)
    with pytest.raises(CitingError) as raised:
        cite(db, basma, "E7")
    assert raised.value.why == "in-review"
