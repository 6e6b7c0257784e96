"""A copy of one edition as plain files, which any web host can serve without Sojourn.

`sojourn export --static` requests each page from the application itself and writes what a reader
gets. Links become relative, and end in a file name, so that they also work from a disk.
"""

import asyncio
import html
import json
import os
import re
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from fastapi import FastAPI

from app.errors import CommandError
from app.progress import stage
from app.record.editions import SelectedEdition
from app.web.templates import environment

if TYPE_CHECKING:
    pass

STATE = "copy.json"
"""A folder with this file is a copy, which a later run may replace."""
START = ("/", "/accessibility", "/sitemap.xml", "/robots.txt", "/favicon.ico")
"""Pages from which links lead to all others, and files that no page links to."""
ARCHIVE = "/data.zip"
LEFT_OUT = re.compile(
    r"/(desk|search|tell|embed|oembed|preview|figure|healthz|bibliography|cite\.|api/v1)\b"
)
"""Addresses that answer a question of the reader, and pictures of pages."""
NOT_IN_COPY = "/not-in-this-copy"
"""The page that says so: links to what needs the server lead to it."""
PAGE_KEYS = {"after", "size", "view"}
"""Query keys of the further pages and views of a whole list."""
KEYS_OF: dict[str, set[str]] = {"/status": PAGE_KEYS | {"place"}, "/cite": {"of"}}
IGNORED_KEYS = {"edition", "v"}
"""A copy has one edition and one state of each static file."""

FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
USELESS = re.compile(
    r'<div class="banner">.*?(?=<main\b)|<p class="(?:sort|filter-open)">.*?</p>'
    r'|<link rel="(?:alternate|describedby)"[^>]*>\s*',
    re.DOTALL,
)
"""The banner of past editions, controls of the filter's form, and links to files for programs."""
HTMX = re.compile(r'\shx-[\w:.-]+="[^"]*"')
REFERENCE = re.compile(
    r'(?P<before><(?!link rel="cite-as")[a-z]+\b[^>]*?\s(?:href|src)=")(?P<value>[^"]*)"'
)


@dataclass(frozen=True)
class CopyState:
    """The file `copy.json` of a copy."""

    edition: int
    purges: int
    """Records that had been purged when the copy was written; -1 if it was not finished."""

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Return the state of a folder; None if it is new or empty.

        Raises CommandError if the folder has other files only.
        """
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            return None
        try:
            return cls(**json.loads((folder / STATE).read_text()))
        except (OSError, ValueError, TypeError):
            raise CommandError(
                f"{folder} is neither empty nor a copy that this command has written."
            ) from None

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / STATE).write_text(json.dumps(asdict(self)) + "\n")


def write_copy(
    app: FastAPI,
    folder: Path,
    edition: SelectedEdition,
    purges: int,
    write_archive: Callable[[Path], None],
) -> int:
    """Write or replace the copy of an edition, and return its number of files.

    `app` has a public address. What else is in the folder is removed, but for dot files.
    """
    CopyState(edition.no, -1).write(folder)
    copy = StaticCopy(app, folder, edition)
    with stage("Writing pages") as advance:
        asyncio.run(copy.write(advance))
    write_archive(folder / ARCHIVE.strip("/"))
    keep = copy.written | {ARCHIVE.strip("/"), STATE}
    for file in [each for each in folder.rglob("*") if each.is_file()]:
        name = file.relative_to(folder).as_posix()
        if name not in keep and not name.startswith("."):
            file.unlink()
    CopyState(edition.no, purges).write(folder)
    return len(keep)


class StaticCopy:
    """Writes the pages and files of one edition into a folder."""

    def __init__(self, app: FastAPI, folder: Path, edition: SelectedEdition) -> None:
        # Imported here: a site imports this module with all others of its package.
        from httpx2 import ASGITransport, AsyncClient

        self.app = app
        self.folder = folder
        self.edition = edition
        self.origin = str(app.state.settings.public_url)
        # The settings trust this host, and nothing leaves the process.
        self.client = AsyncClient(transport=ASGITransport(app), base_url=self.origin)
        self.waiting: deque[str] = deque()
        # Neither is requested.
        self.known = {ARCHIVE, NOT_IN_COPY}
        self.written: set[str] = set()

    async def write(self, advance: Callable[[int], None]) -> None:
        for start in START:
            self._add(start)
        template = environment().get_template("site/export/not_in_copy.html")
        name = file_name(NOT_IN_COPY)
        self._save(name, self.rewrite(template.render(origin=self.origin), name).encode())
        async with self.app.router.lifespan_context(self.app), self.client:
            while self.waiting:
                await self._copy(self.waiting.popleft())
                advance(1)

    def _add(self, address: str) -> str:
        """Queue an address, and return its file; "" if a copy lacks it."""
        wanted = simplify(address, str(self.edition.no))
        if wanted is None:
            return ""
        if wanted not in self.known:
            self.known.add(wanted)
            self.waiting.append(wanted)
        return file_name(wanted)

    async def _copy(self, address: str) -> None:
        parts = urlsplit(address)
        # Always named: an edition that is published meanwhile must not be in a copy of this one.
        query = [*parse_qsl(parts.query), ("edition", str(self.edition.no))]
        response = await self.client.get(parts.path, params=urlencode(query))
        name = file_name(address)
        if response.status_code >= 500:
            raise CommandError(f"{address} answered {response.status_code}: see the log.")
        if response.is_redirect:
            target = html.escape(self._link(response.headers["location"], name))
            self._save(name, f'<meta http-equiv="refresh" content="0; url={target}">'.encode())
        elif response.headers.get("content-type", "").startswith("text/html"):
            self._save(name, self.rewrite(response.text, name).encode())
        else:
            self._save(name, response.content)

    def rewrite(self, page: str, name: str) -> str:
        """Return a page whose links lead to files, without forms and without htmx."""
        template = environment().get_template("site/export/notice.html")
        notice = template.render(explanation=self._link(NOT_IN_COPY, name))
        page = FORM.sub(lambda _found: notice, HTMX.sub("", USELESS.sub("", page)))

        def replace(found: re.Match[str]) -> str:
            target = self._link(html.unescape(found["value"]), name)
            return f'{found["before"]}{html.escape(target)}"'

        return REFERENCE.sub(replace, page)

    def _link(self, address: str, name: str) -> str:
        """Return what a link in the file `name` must contain to lead to an address."""
        inside = self._internal(address)
        if inside is None:
            return address
        target = self._add(inside) or file_name(NOT_IN_COPY)
        fragment = urlsplit(inside).fragment
        relative = os.path.relpath(target, PurePosixPath(name).parent)
        return quote(relative) + (f"#{fragment}" if fragment else "")

    def _internal(self, address: str) -> str | None:
        """Return path, query and fragment of an address of this site; None of any other."""
        if address == self.origin or address.startswith((f"{self.origin}/", f"{self.origin}?")):
            return address.removeprefix(self.origin) or "/"
        return address if address.startswith("/") and not address.startswith("//") else None

    def _save(self, name: str, content: bytes) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        self.written.add(name)


def simplify(address: str, edition: str) -> str | None:
    """Return the address that replaces this one in a copy of an edition; None if there is none."""
    parts = urlsplit(address)
    path = unquote(parts.path)
    if LEFT_OUT.match(path) or ".." in path:
        return None
    ignored, allowed = IGNORED_KEYS, KEYS_OF.get(path, PAGE_KEYS)
    if _is_file(path):
        # A file is the whole list, in the order that a reader has without asking for another.
        ignored, allowed = IGNORED_KEYS | {"sort"}, set()
    query = []
    for key, value in parse_qsl(parts.query, keep_blank_values=True):
        if (key == "edition" and value != edition) or key not in ignored | allowed:
            return None
        if key == "of" and simplify(value, edition) is None:
            return None
        if key not in ignored:
            query.append((key, value))
    return path + (f"?{urlencode(query)}" if query else "")


def file_name(address: str) -> str:
    """Return the file of an address that `simplify` returned, relative to the folder."""
    parts = urlsplit(address)
    if _is_file(parts.path):
        return parts.path.strip("/")
    names = ["-".join(re.findall(r"[\w.]+", unquote(parts.query)))] if parts.query else []
    return "/".join([*filter(None, [parts.path.strip("/"), *names]), "index.html"])


def _is_file(path: str) -> bool:
    return bool(PurePosixPath(path).suffix)
