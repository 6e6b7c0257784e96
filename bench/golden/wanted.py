"""Wanted differences: the lines of `wanted.csv`, and what they may not cover.

A line names a route, a field, the old and the new text, and the reason. `*` stands for any text;
an empty old is what was added, an empty new what was removed.
"""

import csv
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from bench.golden.answers import Difference

WANTED = Path(__file__).with_name("wanted.csv")
NEVER = re.compile(
    r"status|private|id|.*\.id|header (set-cookie|referrer-policy|content-security-policy)"
    r"|(.*[.:\]] ?)?(note|private|exact_\w+|reliability_by|email|password|token|secret|person)"
    r"|.*fingerprint.*"
)
"""Fields that nobody may list: status codes, ids, fingerprints, and what protects people."""


def read_lines() -> list[list[str]]:
    with WANTED.open(newline="") as file:
        return [*csv.reader(file)][1:]


def unwanted(found: Iterable[Difference], lines: Iterable[list[str]]) -> list[Difference]:
    """Return the differences that no line covers."""
    patterns = [[cell.replace("[", "[[]").replace("?", "[?]") for cell in line] for line in lines]
    return [each for each in found if not any(_covers(line, each) for line in patterns)]


def _covers(line: list[str], difference: Difference) -> bool:
    if NEVER.fullmatch(difference.field):
        return False
    texts = (difference.route, difference.field, difference.old, difference.new)
    return all(fnmatchcase(text, cell) for text, cell in zip(texts, line, strict=False))
