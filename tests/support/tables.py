"""Tables of cases inside one test: which cases do not give what the table says."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any


def differing(find: Callable[..., Any], expected: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return what is found for each case that differs. A tuple is given as several arguments."""
    found = {case: find(*case) if type(case) is tuple else find(case) for case in expected}
    return {case: each for case, each in found.items() if each != expected[case]}


def misjudged(
    error: type[Exception], make: Callable[..., object], expected: Mapping[Any, str]
) -> dict[Any, str]:
    """Return each case that is not refused with words like the pattern, and the words."""
    words = {}
    for case, pattern in expected.items():
        said = "accepted"
        try:
            make(*case) if type(case) is tuple else make(case)
        except error as refused:
            said = str(refused)
            if re.search(pattern, said):
                continue
        words[case] = said
    return words


Case = tuple[Any, ...]


def failing(cases: Iterable[Case], of: Callable[..., Any]) -> list[Case]:
    """Return the cases whose last value is not what comes of the others, with what comes."""
    found = [(*case, of(*case[:-1])) for case in cases]
    return [case for case in found if case[-1] != case[-2]]
