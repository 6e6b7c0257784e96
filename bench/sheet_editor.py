"""Enters a report through its sheet: pastes the text, makes entries of its sentences, fills them.

It knows only what the page shows: names and labels of fields, and buttons with what they offer.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.hand import Hand
from bench.judging import (
    FIGURE_FIELDS,
    ORDER,
    USUAL,
    codes_of,
    days_said,
    is_same_term,
    places_of,
    statement_of,
    usual_values,
    wanted_terms,
    who_says,
)
from bench.report_texts import Report, Wanted
from bench.seed_rows import Row, Seeds

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SOURCE_FIELDS = (
    *("outlet", "published", "published_basis", "language", "title", "title_basis", "title_en"),
)
NUMBER = re.compile(r"[0-9.]+")


@dataclass
class SheetEditor:
    """An editor at a sheet. What a row needs is taken from the seeds."""

    hand: Hand
    seeds: Seeds
    report: Report
    keys: dict[str, str] = field(default_factory=dict)
    """Keys of the rows that became records, by their ids in the seeds."""
    letters: dict[tuple[str, str, str], str] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)
    usual: dict[str, Row] = field(default_factory=dict)
    """Default terms, by what their boxes in a row are named by."""
    population: str = ""
    offered: int = 0
    """Values that the entries offered."""
    taken: int = 0
    id: str = ""

    @property
    def page(self) -> "Page":
        return self.hand.page

    def enter_report(self) -> None:
        wanted = [*self.report.wanted(self.seeds)]
        self.begin_source()
        self.paste_text()
        self.fill_source()
        self.fill_shared(wanted)
        for each in sorted(wanted, key=lambda each: (each.sentence, ORDER[each.kind])):
            self.add(each)
        self.submit()

    # The source and its text ---------------------------------------------------------------------

    def begin_source(self) -> None:
        row = self.seeds.by_id[self.report.source]
        self.hand.press(self.page.get_by_role("navigation").get_by_role("link", name="Sources"))
        address = self.page.locator("#url")
        self.hand.think()
        self.hand.reach(address)
        self.hand.count("K", 2)  # pasting
        address.fill(f"https://{row['outlet']}.example/{time.time_ns()}")
        self.hand.press(address, keys="Enter")
        self.hand.press(self.page.get_by_role("button", name="Add it without reading the page"))
        self.id = self.page.locator(".crumbs").inner_text().split()[-1]

    def fill_source(self) -> None:
        """Fill in the source’s own fields; what the desk offers for one is pressed."""
        row = self.seeds.by_id[self.report.source]
        self.open_shared()
        values = {f"source.{name}": row[name] for name in SOURCE_FIELDS if row[name]}
        copy = next(each for each in self.seeds.copies if each["record"] == self.report.source)
        values["source.extent"] = copy["extent"]
        for name in self._names("source."):
            offered = self.page.locator(f'button[value="set {name} {values.get(name)}"]')
            if offered.count() and self.box(name).input_value() != values[name]:
                self.hand.press(offered)
            elif name in values:
                self.hand.enter(self.box(name), values[name])

    def paste_text(self) -> None:
        box = self.page.locator("#text-words")
        self.hand.think()
        self.hand.reach(box)
        self.hand.count("K", 2)
        box.fill(self.report.printed(self.seeds.by_id[self.report.source]))
        self.hand.press(self.page.get_by_role("button", name="Mark the text"))
        assert self.page.locator(".mk-date").count(), f"no marks in {self.report.source}"

    # The shared block ----------------------------------------------------------------------------

    def open_shared(self) -> None:
        if not self.page.locator('button[value="close-shared"]').count():
            self.press("open-shared")

    def fill_shared(self, wanted: Sequence[Wanted]) -> None:
        """Add defaults, speakers, and days of statements."""
        usual = usual_values(self.seeds, wanted)
        if places := [code for key, code in usual if key == "place"]:
            self.enter("places", ", ".join(places))
        for key, code in usual:
            if key in {"nationality", "population"}:
                self.enter(key, code)
            elif key != "place":
                self.add_default(key, code)
        self.population = dict(usual).get("population", "")
        if nationality := dict(usual).get("nationality"):
            # In a row, the nationality of the report has a name of its own.
            self.usual["0"] = {"key": "nationality", "code": nationality, "role": "target"}
        for speaker in {who_says(each.speaker): each.speaker for each in wanted}.values():
            self.letters[who_says(speaker)] = self.add_speaker(speaker)
        for day in days_said(self.seeds, self.report.source, wanted):
            (key,) = self._new("days.", "add-day")
            self.days[day] = self._letter(f"days-{key}")
            self.enter(f"days.{key}.said", day)

    def add_default(self, key: str, code: str) -> None:
        before = self._names("default.")
        self.hand.enter(self.page.locator('[name="new-default"]'), f"{key}:{code}")
        self.press("add-default")
        (name,) = {*self._names("default.")} - {*before}
        self.usual[name.removeprefix("default.")] = {"key": key, "code": code, "role": "target"}

    def add_speaker(self, speaker: Row) -> str:
        """Describe a speaker, and return the letter that it has on the page."""
        if speaker["attribution"] == "outlet-own-voice":
            return ""
        self.open_shared()
        (key,) = self._new("speakers.", "add-speaker")
        for name in ("attribution", "words", "named", "outlet"):
            if speaker.get(name):
                self.enter(f"speakers.{key}.{name}", speaker[name])
        return self._letter(f"speakers-{key}")

    def _letter(self, id: str) -> str:
        return self.page.locator(f"#{id} > legend").inner_text().split()[-1]

    # Rows ----------------------------------------------------------------------------------------

    def add(self, wanted: Wanted) -> None:
        """Make an entry of the statement's sentence, and fill it in."""
        self.press(f"entry {wanted.sentence} {wanted.kind}")
        key = self.page.locator('[name="open"]').input_value()
        if wanted.kind == "citation":
            cited = self.row(self.keys[wanted.record]).locator(".st-no").inner_text()
            self.enter(f"rows.{key}.record", cited.strip())
        self.complete(key, wanted)

    def complete(self, key: str, wanted: Wanted) -> None:
        """Fill in an open row. The press that makes the next entry, or submits, saves it."""
        if wanted.is_first:
            self.keys[wanted.record] = key
        self.enter(f"rows.{key}.statement", statement_of(self.seeds, wanted))
        values = self._values(wanted)
        self.take_offers(key, wanted, values)
        for name in self._names(f"rows.{key}."):
            field_name = name.removeprefix(f"rows.{key}.")
            if field_name in values and not self.is_default(name, values[field_name]):
                self.enter(name, values[field_name])
        if wanted.kind != "citation":
            self.fill_where(key, wanted)
            self.fill_terms(key, wanted)
        event = self.seeds.by_id[wanted.record].get("event", "")
        if wanted.kind == "estimate" and event in self.keys:
            self.enter(f"rows.{key}.event", self.keys[event])

    def take_offers(self, key: str, wanted: Wanted, values: Row) -> None:
        """Take what is right of the offered values: by its key, or else with the mouse."""
        beginning = f"take {key} "
        self.offered += len(self._buttons(beginning))
        right = {f"date {values['when']}"} if values.get("when") else set()
        if wanted.kind != "citation" and len(places := places_of(self.seeds, wanted.record)) == 1:
            right.add(f"place {places[0]}")
        terms = [] if wanted.kind == "citation" else wanted_terms(self.seeds, wanted.record)
        right |= {f"{each['key']} {each['code']}" for each in terms if each["role"] == "target"}
        bounds = {values[name] for name in ("low", "point", "high") if values.get(name)}
        for does in self._buttons(beginning):
            kind, _space, value = does.removeprefix(beginning).partition(" ")
            is_number = kind == "estimate" and bounds and {*NUMBER.findall(value)} == bounds
            button = self.page.locator(f'button[value="{does}"]')
            if (is_number or f"{kind} {value}" in right) and button.count():
                self.taken += 1
                if digit := button.get_attribute("aria-keyshortcuts"):
                    self.hand.keys("Escape")
                    self.hand.press(self.row(key), keys=digit)
                else:
                    self.hand.press(button)

    def _values(self, wanted: Wanted) -> Row:
        """Return the fields of a row by name, but for its places, terms and links."""
        citation, record = wanted.citation, self.seeds.by_id[wanted.record]
        values = {
            "speaker": self.letters[who_says(wanted.speaker)],
            "day": self.days.get(citation["said"], ""),
            "certainty": citation.get("certainty", ""),
            "stance": citation.get("stance", ""),
        }
        if wanted.kind == "citation":
            values["about"] = citation["kind"]
            values["reports_event"] = citation.get("reports_event", "")
        elif wanted.kind == "event":
            is_attested = not record["happened"]
            values["type"] = record["type"]
            values["when"] = record["happened"] or record["attested"]
            values["when_is"] = "attested" if is_attested else ""
            values["deadline"] = record["deadline"]
        else:
            values |= {name: record[name] for name in FIGURE_FIELDS}
            values["type"], values["nature"] = record["counts"], record["nature"]
            values["when"] = record["as_of"] or record["period"]
        return {name: "" if text == USUAL.get(name) else text for name, text in values.items()}

    def is_default(self, name: str, text: str) -> bool:
        """Whether an empty field means this value, by a default of the report."""
        if not name.endswith(".population") or self.box(name).input_value():
            return False
        unit = self.box(name.replace(".population", ".unit")).input_value()
        return text == (self.population if unit in {"", "people", "ratio"} else "things")

    def fill_where(self, key: str, wanted: Wanted) -> None:
        codes = places_of(self.seeds, wanted.record)
        box = self.box(f"rows.{key}.where")
        usual = {*codes_of(self.box("places").input_value())}
        if ({*codes_of(box.input_value())} or usual) != {*codes}:
            self.hand.enter(box, "" if usual == {*codes} else ", ".join(codes))

    def fill_terms(self, key: str, wanted: Wanted) -> None:
        """Leave out defaults that are wrong here, and add what is missing."""
        missing = wanted_terms(self.seeds, wanted.record)
        for name, usual in self.usual.items():
            box = self.box(f"usual.{key}.{name}")
            if box.count():
                same = [each for each in missing if is_same_term(usual, each)]
                self.hand.enter(box, "yes" if same else "")
                missing = [each for each in missing if each not in same]
        for name in self._names(f"rows.{key}.terms."):
            if name.endswith(".code"):
                code = self.box(name).input_value()
                missing = [each for each in missing if each["code"] != code]
        taken = self.box(f"rows.{key}.nationality").input_value()
        missing = [each for each in missing if each["code"] != taken]
        for each in missing:
            box = self.box(f"rows.{key}.{each['key']}")
            if each["role"] == "target" and box.count() and not box.input_value():
                self.hand.enter(box, each["code"])
                continue
            (term,) = self._new(f"rows.{key}.terms.", f"add-term {key} {each['key']}")
            self.enter(f"rows.{key}.terms.{term}.code", each["code"])
            self.enter(f"rows.{key}.terms.{term}.role", each["role"])

    def submit(self) -> None:
        self.hand.press(self.page.locator('.bar button[value="submit"]'))
        wrong = self.page.locator(".errors")
        assert not wrong.count(), f"{self.report.source}: {wrong.inner_text()}"

    # Fields --------------------------------------------------------------------------------------

    def box(self, name: str) -> "Locator":
        return self.page.locator(f'#draft [name="{name}"]')

    def row(self, key: str) -> "Locator":
        return self.page.locator(f"#row-{key} > .st-in")

    def enter(self, name: str, text: str) -> None:
        self.hand.enter(self.box(name), text)

    def press(self, does: str) -> None:
        self.hand.press(self.page.locator(f'button[name="do"][value="{does}"]').first)

    def _new(self, beginning: str, does: str) -> set[str]:
        """Press a button that adds a row of fields, and return the row’s key in their names."""
        before = self._names(beginning)
        self.press(does)
        new = [name for name in self._names(beginning) if name not in before]
        return {name.removeprefix(beginning).partition(".")[0] for name in new}

    def _names(self, beginning: str) -> list[str]:
        found: list[str] = self.page.evaluate(
            "from => [...document.querySelectorAll('#draft [name]')].map(each => each.name)"
            ".filter(name => name.startsWith(from))",
            beginning,
        )
        return found

    def _buttons(self, beginning: str) -> list[str]:
        found: list[str] = self.page.evaluate(
            "from => [...document.querySelectorAll('#draft button')].map(each => each.value)"
            ".filter(value => value.startsWith(from))",
            beginning,
        )
        return found
