"""Directories are read once, and again only if names may have changed."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from app.kinds import CheckForm
from app.record.editions import select_edition
from app.record.filters import WITH_LABELS
from app.record.names.directory import Directories, Directory, in_sentence, read_directory
from app.record.publishing.next_edition import publish_checks, undo_coverage_check
from app.record.publishing.publish import Merge, publish
from app.record.publishing.purge import purge
from app.settings import Settings
from app.vocabulary.code import Code
from app.vocabulary.record import Outcome
from tests.conftest import desk_session, reader_session
from tests.make import (
    a_small_world,
    make_code,
    make_event,
    make_outlet,
    make_place,
    publish_all,
    withdraw,
)


def check() -> CheckForm:
    return CheckForm(
        places=["place-1"], outlets=["outlet-1"], languages=["en"],
        first=date(2020, 1, 1), last=date(2020, 2, 1), outcome=Outcome.NOTHING_NEW,
    )  # fmt: skip


def says(names: Directory) -> tuple[object, ...]:
    return names.places, names.outlets, names.codes, names.checks, names.merged


def test_some_names_of_places_have_an_article_in_a_sentence() -> None:
    names = ("United States", "Gulf states", "Russian Far East", "Northeast China", "Dandong")
    assert [in_sentence(name) for name in names] == [
        *("the United States", "the Gulf states", "the Russian Far East"),
        *("Northeast China", "Dandong"),
    ]


def test_editions_with_equal_names_share_directory(desk: Session) -> None:
    directories = Directories()
    publish_all(desk, *a_small_world())
    first = directories.of(desk, select_edition(desk))
    publish_all(desk, make_event(1))
    withdraw(desk, "E1")
    assert directories.of(desk, select_edition(desk)) is first
    publish_all(desk, make_place(4, parent="province-2"))
    fourth = directories.of(desk, select_edition(desk))
    assert list(fourth.places) != list(first.places)
    assert directories.of(desk, select_edition(desk, "2")) is first
    assert directories.of(desk, select_edition(desk, "4")) is fourth


def test_cached_directory_equals_new_one_after_each_act(desk: Session) -> None:
    """Compare cached and new directory after each act, and in each past edition."""
    directories = Directories()
    acts: list[Callable[[], object]] = [
        lambda: publish_all(
            desk, *a_small_world(), make_outlet(4), make_place(5, parent="province-2")
        ),
        lambda: publish_all(desk, make_event(1)),
        lambda: publish_checks(desk, [check()]),
        lambda: publish_all(desk, make_outlet(5)),
        lambda: publish(desk, (), merged=[Merge("O5", "O4")]),
        lambda: undo_coverage_check(desk, 1),
        lambda: publish_all(desk, make_event(2, citations=[])),
        lambda: withdraw(desk, "P5"),
        lambda: purge(desk, "O4"),
    ]
    for act in acts:
        act()
        for past in range(select_edition(desk).no, 0, -1):
            edition = select_edition(desk, str(past))
            assert says(directories.of(desk, edition)) == says(read_directory(desk, edition)), past


def test_directory_read_before_purge_is_not_cached(database: Settings) -> None:
    directories = Directories()
    with desk_session(database) as desk:
        publish_all(
            desk,
            *a_small_world(),
            make_outlet(4, names=[{"text": "A name to be forgotten", "language": "en"}]),
        )
    with reader_session(database) as before:
        edition = select_edition(before)
        with desk_session(database) as desk:
            purge(desk, "O4")
        directories.forget(1)
        assert "A name to be forgotten" in str(directories.of(before, edition).outlets)
    with reader_session(database) as after:
        assert "A name to be forgotten" not in str(directories.of(after, edition).outlets)


def test_every_fixed_code_of_a_filter_has_the_label_of_its_own_list() -> None:
    directory = Directory.of([])
    wrong = [
        (key.key, code)
        for lists in WITH_LABELS
        for key in lists.terms()
        for code in key.closed
        if isinstance(code, Code) and directory.label(key.vocabulary, code) != code.label
    ]
    assert wrong == []


def test_country_that_is_no_place_has_the_name_of_its_nationals() -> None:
    people = (("kz", "Kazakhstani"), ("ph", "Filipino"))
    directory = Directory.of(
        [make_code(code, "nationality", label=label) for code, label in people]
        + [make_place(1, names=[{"text": "Philippines", "language": "en"}])]
    )
    terms = {("nationality", "kz"), ("exempt", "nationality:kz")}
    for words in ("Kazakhstani", "Kazakhstan", "Kazakh"):
        assert {*directory.named(words)} == terms, words
    assert directory.named("Philippines") == [("place", "place-1")]
