"""Runs a fuzzer for some minutes: hypothesis with new inputs in each round.

A fuzzer raises an error for an input that is answered wrongly. Hypothesis then looks for the
smallest such input, which belongs into the tests.
"""

import random
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from bench.fuzz import dates, filters, pages, tables, urls

INPUTS_PER_ROUND = 2_000
MAX_SECONDS = 5.0
"""CPU time of one input; more is a finding, since inputs are short."""


@dataclass(frozen=True)
class Fuzzer:
    """A strategy, and the check of one input: returns a word on what became of the input."""

    inputs: st.SearchStrategy[Any]
    check: Callable[[Any], str]


FUZZERS: Mapping[str, Fuzzer] = {
    "dates": Fuzzer(dates.INPUTS, dates.check),
    "filters": Fuzzer(filters.INPUTS, filters.check),
    "tables": Fuzzer(tables.INPUTS, tables.check),
    "pages": Fuzzer(pages.INPUTS, pages.check),
    "urls": Fuzzer(urls.INPUTS, urls.check),
}


class SlowError(AssertionError):
    """An input took too long."""


def run(name: str, minutes: float, first_seed: int | None = None) -> bool:
    """Fuzz until the time is over or something is found; print counts. True: nothing was found."""
    fuzzer = FUZZERS[name]
    until = time.monotonic() + minutes * 60
    number = random.SystemRandom().getrandbits(32) if first_seed is None else first_seed
    began, outcomes, rounds = time.monotonic(), Counter[str](), 0
    slowest = 0.0

    def once(value: Any) -> None:
        nonlocal slowest
        if time.monotonic() > until:
            return
        start = time.process_time()
        outcomes[fuzzer.check(value)] += 1
        seconds = time.process_time() - start
        slowest = max(slowest, seconds)
        if seconds > MAX_SECONDS:
            raise SlowError(f"{seconds:.1f} s of CPU time")

    print(f"Fuzzing {name} for {minutes:g} minutes from seed {number}", flush=True)
    found = False
    while time.monotonic() < until and not found:
        one_round = seed(number + rounds)(_settings()(given(fuzzer.inputs)(once)))
        try:
            one_round()
        except Exception:
            traceback.print_exc()
            print(f"Found in round {rounds} of seed {number}", flush=True)
            found = True
        rounds += 1
    total = sum(outcomes.values())
    parts = ", ".join(f"{count:,} {word}" for word, count in outcomes.most_common())
    print(
        f"{name}: {total:,} inputs in {time.monotonic() - began:.0f} s ({parts}); "
        f"slowest {slowest * 1000:.0f} ms"
    )
    return not found


def _settings() -> settings:
    return settings(
        max_examples=INPUTS_PER_ROUND,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
