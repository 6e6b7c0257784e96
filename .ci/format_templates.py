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
from dataclasses import dataclass, field
from pathlib import Path

TEMPLATES = Path(__file__).parent.parent / "templates"
MAX_COLUMNS = 114
"""Six are left for the `-` of statements and the beginning of a tag that has to follow."""
INDENT = "  "

JINJA = r"\{\{(?:[^\"'}]|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\}(?!\}))*\}\}"
STATEMENT = r"\{%(?:[^\"'%]|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|%(?!\}))*%\}"
ANY_JINJA = rf"(?:{JINJA}|{STATEMENT}|\{{\#.*?\#\}})"
VALUE = rf"\"(?:{ANY_JINJA}|[^\"])*\"|'(?:{ANY_JINJA}|[^'])*'"
TAG = rf"</?(?:[a-zA-Z]|(?=\{{\{{))(?:{ANY_JINJA}|{VALUE}|[^<>\"'])*>"
TOKEN = re.compile(
    rf"(?P<verbatim><(?P<raw>pre|textarea|script|style)\b(?:{ANY_JINJA}|{VALUE}|[^<>\"'])*>.*?</(?P=raw)>"
    rf"|\{{%-?\s*trans\b.*?endtrans\s*-?%\}}|\{{\#.*?\#\}}|<!--.*?-->|<!.*?>|<\?.*?\?>)"
    rf"|(?P<statement>{STATEMENT})|(?P<expression>{JINJA})|(?P<tag>{TAG})|(?P<space>\s+)"
    rf"|(?P<text>(?:(?!{ANY_JINJA}|<[a-zA-Z/!?{{])\S)+)",
    re.DOTALL,
)
INLINE = {
    *("a", "abbr", "b", "bdi", "button", "cite", "code", "data", "dfn", "em", "i", "img", "input"),
    *("kbd", "label", "mark", "meter", "output", "progress", "q", "s", "samp", "select", "small"),
    *("span", "strong", "sub", "sup", "svg", "time", "tspan", "u", "var", "wbr"),
    *("text", "title", "desc"),
}
VOID = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"),
    *("track", "wbr"),
}
OPENS = {"if", "for", "with", "block", "macro", "call", "filter", "autoescape"}
CONTINUES = {"else", "elif"}


@dataclass
class Item:
    """A token, or an element or statement with its content. `space`: white space precedes it."""

    kind: str
    text: str
    space: bool
    name: str = ""
    parts: list["Item"] = field(default_factory=list)
    """Of a block: first tag, content, then tag and content of each branch, and last tag."""

    @property
    def is_block(self) -> bool:
        """Whether white space beside it shows nowhere."""
        return self.kind in {"tag", "element"} and self.name not in INLINE

    @property
    def is_statement(self) -> bool:
        return self.kind in {"statement", "block"}

    @property
    def flat(self) -> str:
        return self.text if not self.parts else join(self.parts)


def join(items: list[Item]) -> str:
    """All on one line."""
    text = ""
    for before, item in zip([None, *items], items, strict=False):
        text += (" " if before and glue(before, item) == "space" else "") + item.flat
    return text


def first(item: Item) -> Item:
    return first(item.parts[0]) if item.parts else item


def last(item: Item) -> Item:
    return last(item.parts[-1]) if item.parts else item


def glue(before: Item, after: Item) -> str:
    """What is between two items: "space", "none", or "free" where white space shows nowhere."""
    left, right = last(before), first(after)
    if left.text.endswith(("-%}", "-}}", "-#}")) or right.text.startswith(("{%-", "{{-", "{#-")):
        return "free"
    if left.is_block or right.is_block:
        return "free"
    return "space" if right.space else "none"


def tokens(source: str) -> list[Item]:
    """Split the source into tokens. Drops each `-` beside white space; a line break restores it."""
    found, space, end = [], False, 0
    is_trimmed = False
    for match in TOKEN.finditer(source):
        if match.start() != end:
            raise ValueError(f"cannot read {source[end : match.start()]!r}")
        end = match.end()
        kind, text = str(match.lastgroup), match.group()
        if match["verbatim"]:
            kind = "verbatim"
        if kind == "space":
            space = True
            continue
        name = ""
        if kind == "verbatim":
            text = "".join(words_of(text))
        if kind == "statement":
            name = re.sub(r"^\{%-?\s*", "", text).split()[0]
            text = squeeze(text)
        elif kind == "expression":
            text = squeeze(text)
        elif kind == "tag":
            # `<{{ mark }}>` is one of the inline elements.
            name = re.sub(r"\W.*", "", text.lstrip("</"), flags=re.DOTALL) or "span"
            text = squeeze(text)
        if kind in {"statement", "expression"}:
            trims_before, trims_after = text[2] == "-", text[-3] == "-"
            text = re.sub(r"^(\{.)-", r"\1", re.sub(r"-(.\})$", r"\1", text))
        else:
            trims_before = trims_after = False
        found.append(Item(kind, text, space and not trims_before and not is_trimmed, name))
        space, is_trimmed = False, trims_after
    if end != len(source):
        raise ValueError(f"cannot read {source[end:][:80]!r}")
    return found


PIECE = re.compile(rf"{VALUE}|\s+|[^\s\"']+", re.DOTALL)


def squeeze(text: str) -> str:
    """Put a tag on one line.

    Quoted text stays as it is, except line breaks between the parts of an expression.
    """
    out: list[str] = []
    for piece in PIECE.findall(text):
        if (
            piece[0] in "\"'"
            and len(out) > 1
            and out[-1] == " "
            and out[-2][0] == out[-2][-1] == piece[0]
            and not text.startswith("<")
        ):
            # Two strings beside each other are one that had been broken.
            out[-2:] = [out[-2][:-1] + piece[1:]]
        elif piece.isspace():
            if not (out and out[-1][-1] in "([" and not text.startswith("<")):
                out.append(" ")
        elif piece[0] in ")]" and out and out[-1] == " " and not text.startswith("<"):
            out[-1] = piece
        elif "{" in piece and text.startswith("<"):
            out.append(re.sub(ANY_JINJA, lambda k: squeeze(k.group()), piece, flags=re.DOTALL))
        else:
            out.append(piece)
    return re.sub(r"\s+(/?>)$", r"\1", "".join(out)) if text.startswith("<") else "".join(out)


def opens(item: Item) -> bool:
    if item.kind == "tag":
        return item.name not in VOID and not item.text.endswith("/>")
    is_long_set = item.name == "set" and "=" not in item.text
    return item.kind == "statement" and (item.name in OPENS or is_long_set)


def nest(flat: list[Item]) -> list[Item]:
    """Put elements and statements around what is in them; tags that do not match stay tags."""
    stack: list[tuple[Item | None, list[Item]]] = [(None, [])]
    for item in flat:
        closes = (item.kind == "tag" and item.text.startswith("</")) or (
            item.kind == "statement" and item.name.startswith("end")
        )
        if closes:
            wanted = ("tag", item.name) if item.kind == "tag" else ("statement", item.name[3:])
            at = next(
                (
                    depth
                    for depth in range(len(stack) - 1, 0, -1)
                    if (head := stack[depth][0]) and (head.kind, head.name) == wanted
                ),
                0,
            )
            # An element does not end outside the statement in which it began.
            if item.kind == "tag" and any(
                (head := stack[depth][0]) and head.kind == "statement"
                for depth in range(at + 1, len(stack))
            ):
                at = 0
            if at:
                while len(stack) - 1 > at:
                    head, inside = stack.pop()
                    stack[-1][1].extend([head, *inside])  # type: ignore[list-item]
                head, inside = stack.pop()
                assert head
                kind = "element" if item.kind == "tag" else "block"
                stack[-1][1].append(Item(kind, "", head.space, head.name, [head, *inside, item]))
                continue
            stack[-1][1].append(item)
        elif opens(item):
            stack.append((item, []))
        else:
            stack[-1][1].append(item)
    while len(stack) > 1:
        head, inside = stack.pop()
        stack[-1][1].extend([head, *inside])  # type: ignore[list-item]
    return stack[0][1]


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
            own_line = item.is_block or (
                bool(item.parts) and item.kind == "block" and is_broken(item)
            )
            between = glue(before, item)
            needed = (1 if between == "space" else 0) + unbroken_columns(item, waiting)
            if can_break(before, item) and (
                own_line or ends_line(before) or needed > page.room(indent)
            ):
                break_between(page, before, item)
            elif between == "space":
                page.put(" ", indent)
        if item.parts and (is_broken(item) or unbroken_columns(item, waiting) > page.room(indent)):
            if item.kind == "element" and item.name in INLINE:
                waiting.extendleft(reversed(item.parts[1:]))
                item = item.parts[0]
                put_long(page, item, indent, tail(item, waiting))
            elif not item.is_block and page.line.strip() and not page.line.isspace():
                # Within a line that can't be broken before the item: queue its parts one by one.
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


STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")


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


def words_of(text: str) -> list[str]:
    """Where a comment, a message with `trimmed` or the tag of a text area may be broken."""
    if text.startswith("{#"):
        return re.findall(r"\s*\S+", text)
    message = re.fullmatch(rf"({STATEMENT})(.*?)({STATEMENT})", text, re.DOTALL)
    if message and re.match(r"\{%-?\s*trans trimmed\b", text):
        words = re.findall(
            rf"\s*(?:{TAG}|{ANY_JINJA}|[^\s<{{]+|[<{{])+", " ".join(message[2].split())
        )
        return [*pieces(squeeze(message[1])), *words, message[3]]
    if head := re.match(TAG, text):
        *tag, end = pieces(squeeze(head.group()))
        return [*tag, end + text[head.end() :]]
    return [text]


def pieces(text: str) -> list[str]:
    """Split a tag where a line may be broken.

    That is between attributes, after commas, before operators and between words of a string.
    """
    if text.startswith("<"):
        found = re.finditer(rf"{ANY_JINJA}|{VALUE}|\s", text, re.DOTALL)
        cut = [match.start() for match in found if match.group().isspace()]
        parts = [text[a:b] for a, b in zip([0, *cut], [*cut, len(text)], strict=True)]
        return [
            small for part in parts for small in (split_jinja(part) if len(part) > 100 else [part])
        ]
    return split_jinja(text)


def split_jinja(text: str) -> list[str]:
    """An expression in pieces, none of which is the middle of a string."""
    out, at = [], 0
    strings = [
        match.span() for match in re.finditer(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", text)
    ]
    in_tag = text.lstrip().startswith(("{{", "{%"))
    if not in_tag:  # an attribute: only what is inside Jinja's own tags may be broken
        inside = [match.span() for match in re.finditer(ANY_JINJA, text, re.DOTALL)]
        strings = [
            match.span()
            for a, b in inside
            for match in re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'").finditer(text, a, b)
        ]
    else:
        inside = [(0, len(text))]
    for match in re.finditer(
        r" (?=(?:if|else|and|or)\b|~|\|)|(?<=,) |(?<=[(\[])(?=[^\s)\]])|(?<=\{\{) | (?=\}\})", text
    ):
        position = match.start()
        if any(a < position < b for a, b in strings) or not any(
            a < position < b for a, b in inside
        ):
            continue
        out.append(text[at:position])
        at = position
    out.append(text[at:])
    return out


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
