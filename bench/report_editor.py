"""Enters a report on its page: pastes the text, begins entries, and fills in their cards.

It knows only what the page shows: names and labels of fields, and buttons with what they offer.
"""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.hand import Hand
from bench.report_texts import Report, Row, Seeds, Wanted

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SOURCE_FIELDS = (
    *("outlet", "published", "published_basis", "title", "title_basis", "title_en", "language"),
)
LISTED_DEFAULTS = ("group", "sector", "paper", "right")
"""Keys whose defaults are chosen from one list."""
MIN_DEFAULT_SHARE = 0.5
"""The editor makes a term a default if so many of the rows have it."""
NUMBER_FIELDS = ("counts", "quantifier", "low", "point", "high", "unit", "population")


@dataclass
class ReportEditor:
    """An editor at the page of a report. What an entry needs is taken from the seeds."""

    hand: Hand
    seeds: Seeds
    report: Report
    records: dict[str, str] = field(default_factory=dict)
    """Ids that the desk gave, by the ids of the seeds."""
    letters: dict[tuple[str, str, str], str] = field(default_factory=dict)

    @property
    def page(self) -> "Page":
        return self.hand.page

    def enter_report(self) -> None:
        wanted = [*self.report.wanted(self.seeds)]
        self.begin_source()
        self.paste_text()
        self.fill_source()
        self.fill_block(wanted)
        for each in wanted:
            self.add(each)
        self.submit()

    # The source, its text, speakers and defaults -------------------------------------------------

    def begin_source(self) -> None:
        row = self.seeds.by_id[self.report.source]
        self.hand.press(self.page.get_by_role("navigation").get_by_role("link", name="Reports"))
        self.hand.paste(
            self.page.locator("#url"), f"https://{row['outlet']}.example/{time.time_ns()}"
        )
        self.hand.press(self.page.get_by_role("button", name="Look up"))
        self.hand.press(self.page.get_by_role("button", name="Add it without reading the page"))

    def paste_text(self) -> None:
        text = self.report.printed(self.seeds.by_id[self.report.source])
        self.hand.paste(self.page.locator("#text-words"), text)
        self.hand.press(self.page.get_by_role("button", name="Mark the text"))
        assert self.page.locator(".mk").count(), f"no marks in {self.report.source}"

    def fill_source(self) -> None:
        """Fill in the source’s own card; what the desk offers for a field is pressed."""
        row = self.seeds.by_id[self.report.source]
        if not self.page.locator("#draft").count():
            self.hand.press(self.page.get_by_role("link", name="About this report"))
        for name in SOURCE_FIELDS:
            if row[name]:
                self.hand.enter(self.box(name), row[name])
        copy = next(each for each in self.seeds.copies if each["record"] == self.report.source)
        self.hand.enter(self.box("copies.0.extent"), copy["extent"])
        self.press("done")

    def fill_block(self, wanted: Sequence[Wanted]) -> None:
        """Enter the defaults, and describe the speakers."""
        if places := self.usual_codes(wanted, "place"):
            self.hand.enter(self.of_block("places"), ", ".join(places))
        for code in self.usual_codes(wanted, "nationality"):
            self.hand.enter(self.of_block("nationality"), code)
        for key in LISTED_DEFAULTS:
            for code in self.usual_codes(wanted, key):
                self.hand.enter(self.of_block("new-default"), f"{key}:{code}")
                self.press_in_block("save")
        for speaker in {who_says(each.speaker): each.speaker for each in wanted}.values():
            self.letters[who_says(speaker)] = self.add_speaker(speaker)
        self.press_in_block("save")

    def usual_codes(self, wanted: Sequence[Wanted], key: str) -> list[str]:
        """Return the codes that most records have; only a record's single place counts."""
        of_records = [self.seeds.codes_of(each.record, key) for each in wanted if each.is_first]
        least = len(of_records) * MIN_DEFAULT_SHARE
        counted = Counter(
            code for codes in of_records if key != "place" or len(codes) == 1 for code in codes
        )
        return [code for code, times in counted.items() if times > least]

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
        if not wanted.is_first:
            self.cite(wanted)
            return
        self.press("new E" if wanted.is_event else "new M")
        self.records[wanted.record] = self.box("id").input_value()
        record = self.seeds.by_id[wanted.record]
        title = record["title"] if wanted.is_event else wanted.citation["paraphrase"]
        self.hand.enter(self.box("card.statement"), title)
        names = ("type",) if wanted.is_event else NUMBER_FIELDS
        for name in names:
            if record[name]:
                self.hand.enter(self.box(name), record[name])
        self.fill_when(record, is_event=wanted.is_event)
        places = self.seeds.codes_of(wanted.record, "place")
        self.hand.enter(self.box("card.where"), ", ".join(places))
        nationality = self.box("card.nationality")
        if nationality.count():
            codes = self.seeds.codes_of(wanted.record, "nationality")
            unnamed = record.get("no_nationality") or "not-stated"
            self.hand.enter(nationality, codes[0] if codes else unnamed)
        self.fill_speaker(wanted)
        sure = self.page.locator('.card-fields [name$=".certainty"]')
        self.hand.enter(sure, _certainty(wanted))

    def cite(self, wanted: Wanted) -> None:
        """Add the report a second time to a record that it has an entry of already."""
        self.hand.enter(self.page.locator("#record"), self.records[wanted.record])
        self.press("cite")
        values = {name: wanted.citation[name] for name in ("paraphrase", "stance")}
        values["certainty"] = _certainty(wanted)
        for name, text in values.items():
            self.hand.enter(self.page.locator(f'#draft [name$=".{name}"]').last, text)
        self.fill_speaker(wanted)

    def fill_speaker(self, wanted: Wanted) -> None:
        """Choose who says it: of the first citation, or of the one that was added last."""
        name = 'name="card.says"' if wanted.is_first else 'name^="card.says."'
        letter = self.letters[who_says(wanted.speaker)]
        self.hand.enter(self.page.locator(f'#draft [{name}][value="{letter}"]').last, letter)

    def fill_when(self, record: Row, *, is_event: bool) -> None:
        if is_event:
            when = record["happened"] or record["attested"]
            mode = "on" if record["happened"] else "ongoing"
        else:
            when, mode = record["as_of"] or record["period"], "usual"
        if when:
            self.hand.enter(self.box("card.mode"), mode)
            self.hand.enter(self.box("card.when"), when)

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


def who_says(speaker: Row) -> tuple[str, str, str]:
    return speaker["attribution"], speaker.get("words", ""), speaker.get("outlet", "")
