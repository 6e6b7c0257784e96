"""Extraction collects every word that the interface prints, from all of the code."""

import gettext
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from starlette.testclient import TestClient

from app import paths
from app.i18n import translate
from app.main import create_app
from app.settings import Settings
from app.site.codebook import rules
from app.web import templates as web_templates
from tests.support.page_kinds import PAGES


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What `make messages` collects."""
    file = tmp_path_factory.mktemp("messages") / "sojourn.pot"
    pybabel = f"{Path(sys.executable).parent}/pybabel"
    command = [pybabel, "-q", "extract", "--mapping", "babel.cfg", "--output", str(file), "."]
    env = {**os.environ, "PYTHONPATH": ".ci"}
    subprocess.run(command, check=True, cwd=paths.ROOT, capture_output=True, env=env)
    with file.open("rb") as lines:
        found = read_po(lines)
    return {
        words
        for message in found
        for words in ([message.id] if isinstance(message.id, str) else message.id)
    }


def test_translated_and_marked_messages_are_extracted(collected: set[str]) -> None:
    assert {"Codebook", "As a list", "{count} events", "Remove something"} <= collected
    assert {"New outlet", "Add a sector", "Sector", "Number, citation"} <= collected


class Asked(gettext.NullTranslations):
    """A language that has a word for nothing, and remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.words: set[str] = set()

    def gettext(self, message: str) -> str:
        self.words.add(message)
        return message

    def ngettext(self, one: str, many: str, count: int) -> str:
        self.words |= {one, many}
        return super().ngettext(one, many, count)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Any:
    language_of_all = Asked()
    for module in (translate, web_templates):
        monkeypatch.setattr(module, "translations", lambda: language_of_all)
    kept = (web_templates.environment, web_templates._translate, web_templates._translate_static)
    for each in kept:
        each.cache_clear()
    yield language_of_all
    for each in kept:
        each.cache_clear()


def test_messages_of_all_pages_are_extracted(
    published: Settings, asked: Asked, collected: set[str]
) -> None:
    others = "/estimates/M39", "/cities/hunchun.svg", "/events.atom", "/preview/events/E5.svg"
    addresses = [*PAGES.values(), *others, "/events?q=workers&not_place=china&match=certain"]
    addresses += ["/oembed?url=http://testserver/events", "/status?place=nowhere", "/desk/sign-in"]
    with TestClient(create_app(published)) as client:
        for address in addresses:
            assert client.get(address).status_code < 500, address
    assert len(asked.words) > 500
    # Titles of rules, which the codebook and the search print, are in English only.
    titles = {rule.title[:1].upper() + rule.title[1:] for rule in rules()}
    # Messages about invalid addresses quote parts of the address and are not translated yet.
    missing = sorted(asked.words - collected - titles)
    assert not missing, "\n".join(missing)
