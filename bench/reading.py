"""How well and how fast the desk marks reports, over passages written for this purpose."""

import gc
import resource
import statistics
import time
from collections.abc import Sequence
from datetime import date

from app.desk.reading.text import Language, Proposer, read_article
from tests.support.reading_gold import KINDS, Comparison, Passage, compare, passages, proposers

LANGUAGES: Sequence[Language] = ("en", "ko", "zh", "ja", "ru")
WORDS = 800
CHARACTERS_OF_A_WORD = {"zh": 1.7, "ja": 2.0}
"""Characters of Chinese and Japanese for an English word of the same text."""
TIMES = 5


def measure() -> None:
    before = _memory()
    start = time.perf_counter()
    known = proposers()
    print(f"Names and patterns: {time.perf_counter() - start:.1f} s, {_memory() - before:.0f} MB\n")
    for name in ("tuned", "apart", "apart2"):
        found = passages(name)
        _print_comparison(f"{name}: {len(found)} passages", compare(found, known))
    _print_times(passages("tuned"), known)
    print(f"Peak memory of this process: {_memory():.0f} MB")


def _print_comparison(title: str, comparison: Comparison) -> None:
    print(f"{title}; precision and recall, in brackets the number of marks")
    print(f"{'':10}" + "".join(f"{language:>18}" for language in LANGUAGES) + f"{'all':>18}")
    for kind in [*KINDS.values(), None]:
        scores = [comparison.total(kind, language) for language in (*LANGUAGES, None)]
        cells = [
            f"{score.precision:.2f} {score.recall:.2f} ({score.right + score.missing})"
            if score.right + score.wrong + score.missing
            else "–"
            for score in scores
        ]
        print(f"{kind or 'all':10}" + "".join(f"{cell:>18}" for cell in cells))
    print()


def _print_times(all_passages: Sequence[Passage], known: Sequence[Proposer]) -> None:
    print(f"CPU milliseconds for an article of {WORDS} words: median of {TIMES}")
    for language in LANGUAGES:
        text = _article(all_passages, language)
        times = []
        for _time in range(TIMES):
            gc.collect()
            start = time.process_time()
            read_article(text, language, date(2020, 1, 8), known)
            times.append(time.process_time() - start)
        milliseconds = 1000 * statistics.median(times)
        print(f"{language}: {milliseconds:5.0f}  {len(text):,} characters")


def _article(all_passages: Sequence[Passage], language: Language) -> str:
    """Return passages one after another, as long as an article."""
    words = CHARACTERS_OF_A_WORD.get(language, 0)
    parts: list[str] = []
    length = 0.0
    own = [passage.text for passage in all_passages if passage.language == language]
    while length < WORDS:
        part = own[len(parts) % len(own)]
        parts.append(part)
        length += len(part) / words if words else len(part.split())
    return " ".join(parts)


def _memory() -> float:
    """Return the peak memory of this process in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
