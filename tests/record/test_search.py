"""Full-text search: words in every script, names, phrases, and arbitrary input."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.record.filters import EventFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.lists.backend import ListSession
from app.record.names.directory import Directory, read_directory
from app.record.search import (
    bigrams,
    words_to_mark,
)
from app.settings import Settings
from tests.conftest import reader_session
from tests.make import (
    a_small_world,
    make_citation,
    make_code,
    make_event,
    make_outlet,
    make_place,
    make_source,
    make_step,
    make_term,
    publish_all,
)
from tests.support.indexed import select_indexed
from tests.support.tables import differing

DANDONG = [
    ("Dandong", "en"),
    ("단둥", "ko"),
    ("丹东", "zh-Hans"),
    ("Tandong", "ko-Latn"),
    ("Даньдун", "ru"),
]


@pytest.fixture
def texts(desk: Session) -> Session:
    names = [{"text": text, "language": language} for text, language in DANDONG]
    radio = make_outlet(3, "radio", names=[{"text": "Radio Free Asia"}, {"text": "自由亚洲电台"}])
    report = make_source(
        3, outlet="radio", title="북한 노동자 철수", title_en="Workers withdraw", language="ko"
    )
    publish_all(
        desk,
        *a_small_world(),
        make_place(1, parent="province-2", names=names),
        make_place(4, names=[{"text": "Hunchun", "language": "en"}]),
        radio,
        report,
        make_code("student", "paper", label="Student visa"),
    )
    elsewhere = [make_term(code="place-4")]
    publish_all(
        desk,
        make_event(
            1, title="Workers told to leave", summary="They must be gone by June.", citations=[]
        ),
        make_event(2, title="Restaurants closed", terms=elsewhere, citations="S3"),
        make_event(
            3,
            title="A notice",
            terms=[*elsewhere, make_term("paper", "student", printed="学生签证")],
            citations=[
                make_citation(
                    3,
                    paraphrase="The café’s staff left.",
                    chain=[make_step("resident", "a trader")],
                ),
                make_citation(4, quote="노동자들이 나갔다", quote_language="ko"),
            ],
        ),
        make_event(
            4,
            title="Nothing of the kind",
            terms=elsewhere,
            citations="C5 S2 (paraphrase=It's so.)",
        ),
    )
    return desk


def searching(db: Session) -> Callable[..., list[str]]:
    """Return a search of the events that are published now."""
    edition = select_indexed(db)
    names = read_directory(db, edition)

    def search(query: str, sort: str = "happened") -> list[str]:
        filters, dropped = EventFilters.from_pairs([("q", query), ("sort", sort)])
        assert not [key for key in dropped if key.key == "q"]
        return [row.id for row in backend.read_page(db, edition, filters, names, 100).rows]

    return search


FOUND = {
    # English words by stem, in any case.
    "worker": "E1 E2",
    "LEAVING": "E1",
    "restaurant closing": "E2",
    "café": "E3",
    "trader": "E3",
    # Names of a place in any script, even if the text lacks them.
    "Dandong": "E1",
    "단둥": "E1",
    "丹东": "E1",
    "Даньдун": "E1",
    # Names of outlets and codes, of one word or several.
    "Radio Free Asia": "E2",
    "自由亚洲电台": "E2",
    "student visa": "E3",
    # Chinese and Korean: two characters, one character, part of a longer run.
    "노동": "E2 E3",
    "노동자 철수": "E2",
    "签证": "E3",
    "学": "E3",
    "生签": "E3",
    "철": "E2",
    # Half-width and full-width characters are equal.
    "ｗｏｒｋｅｒ": "E1 E2",
    # AND, OR, minus.
    "workers gone": "E1",
    "gone OR restaurants": "E1 E2",
    "notice OR gone OR restaurants": "E1 E2 E3",
    "workers -gone": "E2",
    "-workers": "E3 E4",
    "-단둥": "E2 E3 E4",
    "worker -노동": "E1",
    "-gone OR leave": "E1 E2 E3 E4",
    "gone OR -workers": "E1 E3 E4",
    '-"told to leave"': "E2 E3 E4",
    # Phrases.
    '"told to leave"': "E1",
    '"leave told"': "",
    # As written: no other ending, and small words count.
    '"worker told to leave"': "",
    '"told not leave"': "",
    '"notice': "E3",
    '"노동자 철수"': "E2",
    # Stop words match every row, and exclude none.
    "the": "E1 E2 E3 E4",
    "the workers": "E1 E2",
    "-the": "E1 E2 E3 E4",
    "workers -the": "E1 E2",
    "": "E1 E2 E3 E4",
    "!!! --- ()&|:*": "E1 E2 E3 E4",
    "OR": "E1 E2 E3 E4",
    "-": "E1 E2 E3 E4",
    '"': "E1 E2 E3 E4",
    "zebra": "",
    # Words between < and >.
    "<restaurants>": "E2",
    "it's": "E1 E2 E3 E4",
    "100%": "",
    "\\": "E1 E2 E3 E4",
}


def test_search_finds_expected_events(texts: Session) -> None:
    search = searching(texts)
    assert differing(lambda query: " ".join(sorted(search(query))), FOUND) == {}


def test_search_ranks_title_above_other_text(texts: Session) -> None:
    publish_all(
        texts,
        make_event(5, title="Zebra", citations=[]),
        make_event(6, summary="A zebra.", citations=[]),
        make_event(9, title="Zebra", citations=[]),
    )
    said = {"quote": "A zebra.", "quote_language": "en"}
    publish_all(
        texts,
        make_event(8, citations=[make_citation(8, paraphrase="It is said.", **said)]),
        make_event(7, citations="S1 (paraphrase=A zebra.)"),
    )
    assert searching(texts)("zebra", "relevance") == ["E9", "E5", "E6", "E7", "E8"]


def test_search_ranks_equivalent_in_title_above_loose_words_of_it(texts: Session) -> None:
    publish_all(
        texts,
        make_event(5, title="Harvest permits refused", citations=[]),
        make_event(
            6,
            title="Permits of a harvest",
            summary="The harvest had permits, and more permits.",
            citations="S1 (paraphrase=A picking permit.)",
        ),
    )
    query = 'Erntevisum OR "harvest permits" OR "picking permit" OR "permit to pick"'
    assert searching(texts)(query, "relevance") == ["E5", "E6"]


Searched = tuple[ListSession, IndexedEdition, Directory]


@pytest.fixture(scope="module")
def searched(published: Settings) -> Iterator[Searched]:
    with reader_session(published) as db:
        edition = select_indexed(db)
        yield db, edition, read_directory(db, edition)


LETTERS = st.one_of(
    st.characters(),
    st.sampled_from(list("\"'-\\()&|!:*<>%_ \t\nOR丹东단둥學노̈ﬁ\u200d\U00020000")),
)


@given(query=st.text(LETTERS, max_size=60), sort=st.sampled_from(["happened", "relevance"]))
@example(query="\0", sort="happened")
@example(query="\ud800", sort="happened")
@example(query="'" * 200, sort="relevance")
@example(query="a " * 100, sort="relevance")
@example(query="-" * 200, sort="happened")
@example(query='"' * 199, sort="happened")
@example(query="OR OR -OR", sort="happened")
@example(query="丹" * 200, sort="relevance")
@example(query="a<->b & !c:*", sort="relevance")
@example(query="\u037a", sort="relevance")
@example(query="-\ufe70 word", sort="happened")
def test_search_accepts_any_input(searched: Searched, query: str, sort: str) -> None:
    filters, _ = EventFilters.from_pairs([("q", query), ("sort", sort)])
    db, edition, names = searched
    page = backend.read_page(db, edition, filters, names, 10)
    counted = backend.match(db, edition, filters, names).counts()
    assert len(page.rows) == min(counted.total, 10)
    words_to_mark(filters.one("q"))


def test_events_of_a_place_are_found_by_each_of_its_names(searched: Searched) -> None:
    db, edition, names = searched

    def found(**included: str) -> set[str]:
        filters = EventFilters.made_of({key: [value] for key, value in included.items()}, {})
        return {row.id for row in backend.read_page(db, edition, filters, names, 100).rows}

    there = found(place="dandong")
    spoken = [name.text for name in names.places["dandong"].names]
    assert there and {"단둥", "丹东", "Tandong", "Dandong"} <= {*spoken}
    assert [name for name in spoken if not there <= found(q=name)] == []


def test_bigrams_of_cjk_text() -> None:
    pairs = {
        "丹东": {"丹东"},
        "노동자": {"노동", "동자"},
        "在 丹东市 x 人": {"在", "丹东", "东市", "人"},
        "Dandong": set(),
        "ﾀﾝﾄﾞﾝ": {"タン", "ンド", "ドン"},  # half-width forms are folded
    }
    assert differing(bigrams, pairs) == {}
