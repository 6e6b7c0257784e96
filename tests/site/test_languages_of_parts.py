"""Words in another language have that language in the page (WCAG 3.1.2)."""

import re
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from app.web.script_runs import CYRILLIC, HAN, HANGUL, KANA, mark_languages
from tests.support.page_kinds import PAGES

OTHER_SCRIPT = re.compile(f"[{HANGUL}{KANA}{HAN}{CYRILLIC}]")
ADDRESS = re.compile(r"https?://\S+")
EAST_ASIAN = {"ko": HANGUL + HAN, "ja": KANA + HAN, "zh": HAN}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNREAD = {"script", "style", "textarea", "title", "pre"}
"""Scripts, fields, titles of windows, which have no markup, and formats of programs."""
ADDRESSES = {
    **PAGES,
    "all sources": "/sources?limit=200",
    "source in Spanish": "/sources?lang=es",
    "sources in Russian": "/sources?lang=ru",
    "changes of sources": "/changes?what=source",
    "changes of places": "/changes?what=place",
    "edited records": "/changes?why=reworded",
    "changes of a source": "/changes?id=S4",
    "first edition": "/changes?since=1&edition=1",
    "search in Korean": "/search?q=단둥",
    "search in Russian": "/search?q=Владивосток",
    "suggestions": "/search/suggestions?q=단",
    "cities of the world": "/cities?size=people",
    "concepts": "/codebook/concept",
    "citing a source": "/cite?of=/sources/S4?edition=1",
    "removed word": "/events?q=단둥",
}


class TextsWithLanguage(HTMLParser):
    """Collects each text of a page with the language of the elements around it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.open: list[tuple[str, str]] = []
        """Open elements, each with its language."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        around = self.open[-1][1] if self.open else ""
        if tag not in VOID:
            self.open.append((tag, dict(attrs).get("lang") or around))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:  # Some end tags may be left out.
            pass

    def handle_data(self, data: str) -> None:
        if self.open and not UNREAD & {tag for tag, _lang in self.open}:
            self.found.append((data, self.open[-1][1]))


def texts(page: str) -> list[tuple[str, str]]:
    parser = TextsWithLanguage()
    parser.feed(page)
    return parser.found


def fits(text: str, language: str) -> bool:
    """Whether the language of a text is written in all of its other scripts."""
    found = "".join(OTHER_SCRIPT.findall(ADDRESS.sub("", text)))
    primary = language.split("-", maxsplit=1)[0]
    scripts = EAST_ASIAN.get(primary, CYRILLIC if primary not in {"en", ""} else "")
    return not found or (bool(scripts) and re.fullmatch(f"[{scripts}]+", found) is not None)


@pytest.mark.parametrize("name", ADDRESSES)
def test_other_scripts_have_their_language(client: TestClient, name: str) -> None:
    page = client.get(ADDRESSES[name], follow_redirects=True).text
    unmarked = [(text.strip(), lang) for text, lang in texts(page) if not fits(text, lang)]
    assert unmarked == []


def test_titles_of_sources_have_the_language_of_the_source(client: TestClient) -> None:
    """Also titles in Latin letters, which no script gives away."""
    sources = client.get("/sources.json?limit=500").json()["items"]
    foreign = {
        each["title"]: each["language"]
        for each in sources
        if each.get("language", "en") != "en" and each["title_is"] != "own-words"
    }
    assert {"es", "ko"} <= set(foreign.values())
    seen = set()
    for address in ("/sources?limit=200", "/changes?what=source", "/search?q=trabajadores"):
        for text, language in texts(client.get(address).text):
            if text.strip() in foreign:
                seen.add(text.strip())
                assert language == foreign[text.strip()], (address, text)
    assert seen


@pytest.mark.parametrize(
    "address", ["/sources/S6", "/cite?of=/sources/S6?edition=1", "/cite?of=/events/E5?edition=1"]
)
def test_author_has_the_language_of_the_source(client: TestClient, address: str) -> None:
    """A Japanese name has no letter that tells it from a Chinese one."""
    languages = {lang for text, lang in texts(client.get(address).text) if "城内康伸" in text}
    assert languages == {"ja"}


def test_words_of_a_concept_have_their_language(client: TestClient) -> None:
    [language] = {
        lang for text, lang in texts(client.get("/codebook/concept").text) if "作業員" in text
    }
    assert language == "ja"


@pytest.mark.parametrize(
    ("text", "expected", "marked"),
    [
        ("Dandong (단둥)", "", 'Dandong (<span lang="ko">단둥</span>)'),
        ("城内康伸", "ja", '<span lang="ja">城内康伸</span>'),
        ("丹东 & ひ", "", '<span lang="zh">丹东</span> &amp; <span lang="ja">ひ</span>'),
        ("Дальний Восток, 2019", "", '<span lang="ru">Дальний Восток</span>, 2019'),
        ("Київ", "uk", '<span lang="uk">Київ</span>'),
        ("<b>", "", "&lt;b&gt;"),
    ],
)
def test_runs_of_other_scripts_are_marked(text: str, expected: str, marked: str) -> None:
    assert str(mark_languages(text, expected)) == marked
