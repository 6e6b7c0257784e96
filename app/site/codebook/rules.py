"""The page of the rules, read from `docs/rules.md`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup, escape

from app import paths

HEADING = re.compile(r"## Rule (\d+): (.+)")


@dataclass(frozen=True)
class Rule:
    number: int
    title: str
    points: Sequence[Markup]

    @property
    def anchor(self) -> str:
        return f"rule-{self.number}"


@cache
def rules() -> Sequence[Rule]:
    """Return the rules, without the lines that name code and tests."""
    found: list[Rule] = []
    for part in paths.RULES.read_text(encoding="utf-8").split("\n## ")[1:]:
        heading, *lines = f"## {part}".splitlines()
        if title := HEADING.fullmatch(heading):
            found.append(Rule(int(title[1]), title[2], list(_points(lines))))
    return found


def _points(lines: Sequence[str]) -> Iterator[Markup]:
    for paragraph in re.split(r"\n\s*\n|\n(?=\* )", "\n".join(lines).strip()):
        words = " ".join(paragraph.removeprefix("* ").split())
        if words and not words.startswith("Code: "):
            yield _inline(words)


def _inline(words: str) -> Markup:
    """Return a sentence of Markdown as HTML: code, emphasis, and links without their target."""
    html = str(escape(words))
    html = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", html)
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", html)
    html = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", html)
    return Markup(re.sub(r"\*([^*]+)\*", r"<em>\1</em>", html))  # noqa: S704 - escaped above
