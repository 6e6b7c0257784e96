"""A simulated editor at keyboard and mouse, timed by the Keystroke-Level Model.

The browser gets each value and press at once; the model counts what they take a person.
"""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# Card, Moran and Newell: The Psychology of Human-Computer Interaction (1983), chapter 8. Seconds.
WORDS_A_MINUTE = 45
KEY = 60 / (WORDS_A_MINUTE * 5)
"""A word has five keys."""
POINT, BUTTON, HOME, THINK = 1.10, 0.10, 0.40, 1.35

TAB_STOPS_JS = """([from, to]) => {
  const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter(each => each.tabIndex >= 0 && !each.disabled && each.checkVisibility());
  return all.indexOf(to) - all.indexOf(from);
}"""  # noqa: E501
OPTIONS_JS = """chosen => [[...chosen.options].map(option => [option.value, option.textContent.trim().toLowerCase()]),
  chosen.selectedIndex]"""  # noqa: E501
BEFORE_JS = "(document.getElementById('sheet') || document.body).dataset.before = ''"
MAX_LETTERS = 8
"""Letters of an option that somebody types before turning to the arrow keys."""


@dataclass
class Hand:
    """Operates the browser and counts operators: K keys, P and B mouse, H homing, M thought."""

    page: "Page"
    counts: Counter[str] = field(default_factory=Counter)
    waited: float = 0.0
    is_at_mouse: bool = True

    @property
    def own_minutes(self) -> float:
        """Minutes without the answers of the server."""
        count = self.counts
        manual = count["K"] * KEY + count["P"] * POINT + count["B"] * BUTTON + count["H"] * HOME
        return (manual + count["M"] * THINK) / 60

    def _turn_to(self, *, mouse: bool) -> None:
        self.counts["H"] += mouse != self.is_at_mouse
        self.is_at_mouse = mouse

    def count_keys(self, number: int) -> None:
        self._turn_to(mouse=False)
        self.counts["K"] += number

    def count_click(self) -> None:
        self._turn_to(mouse=True)
        self.counts["P"] += 1
        self.counts["B"] += 2

    def reach(self, target: "Locator") -> bool:
        """Focus the target by Tab, or by a click if quicker. Returns whether it was a click."""
        stops = self.page.evaluate(
            TAB_STOPS_JS,
            [self.page.evaluate_handle("document.activeElement"), target.element_handle()],
        )
        by_tab = abs(stops) * KEY + HOME * self.is_at_mouse + (stops < 0) * KEY
        is_click = bool(by_tab > POINT + 2 * BUTTON + HOME * (2 - self.is_at_mouse))
        if is_click:
            self.count_click()
        elif stops:
            self.count_keys(abs(stops) + (stops < 0))
        target.focus()
        return is_click

    def think(self) -> None:
        self.counts["M"] += 1

    def paste(self, target: "Locator", text: str) -> None:
        self.think()
        self.reach(target)
        self.count_keys(2)
        target.fill(text)

    def enter(self, target: "Locator", wanted: str) -> None:
        """Fill in one field, unless it has the value already."""
        kind = target.get_attribute("type")
        if kind in {"checkbox", "radio"}:
            if target.is_checked() != (kind == "radio" or wanted == "yes"):
                self._press(target)
            return
        if target.input_value() == wanted:
            return
        self.think()
        self._unfold(target)
        self.reach(target)
        if target.evaluate("target => target.tagName") == "SELECT":
            self.count_keys(self._keys_of_option(target, wanted))
            target.select_option(wanted)
            return
        if target.input_value():
            self.count_keys(2 if wanted else 3)
        self.count_keys(keys_of(wanted))
        target.fill(wanted)

    def _unfold(self, target: "Locator") -> None:
        if not target.is_visible():
            for fold in target.locator("xpath=ancestor::details[not(@open)]").all():
                self._press(fold.locator("> summary"), is_obvious=True)

    def _keys_of_option(self, target: "Locator", wanted: str) -> int:
        """Return the fewest first letters and arrow keys that choose an option."""
        options, at = target.evaluate(OPTIONS_JS)
        place = [value for value, _label in options].index(wanted)
        labels = [label for _value, label in options]
        starts = {
            n: next(i for i, each in enumerate(labels) if each.startswith(labels[place][:n]))
            for n in range(1, 1 + min(len(labels[place]), MAX_LETTERS))
        } | {0: at}
        return min(int(n + abs(place - start)) for n, start in starts.items())

    def _press(self, target: "Locator", *, is_obvious: bool = False) -> None:
        if not is_obvious:
            self.think()
        if not self.reach(target):
            self.count_keys(1)
        target.click()

    def press(self, target: "Locator") -> None:
        """Press a button or link, and wait for the response."""
        self._unfold(target)
        self.page.evaluate(BEFORE_JS)
        began = time.perf_counter()
        self._press(target)
        # The answer replaces the page, or its sheet, and with it what was marked.
        self.page.locator("[data-before]").wait_for(state="detached")
        self.page.wait_for_load_state()
        self.waited += time.perf_counter() - began


def keys_of(text: str) -> int:
    """Return how many keys typing takes: one a letter of any script, and Shift for capitals."""
    return len(text) + sum(letter.isupper() for letter in text)
