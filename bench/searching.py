"""Time the search of everything over made-up records. How well it answers is in `search.py`."""

from collections.abc import Callable, Mapping
from urllib.parse import quote

from app.demo.world import World
from app.kinds import PlaceForm
from app.settings import Settings
from bench.questions import CHINESE_WORD, CITY, COMMON, RARE
from bench.serving import sojourn, wait_for_index
from bench.timing import Reader, Times, timed


def measure(settings: Settings, events: int, seconds: float) -> Mapping[str, Times]:
    """Return the milliseconds of one worker for each kind of search, none of which is cached."""
    city = _name_of_city(events)
    swapped = RARE[:2] + RARE[3] + RARE[2] + RARE[4:]
    searches = {
        "a rare word": RARE,
        "a common word": COMMON,
        "two common words": f"{COMMON} workers",
        "two Chinese characters": CHINESE_WORD,
        "a name of a city": city,
        "a city and a word": f"{city} {COMMON}",
        "a misspelt word": swapped,
        "an idea of the thesaurus": "restaurant",
        "a number": "6,000",
        "an id": "E57",
        "a month and a word": f"June 2019 {COMMON}",
        "nothing": "qqxxzz",
    }
    addresses = {name: f"/search?q={quote(words)}" for name, words in searches.items()}
    addresses["three letters: suggestions"] = f"/search/suggestions?q={quote(city[:3])}"
    with sojourn(settings) as (port, _process):
        reader = Reader(port)
        wait_for_index(reader)
        return {
            name: timed(_asking(reader, address), seconds=seconds)
            for name, address in addresses.items()
        }


def _asking(reader: Reader, address: str) -> Callable[[int], object]:
    return lambda _round: reader.page(address)


def _name_of_city(events: int) -> str:
    return next(
        form.names[0].text
        for form in World(events).forms()
        if isinstance(form, PlaceForm) and form.code == CITY
    )


def show(of_sizes: Mapping[int, Mapping[str, Times]]) -> None:
    """Print p50 / p95 of each kind of search at each size, as docs/search.md has them."""
    sizes = sorted(of_sizes)
    print("\n| search | " + " | ".join(f"{size:,}" for size in sizes) + " |")
    print("|" + " --- |" * (len(sizes) + 1))
    for name in of_sizes[sizes[0]]:
        print(f"| {name} | " + " | ".join(str(of_sizes[size][name]) for size in sizes) + " |")
