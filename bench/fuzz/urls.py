"""Fuzzes addresses: of sources, of pages to fetch, of redirects, of hosts, and of this site."""

import ipaddress
import re
from datetime import UTC, datetime
from urllib.parse import urljoin

from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.desk.captures.captures import as_warc
from app.desk.captures.fetch import _parse_url
from app.desk.captures.fetched import FetchedPage, FetchError, HttpResponse
from app.desk.drafts.source_page import day_of_address
from app.desk.identity.sign_in_sessions import safe_next
from app.desk.intake.public_addresses import is_public
from app.desk.leads.leads import extract_links
from app.filter_values import WebAddress
from app.kinds.base import Entry, Url
from app.record.reads.source_urls import _spellings, normalised_url
from app.site.presenters.source import host_of
from app.web.security import is_same_origin
from app.web.urls import parse_host
from bench.fuzz.inputs import changed_texts

ADDRESSES = (
    *("https://example.org/a/b?c=d&utm_source=e#f", "http://www.example.org:80/2024/05/17/x.html"),
    *("https://пример.рф/путь", "https://xn--e1afmkfd.xn--p1ai", "http://[2001:db8::1]:8080/x"),
    *("http://127.0.0.1/", "http://0x7f.1/", "http://2130706433/", "https://user:pass@example.org"),
    *("//example.org/x", "/desk/drafts/3?x=1", "/desk", "javascript:alert(1)", "data:text/html,x"),
    *(
        "https://例え.テスト/パス",
        "http://localhost:8000",
        "ftp://example.org",
        "https://example.org/%",
    ),
)
NUMERIC = (
    *(
        "127.0.0.1",
        "10.0.0.1",
        "::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "fe80::1",
    ),
    *(
        "169.254.169.254",
        "100.64.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "2001:4860:4860::8888",
        "8.8.8.8",
    ),
)
PIECES = (
    *(
        "http://",
        "https://",
        "//",
        "\\",
        "@",
        ":",
        "[",
        "]",
        "%5b",
        "..",
        "/../",
        "?",
        "#",
        "℀",
        "K",
    ),
    *(
        "example.org",
        "127.0.0.1",
        ":99999",
        ":-1",
        "%00",
        "xn--",
        "。",
        "\u2100",
        "/desk",
        " ",
        "\t",
    ),
)
URL = TypeAdapter(Url)
WEB_ADDRESS = WebAddress("url", "", "")
ENTRY = Entry(lambda: (_ for _ in ()).throw(AssertionError("an address has no day")))
ADDRESS = changed_texts(ADDRESSES, PIECES)
INPUTS = st.tuples(
    ADDRESS,
    ADDRESS,
    st.one_of(st.ip_addresses().map(str), st.sampled_from(NUMERIC), changed_texts(NUMERIC, most=1)),
)


def check(given: tuple[str, str, str]) -> str:
    address, other, number = given
    _check_numeric(number)
    extract_links(f"{other} A title {address}\n({address})")
    target = safe_next(address)
    assert target == "/desk" or target.startswith(("/desk/", "/desk?", "/desk#")), target
    is_same_origin(address, "https", other)
    host = parse_host(address)
    assert host is None or host.name.isascii()
    _check_fetched(address, other)
    day_of_address(address)  # while it is typed
    normalised_url(address)
    host_of(address)
    try:
        found = URL.validate_python(address, context=ENTRY)
    except ValidationError:
        return "refused"
    _check_address(found)
    try:
        URL.validate_python(found)
    except ValidationError as error:
        raise AssertionError("an accepted address is not accepted again") from error
    return "accepted"


def _check_address(address: str) -> None:
    """Try all that is done with the address of a source."""
    if address:
        normalised = normalised_url(address)
        assert normalised, f"{address!r} is accepted, and has no normal form"
        list(_spellings(address))
        day_of_address(address)
        host_of(address)


def _check_fetched(address: str, location: str) -> None:
    """Parse an address to fetch, and where its answer leads."""
    try:
        parsed = str(_parse_url(address))
    except FetchError as error:
        assert str(error).isprintable()
        return
    assert parsed.startswith(("http://", "https://"))
    assert "@" not in re.split("[/?#]", parsed)[2]
    hop = HttpResponse(parsed, 200, "OK", [("Content-Type", "text/html")], b"x")
    assert as_warc(FetchedPage(datetime.now(UTC), [hop], "text/html", b"x"))
    day_of_address(address)
    try:
        following = urljoin(address, location)
    except ValueError:
        return
    try:
        _parse_url(following)
    except FetchError:
        return


def _check_numeric(text: str) -> None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return
    if is_public(text):
        assert address.is_global, text
        assert not (address.is_private or address.is_loopback or address.is_link_local), text
