"""The style sheets."""

import re
from collections import defaultdict
from collections.abc import Iterator

from app import paths

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"([^{};]+)\{([^{}]*)\}")
AT_RULE = re.compile(r"@[^{};]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
LAYOUT = re.compile(r"(?:^|;)\s*(?:display|columns|flex|grid|grid-template-columns)\s*:")
CLASS_OR_ITS_ELEMENTS = re.compile(r"\.([\w-]+)(?:\s*>?\s*[a-z]+[0-9]?)?")


def layouts(sheet: str) -> Iterator[str]:
    """Yield the classes that a style sheet lays out wherever they are, outside media queries."""
    for selectors, declarations in RULE.findall(AT_RULE.sub("", COMMENT.sub("", sheet))):
        if LAYOUT.search(declarations):
            for selector in selectors.split(","):
                if found := CLASS_OR_ITS_ELEMENTS.fullmatch(selector.strip()):
                    yield found[1]


def test_class_is_laid_out_in_one_style_sheet() -> None:
    sheets = defaultdict(set)
    for file in sorted(paths.STATIC.rglob("*.css")):
        for name in layouts(file.read_text()):
            sheets[name].add(file.name)
    assert {"btn", "chips"} < set(sheets)
    assert {name: files for name, files in sheets.items() if len(files) > 1} == {}
