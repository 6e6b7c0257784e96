"""Reports that pass on others: asked about, set, and cited in the same records."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands
from app.desk.drafts.report_settings import CitingError, ReportPrint
from app.desk.identity.models import Person
from app.desk.reading.text import MarkKind
from app.desk.reports import relays, texts
from app.documents import Document
from app.settings import Settings
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
        values = {"paraphrase": words, "chain": chain, "said": DAY, **more}
        return make_citation(number, 7, **values)

    number = [cited(71, kind="number")]
    own = [cited(72, kind="number", chain=[make_step("outlet-own-voice")])]
    records: list[Any] = [
        make_source(7, outlet="outlet-2", published=DAY),
        make_source(8, outlet="outlet-1", published=DAY),
        make_source(9, outlet="outlet-1", published="2019-04-25"),
        make_event(7, citations=[cited(70)], happened="2019-04"),
        make_estimate(7, point=300, quantifier="about", citations=number),
        make_estimate(8, point=12, unit="hours", citations=own),
    ]
    save_all(db, records)
    db.flush()


def remember(db: Session, settings: Settings, source: str, text: str, **more: Any) -> None:
    values = {"published": DAY, "facts": FACTS} | more
    texts.keep_hashes(db, settings, source, text)
    texts.keep_facts(db, source, values["published"], values["facts"])


# Asking -----------------------------------------------------------------------------------------


def test_report_with_the_text_of_another_is_asked_about(
    world: Settings, db: Session, basma: Person
) -> None:
    remember(db, world, "S7", ENGLISH)
    remember(db, world, "S9", KOREAN, published="2019-04-25", facts=[])
    remember(db, world, "S8", ENGLISH[:3000])
    (question,) = relays.questions(db, Catalogue(db, basma), "S8")
    assert (question.source, question.how) == ("S7", "words")
    assert question.share > 0.9


def test_of_a_text_only_hashes_and_codes_are_kept(world: Settings, db: Session) -> None:
    remember(db, world, "S7", ENGLISH)
    kept = db.get_one(ReportPrint, "S7")
    assert len(kept.hashes) > 100 and all(isinstance(number, int) for number in kept.hashes)
    assert kept.facts == sorted([kind.value, value] for kind, value in FACTS)
    assert {column.name for column in ReportPrint.__table__.columns} == {
        *("source", "published", "hashes", "facts")
    }


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


# What is on record from the other ----------------------------------------------------------------


def citations(db: Session, record: str) -> list[Document]:
    draft = commands.open_draft(db, record)
    assert draft is not None
    return list(draft.document["citations"])


def cite_again(db: Session, basma: Person, *records: str) -> list[str]:
    """Cite S8 where S7 is cited, and return where it still is not."""
    relays.cite_again(db, Catalogue(db, basma), records, "S8", "S7", key="page")
    return [each.code for each in relays.also_here(Catalogue(db, basma), "S8", "S7")]


def test_ticked_record_cites_the_report_as_it_cites_the_copied_one(
    db: Session, basma: Person
) -> None:
    assert cite_again(db, basma) == ["E7", "M7", "M8"]
    for _press in range(2):
        assert cite_again(db, basma, "E7", "M7") == ["M8"]
    for record in ("E7", "M7"):
        first, second = citations(db, record)
        assert (second["source"], second["paraphrase"]) == ("S8", first["paraphrase"])
        assert second["chain"][0]["attribution"] == "anonymous-source"
        assert second["id"] not in {"", first["id"]}
    # What S7 says in its own voice, S8 has from the outlet of S7.
    cite_again(db, basma, "M8")
    (step,) = citations(db, "M8")[1]["chain"]
    assert (step["attribution"], step["outlet"]) == ("other-outlet", "outlet-2")


def test_record_that_this_report_has_in_review_can_not_be_cited(db: Session, basma: Person) -> None:
    draft = commands.begin_to_change(db, basma, "E7", "S8")
    assert draft is not None
    commands.move(db, draft, basma, commands.SUBMIT)
    with pytest.raises(CitingError) as raised:
        cite_again(db, basma, "E7")
    assert raised.value.record == "E7"
