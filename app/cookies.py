"""Names of the site's cookies."""


def cookie_name(name: str, scheme: str) -> str:
    """Over https with the prefix that browsers take as a promise: this very host has set it, and no neighbour can."""
    return f"__Host-{name}" if scheme == "https" else name
