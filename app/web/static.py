"""Static files, addressed by a hash of their content."""

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from app import paths
from app.files import SHORT_HASH_CHARACTERS

STYLESHEET_PARTS = ["base", "lists", "records", "pages", "comparison", "search", "home"]
"""Files of `static/site/`, in the order in which they make up `site.css`."""
FILE_NAMES = [
    "desk.css",
    "site.js",
    "desk.js",
    "report.css",
    "report.js",
    "passkey.js",
    "icons.svg",
    "favicon.svg",
    "world.svg",
]
"""Files in `static/` that are served."""


@dataclass(frozen=True)
class StaticFile:
    """A file that browsers fetch once, since its URL contains a hash of its content."""

    content: bytes
    media_type: str

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:SHORT_HASH_CHARACTERS]


def stylesheet() -> str:
    """Return the style sheet of the site."""
    return "".join((paths.STATIC / "site" / f"{part}.css").read_text() for part in STYLESHEET_PARTS)


@cache
def static_files() -> Mapping[str, StaticFile]:
    """Return the files of `static/`, and htmx, by name."""
    files = {name: (paths.STATIC / name).read_bytes() for name in FILE_NAMES}
    files["site.css"] = stylesheet().encode()
    files["htmx.js"] = paths.HTMX.read_bytes()
    return {name: StaticFile(content, _media_type(name)) for name, content in files.items()}


@cache
def static(name: str) -> str:
    """Return the URL of a static file."""
    return f"/static/{name}?v={static_files()[name].digest}"


def _media_type(name: str) -> str:
    media_type = mimetypes.types_map.get(Path(name).suffix, "application/octet-stream")
    return SVG if media_type == "image/svg+xml" else media_type


SVG = "image/svg+xml; charset=utf-8"
