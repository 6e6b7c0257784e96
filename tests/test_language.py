"""Docstrings, comments and documents use the words of docs/glossary.md, not the dialect before."""

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator

import pytest

from app import paths

UNWANTED = re.compile(
    r"(?<![`*_])\b(stands(?! for)|standing|rests? on|lies in|said(?! to)|told(?! apart)|anew"
    r"|whoever|leads? on|answers to|goes with|the door|(?<!ice )shelf|soundness)\b(?![`*_])",
    re.IGNORECASE,
)
PUBLISHED = ("app/vocabulary/", "app/forms/")
"""Docstrings of these classes are texts of the codebook and of the API."""
ABOUT_OLD_WORDS = ("docs/glossary.md", "docs/moved.md", "docs/coding-manual/", "CHANGELOG.md")
"""They name the old words, or are about what people said."""


def tracked(*patterns: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", *patterns], capture_output=True, text=True, check=True, cwd=paths.ROOT
    )
    return [name for name in listed.stdout.splitlines() if (paths.ROOT / name).exists()]


def words_of_code(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of every docstring and comment."""
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", None)
        for part in body if isinstance(body, list) else ():
            if (
                isinstance(part, ast.Expr)
                and isinstance(part.value, ast.Constant)
                and isinstance(part.value.value, str)
            ):
                yield part.lineno, part.value.value
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


@pytest.mark.parametrize("folder", ["app", "tests", "bench", ".ci"])
def test_code_describes_itself_in_plain_words(folder: str) -> None:
    found = [
        f"{name}:{line}: {match.group()}"
        for name in tracked(f"{folder}/*.py")
        if not name.startswith(PUBLISHED) and name != "tests/test_language.py"
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


def test_class_names_are_unique() -> None:
    seen: dict[str, set[str]] = {}
    for name in tracked("app/*.py"):
        for node in ast.walk(ast.parse((paths.ROOT / name).read_text())):
            if isinstance(node, ast.ClassDef):
                seen.setdefault(node.name, set()).add(name)
    assert {cls: names for cls, names in seen.items() if len(names) > 1} == {}
