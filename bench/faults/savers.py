"""Savers: signed-in editors who save their draft again and again, and note each answer."""

import contextlib
import threading
import time
from dataclasses import dataclass, field

import httpx2
import pyotp

from tests.support.draft_pages import fields

PAUSE_SECONDS = 0.5
TIMEOUT_SECONDS = 15
CODE_SECONDS = 30
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
    form: dict[str, str] = field(default_factory=dict)
    number: int = 0

    def work(self) -> None:
        with httpx2.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"sec-fetch-site": "same-origin"},
            timeout=TIMEOUT_SECONDS,
        ) as client:
            while not self.is_over.is_set():
                # No answer, or half of one: nothing is acknowledged, and the editor tries again.
                with contextlib.suppress(httpx2.HTTPError):
                    self._save(client)
                self.is_over.wait(PAUSE_SECONDS)

    def _save(self, client: httpx2.Client) -> None:
        """Save once, and note the answer. Signs in if the session is lost."""
        if not self.draft:
            begun = client.post("/desk/drafts", data={"key": self.name, "kind": "E"})
            if _asks_to_sign_in(begun):
                self._sign_in(client)
            elif begun.status_code == 303:
                self.draft = begun.headers["location"].partition("?")[0]
            return
        if not self.form:
            page = client.get(self.draft)
            if _asks_to_sign_in(page):
                self._sign_in(client)
            elif page.status_code == 200:
                self.form = fields(page.text)
            return
        self.number += 1
        title = f"{self.name} saves {self.number}"
        answer = client.post(self.draft, data={**self.form, "title": title, "do": "save"})
        if _asks_to_sign_in(answer):
            self._sign_in(client)
        elif answer.status_code in ACKNOWLEDGED:
            self.acknowledged.append(title)
        elif answer.status_code != 503:
            self.refused.append(f"{answer.status_code} to {title}")

    def _sign_in(self, client: httpx2.Client) -> None:
        """Sign in with the code of the next half minute: each code works once."""
        self.is_over.wait(CODE_SECONDS - time.time() % CODE_SECONDS)
        client.post("/desk/sign-in", data={"email": self.email, "password": PASSWORD})
        client.post("/desk/sign-in/code", data={"code": pyotp.TOTP(self.secret).now()})


def _asks_to_sign_in(answer: httpx2.Response) -> bool:
    return answer.status_code == 401 or "/sign-in" in answer.headers.get("location", "")
