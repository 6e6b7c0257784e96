"""The two sides: a commit each, in its own work tree, environment, database and port.

All is below `build/golden/` and kept for the next run: `base` and `head` are work trees, `env-…`
has the packages of one set of lock files. The data folders are temporary.
"""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import httpx2

from bench.golden.answers import Answer
from bench.golden.reader import HOST, SECONDS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "golden"
OURS = "bench/golden"
"""Not part of a side: may be changed without a commit."""
LOCKS = (
    *("Makefile", "pyproject.toml", "package.json", "package-lock.json", ".npmrc"),
    *("requirements/app.txt", "requirements/local.txt", "requirements/build.txt"),
    *("requirements/node.txt", "requirements/extracts.txt", "requirements/write_extracts.py"),
)
START_SECONDS = 1_800
"""On a busy machine the first start, with its seeds, takes long."""
STOP_SECONDS = 30
TRIES = 40
"""Of one address: a file may be written in the background, and the answer be 503 until then."""


def git(*words: str, within: Path = ROOT) -> str:
    done = subprocess.run(["git", *words], cwd=within, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"git {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def commit_of(name: str) -> str:
    return git("rev-parse", "--verify", f"{name}^{{commit}}").strip()


def refuse_changes() -> None:
    """Refuse uncommitted changes: the head's side is a commit, and would lack them."""
    lines = git("status", "--porcelain", "--untracked-files=no").splitlines()
    changed = [line[3:] for line in lines if not line[3:].startswith(OURS)]
    if changed:
        raise SystemExit(
            f"The side of HEAD is its commit, without your changes of {', '.join(changed[:5])}: "
            "commit them first."
        )


def clean() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    git("worktree", "prune")


@dataclass
class Side:
    name: str
    """`base` or `head`."""
    commit: str

    @property
    def tree(self) -> Path:
        return FOLDER / self.name

    def check_out(self, seeds: str = "") -> None:
        """Make the work tree one of the commit, with other seeds if asked."""
        if (self.tree / ".git").exists():
            git("checkout", "--quiet", "--detach", "--force", self.commit, within=self.tree)
            git("clean", "--quiet", "-d", "--force", within=self.tree)
        else:
            shutil.rmtree(self.tree, ignore_errors=True)
            git("worktree", "prune")
            git("worktree", "add", "--quiet", "--detach", str(self.tree), self.commit)
        if seeds:
            shutil.rmtree(self.tree / "seeds")
            git("checkout", "--quiet", seeds, "--", "seeds", within=self.tree)
            git("reset", "--quiet", within=self.tree)

    def install(self) -> None:
        """Install what the lock files name, or use what another commit with the same installed."""
        said = sha256()
        for name in LOCKS:
            path = self.tree / name
            said.update(path.read_bytes() if path.exists() else b"none")
        folder = FOLDER / f"env-{said.hexdigest()[:12]}"
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            git("worktree", "prune")
            git("worktree", "add", "--quiet", "--detach", str(folder), self.commit)
            subprocess.run(
                ["make", "--quiet", ".venv/.serve", "node_modules/.serve"], cwd=folder, check=True
            )
            (folder / "complete").touch()
        for name in (".venv", "node_modules"):
            link = self.tree / name
            link.unlink(missing_ok=True)
            link.symlink_to(folder / name)

    @cached_property
    def routes(self) -> list[str]:
        """Each route of the commit as “GET /address”, from its snapshot of them."""
        path = self.tree / "tests" / "routes.txt"
        return [" ".join(line.split()) for line in path.read_text().splitlines() if line.strip()]

    @contextlib.contextmanager
    def serving(self) -> Iterator["Site"]:
        with tempfile.TemporaryDirectory(prefix=f"golden-{self.name}-") as folder:
            # An account without rights runs the site if root starts it.
            Path(folder).chmod(0o755)
            site = Site(self, Path(folder), _free_port())
            try:
                site.start()
                yield site
            finally:
                site.stop()


class Site:
    """A running `sojourn serve`, and its answers."""

    def __init__(self, side: Side, folder: Path, port: int) -> None:
        self.side, self.folder, self.port = side, folder, port
        self.log = FOLDER / f"{side.name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.client = httpx2.Client(
            base_url=f"http://127.0.0.1:{port}", headers={"host": HOST}, timeout=SECONDS
        )

    def start(self) -> None:
        # Settings of the caller are not for these sites.
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SOJOURN_", "DATABASE_", "READER_", "MIGRATE_", "PYTHON"))
        }
        environment |= {
            "SOJOURN_DATA_DIR": str(self.folder / "data"),
            "PORT": str(self.port),
            "PYTHONPATH": str(self.side.tree),
            "PYTHONUNBUFFERED": "1",
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [self.side.tree / ".venv" / "bin" / "sojourn", "serve"],
                cwd=self.side.tree,
                env=environment,
                stdout=log,
                stderr=log,
            )

    def wait(self) -> None:
        """Wait until the site has published its seeds and answers from them."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process is None or self.process.poll() is not None:
                break
            with contextlib.suppress(httpx2.HTTPError):
                if self.client.get("/healthz/ready").status_code == 200:
                    return
            time.sleep(0.2)
        raise SystemExit(f"The site of {self.side.name} did not start: see {self.log}.")

    def first_link(self) -> str:
        """Return the path of the link for the first admin, which the start prints."""
        found = re.search(r"https?://[^/\s]+(/\S*welcome/\S+)", self.log.read_text())
        if not found:
            raise SystemExit(f"{self.log} has no link for the first admin.")
        return found[1]

    def get(self, address: str) -> Answer:
        for _try in range(TRIES):
            answer = self.client.get(address)
            if answer.status_code != 503:
                break
            time.sleep(0.5)
        # Errors name the number of their request, as a header does.
        request = answer.headers.get("x-request-id", "").encode() or b"REQUEST"
        body = answer.content.replace(request, b"REQUEST")
        return Answer(answer.status_code, answer.headers, body)

    def edition(self) -> int:
        """Return the newest edition that the site answers from."""
        return int(self.client.get("/events").headers.get("x-sojourn-edition", "0"))

    def wait_for_edition(self, number: int) -> None:
        """Wait until the site answers from this edition, which was published a moment ago."""
        until = time.monotonic() + START_SECONDS
        while self.edition() < number:
            if time.monotonic() > until:
                raise SystemExit(f"The site of {self.side.name} does not serve edition {number}.")
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
