"""Where something leads that was merged into another, which may have been merged itself since."""

from collections.abc import Mapping


def last_of(into: Mapping[str, str], name: str) -> str:
    """What it goes by now; the same where it was never merged. `into` says of each what it was merged into."""
    while name in into:
        name = into[name]
    return name
