"""Wanted differences: the lines of `wanted.csv`, what they may not say, and what they cover.

A line names one route, one field, the old and the new text, and the reason. `*` stands for any text
in a route, field, old or new; an empty old is what was added, an empty new what was removed. A line
must cover a difference of this run, all in one route and one field. Two lines may follow each other
(a → b, b → c), so that one file serves a later base and an earlier one.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import parse_qsl, urlsplit

from bench.golden.answers import Difference

MOST_LINES = 40
"""Of one issue."""
HEADER = ["route", "field", "old", "new", "reason"]
PRIVATE_NAMES = re.compile(
    r"\b(note|private|exact_\w+|reliability_by|email|password|token|secret|cookie|person)\b", re.I
)
"""Names of fields and columns that only the desk may see. Classes of elements are no such names."""
PRIVACY_HEADERS = ("header set-cookie", "header referrer-policy", "header content-security-policy")
FINGERPRINT = re.compile(r"\b[0-9a-f]{32,64}\b")
ID = re.compile(r"\b(?:[EMSOPANUC][1-9][0-9]{0,5})(?:\.[0-9]+)?\b")
ADDRESS = re.compile(r"(?:https?://[\w.:-]+)?/[\w./-]*(?:\?[^\s\"'<>]*)?")
NAMED = re.compile(
    r"/(events|estimates|sources|places|cities|outlets|actors|laws|pages|codebook)/([\w.-]+)"
)


@dataclass(frozen=True)
class Line:
    number: int
    route: str
    field: str
    old: str
    new: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.number}: {self.route}, {self.field}, “{self.old}” → “{self.new}”"


def read(text: str) -> list[Line]:
    header, *rows = [*csv.reader(io.StringIO(text))] or [[]]
    if header != HEADER:
        raise SystemExit(f"wanted.csv must begin with {','.join(HEADER)}.")
    for number, row in enumerate(rows, 2):
        if len(row) != len(HEADER):
            raise SystemExit(f"wanted.csv, line {number}, has {len(row)} cells, not {len(HEADER)}.")
    return [Line(number, *row) for number, row in enumerate(rows, 2)]


def since(lines: Sequence[Line], earlier: Sequence[Line]) -> list[Line]:
    """Return the lines that the base's own file lacks: those of issues that began after it."""
    known = {(each.route, each.field, each.old, each.new) for each in earlier}
    return [each for each in lines if (each.route, each.field, each.old, each.new) not in known]


# What no line may say -----------------------------------------------------------------------------


def never_wanted(field: str, old: str, new: str, route: str, address: str = "") -> str:
    """Return why nobody may list such a difference; empty if it may be listed."""
    last = re.split(r"[.:/@! ]|\[\]", field)[-1] or field
    if field == "status":
        return "status codes"
    if (
        route.startswith("/privacy")
        or field.startswith(PRIVACY_HEADERS)
        or (field[0] != "/" and PRIVATE_NAMES.search(field))
    ):
        return "privacy"
    if "fingerprint" in field or FINGERPRINT.findall(old) != FINGERPRINT.findall(new):
        return "fingerprints"
    is_replaced = old and new
    if last in {"id", "ids", "slug"} or (
        is_replaced
        and (ID.findall(old) != ID.findall(new) or NAMED.findall(old) != NAMED.findall(new))
    ):
        return "ids"
    if is_replaced and _filters(old) != _filters(new):
        return "filters"
    if re.search(r"/(input|select)[^/]*@name$", field):
        return "filters"
    if _has_filter(address) and re.search(r"rows$|total$|\[\]$", field):
        return "filters"
    return ""


def _filters(text: str) -> list[list[tuple[str, str]]]:
    """Return the filters of each address in a text."""
    found = []
    for address in ADDRESS.findall(text):
        pairs = parse_qsl(urlsplit(address).query, keep_blank_values=True)
        if filters := [pair for pair in pairs if pair[0] not in {"edition", "v"}]:
            found.append(filters)
    return found


def _has_filter(address: str) -> bool:
    return any(key != "edition" for key, _ in parse_qsl(urlsplit(address).query))


# What lines cover ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    unwanted: Sequence[Difference]
    covered: Mapping[Line, Sequence[Difference]]
    problems: Sequence[str]
    """What is wrong with lines, in sentences."""


def judge(found: Iterable[Difference], lines: Sequence[Line], issues: int = 1) -> Verdict:
    covered: dict[Line, list[Difference]] = {line: [] for line in lines}
    unwanted = []
    for each in found:
        chain = (
            []
            if never_wanted(each.field, each.old, each.new, each.route, each.address)
            else _chain(each, lines)
        )
        for line in chain:
            covered[line].append(each)
        if not chain:
            unwanted.append(each)
    return Verdict(unwanted, covered, [*_problems(lines, covered, issues)])


def _chain(difference: Difference, lines: Sequence[Line]) -> list[Line]:
    """Return the lines that lead from the old text to the new: one, or several in turn."""
    here = [
        line
        for line in lines
        if _fits(line.route, difference.route) and _fits(line.field, difference.field)
    ]
    for at, first in enumerate(here):
        if not _fits(first.old, difference.old):
            continue
        chain = [first]
        for line in here[at + 1 :]:
            if _fits(chain[-1].new, difference.new):
                break
            if line.old == chain[-1].new:
                chain.append(line)
        if _fits(chain[-1].new, difference.new):
            return chain
    return []


def _fits(pattern: str, text: str) -> bool:
    """Whether a text is the pattern, in which only `*` has a meaning."""
    escaped = pattern.replace("[", "[[]").replace("?", "[?]")
    return pattern == text or ("*" in pattern and fnmatchcase(text, escaped))


def _problems(
    lines: Sequence[Line], covered: Mapping[Line, Sequence[Difference]], issues: int
) -> Iterable[str]:
    if len(lines) > MOST_LINES * issues:
        yield f"{len(lines)} lines: at most {MOST_LINES * issues} are allowed."
    for line in lines:
        if kind := never_wanted(line.field, line.old, line.new, line.route):
            yield f"{line}: {kind} can't be listed."
            continue
        if not line.reason.strip():
            yield f"{line}: it has no reason."
        for what in ("route", "field"):
            matched = sorted({getattr(each, what) for each in covered[line]})
            if len(matched) > 1:
                yield f"{line}: it matches two {what}s, {' and '.join(matched[:2])}."
        if not covered[line]:
            yield f"{line}: it matches nothing."
