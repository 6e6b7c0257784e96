"""Sentences of five languages."""

import pytest

from app.desk.reading.marks import Language
from app.desk.reading.sentences import split_sentences


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["Mr. Kim of the U.S. group left.", "No. 5 stayed on Jan. 3.", "Why?"]),
        ("en", ['"They left," he said.', "Pay was 1.5 million won."]),
        ("ko", ["한 소식통은 “떠났다. 모두 갔다”고 말했다.", "3.5%가 남았다."]),
        ("zh", ["他说:“走了。”", "工人留下!", "为什么?"]),
        ("ja", ["男性は「帰った。もういない。」と話した。", "工場は静かだ。"]),
        ("ru", ["В 2019 г. уехали 2,5 тыс. человек.", "Остальные ждут."]),
    ],
)
def test_text_is_split_at_the_end_of_sentences(language: Language, sentences: list[str]) -> None:
    text = ("" if language in {"zh", "ja"} else " ").join(sentences)
    assert [each.text for each in split_sentences(text, language, None)] == sentences


def test_lines_are_sentences_and_positions_are_kept() -> None:
    text = "A headline\n\nThe text."
    found = [*split_sentences(text, "en", None)]
    assert [text[each.start : each.end] for each in found] == ["A headline", "The text."]
