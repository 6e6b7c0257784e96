"""What a browser without scripts does: read pages, fill in a form by its labels, press a button."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import httpx2
from lxml import html  # type: ignore[import-untyped]

HOST = "localhost"
"""Both sides get this name in requests, so that addresses in answers have no port."""
SECONDS = 600
Values = list[tuple[str, str]]


class PageError(RuntimeError):
    """A page lacks what an act needs; says what the page shows instead."""


def client_of(port: int) -> httpx2.Client:
    headers = {"host": HOST, "sec-fetch-site": "same-origin", "user-agent": "golden"}
    return httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=SECONDS)


@dataclass
class Reader:
    """One person with cookies of their own, and the page they look at."""

    client: httpx2.Client
    at: str = ""
    status: int = 0
    page: Any = field(default_factory=lambda: html.fromstring("<html></html>"))

    def open(self, address: str) -> "Reader":
        self._show(self.client.get(address), address)
        return self

    def _show(self, answer: httpx2.Response, address: str) -> None:
        for _redirect in range(10):
            target = answer.headers.get("location")
            if answer.status_code not in {301, 302, 303, 307, 308} or target is None:
                break
            address = urljoin(address, target).removeprefix(f"http://{HOST}")
            answer = self.client.get(address.partition("#")[0])
        self.at, self.status = address, answer.status_code
        self.page = html.fromstring(answer.text or "<html></html>")

    def text(self) -> str:
        return " ".join(self.page.text_content().split())

    def expect(self, pattern: str) -> re.Match[str]:
        found = re.search(pattern, self.text())
        if not found:
            raise PageError(f"{self.at} does not say “{pattern}”: {self.said()}")
        return found

    def said(self) -> str:
        """Return the messages of a page, or else its beginning."""
        places = self.page.xpath("//*[@role='alert'][not(ancestor-or-self::template)]")
        found = [" ".join(each.text_content().split()) for each in places]
        main = self.page.find(".//main")
        whole = " ".join((self.page if main is None else main).text_content().split())
        return f"{self.status}, {' | '.join(filter(None, found))[:600]} … {whole[:600]}"

    def find(self, path: str) -> list[str]:
        """Return the texts or attributes of an XPath; there must be one."""
        found = [str(each).strip() for each in self.page.xpath(path)]
        if not found:
            raise PageError(f"{self.at} has no {path}: {self.said()}")
        return found

    def has(self, path: str) -> bool:
        return bool(self.page.xpath(f"//{path}"))

    # Forms ---------------------------------------------------------------------------------------

    def button(self, words: str) -> Any:
        """Return the first button with these words, this value, or words that begin so."""
        buttons = [*self.page.iter("button")]
        for is_it in (
            lambda each: _words_of(each) == words,
            lambda each: each.get("value") == words,
            lambda each: _words_of(each).startswith(words),
        ):
            for each in buttons:
                if is_it(each):
                    return each
        shown = ", ".join(_words_of(each) for each in buttons)
        raise PageError(f"{self.at} has no button “{words}”, but {shown}; {self.said()}")

    def has_button(self, words: str) -> bool:
        return any(
            words in {_words_of(each), each.get("value")} for each in self.page.iter("button")
        )

    def press(
        self, words: str, typed: Mapping[str, str] | None = None, *, ticked: Sequence[str] = ()
    ) -> "Reader":
        """Press a button after typing into fields, each named by its name or its label.

        Check boxes whose names begin with one of `ticked` are ticked, too.
        """
        typed = typed or {}
        button = self.button(words)
        form = self._form_of(button)
        names = {self._name_of(form, each): value for each, value in typed.items()}
        values = [
            (name, value)
            for name, value in _sent(self._controls(form), tuple(ticked))
            if name not in names
        ]
        values += [(name, value) for name, value in names.items() if value is not None]
        if button.get("name"):
            values.append((button.get("name"), button.get("value") or ""))
        action = urljoin(self.at, button.get("formaction") or form.get("action") or self.at)
        action = action.partition("#")[0]
        if (button.get("formmethod") or form.get("method") or "get").lower() == "get":
            self._show(self.client.get(action, params=dict(values)), action)
        else:
            body: dict[str, list[str]] = {}
            for name, value in values:
                body.setdefault(name, []).append(value)
            self._show(self.client.post(action, data=body), action)
        return self

    def _form_of(self, control: Any) -> Any:
        if control.get("form"):
            return self.page.get_element_by_id(control.get("form"))
        return next(control.iterancestors("form"))

    def _controls(self, form: Any) -> Iterator[Any]:
        for each in self.page.iter("input", "select", "textarea"):
            of = each.get("form")
            if each.get("name") and (
                of == form.get("id") if of else form in each.iterancestors("form")
            ):
                yield each

    def _name_of(self, form: Any, words: str) -> str:
        """Return the name of the field with this name or label."""
        controls = [*self._controls(form)]
        for each in controls:
            if each.get("name") == words:
                return words
        for label in self.page.iter("label"):
            if " ".join(label.text_content().split()).startswith(words):
                named = [e for e in controls if e.get("id") and e.get("id") == label.get("for")]
                named += [e for e in controls if label in e.iterancestors("label")]
                if named:
                    return str(named[0].get("name"))
        names = sorted({str(each.get("name")) for each in controls})
        raise PageError(f"{self.at} has no field “{words}”, but {', '.join(names)}; {self.said()}")


def _words_of(button: Any) -> str:
    return " ".join((button.text_content() or button.get("value") or "").split())


def _sent(controls: Iterator[Any], ticked: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield what a browser would send of these controls."""
    for each in controls:
        name, kind = each.get("name"), each.get("type", "text")
        if each.get("disabled") is not None:
            continue
        if each.tag == "select":
            options = [*each.iter("option")]
            chosen = [one for one in options if one.get("selected") is not None] or options[:1]
            for one in chosen:
                yield name, one.get("value", (one.text or "").strip())
        elif each.tag == "textarea":
            yield name, (each.text or "").removeprefix("\n")
        elif kind in {"checkbox", "radio"}:
            if each.get("checked") is not None or (kind == "checkbox" and name.startswith(ticked)):
                yield name, each.get("value", "on")
        elif kind not in {"submit", "button", "image", "reset", "file"}:
            yield name, each.get("value", "")
