"""The facets of a list as JSON, of which there may be thousands of codes: labels are written once."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from app.filtering import Terms
from app.record.filters import ListFilters
from app.record.names.directory import Directory
from app.record.sql.counts import Counts
from app.site.export.columns import in_json


class WrittenJson(str):
    """A part of an answer that is JSON already."""


def facets_as_json(filters: ListFilters, counted: Counts, directory: Directory) -> WrittenJson:
    """Of every key every code that anything answers to, and of a closed list all: of outlets they may be thousands."""
    return WrittenJson(
        f"{{{','.join(_facet(key, filters, counted, directory) for key in filters.terms())}}}"
    )


def _facet(key: Terms, filters: ListFilters, counted: Counts, directory: Directory) -> str:
    counts, chosen = counted.facets.get(key.key, {}), filters[key.key]
    ends = {True: ',"selected":true}', False: ',"selected":false}'}
    codes = (
        f"{_code(key.vocabulary, code, directory)}{counts.get(code, 0)}{ends[code in chosen]}"
        for code in _codes(key.closed, counts, chosen)
    )
    return f"{in_json(key.key)}:[{','.join(codes)}]"


@lru_cache(maxsize=20_000)
def _code(vocabulary: str, code: str, directory: Directory) -> str:
    """How a code is written, up to how often there is any."""
    label = directory.label(vocabulary, code)
    return f'{{"code":{in_json(code)},"label":{in_json(label)},"count":'


def _codes(closed: Sequence[str], counts: Any, chosen: Sequence[str]) -> list[str]:
    """The closed list in its own order, then the rest: most frequent first, equal ones by code."""
    rest = {*counts, *chosen} - set(closed)
    return [*closed, *sorted(rest, key=lambda code: (-counts.get(code, 0), code))]
