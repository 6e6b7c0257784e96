"""A small mail server."""

import socketserver


class MailServer(socketserver.ThreadingTCPServer):
    """Minimal SMTP server without encryption that stores received mails."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("0.0.0.0", 0), Conversation)  # noqa: S104 - reached as 127.0.0.1 and as 127.0.0.2
        self.received: list[str] = []
        self.refused = ""
        """A recipient whose mails are refused."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, MailServer)
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            match line.upper().split():
                case ["DATA", *_]:
                    self._say("354 go on")
                    self.server.received.append(
                        "".join(iter(lambda: self.rfile.readline().decode(), ".\r\n"))
                    )
                    self._say("250 taken")
                case ["STARTTLS", *_]:
                    self._say("502 not here")
                case ["RCPT", *_] if self.server.refused and self.server.refused in line:
                    self._say("550 no such person")
                case ["QUIT", *_]:
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 yes")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())
