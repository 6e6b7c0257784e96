"""Enters a report through its sheet: pastes the text, decides the rows, and corrects the rest."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.desk.draft_form.documents import ROW, Document
from app.desk.sheets import commands
from app.desk.sheets.form import StatementKind
from app.desk.sheets.text_view import numbered_rows
from bench.hand import Hand, keys_of
from bench.judging import (
    FIGURE_FIELDS,
    ORDER,
    USUAL,
    WantedRow,
    codes_of,
    days_said,
    is_same_term,
    match_rows,
    names_same,
    places_of,
    says_as_much,
    statement_of,
    usual_values,
    wanted_terms,
    who_says,
)
from bench.report_texts import Report, Wanted
from bench.seed_rows import Row, Seeds

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

MAX_MARKINGS = 5
SOURCE_FIELDS = (
    *("outlet", "published", "published_basis", "language", "title", "title_basis", "title_en"),
)


@dataclass
class SheetEditor:
    """An editor at a sheet. What a row needs is taken from the seeds."""

    hand: Hand
    seeds: Seeds
    report: Report
    open_desk: Callable[[], AbstractContextManager[Session]]
    keys: dict[str, str] = field(default_factory=dict)
    """Keys of the rows that became records, by their ids in the seeds."""
    proposed: int = 0
    used: int = 0
    drafted: Counter[str] = field(default_factory=Counter)
    """Keys that typing the statements of the seeds would have taken, where a draft was taken."""
    id: str = ""

    @property
    def page(self) -> "Page":
        return self.hand.page

    def enter_report(self) -> None:
        wanted = [*self.report.wanted(self.seeds)]
        self.begin_source()
        self.paste_text()
        self.fill_source()
        rows = self.document()["rows"]
        self.proposed = len(rows)
        matched = match_rows(rows, wanted, self.seeds)
        self.used = len(matched)
        self.fill_shared(wanted, matched)
        self.enter_statements(rows, matched, wanted)
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
        if not self.page.locator('button[value="close-shared"]').count():
            self.press("open-shared")
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
        for _again in range(MAX_MARKINGS):
            if self.document()["rows"]:
                return
            # Beside other work the marks may take too long; that is not counted.
            self.page.get_by_text("Correct the text, translate or delete it").click()
            self.page.get_by_role("button", name="Mark the text again").click()
            self.page.locator("html:not(.is-awaited)").wait_for(state="attached")
        raise AssertionError(f"no rows of {self.report.source}")

    def document(self) -> Document:
        with self.open_desk() as db:
            sheet = commands.find(db, self.id)
            return dict(sheet.document) if sheet else {}

    # The shared block ----------------------------------------------------------------------------

    def fill_shared(self, wanted: Sequence[Wanted], matched: dict[str, Wanted]) -> None:
        """Tick and add defaults, complete the speakers, and add days of statements."""
        for key, code in usual_values(self.seeds, wanted):
            self.add_default(key, code)
        self._plan_speakers(wanted, matched)
        if self.new_speakers or self.words_of or days_said(self.seeds, self.report.source, wanted):
            if not self.page.locator('button[value="close-shared"]').count():
                self.press("open-shared")
            speakers = {each["letter"]: each for each in self.document()["speakers"]}
            for letter, speaker in self.words_of.items():
                self.fill_speaker(speakers[letter], speaker)
            for speaker in self.new_speakers:
                self.press("add-speaker")
                row = self.document()["speakers"][-1]
                self.letters[who_says(speaker)] = row["letter"]
                self.fill_speaker(row, speaker)
            for day in days_said(self.seeds, self.report.source, wanted):
                self.press("add-day")
                row = self.document()["days"][-1]
                self.days[day] = row["letter"]
                self.enter(f"days.{row[ROW]}.said", day)
        if self.page.locator('button[value="close-shared"]').count():
            self.press("close-shared")

    def add_default(self, key: str, code: str) -> None:
        for term in self.document()["defaults"]:
            if (term["key"], term["code"]) == (key, code):
                self.hand.enter(self.box(f"default.{term[ROW]}"), "yes")
                return
        offered = self.box(f"default.offered.{key}:{code}")
        if offered.count():
            self.hand.enter(offered, "yes")
            return
        self.hand.enter(self.page.locator('[name="new-default"]'), f"{key}:{code}")
        self.press("add-default")

    def _plan_speakers(self, wanted: Sequence[Wanted], matched: dict[str, Wanted]) -> None:
        """Decide which proposed letter each speaker has, and who is missing."""
        document = self.document()
        self.letters: dict[tuple[str, str, str], str] = {}
        self.days: dict[str, str] = {}
        self.words_of: dict[str, Row] = {}
        self.new_speakers: list[Row] = []
        rows = {row[ROW]: row for row in document["rows"]}
        near = {who_says(each.speaker): rows[key]["speaker"] for key, each in matched.items()}
        kinds = {each["letter"]: each["attribution"] for each in document["speakers"]}
        for speaker in {who_says(each.speaker): each.speaker for each in wanted}.values():
            who = who_says(speaker)
            if speaker["attribution"] == "outlet-own-voice":
                self.letters[who] = ""
                continue
            free = [letter for letter in kinds if letter not in self.letters.values()]
            alike = [each for each in free if kinds[each] == speaker["attribution"]]
            letter = near[who] if near.get(who) in free else (alike or [""])[0]
            if letter:
                self.letters[who] = letter
                self.words_of[letter] = speaker
            else:
                self.new_speakers.append(speaker)

    def fill_speaker(self, row: Document, speaker: Row) -> None:
        offers = self.page.locator(f'button[value^="set speakers.{row[ROW]}.words "]')
        for offered in [each.get_attribute("value") or "" for each in offers.all()]:
            words = offered.split(" ", 2)[2]
            is_same = speaker["attribution"] == row["attribution"]
            if is_same and names_same(words, speaker.get("words", "")):
                self.press(offered)
                speaker = {**speaker, "words": words}
                break
        for name in ("attribution", "words", "named", "outlet"):
            if speaker.get(name):
                self.enter(f"speakers.{row[ROW]}.{name}", speaker[name])

    # Rows ----------------------------------------------------------------------------------------

    def enter_statements(
        self, rows: Sequence[Document], matched: dict[str, Wanted], wanted: Sequence[Wanted]
    ) -> None:
        """Go through the text: decide the rows of each sentence, and add what none states."""
        decisions = [
            (int(row["sentences"].split()[0]), ORDER[row["kind"]], row, matched.get(row[ROW]))
            for row in rows
        ]
        added = [
            (each.sentence, ORDER[each.kind], None, each)
            for each in wanted
            if not any(each is other for other in matched.values())
        ]
        steps = sorted([*decisions, *added], key=lambda step: step[:2])
        for _sentence, _order, row, statement in steps:
            if row is not None:
                self.decide(row, statement)
            elif statement is not None:
                self.add(statement)

    def decide(self, row: Document, wanted: Wanted | None) -> None:
        """Accept a proposed row, correct it first, or reject it."""
        key = row[ROW]
        self.go_to(key)
        if wanted is None:
            self.hand.press(self.row(key), keys="x")
        elif row["kind"] == StatementKind.CITATION:
            self.hand.press(self.row(key), keys="n")
            self.complete(key, wanted)
        elif row["kind"] == StatementKind.EVENT:
            self.hand.press(self.row(key), keys="a")
            self.complete(key, wanted)
        elif self.is_right(row, wanted):
            self.hand.press(self.row(key), keys="a")
            if self.box(f"rows.{key}.statement").count():
                self.complete(key, wanted)
            else:
                self.keys[wanted.record] = key
                self.drafted[wanted.record] = keys_of(wanted.citation["paraphrase"])
        else:
            self.hand.press(self.row(key), keys="Enter")
            self.complete(key, wanted)

    def is_right(self, row: Document, wanted: Wanted) -> bool:
        """Whether the proposed row of an estimate can be accepted as it is shown."""
        title = self.page.locator(f"#row-{row[ROW]}-title").inner_text()
        if not says_as_much(title, wanted.citation["paraphrase"]):
            return False
        event = self.keys.get(self.seeds.by_id[wanted.record].get("event", ""), "")
        right = WantedRow(
            self._values(wanted),
            wanted_terms(self.seeds, wanted.record),
            places_of(self.seeds, wanted.record),
            event,
        )
        return right.is_held(row, self.document())

    def add(self, wanted: Wanted) -> None:
        """Add a row for a statement that none was proposed for."""
        offered = self.page.locator(f'.sents button[value="offer {wanted.sentence}"]')
        if wanted.kind == "event" and offered.count():
            self.hand.press(offered)
        else:
            self.press(f"add {wanted.kind}")
        key = self.page.locator('[name="open"]').input_value()
        if wanted.kind == "citation":
            number = numbered_rows(self.document())[self.keys[wanted.record]]
            self.enter(f"rows.{key}.record", str(number))
        self.complete(key, wanted)

    def go_to(self, key: str) -> None:
        """Move the focus to a row by j and k; the first time by a click."""
        self.hand.purpose = "move to a row"
        focused = self.page.evaluate("document.activeElement?.dataset?.row ?? ''")
        if focused == key:
            return
        keys = [
            each.get_attribute("data-row") for each in self.page.locator(".st-in[data-row]").all()
        ]
        if focused not in keys:
            self.hand.point_at(self.row(key).locator(".st-no"))
            self.row(key).focus()
            return
        steps = keys.index(key) - keys.index(focused)
        self.hand.keys(*["j" if steps > 0 else "k"] * abs(steps))

    def complete(self, key: str, wanted: Wanted) -> None:
        """Fill in an open row, and leave it with Ctrl+Enter."""
        if wanted.is_first:
            self.keys[wanted.record] = key
        statement, words = self.box(f"rows.{key}.statement"), statement_of(self.seeds, wanted)
        if wanted.kind == "estimate" and says_as_much(statement.input_value(), words):
            self.drafted[wanted.record] = keys_of(words)
        else:
            self.hand.enter(statement, words)
        values = self._values(wanted)
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
        last = self.box(f"rows.{key}.statement")
        last.focus()
        self.hand.press(last, keys="Control+Enter")

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
        is_population = name.endswith(".population") and not self.box(name).input_value()
        return is_population and text == self.document()["population"]

    def fill_where(self, key: str, wanted: Wanted) -> None:
        codes = places_of(self.seeds, wanted.record)
        box = self.box(f"rows.{key}.where")
        usual = {*codes_of(self.document()["places"])}
        if ({*codes_of(box.input_value())} or usual) != {*codes}:
            self.hand.enter(box, "" if usual == {*codes} else ", ".join(codes))

    def fill_terms(self, key: str, wanted: Wanted) -> None:
        """Correct the terms: remove wrong ones, change roles, add what is missing."""
        missing = wanted_terms(self.seeds, wanted.record)
        document = self.document()
        for usual in document["defaults"]:
            box = self.box(f"usual.{key}.{usual[ROW]}")
            if not box.count():
                continue
            same = [each for each in missing if is_same_term(usual, each)]
            self.hand.enter(box, "yes" if same else "")
            for each in same:
                missing.remove(each)
        row = next(each for each in document["rows"] if each[ROW] == key)
        for term in row["terms"]:
            at = f"rows.{key}.terms.{term[ROW]}"
            same = [
                each
                for each in missing
                if (each["key"], each["code"]) == (term["key"], term["code"])
            ]
            if same:
                self.enter(f"{at}.role", same[0]["role"])
                missing.remove(same[0])
            elif term["key"] != "actor":
                self.press(f"remove {at}")
        for each in missing:
            self.press(f"add-term {key} {each['key']}")
            row = next(one for one in self.document()["rows"] if one[ROW] == key)
            at = f"rows.{key}.terms.{row['terms'][-1][ROW]}"
            self.enter(f"{at}.code", each["code"])
            self.enter(f"{at}.role", each["role"])

    def submit(self) -> None:
        self.hand.press(self.page.locator('.bar button[value="submit"]'))
        if (anyway := self.page.locator('button[value="submit-anyway"]')).count():
            self.hand.press(anyway)
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

    def _names(self, beginning: str) -> list[str]:
        found: list[str] = self.page.evaluate(
            "from => [...document.querySelectorAll('#draft [name]')].map(each => each.name)"
            ".filter(name => name.startsWith(from))",
            beginning,
        )
        return found
