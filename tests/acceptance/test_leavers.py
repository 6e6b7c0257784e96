"""Readers who leave while a file is sent, and what the others get afterwards."""

import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import wait_until
from tests.support.processes import free_port, running_command
from tests.support.routes import public_addresses
from tests.support.serving import answers

CODES = {
    "place-1": "dandong",
    "country-3": "china",
    "outlet-1": "daily-nk",
    "actor-1": "government-of-united-arab-emirates",
    "law-1": "un-sanctions",
    "page-1": "subject",
}
"""Records of the seeds for those of the small world that `public_addresses` names."""
ENCODINGS = ("identity", "gzip", "br", "zstd")
CHANGING = {"x-request-id", "date", "server"}
TIME_OF_GZIP = 8
"""Bytes of a compressed body up to its time of compression, which is another each time."""
Answer = tuple[int, dict[str, str], bytes]


def request(port: int, address: str, encoding: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.sendall(
        f"GET {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Accept-Encoding: {encoding}\r\n\r\n".encode()
    )
    return connection


def leave(port: int, address: str, encoding: str, most: int) -> None:
    """Ask for an address, read up to so many bytes, and go."""
    with request(port, address, encoding) as connection:
        while most > 0 and (read := connection.recv(min(most, 4_096))):
            most -= len(read)


def whole(port: int, address: str, encoding: str) -> Answer:
    """Status, headers and body of an answer as it came, each part of a chunked one included."""
    with request(port, address, encoding) as connection, connection.makefile("rb") as read:
        head, _, body = read.read().partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    kept = {name: value for name, value in headers.items() if name not in CHANGING}
    if "transfer-encoding" in kept:
        body = unchunked(body)
    if "content-encoding" in kept and kept["content-encoding"] == "gzip":
        body = body[TIME_OF_GZIP:]
    return int(first.split()[1]), kept, body


def unchunked(body: bytes) -> bytes:
    parts = []
    while body:
        size, _, body = body.partition(b"\r\n")
        parts.append(body[: int(size, 16)])
        body = body[int(size, 16) + 2 :]
    assert parts[-1] == b"", "the answer must end with an empty part"
    return b"".join(parts)


@contextmanager
def site(folder: Path) -> Iterator[int]:
    port = free_port()
    settings = {"SOJOURN_DATA_DIR": str(folder), "PORT": str(port)}
    with running_command(["sojourn", "serve"], settings):
        wait_until(lambda: answers(port), "the site")
        yield port


def addresses() -> Iterator[str]:
    """Yield an address of the seeds for every public route."""
    for address in public_addresses(1).values():
        code = next((code for code in CODES if code in address), "")
        yield address.replace(code, CODES[code]) if code else address


def test_readers_who_leave_cut_nothing_for_the_others(filled: Path) -> None:
    chance = random.Random(29)
    pairs = [(address, encoding) for address in addresses() for encoding in ENCODINGS]
    seen: list[dict[tuple[str, str], Answer]] = []
    for _restart in range(2):
        with site(filled) as port:
            for _again in range(2):
                chance.shuffle(pairs)
                for address, encoding in pairs:
                    leave(port, address, encoding, int(10 ** chance.uniform(0, 5.5)))
            seen.append({pair: whole(port, *pair) for pair in sorted(pairs)})
    with site(filled) as port:
        fresh = {pair: whole(port, *pair) for pair in sorted(pairs)}
    tagged = {pair: answer for pair, answer in fresh.items() if "etag" in answer[1]}
    assert len(tagged) > len(pairs) / 2
    for answers_after in seen:
        for pair, answer in tagged.items():
            assert answers_after[pair] == answer, pair
