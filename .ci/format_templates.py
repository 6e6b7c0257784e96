"""Format the Jinja templates: one element a line, at most 120 columns, and the same page as before.

`make format` runs it; `make check` runs it with `--check`. A line is broken only where the page
stays the same: beside block-level tags, at existing white space, between the attributes of a tag,
inside a Jinja tag, and beside a Jinja statement. The statement then gets a `-`, which removes the
line break again.
"""

import re
import sys
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from template_parts import (
    CONTINUES,
    INLINE,
    STRING,
    Item,
    first,
    glue,
    last,
    nest,
    pieces,
    tokens,
    words_of,
)

TEMPLATES = Path(__file__).parent.parent / "templates"
MAX_COLUMNS = 114
"""Six are left for the `-` of statements and the beginning of a tag that has to follow."""
INDENT = "  "


class Page:
    """The lines written so far."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line = ""

    def end_line(self) -> None:
        if self.line.strip():
            self.lines.append(self.line.rstrip())
        self.line = ""

    def room(self, indent: str) -> int:
        return MAX_COLUMNS - len(self.line or indent)

    def put(self, text: str, indent: str) -> None:
        self.line = (self.line or indent) + text


def trim_left(item: Item) -> None:
    tag = first(item)
    tag.text = re.sub(r"^\{(%|\{)(?!-)", r"{\1-", tag.text)


def trim_right(item: Item) -> None:
    tag = last(item)
    tag.text = re.sub(r"(?<!-)(%|\})\}$", r"-\1}", tag.text)


def can_break(before: Item, after: Item) -> bool:
    return (
        glue(before, after) != "none"
        or last(before).kind == "statement"
        or first(after).kind == "statement"
    )


def break_between(page: Page, before: Item, after: Item) -> None:
    if glue(before, after) == "none":
        if first(after).kind == "statement":
            trim_left(after)
        else:
            trim_right(before)
            # The line that was written has the tag without its mark.
            text = last(before).text
            page.line = re.sub(r"(?<!-)[%}]\}$", text[-3:], page.line)
    page.end_line()


def is_broken(item: Item) -> bool:
    """Whether the item needs lines of its own: it contains several block-level elements."""
    inside = item.parts[1:-1]
    if item.kind == "block" and item.name in {"macro", "block"} and len(item.flat) > 80:
        return True
    return sum(each.is_block or is_broken(each) for each in inside) > 1


def write(page: Page, items: list[Item], indent: str) -> None:
    waiting = deque(items)
    before: Item | None = None
    while waiting:
        item = waiting.popleft()
        if before is not None:
            own_line = item.is_block or (item.kind == "block" and is_broken(item))
            between = glue(before, item)
            needed = (1 if between == "space" else 0) + unbroken_columns(item, waiting)
            if can_break(before, item) and (
                own_line or ends_line(before) or needed > page.room(indent)
            ):
                break_between(page, before, item)
            elif between == "space":
                page.put(" ", indent)
        if item.parts and (is_broken(item) or unbroken_columns(item, waiting) > page.room(indent)):
            is_inline = item.kind == "element" and item.name in INLINE
            # A line that can't be broken before the item goes on with the item's first tag.
            if is_inline or (page.line.strip() and not item.is_block):
                waiting.extendleft(reversed(item.parts[1:]))
                item = item.parts[0]
                put_long(page, item, indent, tail(item, waiting))
            else:
                write_broken(page, item, indent)
        else:
            put_long(page, item, indent, tail(item, waiting))
        before = item


def tail(item: Item, following: Iterable[Item]) -> int:
    return unbroken_columns(item, following) - len(item.flat)


def unbroken_columns(item: Item, following: Iterable[Item]) -> int:
    """Columns of an item and of what follows it up to the next place where a line may end."""
    columns, before = 0, item
    for each in [item, *following]:
        if columns and can_break(before, each):
            break
        before = each
        if (
            each is not item
            and each.parts
            and each.name in INLINE
            and len(each.flat) > MAX_COLUMNS // 2
        ):
            return columns + len(each.parts[0].text.split(" ")[0])
        columns += len(each.flat)
    return columns


def ends_line(item: Item) -> bool:
    if item.kind == "statement":
        return item.name in {"extends", "import", "from"}
    return (item.is_block and item.kind == "element") or (item.kind == "block" and is_broken(item))


def write_broken(page: Page, item: Item, indent: str) -> None:
    """Write a block-level element or statement: tags on their own lines, content indented."""
    deeper = indent + INDENT
    part: list[Item] = []
    put_long(page, item.parts[0], indent)
    before = item.parts[0]
    for each in item.parts[1:]:
        is_branch = each.kind == "statement" and each.name in CONTINUES and item.kind == "block"
        if each is item.parts[-1] or is_branch:
            if part:
                break_between(page, before, part[0])
                write(page, part, deeper)
                before = part[-1]
            break_between(page, before, each)
            put_long(page, each, indent)
            before, part = each, []
        else:
            part.append(each)


def put_long(page: Page, item: Item, indent: str, tail: int = 0) -> None:
    """Write an item on the current line.

    Breaks inside the item if it and the `tail` columns after it do not fit.
    """
    text = item.flat
    if len(text) + tail <= page.room(indent) or item.kind == "text" or item.parts:
        page.put(text, indent)
        return
    parts = words_of(text) if item.kind == "verbatim" else pieces(text)
    deeper = indent + INDENT * 2
    is_begun = False
    while parts:
        piece = parts.pop(0)
        columns = len(piece.rstrip()) + (0 if parts else tail)
        if is_begun and columns > page.room(deeper):
            page.end_line()
            piece = piece.lstrip()
        while len(piece) > page.room(deeper) and (
            at := place_in_string(piece, page.room(deeper) - 1)
        ):
            quote = quote_at(piece, at)
            page.put(piece[:at] + quote, deeper if is_begun else indent)
            page.end_line()
            piece, is_begun = quote + piece[at:], True
        page.put(piece, deeper if is_begun else indent)
        is_begun = True


def strings_in(piece: str) -> list[re.Match[str]]:
    """The strings of Jinja expressions in a piece of a tag."""
    if re.match(r"\s*(?:<\S*\s*)?[\w:.-]+=", piece):
        return list(STRING.finditer(piece, piece.index("{{"))) if "{{" in piece else []
    return list(STRING.finditer(piece))


def place_in_string(piece: str, most: int) -> int:
    """Where a long string may be cut in two, after a space; 0 where it may not."""
    for match in strings_in(piece):
        end = min(most, match.end() - 8)
        at = piece.rfind(" ", match.start() + 8, end) if end > 0 else -1
        if at > 0:
            return at + 1
    return 0


def quote_at(piece: str, at: int) -> str:
    return next(match.group()[0] for match in strings_in(piece) if match.start() < at < match.end())


def formatted(source: str) -> str:
    for _ in range(5):
        page = Page()
        write(page, nest(tokens(source)), "")
        page.end_line()
        result = "\n".join(page.lines) + "\n"
        if result == source:
            break
        source = result
    return source


def main(words: list[str]) -> int:
    changed = []
    for file in sorted(TEMPLATES.rglob("*.*")):
        source = file.read_text()
        try:
            result = formatted(source)
        except ValueError as error:
            sys.exit(f"{file}: {error}")
        if result != source:
            changed.append(file)
            if "--check" not in words:
                file.write_text(result)
    if "--check" in words and changed:
        print("Run `make format`:", *changed, sep="\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
