"""A local web server that sends exactly the bytes that a test sets, also malformed ones."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

Answer = bytes | Callable[[socket.socket], None]


@dataclass
class HostileServer:
    """Responses by path, and all requests received."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """Complete requests, in order of arrival."""

    @property
    def here(self) -> str:
        """Value of `fetch_also_from` that allows this server."""
        return f"127.0.0.1:{self.port}"

    def at(self, path: str) -> str:
        return f"http://{self.here}{path}"

    def says(
        self,
        path: str,
        body: bytes,
        kind: str = "text/html; charset=utf-8",
        status: str = "200 OK",
        **more: str,
    ) -> str:
        """Set a well-formed response for a path and return its URL."""
        headers = {"Content-Type": kind, "Content-Length": str(len(body))}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items())]
        self.answers[path] = "\r\n".join([*lines, "", ""]).encode("latin-1") + body
        return self.at(path)

    def leads(self, path: str, to: str) -> str:
        return self.says(path, b"", status="302 Found", Location=to)


@contextlib.contextmanager
def hostile_server(tls: ssl.SSLContext | None = None) -> Iterator[HostileServer]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = HostileServer(listener.getsockname()[1])

        def serve() -> None:
            with contextlib.suppress(OSError):  # the test has ended
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=answer, args=(connection,), daemon=True).start()

        def answer(plain: socket.socket) -> None:
            with (
                contextlib.suppress(OSError),  # the client closed the connection
                tls.wrap_socket(plain, server_side=True) if tls else plain as connection,
            ):
                asked = b""
                while b"\r\n\r\n" not in asked and (part := connection.recv(65536)):
                    asked += part
                server.asked.append(asked.decode("latin-1"))
                said = server.answers.get(
                    server.asked[-1].split(" ")[1], b"HTTP/1.1 404 Not Found\r\n\r\n"
                )
                if callable(said):
                    said(connection)
                else:
                    connection.sendall(said)

        threading.Thread(target=serve, daemon=True).start()
        yield server


def self_signed(name: str) -> tuple[bytes, bytes]:
    """Return a certificate for a host that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return certificate.public_bytes(Encoding.PEM), key.private_bytes(*plain)
