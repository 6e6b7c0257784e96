"""What is installed with Sojourn, from the lock files of Python and npm."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements" / "app.txt"
NODE_LOCK = ROOT / "package-lock.json"
PINNED = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)", re.MULTILINE
)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Package:
    ecosystem: str
    """As OSV names it: "PyPI" or "npm"."""
    name: str
    version: str
    sha256: tuple[str, ...]
    """Hashes of all files of this version, one of which is installed; none for npm."""

    @property
    def purl(self) -> str:
        kind = {"PyPI": "pypi", "npm": "npm"}[self.ecosystem]
        return f"pkg:{kind}/{quote(self.name, safe='/')}@{quote(self.version, safe='')}"


def python_packages(requirements: str) -> Iterator[Package]:
    found = list(PINNED.finditer(requirements))
    ends = [match.start() for match in found[1:]] + [len(requirements)]
    for match, end in zip(found, ends, strict=True):
        hashes = tuple(HASH.findall(requirements[match.end() : end]))
        yield Package("PyPI", match["name"].lower(), match["version"], hashes)


def node_packages(lock: str) -> Iterator[Package]:
    for path, entry in json.loads(lock)["packages"].items():
        if path and not entry.get("dev") and "version" in entry:
            yield Package("npm", path.rpartition("node_modules/")[2], entry["version"], ())


def installed_packages() -> list[Package]:
    """Return the packages of a site, without those of tests."""
    return [
        *python_packages(REQUIREMENTS.read_text()),
        *node_packages(NODE_LOCK.read_text()),
    ]
