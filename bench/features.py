"""Whether each line of docs/features.md names a test. `make check` runs it.

A line that loses its test must get another, or is struck (`~~…~~`) with the reason. Promises are
not struck. No number may be missing, so that no line vanishes unseen. That the tests exist is
checked with all other paths of documents, in `tests/checks/test_docs.py`.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator

from app import paths

DOCUMENT = paths.ROOT / "docs" / "features.md"
MIN_FEATURES = 38
TEST = re.compile(r"`(tests/[^`\s:]+)(?:: (\w+))?`")
LINE = re.compile(r"^\| ([A-Z]?)([0-9]+) \| (.*) \|$", re.MULTILINE)
TOTALS = re.compile(r"has ([0-9]+) of ([0-9]+) features[^.]*?\b([0-9]+) promises")


def violations(text: str) -> Iterator[str]:
    last: Counter[str] = Counter()
    features = 0
    for group, number, line in LINE.findall(text):
        at = f"docs/features.md, {group}{number}"
        tests = TEST.findall(line.rpartition("|")[2])
        if int(number) != last[group] + 1:
            yield f"{at} follows {group}{last[group]}: strike a line, do not delete it"
        last[group] = int(number)
        if group and ("~~" in line or not tests):
            yield f"{at}: a promise is kept and has a test: name it"
        if "~~" in line and tests:
            yield f"{at}: a struck line has a reason in place of a test"
        features += not group and bool(tests)
    counted = features, last[""], sum(last.values()) - last[""]
    totals = TOTALS.search(text)
    if not totals or tuple(map(int, totals.groups())) != counted:
        yield (
            "docs/features.md should begin: Sojourn has {} of {} features …, and makes {} "
            "promises".format(*counted)
        )
    if features < MIN_FEATURES:
        yield f"docs/features.md: {features} features are left, at least {MIN_FEATURES} must be"


def main() -> None:
    found = [*violations(DOCUMENT.read_text())]
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
