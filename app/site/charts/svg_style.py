"""The parts that all SVG files have in common: embedded styles, margin and the list of outlets."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache

from app.i18n.formats import enumerate_words
from app.i18n.translate import _, ngettext
from app.web.static import stylesheet

MARGIN_PIXELS = 24


MAX_OUTLETS_NAMED = 8


def reported_by(outlets: Mapping[str, int]) -> str:
    """Return the outlets of the drawn rows with their counts, most frequent first."""
    ordered = Counter(outlets).most_common()
    named = [
        _("{outlet} ({count})").format(outlet=name, count=count)
        for name, count in ordered[:MAX_OUTLETS_NAMED]
    ]
    if (rest := len(ordered) - MAX_OUTLETS_NAMED) > 0:
        named.append(ngettext("{count} other outlet", "{count} other outlets", rest))
    return (
        _("Reported by {outlets}.").format(outlets=enumerate_words(named))
        if named
        else _("No source recorded.")
    )


CLASSES = r"\.(?:em(?:\.a-[a-z]+)?|(?:b|e|k|l|r|x|tick)-[a-z]+)"
RULE_PATTERN = re.compile(rf"^{CLASSES} \{{.*\}}$", re.MULTILINE)
VARIABLE_PATTERN = re.compile(r"^  --([a-z0-9-]+): ([^;]+);", re.MULTILINE)


@cache
def style() -> str:
    """Return the chart's rules from the stylesheet, with variables replaced by light colours."""
    sheet = stylesheet()
    values: dict[str, str] = {}
    for name, value in VARIABLE_PATTERN.findall(sheet):
        values.setdefault(name, value)
    rules = "\n".join(RULE_PATTERN.findall(sheet))
    return re.sub(r"var\(--([a-z0-9-]+)\)", lambda found: values[found[1]], rules)
