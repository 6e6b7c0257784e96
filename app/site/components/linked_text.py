"""Text that contains links, in parts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class TextPart:
    """A part of a text. It is a link if it has an address."""

    text: str
    address: str = ""
    is_strong: bool = False
    is_aside: bool = False


def link_names(text: str, addresses: Mapping[str, str]) -> list[TextPart]:
    """Return the text with a link at the first mention of each name."""
    if not addresses:
        return [TextPart(text)]
    longest_first = sorted(addresses, key=len, reverse=True)
    left = dict(addresses)
    parts = re.split(f"({'|'.join(map(re.escape, longest_first))})", text)
    return [TextPart(part, left.pop(part, "")) for part in parts if part]
