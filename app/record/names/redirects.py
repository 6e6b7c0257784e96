"""Redirects of merged records."""

from collections.abc import Mapping


def final_target(into: Mapping[str, str], name: str) -> str:
    """Follow merges from `name` to the last record; `into` maps merged names to the next one."""
    while name in into:
        name = into[name]
    return name
