"""Base class of all enums of codes."""

from enum import StrEnum
from typing import Self, cast


class Code(StrEnum):
    """One list of codes. A member is its own code and knows its label, definition and example."""

    label: str
    definition: str
    example: str

    def __new__(cls, code: str, label: str = "", definition: str = "", example: str = "") -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label, member.definition, member.example = label, definition, example
        return member

    @classmethod
    def by_code(cls) -> dict[str, Self]:
        return cast(dict[str, Self], cls._value2member_map_)
