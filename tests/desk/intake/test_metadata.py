"""Proposals read from a page's metadata."""

from typing import Any

import pytest

from app.desk.captures import metadata as reading
from app.desk.captures.fetch import fetch_page
from app.desk.captures.fetched import HTML_TYPES
from tests.support.article import PAGE
from tests.support.hostile_server import HostileServer


def read(
    hostile: HostileServer, html: str | bytes, kind: str = "text/html; charset=utf-8"
) -> dict[str, dict[str, Any]]:
    """Return the proposals by field and value, with the positions of each value."""
    body = html.encode() if isinstance(html, str) else html
    found: dict[str, dict[str, Any]] = {}
    for each in reading.read_proposals(
        fetch_page(hostile.says("/page", body, kind), HTML_TYPES, [hostile.here])
    ):
        found.setdefault(each.path, {})[each.value] = [
            " ".join(place).strip() for place in each.where
        ]
    return found


def test_each_proposal_names_its_positions(hostile: HostileServer) -> None:
    found = read(hostile, PAGE)
    assert found["title"] == {
        "귀국 지시": ["json-ld headline", "meta og:title", "text trafilatura"],
        "귀국 지시 | 데일리": ["tag title"],
    }
    assert found["outlet"] == {"Outlet-2": ["json-ld publisher", "meta og:site_name"]}
    assert found["author"]["Kim Seul"][:2] == ["json-ld author", "meta author"]
    assert found["language"] == {"ko": ["tag html lang", "letters"]}
    assert found["published"] == {
        "2019-06-20": ["json-ld datePublished", "meta article:published_time", "text trafilatura"]
    }, "the date must be the printed one, whatever its time zone"


def test_contradicting_values_are_all_proposed(hostile: HostileServer) -> None:
    html = PAGE.replace('"datePublished": "2019-06-20"', '"datePublished": "2019-06-21"').replace(
        "ko-KR", "en"
    )
    found = read(hostile, html)
    assert list(found["published"]) == ["2019-06-21", "2019-06-20"]
    assert found["language"] == {"en": ["tag html lang"], "ko": ["letters"]}


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>",
        "\0\0\0",
        "<title></title><meta name=author><time>",
        (
            '<script type="application/ld+json">{"@type": "Article", '
            '"headline": ["a", 1, null, {"name": 5}]</script>x'
        ),
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>x",
        (
            '<script type="application/ld+json">[1, "a", null, '
            '{"@graph": {"@type": "Article"}}]</script>x'
        ),
        "<html lang='"
        + "x" * 5_000
        + "'><meta name=date content='9999-99-99'><meta name=date content='3019-01-01'>x",
        "<div>" * 3_000 + "deep",
    ],
    ids=range(9),
)
def test_malformed_page_proposes_no_odd_values(hostile: HostileServer, html: str) -> None:
    found = read(hostile, html)
    assert not {"published", "language"} & set(found)


@pytest.mark.parametrize("charset", ["utf-8", "nonsense", "iso-8859-1"])
def test_wrong_charset_is_tolerated(hostile: HostileServer, charset: str) -> None:
    found = read(hostile, "<title>도착</title>".encode("euc-kr"), f"text/html; charset={charset}")
    assert all(value.isprintable() for values in found.values() for value in values)
