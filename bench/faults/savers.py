"""Savers: signed-in editors who save their draft again and again, and note each answer."""

import contextlib
import threading
from dataclasses import dataclass, field

import httpx2
import pyotp

from tests.support.draft_pages import fields

PAUSE_SECONDS = 0.25
TIMEOUT_SECONDS = 15
PASSWORD = "four words and a horse"
ACKNOWLEDGED = {200, 204, 303}


@dataclass
class Saver:
    """One editor in a thread. `acknowledged` has the titles whose save was answered as done."""

    port: int
    email: str
    secret: str
    is_over: threading.Event
    name: str
    acknowledged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Answers other than done, "unavailable" or "sign in again": there should be none."""
    draft: str = ""
    number: int = 0

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self._work, name=self.name)
        thread.start()
        return thread

    def _work(self) -> None:
        while not self.is_over.is_set():
            # No answer, or half of one: nothing is acknowledged, and the editor tries again.
            with contextlib.suppress(httpx2.HTTPError), self._client() as client:
                self._sign_in(client)
                self._save_until_refused(client)
            self.is_over.wait(PAUSE_SECONDS)

    def _client(self) -> httpx2.Client:
        return httpx2.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"sec-fetch-site": "same-origin"},
            timeout=TIMEOUT_SECONDS,
        )

    def _sign_in(self, client: httpx2.Client) -> None:
        client.post("/desk/sign-in", data={"email": self.email, "password": PASSWORD})
        client.post("/desk/sign-in/code", data={"code": pyotp.TOTP(self.secret).now()})

    def _save_until_refused(self, client: httpx2.Client) -> None:
        """Save until the session is lost. An answer of 503 is a pause."""
        sent: dict[str, str] = {}
        while not self.is_over.is_set():
            if not self.draft:
                begun = client.post("/desk/drafts", data={"key": self.name, "kind": "E"})
                if begun.status_code != 303 or "/drafts/" not in begun.headers["location"]:
                    return
                self.draft = begun.headers["location"].partition("?")[0]
            if not sent:
                page = client.get(self.draft)
                if page.status_code != 200:
                    return
                sent = fields(page.text)
            self.number += 1
            title = f"{self.name} saves {self.number}"
            answer = client.post(self.draft, data={**sent, "title": title, "do": "save"})
            if answer.status_code in ACKNOWLEDGED and "/sign-in" not in answer.headers.get(
                "location", ""
            ):
                self.acknowledged.append(title)
            elif answer.status_code in {401, 303}:
                return
            elif answer.status_code != 503:
                self.refused.append(f"{answer.status_code} to {title}")
                return
            self.is_over.wait(PAUSE_SECONDS)
