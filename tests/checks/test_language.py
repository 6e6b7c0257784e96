"""Docstrings, comments and documents use the words of docs/glossary.md, not the dialect before."""

import ast
import io
import re
import subprocess
import tokenize
from functools import cache

from app import paths

UNWANTED = re.compile(
    r"(?<![`*_])\b(stands(?! for)|standing|rests? on|lies in|said(?! to)|told(?! apart)|anew"
    r"|whoever|leads? on|answers to|goes with|the door|(?<!ice )shelf|soundness)\b(?![`*_])",
    re.IGNORECASE,
)
PUBLISHED = ("app/vocabulary/", "app/kinds/")
"""Docstrings of these classes are texts of the codebook and of the API."""
ABOUT_OLD_WORDS = ("docs/glossary.md", "docs/coding-manual/", "CHANGELOG.md")
"""They name the old words, or are about what people said."""


def tracked(*patterns: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", *patterns], capture_output=True, text=True, check=True, cwd=paths.ROOT
    )
    return [name for name in listed.stdout.splitlines() if (paths.ROOT / name).exists()]


@cache
def words_of_code(source: str) -> list[tuple[int, str]]:
    """Return line and text of every docstring and comment."""
    found = [
        (part.lineno, part.value.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(body := getattr(node, "body", None), list)
        for part in body
        if isinstance(part, ast.Expr)
        and isinstance(part.value, ast.Constant)
        and isinstance(part.value.value, str)
    ]
    if "#" in source:  # The tokenizer takes most of the time.
        found += [
            (token.start[0], token.string)
            for token in tokenize.generate_tokens(io.StringIO(source).readline)
            if token.type == tokenize.COMMENT
        ]
    return found


def test_code_describes_itself_in_plain_words() -> None:
    found = [
        f"{name}:{line}: {match.group()}"
        for name in tracked("app/*.py", "tests/*.py", "bench/*.py", ".ci/*.py")
        if not name.startswith(PUBLISHED) and name != "tests/checks/test_language.py"
        for line, text in words_of_code((paths.ROOT / name).read_text())
        for match in UNWANTED.finditer(text)
    ]
    assert found == []


def test_documents_use_plain_words() -> None:
    found = [
        f"{name}:{number}: {match.group()}"
        for name in tracked("*.md")
        if not name.startswith(ABOUT_OLD_WORDS)
        for number, line in enumerate((paths.ROOT / name).read_text().splitlines(), 1)
        for match in UNWANTED.finditer(line)
    ]
    assert found == []


def test_import_in_function_has_reason() -> None:
    """The commands import what they need when they run, so that `sojourn --help` is quick."""
    missing = []
    for name in tracked("app/*.py"):
        if name.startswith("app/cli/"):
            continue
        source = (paths.ROOT / name).read_text()
        lines = source.splitlines()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                imports = [
                    part for part in node.body if isinstance(part, ast.Import | ast.ImportFrom)
                ]
                if imports and "# Imported here" not in lines[imports[0].lineno - 2]:
                    missing.append(f"{name}:{imports[0].lineno}")
    assert missing == []
