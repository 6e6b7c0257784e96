"""Enters a report on its page: pastes the text, begins entries, and fills in their cards.

It knows only what the page shows: names and labels of fields, and buttons with what they offer.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.vocabulary.estimates import Population
from bench.hand import Hand
from bench.report_texts import Report, Wanted
from bench.seed_rows import Row, Seeds

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SOURCE_FIELDS = (
    *("outlet", "published", "published_basis", "title", "title_basis", "title_en", "language"),
)
ORDER = {"event": 0, "citation": 0, "estimate": 1}
"""An event comes before the estimates of its sentence."""
MIN_DEFAULT_SHARE = 0.5
"""The editor makes a term a default if so many of the rows have it."""
NUMBER_FIELDS = ("quantifier", "low", "point", "high", "unit", "population")


@dataclass
class ReportEditor:
    """An editor at the page of a report. What an entry needs is taken from the seeds."""

    hand: Hand
    seeds: Seeds
    report: Report
    records: dict[str, str] = field(default_factory=dict)
    """Ids that the desk gave, by the ids of the seeds."""
    letters: dict[tuple[str, str, str], str] = field(default_factory=dict)
    id: str = ""

    @property
    def page(self) -> "Page":
        return self.hand.page

    def enter_report(self) -> None:
        wanted = [*self.report.wanted(self.seeds)]
        self.begin_source()
        self.paste_text()
        self.fill_source()
        self.fill_block(wanted)
        for each in sorted(wanted, key=lambda each: (each.sentence, ORDER[each.kind])):
            self.add(each)
        self.submit()

    # The source, its text, speakers and defaults -------------------------------------------------

    def begin_source(self) -> None:
        row = self.seeds.by_id[self.report.source]
        self.hand.press(self.page.get_by_role("navigation").get_by_role("link", name="Reports"))
        address = self.page.locator("#url")
        self.hand.think()
        self.hand.reach(address)
        self.hand.count("K", 2)  # pasting
        address.fill(f"https://{row['outlet']}.example/{time.time_ns()}")
        self.hand.press(address, keys="Enter")
        self.hand.press(self.page.get_by_role("button", name="Add it without reading the page"))
        self.id = self.page.locator(".crumbs").inner_text().split()[-1]

    def paste_text(self) -> None:
        box = self.page.locator("#text-words")
        self.hand.think()
        self.hand.reach(box)
        self.hand.count("K", 2)
        box.fill(self.report.printed(self.seeds.by_id[self.report.source]))
        self.hand.press(self.page.get_by_role("button", name="Mark the text"))
        assert self.page.locator(".mk").count(), f"no marks in {self.report.source}"

    def fill_source(self) -> None:
        """Fill in the source’s own card; what the desk offers for a field is pressed."""
        row = self.seeds.by_id[self.report.source]
        if not self.page.locator("#draft").count():
            self.hand.press(self.page.get_by_role("link", name="About this report"))
        for name in SOURCE_FIELDS:
            if not row[name] or self.box(name).input_value() == row[name]:
                continue
            self.hand.enter(self.box(name), row[name])
        copy = next(each for each in self.seeds.copies if each["record"] == self.report.source)
        self.hand.enter(self.box("copies.0.extent"), copy["extent"])
        self.press("done")

    def fill_block(self, wanted: Sequence[Wanted]) -> None:
        """Enter the defaults, and describe the speakers."""
        usual = usual_values(self.seeds, wanted)
        places = [code for key, code in usual if key == "place"]
        if places:
            self.hand.enter(self.of_block("places"), ", ".join(places))
        for key, code in usual:
            if key == "nationality":
                self.hand.enter(self.of_block(key), code)
        for key, code in usual:
            if key not in {"nationality", "population", "place"}:
                self.hand.enter(self.of_block("new-default"), f"{key}:{code}")
                self.press_in_block("save")
        for speaker in {who_says(each.speaker): each.speaker for each in wanted}.values():
            self.letters[who_says(speaker)] = self.add_speaker(speaker)
        self.press_in_block("save")

    def add_speaker(self, speaker: Row) -> str:
        """Describe a speaker, and return the letter that it has on the page."""
        if speaker["attribution"] == "outlet-own-voice":
            return "O"
        self.press_in_block("add speakers")
        last = self.page.locator("#block fieldset.row:has(> input[name^='speakers.'])").last
        for name in ("attribution", "words", "named", "outlet"):
            if speaker.get(name):
                self.hand.enter(last.locator(f'[name$=".{name}"]'), speaker[name])
        return last.locator("legend").inner_text().split()[-1]

    def of_block(self, name: str) -> "Locator":
        return self.page.locator(f'#report [name="{name}"]')

    # Entries -------------------------------------------------------------------------------------

    def add(self, wanted: Wanted) -> None:
        """Begin an entry, and fill in its card. The press that begins the next one saves it."""
        if wanted.kind == "citation" and not wanted.is_first:
            self.cite(wanted)
            return
        self.press("new E" if wanted.kind == "event" else "new M")
        self.records[wanted.record] = self.box("id").input_value()
        record = self.seeds.by_id[wanted.record]
        title = record["title"] if wanted.kind == "event" else wanted.citation["paraphrase"]
        self.hand.enter(self.box("card.statement"), title)
        values = {"type": record["type"]} if wanted.kind == "event" else self._number(record)
        for name, text in values.items():
            if self.box(name).input_value() != text:
                self.hand.enter(self.box(name), text)
        self.fill_when(wanted.kind, record)
        self.fill_where(wanted)
        self.fill_whom(wanted)
        self.fill_said(wanted)

    def cite(self, wanted: Wanted) -> None:
        """Add the report a second time to a record that it has an entry of already."""
        self.hand.enter(self.page.locator("#record"), self.records[wanted.record])
        self.press("cite")
        values = {"paraphrase": wanted.citation["paraphrase"], "certainty": _certainty(wanted)}
        for name, text in values.items():
            self.hand.enter(self.page.locator(f'#draft [name$=".{name}"]').last, text)

    @staticmethod
    def _number(record: Row) -> Row:
        values = {"counts": record["counts"]}
        return values | {name: record[name] for name in NUMBER_FIELDS if record[name]}

    def fill_when(self, kind: str, record: Row) -> None:
        if kind == "event":
            when = record["happened"] or record["attested"]
            mode = "on" if record["happened"] else "ongoing"
        else:
            when, mode = record["as_of"] or record["period"], "usual"
        if when:
            self.hand.enter(self.box("card.mode"), mode)
            self.hand.enter(self.box("card.when"), when)

    def fill_where(self, wanted: Wanted) -> None:
        codes = ", ".join(places_of(self.seeds, wanted.record))
        if self.box("card.where").input_value() != codes:
            self.hand.enter(self.box("card.where"), codes)

    def fill_whom(self, wanted: Wanted) -> None:
        """Choose the nationality."""
        nationality = next(
            (
                each["code"]
                for each in self.seeds.terms_of(wanted.record)
                if (each["key"], each["role"]) == ("nationality", "target") and each.get("code")
            ),
            "",
        )
        box = self.box("card.nationality")
        if box.count() and box.input_value() != nationality:
            self.hand.enter(box, nationality)

    def fill_said(self, wanted: Wanted) -> None:
        letter = self.letters[who_says(wanted.speaker)]
        choice = self.page.locator(f'#draft [name="card.says"][value="{letter}"]')
        self.hand.enter(choice, letter)
        sure = self.page.locator('.card-fields [name$=".certainty"]')
        self.hand.enter(sure, _certainty(wanted))

    def submit(self) -> None:
        self.press("send")
        wrong = self.page.locator(".errors")
        assert not wrong.count(), f"{self.report.source}: {wrong.inner_text()}"

    # Fields --------------------------------------------------------------------------------------

    def box(self, name: str) -> "Locator":
        return self.page.locator(f'#draft [name="{name}"]')

    def press(self, does: str) -> None:
        self.hand.press(self.page.locator(f'button[name="do"][value="{does}"]:visible').last)

    def press_in_block(self, does: str) -> None:
        self.hand.press(self.page.locator(f'#block button[value="{does}"]').last)


def _certainty(wanted: Wanted) -> str:
    return wanted.citation.get("certainty") or "firm"


def places_of(seeds: Seeds, record: str) -> list[str]:
    """Return the places of a record, without those that a picture only shows."""
    codes = [
        each["code"]
        for each in seeds.terms_of(record)
        if each["key"] == "place" and each.get("code") and each["role"] != "shown-only"
    ]
    return [*dict.fromkeys(codes)]


def usual_values(seeds: Seeds, wanted: Sequence[Wanted]) -> list[tuple[str, str]]:
    """Return what most records have: terms, with the role that a default gives them, and places."""
    records = [each.record for each in wanted if each.is_first]
    terms = [
        (each["key"], each["code"])
        for record in records
        for each in seeds.terms_of(record)
        if each["key"] not in {"place", "actor"} and each.get("code") and each["role"] == "target"
    ]
    terms += [("place", each[0]) for r in records if len(each := places_of(seeds, r)) == 1]
    counts = [seeds.by_id[record]["population"] for record in records if record[0] == "M"]
    counts = [each for each in counts if each != Population.THINGS]  # Each such row has it.
    usual = [("population", max(counts, key=counts.count))] if len(counts) > 1 else []
    least = len(records) * MIN_DEFAULT_SHARE
    return [*usual, *(term for term in dict.fromkeys(terms) if terms.count(term) > least)]


def who_says(speaker: Row) -> tuple[str, str, str]:
    return speaker["attribution"], speaker.get("words", ""), speaker.get("outlet", "")
