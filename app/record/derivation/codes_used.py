"""Terms for codes that are in a payload but in no filter, so that their uses can be counted.

`code_locations.csv` says where payloads have the codes of each of these lists.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.record.terms import TermPair


@dataclass(frozen=True)
class CodeLocation:
    """Where a payload contains codes of a list."""

    kinds: str
    """The letters of the kinds of records."""
    path: Sequence[str]
    """Names of nested fields: all but the last one are objects or lists of objects."""
    default: str
    """The code of an object without the field."""

    def codes(self, payload: Mapping[str, Any]) -> set[str]:
        *names, field = self.path
        rows: list[Any] = [payload]
        for name in names:
            values = (row.get(name, []) for row in rows)
            rows = [
                each for value in values for each in (value if isinstance(value, list) else [value])
            ]
        return {code for row in rows if (code := row.get(field, self.default))}


with Path(__file__).with_name("code_locations.csv").open(encoding="utf-8", newline="") as _file:
    CODE_LOCATIONS = {
        row["list"]: CodeLocation(row["kinds"], row["path"].split("."), row["default"])
        for row in csv.DictReader(_file)
    }
    """The lists of codes without a filter."""


def usage_terms(kind: str, payload: Mapping[str, Any]) -> set[TermPair]:
    """Return the terms `uses list:code` of a payload."""
    return {
        ("uses", f"{name}:{code}")
        for name, place in CODE_LOCATIONS.items()
        if kind in place.kinds
        for code in place.codes(payload)
    }
