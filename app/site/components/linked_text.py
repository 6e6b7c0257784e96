"""Text that contains links, in parts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TextPart:
    """A part of a text. It is a link if it has an address."""

    text: str
    address: str = ""
    is_strong: bool = False
    is_aside: bool = False
