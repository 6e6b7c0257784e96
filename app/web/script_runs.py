"""The language of parts of a text: a `lang` for each run of another script (WCAG 3.1.2).

For texts that mix languages, such as the old and new value of a field. Where a whole text has a
language of its own, templates write its `lang` themselves.
"""

import re

from markupsafe import Markup, escape

HANGUL = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
KANA = "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"
HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
CYRILLIC = "\u0400-\u052f"
SCRIPTS = {"ko": HANGUL, "ja": KANA, "ru": CYRILLIC, "zh": HAN}
"""The script that tells a language, in order: Korean and Japanese texts may have Han, too."""

EAST_ASIAN = HANGUL + KANA + HAN
MARKS = r"\s\d.:…“”‘’()\-–—%/、。，：《》「」（）"
"""Between letters of one run. Commas of English separate the names of a list."""
RUNS = re.compile(
    f"[{EAST_ASIAN}](?:[{EAST_ASIAN}{MARKS}]*[{EAST_ASIAN}])?"
    f"|[{CYRILLIC}](?:[{CYRILLIC}{MARKS}]*[{CYRILLIC}])?"
)


def language_of_run(run: str, expected: str = "") -> str:
    """Return the language of a run, by its script, or the expected one if it has that script."""
    found = next(code for code, script in SCRIPTS.items() if re.search(f"[{script}]", run))
    if found == "zh" and expected in {"ja", "ko"}:
        return expected
    if found == "ru" and expected in CYRILLIC_LANGUAGES:
        return expected
    return found


CYRILLIC_LANGUAGES = {"be", "bg", "kk", "ky", "mk", "mn", "sr", "tg", "uk"}


def mark_languages(text: object, expected: str = "") -> Markup:
    """Return a text with each run of another script in an element with its language."""
    escaped = escape(text)
    if not RUNS.search(escaped):
        return escaped
    return Markup(  # noqa: S704 - escaped above, and runs contain no markup
        RUNS.sub(
            lambda run: f'<span lang="{language_of_run(run[0], expected)}">{run[0]}</span>', escaped
        )
    )
