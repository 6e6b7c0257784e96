"""Text with links, with the words of a search marked, or in paragraphs."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from app.kinds.pages import LINK
from app.record.search import CJK
from app.record.words.stems import STOP_WORDS, stem
from app.site.components.urls import record_address


def insert(message: str, **values: object) -> Markup:
    """Insert values into a translated message; `{start}` and `{end}` enclose what is strong."""
    return escape(message).format(start=Markup("<b>"), end=Markup("</b>"), **values)


def strong(text: str) -> Markup:
    return Markup("<b>{}</b>").format(text)


def link(label: str, address: str, *, is_followed: bool = True) -> Markup:
    """Return a link. Crawlers need not follow one to a filtered list."""
    rel = "" if is_followed else Markup(' rel="nofollow"')
    return Markup('<a href="{}"{}>{}</a>').format(address, rel, label)


MAX_WORDS = 20
WORD_PATTERN = re.compile(rf"[^\W_{CJK}]+")
CJK_RUN_PATTERN = re.compile(f"[{CJK}]+")


def highlight(text: str, words: Sequence[str]) -> Markup:
    """Mark words with the same stem, phrases, and sequences of Chinese, Japanese or Korean letters.

    Compares words as the search does: normalised (NFKC), case-folded and stemmed.
    """
    if not words:
        return escape(text)
    tokens = [
        (match.start(), match.end(), stem(_folded(match.group())))
        for match in WORD_PATTERN.finditer(text)
    ]
    hits = sorted(hit for word in words[:MAX_WORDS] for hit in _hits(text, tokens, word))
    pieces: list[str] = []
    done = 0
    for start, end in hits:
        first = max(start, done)
        if end <= done:
            continue
        if first > done:
            pieces.append(text[done:first])
        pieces.append(Markup("<mark>{}</mark>").format(text[first:end]))
        done = end
    if done < len(text):
        pieces.append(text[done:])
    return Markup().join(pieces)


def has_marks(text: str, words: Sequence[str]) -> bool:
    return "<mark>" in highlight(text, words)


def _hits(
    text: str, tokens: Sequence[tuple[int, int, str]], wanted: str
) -> Iterator[tuple[int, int]]:
    """Yield start and end of matches: whole words and phrases, and CJK runs anywhere."""
    for run in CJK_RUN_PATTERN.findall(wanted):
        yield from (match.span() for match in re.finditer(run, text))
    words = [_folded(word) for word in WORD_PATTERN.findall(wanted)]
    if not words or (len(words) == 1 and words[0] in STOP_WORDS):
        return
    stems = [stem(word) for word in words]
    for index in range(len(tokens) - len(stems) + 1):
        phrase = tokens[index : index + len(stems)]
        if [stem for _, _, stem in phrase] == stems:
            yield phrase[0][0], phrase[-1][1]


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()


def paragraphs(text: str) -> list[Markup]:
    """Return the paragraphs of a text, which blank lines separate. Links are `[words](E5)`."""
    return [_with_links(each) for each in re.split(r"\n\s*\n", text) if each.strip()]


def plain_words(text: str) -> str:
    """Return a text without its links, on one line, such as for the description of a page."""
    return " ".join(LINK.sub(r"\1", text).split())


def _with_links(paragraph: str) -> Markup:
    return Markup(  # noqa: S704 - escaped before
        LINK.sub(lambda found: link(Markup(found[1]), record_address(found[2])), escape(paragraph))  # noqa: S704
    )
