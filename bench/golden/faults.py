"""Three faults, put into the head's work tree, to see whether a run notices them.

They are put in together, each in another place: a word of a sentence, the order of rows in a file,
and a text that the desk publishes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.golden.answers import Difference


@dataclass(frozen=True)
class Fault:
    name: str
    file: str
    old: str
    new: str
    is_seen_in: Callable[[Difference], bool]

    def put_into(self, tree: Path) -> None:
        path = tree / self.file
        text = path.read_text() if path.exists() else ""
        if text.count(self.old) != 1:
            raise SystemExit(
                f"Fault “{self.name}”: {self.file} has its text {text.count(self.old)} times, not "
                "once. Describe the fault again in bench/golden/faults.py."
            )
        path.write_text(text.replace(self.old, self.new))


FAULTS = (
    Fault(
        "another word in a sentence",
        "app/site/events/independence.py",
        '"One report supports it."',
        '"One report backs it."',
        lambda seen: seen.route == "/events/{name}" and "One report backs it." in seen.new,
    ),
    Fault(
        "another order of the rows of a file",
        "app/site/cities/cities.py",
        "    def file_rows(self) -> list[CityRow]:\n        return self.cities",
        "    def file_rows(self) -> list[CityRow]:\n        return self.cities[::-1]",
        lambda seen: seen.route == "/cities.csv" and seen.field == "code",
    ),
    Fault(
        "another text published by the desk",
        "app/desk/review/withdraw.py",
        "withdrawn = [Withdrawal(each, reason) for each in going]",
        "withdrawn = [Withdrawal(each, reason.upper()) for each in going]",
        lambda seen: seen.route == "/estimates/{name}" and "ANOTHER CITY" in seen.new,
    ),
)
