"""Proposals read from a page's metadata."""

from app.desk.captures import fetched
from app.desk.captures.fetch import fetch_page
from app.desk.captures.fetched import HTML_TYPES
from tests.support.hostile_server import HostileServer


def read(
    hostile: HostileServer, html: str | bytes, kind: str = "text/html; charset=utf-8"
) -> dict[str, list[str]]:
    body = html.encode() if isinstance(html, str) else html
    page = fetch_page(hostile.says("/page", body, kind), HTML_TYPES, [hostile.here])
    return fetched.read_details(page)


def test_malformed_page_proposes_no_odd_values(hostile: HostileServer) -> None:
    for html in (
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
    ):
        assert not {"published", "language"} & set(read(hostile, html))


def test_wrong_charset_is_tolerated(hostile: HostileServer) -> None:
    for charset in ("utf-8", "nonsense", "iso-8859-1"):
        kind = f"text/html; charset={charset}"
        found = read(hostile, "<title>도착</title>".encode("euc-kr"), kind)
        assert all(value.isprintable() for values in found.values() for value in values)
