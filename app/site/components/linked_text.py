"""Text that contains links, in parts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from string import Formatter


@dataclass(frozen=True)
class TextPart:
    """A part of a text. It is a link if it has an address."""

    text: str
    address: str = ""
    is_strong: bool = False
    is_aside: bool = False


def insert_parts(message: str, **values: TextPart) -> list[TextPart]:
    """Insert parts into a translated message, whose placeholders may be in any order."""
    found = []
    for text, name, _spec, _conversion in Formatter().parse(message):
        if text:
            found.append(TextPart(text))
        if name:
            found.append(values[name])
    return found


def join_plain_parts(parts: Sequence[TextPart]) -> list[TextPart]:
    """Join neighbours that look the same and are no links."""
    found: list[TextPart] = []
    for part in parts:
        last = found[-1] if found else None
        if last and not (last.address or part.address) and replace(last, text=part.text) == part:
            found[-1] = replace(last, text=last.text + part.text)
        else:
            found.append(part)
    return found


def link_names(text: str, addresses: Mapping[str, str]) -> list[TextPart]:
    """Return the text with a link at the first mention of each name."""
    if not addresses:
        return [TextPart(text)]
    longest_first = sorted(addresses, key=len, reverse=True)
    left = dict(addresses)
    parts = re.split(f"({'|'.join(map(re.escape, longest_first))})", text)
    return [TextPart(part, left.pop(part, "")) for part in parts if part]
