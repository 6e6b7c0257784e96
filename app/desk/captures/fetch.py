"""Fetch one URL given by an editor, without access to private networks (SSRF protection).

The host is resolved once, and the connection uses the checked address: a DNS answer that changes
afterwards has no effect. Each redirect is checked like the first URL.
"""

import functools
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

import httpcore2
import httpx2

from app.desk.captures.fetched import REQUEST_HEADERS, FetchedPage, FetchError, HttpResponse
from app.i18n.translate import N_, _

# Shorter than the lock timeout of the desk's sessions, because the caller may hold a lock.
MAX_FETCH_SECONDS = 10.0
MAX_BODY_BYTES = 10_000_000
MAX_UNPACKED_BODY_BYTES = 20_000_000
MAX_REDIRECTS = 5
MAX_URL_LENGTH = 2_000
PORTS = {"http": 80, "https": 443}
OTHER_PORTS = {8080, 8443}
REDIRECTS = {301, 302, 303, 307, 308}


def fetch_page(
    address: str, types: Collection[str], also_from: Collection[str] = ()
) -> FetchedPage:
    """Fetch a page at a public address. `also_from` lists private `address:port` pairs to allow."""
    limits = _Limits(time.monotonic() + MAX_FETCH_SECONDS)
    hops: list[HttpResponse] = []
    while True:
        hops.append(_request(address, limits, also_from))
        location = _header(hops[-1], "location")
        if hops[-1].status not in REDIRECTS or not location:
            break
        if len(hops) > MAX_REDIRECTS:
            raise FetchError(
                _("The address redirects too often. Enter the final address of the page.")
            )
        try:
            address = urljoin(address, location)
        except ValueError:
            raise FetchError(
                _("The address redirects to one that can’t be read. Check the address.")
            ) from None
    if hops[-1].status != 200:
        raise FetchError(
            _(
                "The site returned the error {status}. Check the address, or try again later."
            ).format(status=hops[-1].status)
        )
    media_type = _header(hops[-1], "content-type").partition(";")[0].strip().lower()
    if media_type not in types:
        raise FetchError(
            _("Files of this type can’t be read here: {kind}.").format(
                kind=media_type[:60] or _("no type given")
            )
        )
    return FetchedPage(datetime.now(UTC), hops, media_type, _decompress(hops[-1]))


def _request(address: str, limits: "_Limits", also_from: Collection[str]) -> HttpResponse:
    """Return the response of one URL, without following redirects."""
    url = _parse_url(address)
    network = _PublicNetwork(limits, also_from)
    try:
        with (
            httpcore2.ConnectionPool(
                ssl_context=_tls(),
                network_backend=network,
                max_connections=1,
                http1=True,
                http2=False,
                retries=0,
            ) as pool,
            pool.stream(
                "GET",
                httpcore2.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=REQUEST_HEADERS,
            ) as response,
        ):
            body = bytearray()
            if response.status not in REDIRECTS:
                for part in response.iter_stream():
                    body += part
            headers = [
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in response.headers
            ]
            reason = response.extensions.get("reason_phrase", b"").decode("latin-1")
            return HttpResponse(str(url), response.status, reason, headers, bytes(body))
    except httpcore2.TimeoutException:
        raise FetchError(
            _("The site took longer than {seconds} seconds. Try again later.").format(
                seconds=int(MAX_FETCH_SECONDS)
            )
        ) from None
    except httpcore2.NetworkError:
        raise FetchError(
            _(
                "The site can’t be reached, or its certificate is invalid. Check the "
                "address, or try again later."
            )
        ) from None
    except httpcore2.ProtocolError:
        raise FetchError(_("The site’s answer can’t be read. Enter the details by hand.")) from None


def _parse_url(address: str) -> httpx2.URL:
    """Return the parsed URL. Raises FetchError if its form alone forbids the request."""
    if len(address) > MAX_URL_LENGTH:
        raise FetchError(_("The address is too long. Enter a shorter one."))
    try:
        # Encodes spaces and non-ASCII characters of the path, and drops the fragment.
        url = httpx2.URL(address.strip()).copy_with(fragment=None)
        host = url.host  # read here, because it decodes names such as `xn--…`, which may be wrong
    except (httpx2.InvalidURL, ValueError):
        raise FetchError(
            _("This is not a web address. It must begin with http:// or https://.")
        ) from None
    if url.scheme not in PORTS or not host:
        raise FetchError(_("Enter an address that begins with http:// or https://."))
    if url.userinfo:
        raise FetchError(_("Remove the user name or password from the address."))
    return url


@functools.cache
def _tls() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


# Network ----------------------------------------------------------------------------------------


@dataclass
class _Limits:
    """Deadline and byte limit of a fetch, redirects included."""

    until: float
    bytes: int = 0

    def left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout
        return left

    def count(self, size: int) -> None:
        self.bytes += size
        if self.bytes > MAX_BODY_BYTES:
            raise FetchError(
                _("The page is larger than {size} MB, the limit.").format(
                    size=MAX_BODY_BYTES // 1_000_000
                )
            )


class _PublicNetwork(httpcore2.NetworkBackend):
    """Connects to public addresses only."""

    def __init__(self, limits: _Limits, also_from: Collection[str]) -> None:
        self.limits, self.also_from = limits, also_from
        self.plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the limits cover the whole fetch
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        addresses = _resolve(host, port, self.limits.left())
        for address in addresses:
            if f"{address}:{port}" in self.also_from:
                continue
            if not is_public(address):
                raise FetchError(
                    _("The address is in a private network. Only public pages can be read.")
                )
            if port not in {*PORTS.values(), *OTHER_PORTS}:
                raise FetchError(
                    _("The port in the address is not allowed. Use an address without a port.")
                )
        for address in addresses:
            try:
                plain = self.plain.connect_tcp(
                    address, port, self.limits.left(), local_address, socket_options
                )
            except httpcore2.ConnectError:
                continue
            return _Stream(plain, self.limits)
        raise httpcore2.ConnectError


class _Stream(httpcore2.NetworkStream):
    """A connection that fails once the time or byte limit is reached."""

    def __init__(self, plain: httpcore2.NetworkStream, limits: _Limits) -> None:
        self.plain, self.limits = plain, limits

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        part = self.plain.read(max_bytes, self.limits.left())
        self.limits.count(len(part))
        return part

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self.plain.write(buffer, self.limits.left())

    def close(self) -> None:
        self.plain.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        return _Stream(
            self.plain.start_tls(ssl_context, server_hostname, self.limits.left()), self.limits
        )

    def get_extra_info(self, info: str) -> object:
        return self.plain.get_extra_info(info)


def _resolve(host: str, port: int, seconds: float) -> list[str]:
    """Return the IP addresses of a host, resolved once. Accepts numeric hosts in any notation."""
    found: list[str] = []

    def resolve() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(dict.fromkeys(str(sockaddr[0]) for *_rest, sockaddr in answers))

    # getaddrinfo has no timeout.
    thread = threading.Thread(target=resolve, daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        raise FetchError(_("There is no site with that name. Check the address."))
    return list(found)


# Response ---------------------------------------------------------------------------------------

ZLIB_WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 47}
TOO_LARGE = N_("Uncompressed, the page is larger than {size} MB, the limit.")


def _decompress(hop: HttpResponse) -> bytes:
    coding = _header(hop, "content-encoding").strip().lower()
    if coding in {"", "identity"}:
        return hop.body
    if coding not in ZLIB_WINDOW_BITS:
        raise FetchError(_("The site sent an unsupported compression. Enter the details by hand."))
    decompressor = zlib.decompressobj(wbits=ZLIB_WINDOW_BITS[coding])
    try:
        content = decompressor.decompress(hop.body, MAX_UNPACKED_BODY_BYTES + 1)
    except zlib.error:
        raise FetchError(_("The compressed page is damaged. Try again later.")) from None
    if len(content) > MAX_UNPACKED_BODY_BYTES:
        raise FetchError(_(TOO_LARGE).format(size=MAX_UNPACKED_BODY_BYTES // 1_000_000))
    return content


def _header(hop: HttpResponse, name: str) -> str:
    return next((value for key, value in hop.headers if key.lower() == name), "")


# Addresses --------------------------------------------------------------------------------------

REFUSED_NETWORKS = [
    ipaddress.ip_network(each)
    for each in (
        # Special-purpose in IANA's registries, but global in some supported Python versions.
        *("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20"),
        # Metadata and control services at public addresses: Azure, Equinix, IBM.
        *("168.63.129.16/32", "192.80.8.124/32", "161.26.0.0/16"),
    )
]
"""Networks to refuse although `is_global` accepts them. Other clouds' metadata services have
link-local, unique local or shared addresses, which `is_global` rejects.
"""

UNICAST = ipaddress.IPv6Network("2000::/3")
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Return whether an address, and any IPv4 address embedded in it, is public unicast."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return is_public(str(found.ipv4_mapped))
        if found in NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
        # Also refuses 6to4 and Teredo, which embed IPv4 addresses but host no sites.
        if found not in UNICAST:
            return False
    return (
        found.is_global
        and not found.is_multicast
        and not any(found in network for network in REFUSED_NETWORKS)
    )
