"""Words in another language have that language in the page (WCAG 3.1.2)."""

import re

import pytest
from lxml.html import fromstring  # type: ignore[import-untyped]
from starlette.testclient import TestClient

from app.settings import Settings
from app.web.templates import CYRILLIC, HAN, HANGUL, KANA, mark_languages
from tests.make import make_source
from tests.support.event_pages import published_as
from tests.support.page_kinds import PAGES

OTHER_SCRIPT = re.compile(f"[{HANGUL}{KANA}{HAN}{CYRILLIC}]")
ADDRESS = re.compile(r"https?://\S+")
EAST_ASIAN = {"ko": HANGUL + HAN, "ja": KANA + HAN, "zh": HAN}
UNREAD = "self::script or self::style or self::textarea or self::title or self::pre"
"""Scripts, fields, titles of windows, which have no markup, and formats of programs."""
ADDRESSES = [
    *PAGES.values(),
    "/sources?limit=200",
    "/changes?what=source",
    "/changes?what=place",
    "/changes?why=reworded",
    "/changes?id=S4",
    "/changes?since=1&edition=1",
    "/search?q=단둥",
    "/search?q=Владивосток",
    "/search/suggestions?q=단",
    "/cities?size=people",
    "/codebook/concept",
    "/cite?of=/sources/S4?edition=1",
    "/events?q=단둥",
]


def texts(html: str) -> list[tuple[str, str]]:
    """Return the texts that are read aloud, each with the language of the elements around it."""
    found = []
    for text in fromstring(html or "<html></html>").xpath(f"//text()[not(ancestor::*[{UNREAD}])]"):
        around = text.getparent().getparent() if text.is_tail else text.getparent()
        found.append((str(text), around.xpath("string(ancestor-or-self::*[@lang][1]/@lang)")))
    return found


def fits(text: str, language: str) -> bool:
    """Whether the language of a text is written in all of its other scripts."""
    found = "".join(OTHER_SCRIPT.findall(ADDRESS.sub("", text)))
    primary = language.split("-", maxsplit=1)[0]
    scripts = EAST_ASIAN.get(primary, CYRILLIC if primary not in {"en", ""} else "")
    return not found or (bool(scripts) and re.fullmatch(f"[{scripts}]+", found) is not None)


def test_other_scripts_have_their_language(client: TestClient) -> None:
    found = {
        address: texts(client.get(address, follow_redirects=True).text) for address in ADDRESSES
    }
    unmarked = [
        (address, text.strip(), language)
        for address, some in found.items()
        for text, language in some
        if not fits(text, language)
    ]
    assert unmarked == []
    # Words of a concept, and the name of an author, which no letter tells from a Chinese one.
    some = found["/codebook/concept"]
    assert {language for text, language in some if "作業員" in text} == {"ja"}
    some = texts(client.get("/sources/S6").text)
    assert {language for text, language in some if "城内康伸" in text} == {"ja"}


def test_title_of_a_source_has_the_language_of_the_source(database: Settings) -> None:
    """Also a title in Latin letters, which no script gives away."""
    source = make_source(9, language="es", title="Los trabajadores se van")
    with published_as(database, (source,)) as client:
        for address in ("/sources", "/changes?what=source", "/search?q=trabajadores"):
            some = texts(client.get(address).text)
            assert {lang for text, lang in some if "se van" in text} == {"es"}, address


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
