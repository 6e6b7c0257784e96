"""Text of which parts are links."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A piece of the sentence; with an address it is a link."""

    text: str
    address: str = ""
    is_strong: bool = False
    is_aside: bool = False
