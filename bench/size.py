"""How large the project is, and whether it stays within its budgets.

`make size` prints tokens or characters, files and lines of each folder, and the budgets. `make
check` fails if a count is above its budget in `pyproject.toml` (`[tool.sojourn.size]`).

Python is counted in tokens, without comments, line ends and indents. A string of more than 300
characters counts a token a word, so that a table of code in a string saves nothing. Everything else
is counted in characters. Blank lines are left out.

Data files are the CSV, JSON, text, TOML, YAML and PO files that the application or the record
reads, wherever they are. They hold data: a table that says `SELECT … FROM`, holds a tag such as
`<b>` or `{% if %}`, or calls a function (`name(x`) or defines one is a program that no type checker
reads. Prose passes, since it has a blank before a bracket.
"""

import argparse
import io
import re
import subprocess
import sys
import tokenize
import tomllib
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app import paths

PYTHON = ("app", "tests", "migrations", "bench")
OTHER = ("templates", "static")
SEEDS = "seeds"
DATA_SUFFIXES = {".csv", ".tsv", ".json", ".jsonl", ".txt", ".toml", ".yaml", ".yml", ".po"}
NO_DATA_OF_THE_SITE = {"tests", "bench", "docs", "requirements", "migrations", "static", "build"}

LONG_STRING_CHARACTERS = 300
MAX_TEMPLATE_COLUMNS = 120
IGNORED = {"COMMENT", "NL", "NEWLINE", "INDENT", "DEDENT", "ENCODING", "ENDMARKER"}

EXECUTION = re.compile(r"(?<![\w.])(exec|eval|compile|__import__)\(|\.from_string\(")
NOT_DATA = {
    "HTML": re.compile(r"</?[a-z!][^<>]*>|&#?\w+;|\{[{%]", re.IGNORECASE),
    "SQL": re.compile(
        r"\b(SELECT\b.+\bFROM|INSERT INTO|UPDATE\b.+\bSET|DELETE FROM|(CREATE|ALTER|DROP) [A-Z]+"
        r"|(LEFT|INNER) JOIN|(ORDER|GROUP) BY)\b"
    ),
    "code": re.compile(
        r"\bdef \w+\(|\bclass [A-Z]\w*[(:]|\blambda[ \w,]*:|\bfrom [\w.]+ import\b"
        r"|\b[A-Za-z_]\w{2,}\([^s)]|==|!=|=>|\$\{|__\w+__"
    ),
}


@dataclass(frozen=True)
class File:
    """A file with its size."""

    name: str

    @cached_property
    def text(self) -> str:
        return (paths.ROOT / self.name).read_text()

    @property
    def folder(self) -> str:
        return self.name.partition("/")[0]

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix

    @property
    def is_data(self) -> bool:
        return (
            "/" in self.name
            and not self.name.startswith(".")
            and self.folder not in NO_DATA_OF_THE_SITE
            and self.suffix in DATA_SUFFIXES
        )

    @property
    def lines(self) -> int:
        return sum(1 for line in self.text.splitlines() if line.strip())

    @property
    def characters(self) -> int:
        return len(self.text)


def list_files() -> list[File]:
    """Return what git tracks and what is new."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=paths.ROOT)
    names = sorted({*listed.stdout.splitlines()})
    return [File(name) for name in names if (paths.ROOT / name).is_file()]


def count_tokens(file: File) -> int:
    """Count an f-string as one token in every version of Python; since 3.12 it is several."""
    lines = file.text.splitlines(keepends=True)
    count = 0
    begun: list[tuple[int, int]] = []
    for token in tokenize.generate_tokens(io.StringIO(file.text).readline):
        kind = tokenize.tok_name[token.type]
        if kind == "FSTRING_START":
            begun.append(token.start)
        elif kind == "FSTRING_END":
            start = begun.pop()
            if not begun:
                count += _size_of_string(_text_between(lines, start, token.end))
        elif not begun and kind == "STRING":
            count += _size_of_string(token.string)
        elif not begun and kind not in IGNORED:
            count += 1
    return count


def _size_of_string(text: str) -> int:
    return len(re.findall(r"\w+", text)) if len(text) > LONG_STRING_CHARACTERS else 1


def _text_between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    (first, begin), (last, stop) = start, end
    if first == last:
        return lines[first - 1][begin:stop]
    return "".join([lines[first - 1][begin:], *lines[first : last - 1], lines[last - 1][:stop]])


class Sizes:
    """All files with their sizes. Tokens are counted in several processes."""

    def __init__(self, files: list[File], token_folders: Iterable[str]) -> None:
        self.files = files
        python = [each for each in files if each.suffix == ".py" and each.folder in token_folders]
        with ProcessPoolExecutor() as pool:
            counted = pool.map(count_tokens, python, chunksize=40)
            self.tokens = dict(zip(python, counted, strict=True))

    def budgets(self) -> dict[str, int]:
        """Return what has a budget."""
        files = self.files
        app = [each for each in files if each.folder == "app"]
        data = [each for each in files if each.is_data and each.folder not in {"app", SEEDS}]
        return {
            "app_tokens": sum(self.tokens.get(each, 0) for each in app),
            "app_files": len(app),
            "app_characters": sum(each.characters for each in [*app, *data]),
            "templates_characters": sum(
                each.characters for each in files if each.folder == "templates"
            ),
            "tests_tokens": sum(
                self.tokens.get(each, 0) for each in files if each.folder == "tests"
            ),
        }


def read_budgets() -> dict[str, int]:
    text = (paths.ROOT / "pyproject.toml").read_text()
    budgets: dict[str, int] = tomllib.loads(text)["tool"]["sojourn"]["size"]
    return budgets


# The check ---------------------------------------------------------------------------------------


def violations(files: list[File]) -> Iterator[str]:
    """Yield what is over or not allowed, and what to do."""
    yield from _over_budget(Sizes(files, ("app", "tests")))
    for file in files:
        if file.folder == "templates":
            for number, line in enumerate(file.text.splitlines(), 1):
                if len(line) > MAX_TEMPLATE_COLUMNS:
                    yield (
                        f"{file.name}:{number}: {len(line)} columns, {MAX_TEMPLATE_COLUMNS} are "
                        "allowed: break the line"
                    )
        if file.folder == "app" and file.suffix == ".py":
            for number, found in _find(EXECUTION, file):
                yield (
                    f"{file.name}:{number}: {found}…) runs code made at run time: write it as a "
                    "function"
                )
        if file.is_data:
            for what, pattern in NOT_DATA.items():
                for number, found in _find(pattern, file):
                    yield (
                        f"{file.name}:{number}: {found!r} looks like {what}: a data file holds "
                        "values; move it to Python, a query or a template"
                    )


def _over_budget(sizes: Sizes) -> Iterator[str]:
    budgets = read_budgets()
    for key, size in sizes.budgets().items():
        if (over := size - budgets[key]) > 0:
            yield (
                f"{key}: {size:,} is {over:,} above the budget of {budgets[key]:,}: take out what "
                "it replaces (`make size`)"
            )


def _find(pattern: re.Pattern[str], file: File) -> Iterator[tuple[int, str]]:
    for found in pattern.finditer(file.text):
        yield file.text.count("\n", 0, found.start()) + 1, found[0][:60]


# The table ---------------------------------------------------------------------------------------


def table(sizes: Sizes) -> Iterator[str]:
    files = sizes.files
    of_folders = {
        name: [
            each for each in files if each.folder == name and (each.suffix == ".py") == is_python
        ]
        for is_python, names in ((True, PYTHON), (False, OTHER))
        for name in names
    }
    data = [each for each in files if each.is_data]
    groups = of_folders | {
        SEEDS: [each for each in data if each.folder == SEEDS],
        "other data": [each for each in data if each.folder != SEEDS],
    }
    yield f"{'':12}{'tokens or characters':>24}{'files':>8}{'lines':>10}"
    for name, own in groups.items():
        unit = "tokens" if name in PYTHON else "characters"
        counts = [sizes.tokens[each] if name in PYTHON else each.characters for each in own]
        yield (
            f"{name:12}{sum(counts):>13,} {unit:10}{len(own):>8,}"
            f"{sum(each.lines for each in own):>10,}"
        )


def budget_lines(sizes: Sizes) -> Iterator[str]:
    budgets = read_budgets()
    for key, size in sizes.budgets().items():
        left = budgets[key] - size
        word = "left: lower the budget when the issue closes" if left > 0 else "left"
        yield f"{key:22}{size:>12,} of {budgets[key]:,}, {left:,} {word}"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="size", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="print only what is over a budget")
    is_check = parser.parse_args().check
    files = list_files()
    if is_check:
        found = [*violations(files)]
        print("\n".join(found), file=sys.stderr, end="\n" if found else "")
        sys.exit(bool(found))
    sizes = Sizes(files, PYTHON)
    print("\n".join([*table(sizes), "", *budget_lines(sizes)]))


if __name__ == "__main__":
    main()
