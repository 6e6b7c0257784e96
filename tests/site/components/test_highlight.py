"""Highlighting of searched words: matches by stem, phrase and script, and escaping."""

import re
from html import unescape

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.record.words.stems import STOP_WORDS
from app.site.components.text import highlight


def hits(text: str, *words: str) -> list[str]:
    return [
        unescape(piece) for piece in re.findall("<mark>(.*?)</mark>", highlight(text, words), re.S)
    ]


@pytest.mark.parametrize(
    ("word", "found", "not_found"),
    [
        ("worker", "worker workers Workers WORKERS worker’s", "work works coworker"),
        ("visa", "visa visas Visa", "visage advisable"),
        ("stay", "stay stays stayed staying", "stark"),
        ("leave", "leave leaves leaving", "leaf left"),
        ("studying", "study studies studied studying", "student"),
        ("use", "use uses used using", "us user"),
        ("2397", "2397", "23970 12397"),
        ("café", "café CAFÉ", "cafe"),
        ("виза", "виза ВИЗА визами", "девиз"),
    ],
)
def test_word_marks_its_plural_and_verb_forms_only(word: str, found: str, not_found: str) -> None:
    assert hits(found, word) == [re.sub(r"’s$", "", form) for form in found.split()]
    assert hits(not_found, word) == []


def test_phrase_is_marked_as_a_whole() -> None:
    assert hits("Radio Free Asia, not Radio Asia, said so", "radio free asia") == [
        "Radio Free Asia"
    ]
    assert hits("a one-month visa", "one month") == ["one-month"]
    assert hits("visas for students", "visa for student") == ["visas for students"]


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("丹东和珲春", "丹东", ["丹东"]),
        ("ロシアのビザ", "ビザ", ["ビザ"]),
        ("단둥 visa", "단둥visa", ["단둥", "visa"]),
    ],
)
def test_cjk_text_is_marked_inside_longer_words(text: str, word: str, found: list[str]) -> None:
    assert hits(text, word) == found


def test_variants_of_a_letter_match_and_keep_their_form() -> None:
    assert hits("Ｖｉｓａ and ﬁrms", "visa", "firm") == ["Ｖｉｓａ", "ﬁrms"]


def test_stop_words_are_not_marked() -> None:
    assert hits("The order of the day", "the", "of", "order") == ["order"]


def test_overlapping_matches_become_separate_marks() -> None:
    assert hits("丹东市", "丹东", "东市") == ["丹东", "市"]


def test_html_escapes_text_but_not_marks() -> None:
    assert highlight("<b>A visa</b> & more", ["visa"]) == (
        "&lt;b&gt;A <mark>visa</mark>&lt;/b&gt; &amp; more"
    )
    assert highlight("<script>", ["script"]) == "&lt;<mark>script</mark>&gt;"


anything = st.text(max_size=60) | st.text("ab s'’<&ﬁ단\u1103\u1161丹东ﾋﾞé\u0301İß", max_size=40)


@given(anything, st.lists(anything, max_size=4))
def test_marked_text_equals_original_for_any_words(text: str, words: list[str]) -> None:
    found = highlight(text, words)
    assert unescape(re.sub("</?mark>", "", found)) == text
    assert "<mark></mark>" not in found


@given(anything.filter(lambda text: re.search(r"[^\W_]{4,}", text)))
def test_any_searched_word_is_marked(text: str) -> None:
    word = re.findall(r"[^\W_]{4,}", text)[0]
    # Stop words such as "them" are never searched for.
    assume(word.casefold() not in STOP_WORDS)
    assert hits(f"– {word} –", word)
