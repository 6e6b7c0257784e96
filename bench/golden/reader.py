"""What a browser without scripts does: read pages, fill in a form by its labels, press a button."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import httpx2
from lxml import html  # type: ignore[import-untyped]

HOST = "localhost"
"""Both sides get this name in requests, so that addresses in answers have no port."""


class PageError(RuntimeError):
    """A page lacks what an act needs; says what the page shows instead."""


def client_of(port: int) -> httpx2.Client:
    headers = {"host": HOST, "sec-fetch-site": "same-origin", "user-agent": "golden"}
    return httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=600)


@dataclass
class Reader:
    """One person with cookies of their own, and the page they look at."""

    client: httpx2.Client
    at: str = ""
    page: Any = field(default_factory=lambda: html.fromstring("<html></html>"))

    def open(self, address: str) -> "Reader":
        return self._show(self.client.get(address), address)

    def _show(self, answer: httpx2.Response, address: str) -> "Reader":
        while answer.is_redirect:
            address = urljoin(address, answer.headers["location"]).removeprefix(f"http://{HOST}")
            answer = self.client.get(address.partition("#")[0])
        self.at, self.page = address, html.fromstring(answer.text or "<html></html>")
        # Fields and buttons may stand outside of their form.
        for each in self.page.xpath("//*[@form]"):
            self.page.get_element_by_id(each.get("form")).append(each)
        return self

    def text(self) -> str:
        return " ".join(self.page.text_content().split())

    def said(self) -> str:
        """Return the messages of a page, and its beginning."""
        alerts = self.page.xpath("//*[@role='alert'][not(ancestor-or-self::template)]")
        said = [" ".join(each.text_content().split()) for each in alerts]
        return f"{' | '.join(said)[:600]} … {self.text()[:1200]}"

    def find(self, path: str) -> list[str]:
        """Return the texts or attributes of an XPath; there must be one."""
        found = [str(each).strip() for each in self.page.xpath(path)]
        if not found:
            raise PageError(f"{self.at} has no {path}: {self.said()}")
        return found

    def has_button(self, words: str) -> bool:
        return any(words in (_words_of(each), each.get("value")) for each in self._buttons())

    def _buttons(self) -> list[Any]:
        return [*self.page.iter("button")]

    def _button(self, words: str) -> Any:
        """Return the first button with these words, this value, or words that begin so."""
        buttons = self._buttons()
        found = [each for each in buttons if words in (_words_of(each), each.get("value"))]
        found += [each for each in buttons if _words_of(each).startswith(words)]
        if found:
            return found[0]
        shown = ", ".join(map(_words_of, buttons))
        raise PageError(f"{self.at} has no button “{words}”, but {shown}; {self.said()}")

    def press(
        self, words: str, typed: Mapping[str, str] | None = None, *, ticked: Sequence[str] = ()
    ) -> "Reader":
        """Press a button after typing into fields, each named by its name or its label.

        Check boxes whose names begin with one of `ticked` are ticked, too.
        """
        button = self._button(words)
        form = next(button.iterancestors("form"))
        for box in form.xpath(".//input[@type='checkbox']"):
            if box.get("name", "").startswith(tuple(ticked)):
                box.set("checked", "checked")
        names = {self._name_of(form, each): text for each, text in (typed or {}).items()}
        sent = [pair for pair in form.form_values() if pair[0] not in names]
        sent += [*names.items(), (button.get("name", "go"), button.get("value", ""))]
        action = urljoin(self.at, button.get("formaction") or form.get("action") or self.at)
        action = action.partition("#")[0].removeprefix(f"http://{HOST}")
        if (button.get("formmethod") or form.get("method") or "get").lower() == "get":
            return self._show(self.client.get(action, params=sent), action)
        body: dict[str, list[str]] = {}
        for name, text in sent:
            body.setdefault(name, []).append(text)
        return self._show(self.client.post(action, data=body), action)

    def _name_of(self, form: Any, words: str) -> str:
        """Return the name of the field with this name or label."""
        if words in form.inputs:
            return words
        for label in form.iter("label"):
            if " ".join(label.text_content().split()).startswith(words):
                control = label.for_element
                control = next(label.iter("input", "select")) if control is None else control
                return str(control.get("name"))
        raise PageError(f"{self.at} has no field “{words}”, but {[*form.inputs]}; {self.said()}")


def _words_of(button: Any) -> str:
    return " ".join((button.text_content() or button.get("value") or "").split())
