"""Strategies that the fuzzers share: texts and bytes that are valid but for a few changes."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

MAX_CHANGES = 6
STRANGE = (
    *("\0", "\n", "\r\n", "\t", "\u00a0", "\u200b", "\u202e", "\ufeff", "\u0301", "\U0001f600"),
    *("'", '"', "\\", "%", "%00", "%2f", "{}", "{{", "<", "&", "&#0;", "]]>", "=", ";", ",", "|"),
    *("-", "/", "..", "[", "]", "(", ")", "?", "~", "#", ":", "@", "٣", "²", "½", "①", "Ⅻ", "〇"),
    *("0", "-1", "1e999", "NaN", "99999999999999999999", "0001-01-01", "9999-12-31", "ﬀ", "İ"),
)
"""Pieces that programs have stumbled over."""


@st.composite
def changed_texts(
    draw: st.DrawFn, samples: Sequence[str], pieces: Sequence[str] = (), most: int = MAX_CHANGES
) -> str:
    """Draw a sample with up to `most` changes: pieces and other characters put in or taken out."""
    text = draw(st.sampled_from(samples))
    inserted = st.one_of(
        st.sampled_from([*STRANGE, *pieces]), st.characters(exclude_categories=["Cs"])
    )
    for _change in range(draw(st.integers(0, most))):
        first = draw(st.integers(0, len(text)))
        last = min(len(text), first + draw(st.integers(0, 12)))
        change = draw(st.sampled_from(["insert", "replace", "delete", "repeat", "join"]))
        match change:
            case "insert":
                text = text[:first] + draw(inserted) + text[first:]
            case "replace":
                text = text[:first] + draw(inserted) + text[last:]
            case "delete":
                text = text[:first] + text[last:]
            case "repeat":
                text = text[:first] + text[first:last] * draw(st.integers(2, 5)) + text[last:]
            case _:
                other = draw(st.sampled_from(samples))
                text = text[:first] + other[draw(st.integers(0, len(other))) :]
    return text


@st.composite
def changed_bytes(draw: st.DrawFn, samples: Sequence[bytes], most: int = MAX_CHANGES) -> bytes:
    """Draw a sample with up to `most` changed, missing, repeated or new bytes."""
    content = bytearray(draw(st.sampled_from(samples)))
    for _change in range(draw(st.integers(0, most))):
        first = draw(st.integers(0, len(content)))
        last = min(len(content), first + draw(st.integers(0, 64)))
        match draw(st.sampled_from(["set", "insert", "delete", "repeat", "cut"])):
            case "set":
                content[first : first + 1] = draw(st.binary(min_size=1, max_size=4))
            case "insert":
                content[first:first] = draw(st.binary(max_size=16))
            case "delete":
                del content[first:last]
            case "repeat":
                content[first:first] = content[first:last]
            case _:
                del content[first:]
    return bytes(content)


def weighted(*strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw from any of the strategies; name one twice to draw from it more often."""
    return st.one_of(*strategies)
