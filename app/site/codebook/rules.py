"""The pages of the rules and of their changes, read from `docs/`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby

from markupsafe import Markup, escape

from app import paths

HEADING = re.compile(r"## Rule (\d+): (.+)")


@dataclass(frozen=True)
class RuleBlock:
    """A list of points, or a table with its heading row first."""

    points: Sequence[Markup] = ()
    table: Sequence[Sequence[Markup]] = ()


@dataclass(frozen=True)
class Rule:
    number: int
    title: str
    blocks: Sequence[RuleBlock]

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
            found.append(Rule(int(title[1]), title[2], list(_blocks(lines))))
    return found


def _blocks(lines: Sequence[str]) -> Iterator[RuleBlock]:
    """Yield the paragraphs, points and tables in order; a point within a point is a point, too."""
    parts = re.split(r"\n\s*\n|\n(?=\s*\* )", "\n".join(lines).strip())
    for is_table, some in groupby(parts, key=lambda part: part.lstrip().startswith("|")):
        if is_table:
            for part in some:
                rows = [row.strip("| ").split("|") for row in part.splitlines()]
                yield RuleBlock(
                    table=[[_inline(cell.strip()) for cell in row] for row in (rows[0], *rows[2:])]
                )
            continue
        texts = (" ".join(part.strip().removeprefix("* ").split()) for part in some)
        yield RuleBlock(
            points=[_inline(text) for text in texts if text and not text.startswith("Code: ")]
        )


def _inline(words: str) -> Markup:
    """Return a sentence of Markdown as HTML: code, emphasis, and links without their target."""
    html = str(escape(words))
    html = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", html)
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", html)
    html = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", html)
    return Markup(re.sub(r"\*([^*]+)\*", r"<em>\1</em>", html))  # noqa: S704 - escaped above


@dataclass(frozen=True)
class MethodChange:
    """A change of one rule."""

    anchor: str
    rule: Rule
    what: Markup
    """What the rule says now."""
    moved: Markup
    """What reads differently by it."""


def method_changes(rules: Sequence[Rule]) -> list[tuple[date, list[MethodChange]]]:
    """Return the changes of `docs/method-changes.md` by day, newest first, as in the file."""
    by_number = {str(rule.number): rule for rule in rules}
    days, count = [], 0
    for part in paths.METHOD_CHANGES.read_text(encoding="utf-8").split("\n## ")[1:]:
        day, _line, text = part.partition("\n")
        found = []
        for point in text.strip().removeprefix("* ").split("\n* "):
            what, moved = (_inline(" ".join(each.split())) for each in point.split("\n\n")[:2])
            rule, _colon, what = what.removeprefix("Rule ").partition(": ")
            count += 1
            found.append(MethodChange(f"change-{count}", by_number[rule], what, moved))
        days.append((date.fromisoformat(day), found))
    return days
