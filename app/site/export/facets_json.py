"""Facets of a list as JSON. A key may have thousands of codes, so each label is encoded once."""

from collections.abc import Sequence
from typing import Any

from app.caches import memoized
from app.filtering import Terms
from app.record.filters import ListFilters
from app.record.index.results import ListCounts
from app.record.names.directory import Directory
from app.site.export.column_types import compact_json


class RawJson(str):
    """Text that is JSON already: `json_response` inserts it unchanged."""


def facets_as_json(filters: ListFilters, counted: ListCounts, directory: Directory) -> RawJson:
    """Return, for each key, all codes with rows; for closed lists, all but rare codes."""
    return RawJson(
        f"{{{','.join(_facet_json(key, filters, counted, directory) for key in filters.terms())}}}"
    )


def _facet_json(key: Terms, filters: ListFilters, counted: ListCounts, directory: Directory) -> str:
    counts, chosen = counted.facets.get(key.key, {}), filters[key.key]
    ends = {True: ',"selected":true}', False: ',"selected":false}'}
    codes = (
        f"{_code_json(key.vocabulary, code, directory)}{counts.get(code, 0)}{ends[code in chosen]}"
        for code in _codes(key.offered, counts, chosen)
    )
    return f"{compact_json(key.key)}:[{','.join(codes)}]"


@memoized("facet-json")
def _code_json(vocabulary: str, code: str, directory: Directory) -> str:
    """Return the beginning of a code's object, up to its count."""
    label = directory.label(vocabulary, code)
    return f'{{"code":{compact_json(code)},"label":{compact_json(label)},"count":'


def _codes(offered: Sequence[str], counts: Any, chosen: Sequence[str]) -> list[str]:
    """Return the offered codes in their order, then others: most frequent first, then by code."""
    rest = {*counts, *chosen} - set(offered)
    return [*offered, *sorted(rest, key=lambda code: (-counts.get(code, 0), code))]
