"""Docstrings, comments and documents use the words of docs/glossary.md, not the dialect before."""

import io
import re
import subprocess
import tokenize

from app import paths

UNWANTED = re.compile(
    r"(?<![`*_])\b(stands(?! for)|standing|rests? on|lies in|said(?! to)|told(?! apart)|anew"
    r"|whoever|leads? on|answers to|goes with|the door|(?<!ice )shelf|soundness)\b(?![`*_])",
    re.IGNORECASE,
)
DOCSTRING = re.compile(r'^ *"""')
NOT_OURS = ("app/vocabulary/", "app/kinds/", "app/record/words/stems.py")
"""Docstrings of classes are texts of the codebook and of the API; stems has words of readers."""
ABOUT_OLD_WORDS = ("docs/glossary.md", "docs/coding-manual/", "CHANGELOG.md")
"""They name the old words, or are about what people said."""


def tracked(*patterns: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", *patterns], capture_output=True, text=True, check=True, cwd=paths.ROOT
    )
    return [name for name in listed.stdout.splitlines() if (paths.ROOT / name).exists()]


def words_of_code(source: str) -> list[tuple[int, str]]:
    """Return line and text of every docstring and comment."""
    return [
        (token.start[0], token.string)
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT or DOCSTRING.match(token.line)
    ]


def test_code_describes_itself_in_plain_words() -> None:
    found = [
        f"{name}:{line}: {match.group()}"
        for name in tracked("app/*.py", "tests/*.py", "bench/*.py", ".ci/*.py")
        if not name.startswith(NOT_OURS) and name != "tests/checks/test_language.py"
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
