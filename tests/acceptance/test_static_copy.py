"""`sojourn export --static`: a copy of plain files, in which every link leads to a file."""

import html
import re
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote

import pytest
from typer.testing import CliRunner, Result

from app.cli import commands as cli
from app.errors import CommandError
from app.settings import Settings
from tests.support.database_server import publish_small_record
from tests.support.environment import environment_of

REFERENCE = re.compile(r'\s(?:href|src|action)="([^"]*)"')
PURGED = "Plan, stage one"
"""Begins the title of E2, which other records link to."""


def broken_links(folder: Path) -> list[str]:
    """The links within a copy that lead to no file of it."""
    found = []
    for page in folder.rglob("*.html"):
        for reference in REFERENCE.findall(page.read_text()):
            link = unquote(html.unescape(reference)).partition("#")[0]
            is_outside = link.startswith(("http:", "https:", "mailto:", "data:"))
            if link and not is_outside and not (page.parent / link).is_file():
                found.append(f"{page.relative_to(folder)}: {link}")
    return found


def files_with(folder: Path, words: str) -> list[str]:
    """The files of a copy that contain these words, also within the archive of the dataset."""
    with zipfile.ZipFile(folder / "data.zip") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    files = {str(each): each.read_bytes() for each in folder.rglob("*") if each.is_file()}
    return [name for name, content in (files | members).items() if words.encode() in content]


def test_copy_has_no_broken_link_and_loses_what_is_purged(
    database: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_small_record(database)
    settings = database.model_copy(update={"public_url": "https://sojourn.example"})
    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)
    copy = tmp_path / "copy"

    def invoke(words: Sequence[str]) -> Result:
        return CliRunner().invoke(cli.commands, words, catch_exceptions=False)

    def run(*words: str) -> str:
        # In a thread of its own: in that of the tests runs the loop of an open browser.
        with ThreadPoolExecutor(1) as pool:
            result = pool.submit(invoke, words).result()
        assert result.exit_code == 0
        return result.output

    def export(*words: str) -> str:
        return run("export", "--static", str(copy), *words)

    assert "files of edition 1" in export()
    assert broken_links(copy) == []
    page = (copy / "events/E1/index.html").read_text()
    assert "<form" not in page and "hx-get" not in page
    assert 'href="../../cite/of-events-E1-edition-1/index.html"' in page
    listed = (copy / "events/index.html").read_text()
    assert "<select" not in listed and 'href="#filters"' not in listed
    assert "needs the server" in (copy / "not-in-this-copy/index.html").read_text()
    assert {"events.csv", "events.json", "data.zip", "sitemap.xml"} <= {
        each.name for each in copy.iterdir()
    }

    (copy / ".htaccess").write_text("kept")
    assert "Nothing was purged since" in export("--purge-only")
    run("purge", "E2", "--reason", "Asked for", "--yes")
    assert files_with(copy, PURGED)
    assert "files of edition 1" in export("--purge-only")
    assert files_with(copy, PURGED) == []
    assert broken_links(copy) == []
    assert (copy / ".htaccess").exists()

    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    with pytest.raises(CommandError, match="neither empty nor a copy"):
        run("export", "--static", str(tmp_path / "mine"))
