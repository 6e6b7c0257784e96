"""Base class of all enums of codes, whose words for readers are in `codes.csv`."""

import csv
from enum import StrEnum
from pathlib import Path
from typing import Self, cast

with Path(__file__).with_name("codes.csv").open(encoding="utf-8", newline="") as _file:
    WORDS = {(name, code): words for name, code, *words in csv.reader(_file)}
"""Label, definition and example of each code, by the name of its list."""


class Code(StrEnum):
    """One list of codes. A member is its own code and knows its label, definition and example.

    They are in `codes.csv`, unless a member brings its own, as currencies do.
    """

    label: str
    definition: str
    example: str

    def __new__(cls, code: str, label: str = "", definition: str = "", example: str = "") -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        own = label, definition, example
        member.label, member.definition, member.example = (
            own if label else WORDS[cls.__name__, code]
        )
        return member

    @classmethod
    def by_code(cls) -> dict[str, Self]:
        return cast(dict[str, Self], cls._value2member_map_)
