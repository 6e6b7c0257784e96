"""Fuzzes what the desk fetches: pages, their metadata and text, marks in the text, and feeds."""

import logging
from collections.abc import Sequence
from datetime import date
from functools import cache

from hypothesis import strategies as st

from app.desk.captures.metadata import find_proposals, find_text
from app.desk.feeds.feeds import parse_feed
from app.desk.reading.text import LANGUAGES, Proposer, read_article
from app.kinds.locale_names import guess_language
from bench.fuzz.inputs import changed_bytes, changed_texts
from tests.support.article import PAGE
from tests.support.reading_gold import proposers

TABLE = """<html><head><title>Workers leave</title><base href="http://[">
<meta property="article:published_time" content="2024-01-03T10:00:00Z">
<script type="application/ld+json">[{"@type": ["NewsArticle"], "headline": "Workers leave",
"datePublished": "2024-01-03", "inLanguage": {"name": "en"}, "author": {"name": ["A", "B"]},
"isPartOf": {"@type": "Periodical", "name": "Daily"}}]</script></head><body><main>
<h1>Workers leave</h1><p>On 3 January 2024 about 3,000 workers left Dandong, two officials said.
“They must go by the end of March,” one of them told the paper.</p>
<table><tr><th>Year</th><th>Workers</th></tr><tr><td>2019</td><td>12,000</td></tr></table>
<ul><li>Hunchun<li>Tumen</ul><p>Earlier reports spoke of 2,000 to 2,500 people.</p></main></body>"""
RUSSIAN = """<html lang=ru><meta charset=windows-1251><article><h1>Рабочие уезжают</h1><p>В апреле
2019 года из Владивостока выехали около 500 рабочих, сообщил источник в министерстве.</p>"""
CHINESE = """<html lang="zh-CN"><head><title>遣返</title></head><body><article><p>
据报道，2019年12月22日前，丹东约三万名朝鲜工人将被遣返。一名官员说，去年底已有五百多人回国。</p></article></body></html>"""
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>News &amp; more</title>
<link>https://example.org</link><item><title><![CDATA[A <b>title</b>]]></title>
<link>https://example.org/a?utm_source=x</link><pubDate>Fri, 03 Jan 2024 10:00:00 GMT</pubDate>
</item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry>
<title type="html">&lt;i&gt;One&lt;/i&gt;</title><link href="https://example.org/1"/>
<updated>2024-01-03T10:00:00Z</updated></entry></feed>"""
PAGES = (PAGE, TABLE, RUSSIAN, CHINESE)
FEEDS = (RSS, ATOM)
TEXTS = (
    "On 3 January 2024 about 3,000 workers left Dandong, two officials said on Friday.",
    "북한 노동자 약 2천 명이 지난달 단둥을 떠났다고 전했다. 5월 3일까지 귀국하라는 지시였다.",
    "据报道，2019年12月22日前，丹东约三万名朝鲜工人将被遣返。一名官员说。",
    "В апреле 2019 года выехали около 500 рабочих, сообщил источник в министерстве.",
    "昨年末、丹東の北朝鮮労働者約3000人が帰国したと関係者が語った。",
    "“They must go,” Minister Kim said. Between 2,000 and 2,500 (or 40%) had to leave by March.",
)
PIECES = (
    *("<p>", "</p>", "<br>", "<!--", "-->", "<script type='application/ld+json'>", "</script>"),
    *("<meta name=date content='", "'>", "<table><tr><td>", "<![CDATA[", "<svg>", "<template>"),
    *('{"@graph": [', "]}", '"@type": "Person"', "null", "1e999", "&lt;", "&#x0;", "&#xD800;"),
    *("2019-02-30", "约", "명", "人", "%", "or", "between", "half", "million", "тысяч", "万", "천"),
)
ENCODINGS = ("utf-8", "utf-16", "windows-1251", "euc-kr", "gb18030", "shift_jis")

PAGE_BYTES = st.tuples(changed_texts(PAGES, PIECES), st.sampled_from(ENCODINGS)).map(
    lambda drawn: drawn[0].encode(drawn[1], "replace")
)
RAW = [each.encode() for each in PAGES]
INPUTS = st.one_of(
    st.tuples(st.just("page"), PAGE_BYTES),
    st.tuples(st.just("page"), changed_bytes(RAW)),
    st.tuples(st.just("feed"), changed_texts(FEEDS, PIECES).map(str.encode)),
    st.tuples(st.just("feed"), changed_bytes([each.encode() for each in FEEDS])),
    st.tuples(st.just("text"), changed_texts(TEXTS, PIECES).map(str.encode)),
    st.tuples(st.just("text"), changed_texts(TEXTS, TEXTS).map(str.encode)),
)
logging.disable(logging.ERROR)  # trafilatura reports each damaged page


@cache
def _proposers() -> Sequence[Proposer]:
    return proposers()


def check(given: tuple[str, bytes]) -> str:
    kind, content = given
    if kind == "feed":
        feed = parse_feed(content, "https://example.org/feed")
        return "feeds" if feed else "no feeds"
    if kind == "text":
        _check_text(content.decode())
        return "texts"
    for proposal in find_proposals(content):
        assert proposal.value and proposal.value.isprintable(), proposal
    text = find_text(content)
    _check_text(text)
    return "pages with text" if text else "pages without text"


def _check_text(text: str) -> None:
    guessed = guess_language(text, "en")
    language = next((each for each in LANGUAGES if each == guessed), None)
    if language is None:  # the desk says so, and marks nothing
        return
    for published in (date(2024, 1, 8), None):
        reading = read_article(text, language, published, _proposers())
        for sentence, marks in reading:
            assert text[sentence.start : sentence.end] == sentence.text
            for mark in marks:
                assert sentence.start <= mark.start < mark.end <= sentence.end, mark
