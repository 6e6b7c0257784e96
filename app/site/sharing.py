"""How a view is shared: its addresses as of now and as of this edition, and what other sites show of a link to it."""

from app.web import url


def preview_address(of: str) -> str:
    """The picture that goes with a link to that address."""
    path, mark, query = of.partition("?")
    return url("preview", of=path) + mark + query
