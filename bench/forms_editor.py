"""Enters a report through the long forms, one record after the other, as before there was a sheet.

The simulated editor knows the forms and reaches each field by Tab or mouse, whichever is quicker.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.desk.draft_form.actions import chain_in_words
from bench.hand import Hand
from bench.seed_rows import Row, Seeds

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


@dataclass
class FormsEditor:
    """An editor who enters records of the seeds, and takes over what the forms offer."""

    hand: Hand
    seeds: Seeds
    source: str
    records: Sequence[str]
    entered: dict[str, str] = field(default_factory=dict)
    """Ids given to the entered records, by their ids in the seeds."""

    @property
    def page(self) -> "Page":
        return self.hand.page

    def button(self, name: str) -> "Locator":
        return self.page.get_by_role("button", name=name, exact=True)

    def box(self, path: str) -> "Locator":
        sent = "form-of-figure" if path == "form" else path
        return self.page.locator(f'#draft [name="{sent}"]')

    def enter_report(self) -> None:
        self.enter_source()
        for id, following in zip(self.records, [*self.records[1:], ""], strict=True):
            self.enter_record(id)
            self.hand_in(following[:1])

    def enter_source(self) -> None:
        row = self.seeds.record(self.source)
        self.hand.press(self.page.get_by_role("navigation").get_by_role("link", name="Sources"))
        address = self.page.locator("#url")
        self.hand.think()
        self.hand.reach(address)
        # Pasting takes two keys.
        self.hand.count("K", 2)
        address.fill(f"https://{self.seeds.by_id[self.source]['outlet']}.example/{time.time_ns()}")
        self.hand.press(address, keys="Enter")
        self.hand.press(self.button("Add it without reading the page"))
        # The sheet comes first by now; the way to the form is not counted.
        self.page.locator('button[value="full-source"]').click()
        self.page.wait_for_url("**/desk/drafts/*")
        if not self.box("outlet").input_value():
            row["outlet"] = self.seeds.by_id[self.source]["outlet"]
        copy = next(copy for copy in self.seeds.copies if copy["record"] == self.source)
        row |= {f"copies.0.{name}": copy[name] for name in ("host_kind", "extent")}
        self.fill(row)
        self.hand_in("E" if self.records[0][0] == "E" else "M")

    def hand_in(self, following: str) -> None:
        """Submit the draft and begin the next one."""
        carried = self.page.locator("#looked-all")
        if carried.count():
            self.hand.press(carried)
        if following:
            button = self.page.locator(f'button[value="submit {following}"]')
            self.hand.press(button, keys=button.get_attribute("aria-keyshortcuts") or "")
        else:
            self.hand.press(self.button("Submit for review"))
        wrong = self.page.locator(".errors")
        assert not wrong.count(), wrong.inner_text()

    def enter_record(self, id: str) -> None:
        self.entered[id] = self.page.locator(".crumbs").inner_text().split()[-1]
        row = self.seeds.record(id)
        if id[0] == "M":
            # Clear values copied from the previous estimate that differ from this one.
            row = {"event": "", "per": "", "as_of": "", "period": "", **row}
            row["event"] = self.entered.get(row["event"], row["event"])
        terms = self.seeds.terms_of(id)
        citations = self.seeds.citations_of(id, self.source)
        for section in [
            each.get_attribute("id") for each in self.page.locator("#draft > fieldset").all()
        ]:
            names = self._names_in(f"#{section}")
            self.fill({name: row[name] for name in names if name in row})
            match section:
                case "s-where":
                    self.fill_terms(
                        [each for each in terms if each["key"] == "place"], is_place=True
                    )
                case "s-who":
                    self.fill_terms(
                        [each for each in terms if each["key"] != "place"], is_place=False
                    )
                case "s-citations":
                    self.fill_citations(citations)

    def _names_in(self, within: str) -> list[str]:
        names: list[str] = self.page.evaluate(
            "within => [...document.querySelectorAll(`${within} [name]`)].map(each => each.name)",
            within,
        )
        return ["form" if name == "form-of-figure" else name for name in names]

    def fill(self, row: Mapping[str, str], at: str = "") -> None:
        """Fill in the fields in the order of the page."""
        asked = {f"{at}{name}": text for name, text in row.items()}
        for name in self._names_in("#draft"):
            if name in asked:
                self.hand.enter(self.box(name), asked[name])

    def fill_terms(self, wanted: Sequence[Row], *, is_place: bool) -> None:
        # First remove unwanted terms copied from the previous record, from the last one up.
        for at, row in reversed(list(self._term_rows(is_place=is_place))):
            if not any(_is_same_term(row, each) for each in wanted) and row.get("code", ""):
                self.hand.press(self.page.locator(f'button[value="remove {at}"]'))
        existing_rows = dict(self._term_rows(is_place=is_place))
        left: list[Row] = []
        for each in wanted:
            same = [at for at, row in existing_rows.items() if _is_same_term(row, each)]
            empty = [
                at
                for at, row in existing_rows.items()
                if not row["code"] and row["key"] == each["key"]
            ]
            if found := [*same, *empty]:
                del existing_rows[found[0]]
                self.fill(_term_fields(each), f"{found[0]}.")
            else:
                left.append(each)
        for each in left:
            self.hand.press(self.page.locator(f'button[value="add terms {each["key"]}"]'))
            at = next(
                at
                for at, row in self._term_rows(is_place=is_place)
                if row["key"] == each["key"] and not row["code"] and not row.get("printed")
            )
            self.fill(_term_fields(each), f"{at}.")

    def _term_rows(self, *, is_place: bool) -> Iterator[tuple[str, Row]]:
        for row in self.page.locator('.row[id^="terms."]').all():
            at = row.get_attribute("id") or ""
            values = {
                name: self.box(f"{at}.{name}").input_value()
                for name in ("key", "code", "printed")
                if self.box(f"{at}.{name}").count()
            }
            if (values["key"] == "place") == is_place:
                yield at, values

    def fill_citations(self, wanted: Sequence[tuple[Row, list[Row]]]) -> None:
        for number, (citation, chain) in enumerate(wanted):
            at = f"citations.{number}"
            if not self.page.locator(f'.row[id="{at}"]').count():
                self.hand.press(self.button("Add a citation"))
            self._take_over(at, chain, is_only=len(wanted) == 1)
            steps = self.page.locator(f'.row[id^="{at}.chain."]').count()
            for surplus in range(steps - 1, len(chain) - 1, -1):
                self.hand.press(self.page.locator(f'button[value="remove {at}.chain.{surplus}"]'))
            for step in range(steps, len(chain)):
                self.hand.press(self.page.locator(f'button[value="add {at}.chain "]'))
                self.fill({"words": "", **chain[step]}, f"{at}.chain.{step}.")
            asked = {f"{at}.{name}": text for name, text in citation.items() if name != "id"}
            if self.box(f"{at}.paraphrase").input_value():
                del asked[f"{at}.paraphrase"]
            for step in range(min(steps, len(chain))):
                said = {"words": "", "named": "", "outlet": "", **chain[step]}
                asked |= {f"{at}.chain.{step}.{name}": text for name, text in said.items()}
            self.fill(asked)

    def _take_over(self, at: str, chain: Sequence[Row], *, is_only: bool) -> None:
        """Copy earlier speakers, and the text above if this is the record's only citation."""
        earlier_speakers = self.page.locator(f'button[value^="speakers {at} "]').get_by_text(
            _speakers_label(chain), exact=True
        )
        if earlier_speakers.count():
            self.hand.press(earlier_speakers)
        copy_from_above = self.page.locator(f'button[value="above {at}.paraphrase"]')
        if is_only and copy_from_above.count():
            self.hand.press(copy_from_above)


def _speakers_label(chain: Sequence[Row]) -> str:
    """Return the speakers as the form displays them."""
    return chain_in_words(
        [{"attribution": "", "words": "", "outlet": "", **step} for step in chain]
    )


def _is_same_term(row: Row, wanted: Row) -> bool:
    return row["key"] == wanted["key"] and (row.get("code") or row.get("printed")) == (
        wanted.get("code") or wanted.get("printed")
    )


def _term_fields(wanted: Row) -> Row:
    # The citations of a new record get ids of their own.
    return {name: text for name, text in wanted.items() if name not in {"key", "citation"}}
