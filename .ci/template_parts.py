"""The parts of a Jinja template: tokens, what is nested in what, and where a tag may be broken."""

import re
from dataclasses import dataclass, field

MAX_ATTRIBUTE_COLUMNS = 100
"""A longer attribute may be broken inside its Jinja tags."""
JINJA = r"\{\{(?:[^\"'}]|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\}(?!\}))*\}\}"
STATEMENT = r"\{%(?:[^\"'%]|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|%(?!\}))*%\}"
ANY_JINJA = rf"(?:{JINJA}|{STATEMENT}|\{{\#.*?\#\}})"
JINJA_TAG = re.compile(ANY_JINJA, re.DOTALL)
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
STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")


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
        is_closed = item.text.startswith("</") or item.text.endswith("/>")
        return item.name not in VOID and not is_closed
    is_long_set = item.name == "set" and "=" not in item.text
    return item.kind == "statement" and (item.name in OPENS or is_long_set)


def nest(flat: list[Item]) -> list[Item]:
    """Put elements and statements around their content; tags that do not match stay tags."""
    levels: list[list[Item]] = [[]]  # What is open: each level begins with its first tag.
    for item in flat:
        if opens(item):
            levels.append([item])
        elif level := level_that_ends(item, levels):
            while len(levels) - 1 > level:
                unclosed = levels.pop()
                levels[-1] += unclosed
            parts = [*levels.pop(), item]
            kind = "element" if item.kind == "tag" else "block"
            levels[-1].append(Item(kind, "", parts[0].space, parts[0].name, parts))
        else:
            levels[-1].append(item)
    return [item for level in levels for item in level]


def level_that_ends(item: Item, levels: list[list[Item]]) -> int:
    """Return the level whose first tag the item closes; 0 if it closes none."""
    if item.kind == "tag" and item.text.startswith("</"):
        name = item.name
    elif item.kind == "statement" and item.name.startswith("end"):
        name = item.name.removeprefix("end")
    else:
        return 0
    for level in range(len(levels) - 1, 0, -1):
        head = levels[level][0]
        if (head.kind, head.name) == (item.kind, name):
            return level
        if item.kind == "tag" and head.kind == "statement":
            return 0  # An element does not end outside the statement in which it began.
    return 0


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
        cuts = [match.start() for match in found if match.group().isspace()]
        parts = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        return [
            piece
            for part in parts
            for piece in (split_jinja(part) if len(part) > MAX_ATTRIBUTE_COLUMNS else [part])
        ]
    return split_jinja(text)


BREAKS = re.compile(
    r" (?=(?:if|else|and|or)\b|~|\|)"  # before an operator
    r"|(?<=,) |(?<=[(\[])(?=[^\s)\]])"  # after a comma or a bracket
    r"|(?<=\{\{) | (?=\}\})"  # inside the braces
)


def split_jinja(text: str) -> list[str]:
    """Split Jinja's tags in a text where a line may be broken; never inside a string."""
    # A piece of a long tag that was split before has no braces of its own.
    is_tag = text.lstrip().startswith(("{{", "{%"))
    tags = [(0, len(text))] if is_tag else [tag.span() for tag in JINJA_TAG.finditer(text)]
    strings = [found.span() for tag in tags for found in STRING.finditer(text, *tag)]
    cuts = [
        found.start()
        for found in BREAKS.finditer(text)
        if is_inside(found.start(), tags) and not is_inside(found.start(), strings)
    ]
    return [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def is_inside(position: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < position < end for start, end in spans)
