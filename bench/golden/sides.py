"""The two sides: a commit each, in its own work tree, environment, database and port.

All is below `build/golden/` and kept for the next run: `base` and `head` are work trees, each with
its packages. The data folders are temporary.
"""

import contextlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2

from bench.golden.answers import Answer
from bench.golden.reader import client_of
from bench.timing import program

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "golden"
TRIES = 600
"""Of one address: a file may be written in the background, and the answer be 503 until then."""


def git(*words: str, within: Path = ROOT) -> str:
    done = subprocess.run(["git", *words], cwd=within, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"git {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout.strip()


@dataclass
class Side:
    name: str
    """`base` or `head`."""
    commit: str

    @property
    def tree(self) -> Path:
        return FOLDER / self.name

    def check_out(self, seeds: str) -> None:
        """Make the work tree one of the commit, with the seeds of one commit for both sides."""
        if not (self.tree / ".git").exists():
            shutil.rmtree(self.tree, ignore_errors=True)
            git("worktree", "prune")
            git("worktree", "add", "--quiet", "--detach", str(self.tree), self.commit)
        git("checkout", "--quiet", "--detach", "--force", self.commit, within=self.tree)
        shutil.rmtree(self.tree / "seeds", ignore_errors=True)
        git("checkout", "--quiet", seeds, "--", "seeds", within=self.tree)
        command = ["make", "--quiet", ".venv/.serve", "node_modules/.serve"]
        subprocess.run(command, cwd=self.tree, check=True)

    @property
    def routes(self) -> list[str]:
        """Each route of the commit as “GET /address”, from its snapshot of them."""
        lines = (self.tree / "tests" / "routes.txt").read_text().splitlines()
        return [" ".join(line.split()) for line in lines if line.strip()]

    @contextlib.contextmanager
    def serving(self) -> Iterator["Site"]:
        with tempfile.TemporaryDirectory(prefix=f"golden-{self.name}-") as folder:
            # An account without rights runs the site if root starts it.
            Path(folder).chmod(0o755)
            log = FOLDER / f"{self.name}.log"
            environment = {
                "SOJOURN_DATA_DIR": f"{folder}/data",
                "PYTHONPATH": str(self.tree),
                "PYTHONUNBUFFERED": "1",
            }
            with program(
                lambda port: ["app.cli.main", "serve", "--port", str(port)],
                environment,
                1_800,
                python=self.tree / ".venv" / "bin" / "python",
                tree=self.tree,
                log=log,
            ) as (port, _process):
                yield Site(self, port, log)


class Site:
    """A running `sojourn serve`, and its answers."""

    def __init__(self, side: Side, port: int, log: Path) -> None:
        self.side, self.port, self.log, self.client = side, port, log, client_of(port)

    def first_link(self) -> str:
        """Return the path of the link for the first admin, which the start prints."""
        found = re.search(r"https?://[^/\s]+(/\S*welcome/\S+)", self.log.read_text())
        if not found:
            raise SystemExit(f"{self.log} has no link for the first admin.")
        return found[1]

    def get(self, address: str) -> Answer:
        for _try in range(TRIES):
            answer = self.client.get(address)
            if answer.status_code != httpx2.codes.SERVICE_UNAVAILABLE:
                break
            time.sleep(0.5)
        # Errors name the number of their request, as a header does.
        request = answer.headers.get("x-request-id", "").encode() or b"REQUEST"
        return Answer(
            answer.status_code, answer.headers, answer.content.replace(request, b"REQUEST")
        )

    def edition(self) -> int:
        """Return the newest edition that the site answers from."""
        return int(self.client.get("/events").headers.get("x-sojourn-edition", "0"))

    def wait_for_edition(self, number: int) -> None:
        for _try in range(TRIES):
            if self.edition() >= number:
                return
            time.sleep(0.1)
        raise SystemExit(f"The site of {self.side.name} does not serve edition {number}.")


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
