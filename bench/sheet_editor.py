"""Enters a report through its sheet: pastes the text, decides the rows, and corrects the rest."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.desk.draft_form.documents import ROW, Document
from app.desk.sheets import commands
from app.desk.sheets.form import UNDECIDED, StatementKind
from app.desk.sheets.text_view import numbered_rows
from bench.hand import Hand
from bench.report_texts import Report, Wanted
from bench.seed_rows import Row, Seeds

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

MAX_MARKINGS = 5
MIN_DEFAULT_SHARE = 0.5
"""The editor makes a term a default if so many of the rows have it."""
FIGURE_FIELDS = ("quantifier", "low", "point", "high", "unit", "per", "form", "population")
USUAL = {"unit": "people", "form": "number", "nature": "observed", "certainty": "firm"}
USUAL |= {"stance": "supports"}
"""Values for which the field of a row is empty."""


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
    id: str = ""

    @property
    def page(self) -> "Page":
        return self.hand.page

    def enter_report(self) -> None:
        wanted = [*self.report.wanted(self.seeds)]
        self.enter_source()
        self.paste_text()
        rows = self.document()["rows"]
        self.proposed = len(rows)
        matched = _match(rows, wanted, self.seeds)
        self.used = len(matched)
        self.fill_shared(wanted, matched)
        self.decide(rows, matched)
        for each in wanted:
            if not any(each is other for other in matched.values()):
                self.add(each)
        self.submit()

    # The source and its text ---------------------------------------------------------------------

    def enter_source(self) -> None:
        row = self.seeds.by_id[self.report.source]
        self.hand.press(self.page.get_by_role("navigation").get_by_role("link", name="Sources"))
        address = self.page.locator("#url")
        self.hand.think()
        self.hand.reach(address)
        self.hand.counts["K"] += 2  # pasting
        address.fill(f"https://{row['outlet']}.example/{time.time_ns()}")
        self.hand.press(address, keys="Enter")
        self.hand.press(self.page.get_by_role("button", name="Add it without reading the page"))
        self.id = self.page.locator(".crumbs").inner_text().split()[-1]
        names = ("outlet", "published", "published_basis", "language", "title", "title_en")
        values = {f"source.{name}": row[name] for name in names if row[name]}
        copy = next(each for each in self.seeds.copies if each["record"] == self.report.source)
        values["source.extent"] = copy["extent"]
        for name in self._names("source."):
            if name in values:
                self.hand.enter(self.box(name), values[name])

    def paste_text(self) -> None:
        box = self.page.locator("#text-words")
        self.hand.think()
        self.hand.reach(box)
        self.hand.counts["K"] += 2
        box.fill(self.report.text)
        self.hand.press(self.page.get_by_role("button", name="Mark the text"))
        for _again in range(MAX_MARKINGS):
            if self.document()["rows"]:
                return
            # Beside much other work the marks may take too long; that is not counted.
            self.page.get_by_text("Correct the text, translate or delete it").click()
            with self.page.expect_navigation():
                self.page.get_by_role("button", name="Mark the text again").click()
        raise AssertionError(f"no rows of {self.report.source}")

    def document(self) -> Document:
        with self.open_desk() as db:
            sheet = commands.find(db, self.id)
            assert sheet is not None
            return dict(sheet.document)

    # The shared block ----------------------------------------------------------------------------

    def fill_shared(self, wanted: Sequence[Wanted], matched: dict[str, Wanted]) -> None:
        """Tick and add defaults, complete the speakers, and add days of statements."""
        for key, code in _defaults(self.seeds, wanted):
            self.add_default(key, code)
        self._plan_speakers(wanted, matched)
        if self.new_speakers or self.words_of or self._days(wanted):
            if not self.page.locator('button[value="close-shared"]').count():
                self.press("open-shared")
            for letter, speaker in self.words_of.items():
                self.fill_speaker(self._row_of("speakers", letter), speaker)
            for speaker in self.new_speakers:
                self.press("add-speaker")
                row = self.document()["speakers"][-1]
                self.letters[_who(speaker)] = row["letter"]
                self.fill_speaker(row, speaker)
            for day in self._days(wanted):
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
        document = self.document()
        if code in {document["nationality"], document["population"], *_codes(document["places"])}:
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
        near = {_who(each.speaker): rows[key]["speaker"] for key, each in matched.items()}
        kinds = {each["letter"]: each["attribution"] for each in document["speakers"]}
        for speaker in {_who(each.speaker): each.speaker for each in wanted}.values():
            who = _who(speaker)
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

    def _days(self, wanted: Sequence[Wanted]) -> list[str]:
        published = self.seeds.by_id[self.report.source]["published"]
        days = dict.fromkeys(each.citation["said"] for each in wanted)
        return [day for day in days if day != published]

    def fill_speaker(self, row: Document, speaker: Row) -> None:
        for name in ("attribution", "words", "named", "outlet"):
            if speaker.get(name):
                self.enter(f"speakers.{row[ROW]}.{name}", speaker[name])

    def _row_of(self, name: str, letter: str) -> Document:
        return next(dict(row) for row in self.document()[name] if row["letter"] == letter)

    # Rows ----------------------------------------------------------------------------------------

    def decide(self, rows: Sequence[Document], matched: dict[str, Wanted]) -> None:
        """Accept or reject each proposed row, from the first to the last."""
        for row in rows:
            key = row[ROW]
            self.go_to(key)
            if key not in matched:
                self.hand.press(self.row(key), keys="x")
                continue
            is_new = row["kind"] == StatementKind.CITATION
            self.hand.press(self.row(key), keys="n" if is_new else "a")
            self.complete(key, matched[key])

    def add(self, wanted: Wanted) -> None:
        """Add a row for a statement that none was proposed for."""
        offered = self.page.locator(f'.sents button[value="offer {wanted.sentence}"]')
        if wanted.kind == "event" and offered.count():
            self.hand.press(offered)
        else:
            self.press(f"add {wanted.kind}")
        key = self.document()["rows"][-1][ROW]
        if wanted.kind == "citation":
            number = numbered_rows(self.document())[self.keys[wanted.record]]
            self.enter(f"rows.{key}.record", str(number))
        self.complete(key, wanted)

    def go_to(self, key: str) -> None:
        """Move the focus to a row by j and k; the first time by a click."""
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
        self.enter(f"rows.{key}.statement", _statement(self.seeds, wanted))
        values = self._values(wanted)
        for name in self._names(f"rows.{key}."):
            field_name = name.removeprefix(f"rows.{key}.")
            if field_name in values:
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
            "speaker": self.letters[_who(wanted.speaker)],
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
            if values["population"] == self.document()["population"]:
                values["population"] = ""
        return {name: "" if text == USUAL.get(name) else text for name, text in values.items()}

    def fill_where(self, key: str, wanted: Wanted) -> None:
        codes = _places(self.seeds, wanted.record)
        box = self.box(f"rows.{key}.where")
        usual = {*_codes(self.document()["places"])}
        if ({*_codes(box.input_value())} or usual) != {*codes}:
            self.hand.enter(box, "" if usual == {*codes} else ", ".join(codes))

    def fill_terms(self, key: str, wanted: Wanted) -> None:
        """Correct the terms: remove wrong ones, change roles, add what is missing."""
        missing = [
            each
            for each in self.seeds.terms_of(wanted.record)
            if each["key"] not in {"place", "actor"} and each.get("code")
        ]
        document = self.document()
        for usual in document["defaults"]:
            box = self.box(f"usual.{key}.{usual[ROW]}")
            if not box.count():
                continue
            same = [each for each in missing if _is_same(usual, each)]
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


def _match(rows: Sequence[Document], wanted: Sequence[Wanted], seeds: Seeds) -> dict[str, Wanted]:
    """Return the statement of each row that states one, by row key."""
    matched: dict[str, Wanted] = {}
    for each in wanted:
        if each.kind == "citation":
            continue
        record = seeds.by_id[each.record]
        is_estimate = each.kind == "estimate"
        found = [
            row
            for row in rows
            if str(each.sentence) in row["sentences"].split()
            and row["state"] in UNDECIDED
            and (row["kind"] == StatementKind.ESTIMATE) == is_estimate
            and row[ROW] not in matched
        ]
        names = ("low", "point", "high") if is_estimate else ("type",)
        same = [row for row in found if all(row[name] == record[name] for name in names)]
        if same or (found and not is_estimate):
            matched[(same or found)[0][ROW]] = each
    return matched


def _places(seeds: Seeds, record: str) -> list[str]:
    """Return the places of a record, without those that a picture only shows."""
    codes = [
        each["code"]
        for each in seeds.terms_of(record)
        if each["key"] == "place" and each.get("code") and each["role"] != "shown-only"
    ]
    return [*dict.fromkeys(codes)]


def _defaults(seeds: Seeds, wanted: Sequence[Wanted]) -> list[tuple[str, str]]:
    """Return what most records have: terms, with the role that a default gives them, and places."""
    records = [each.record for each in wanted if each.is_first]
    terms = [
        (each["key"], each["code"])
        for record in records
        for each in seeds.terms_of(record)
        if each["key"] not in {"place", "actor"} and each.get("code") and each["role"] == "target"
    ]
    terms += [("place", each[0]) for r in records if len(each := _places(seeds, r)) == 1]
    counts = [seeds.by_id[record]["population"] for record in records if record[0] == "M"]
    usual = [("population", max(counts, key=counts.count))] if len(counts) > 1 else []
    least = len(records) * MIN_DEFAULT_SHARE
    return [*usual, *(term for term in dict.fromkeys(terms) if terms.count(term) > least)]


def _who(speaker: Row) -> tuple[str, str, str]:
    return speaker["attribution"], speaker.get("words", ""), speaker.get("outlet", "")


def _codes(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _is_same(term: Document, wanted: Row) -> bool:
    return all(term[name] == wanted[name] for name in ("key", "code", "role"))


def _statement(seeds: Seeds, wanted: Wanted) -> str:
    """Return the one sentence that is typed: the title of an event, else what the source says."""
    if wanted.kind == "event":
        return seeds.by_id[wanted.record]["title"]
    return wanted.citation["paraphrase"]
