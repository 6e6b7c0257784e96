"""A simulated editor at keyboard and mouse, timed by the Keystroke-Level Model."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playwright.sync_api import TimeoutError as NoAnswerError

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
MAX_TABS = 200
MAX_LETTERS = 8
"""Letters of an option that somebody types before turning to the arrow keys."""
MAX_PRESSES = 6
WAIT_SECONDS = 30
"""How long an answer is awaited before the button is pressed again."""


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

    def count(self, operator: str, times: int = 1) -> None:
        self.counts[operator] += times

    def _switch_device(self, *, mouse: bool) -> None:
        self.count("H", mouse != self.is_at_mouse)
        self.is_at_mouse = mouse

    def keys(self, *keys: str) -> None:
        self._switch_device(mouse=False)
        for key in keys:
            self.count("K", 1 + key.count("+"))
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self._switch_device(mouse=False)
        self.count("K", keys_of(text))
        # At once: the time of each key is the model's.
        self.page.keyboard.insert_text(text)

    def reach(self, target: "Locator") -> bool:
        """Focus the target by Tab, or by a click if quicker. Returns whether it was a click."""
        if target.evaluate("target => target === document.activeElement"):
            return False
        stops = self.page.evaluate(
            TAB_STOPS_JS,
            [self.page.evaluate_handle("document.activeElement"), target.element_handle()],
        )
        by_tab = abs(stops) * KEY + HOME * self.is_at_mouse + (stops < 0) * KEY
        if by_tab > POINT + 2 * BUTTON + HOME * (2 - self.is_at_mouse) or abs(stops) > MAX_TABS:
            self.point_at(target)
            return True
        # Suggestions for dates add tab stops, so the focus is checked after each key.
        self.count("K", stops < 0)
        for _ in range(MAX_TABS):
            self._switch_device(mouse=False)
            self.count("K")
            self.page.keyboard.press("Tab" if stops > 0 else "Shift+Tab")
            if target.evaluate("target => target === document.activeElement"):
                return False
        raise AssertionError(f"Tab does not lead to {target}")

    def point_at(self, target: "Locator") -> None:
        """Click on a field. A select is clicked on its label, which does not open the list."""
        self._switch_device(mouse=True)
        self.count("P")
        self.count("B", 2)
        at = target
        if target.evaluate("target => target.tagName") == "SELECT":
            at = self.page.locator(f'label[for="{target.get_attribute("id")}"]')
        at.click()

    def think(self) -> None:
        self.count("M")

    def enter(self, target: "Locator", wanted: str) -> None:
        """Fill in one field, unless it has the value already."""
        if target.get_attribute("type") == "checkbox":
            if target.is_checked() != (wanted == "yes"):
                self.think()
                if not self.reach(target):
                    self.keys("Space")
            return
        if target.get_attribute("type") == "radio":
            if not target.is_checked():
                self.think()
                self.point_at(target)
            return
        if target.input_value() == wanted:
            return
        self.think()
        self._unfold(target)
        self.reach(target)
        if target.evaluate("target => target.tagName") == "SELECT":
            self._choose(target, wanted)
            return
        if target.input_value():
            self.keys("Control+a", *([] if wanted else ["Delete"]))
        self.type(wanted)
        assert target.input_value() == wanted, (
            target.get_attribute("name"),
            target.input_value(),
            wanted,
        )

    def _unfold(self, target: "Locator") -> None:
        if target.is_visible():
            return
        for fold in target.locator("xpath=ancestor::details[not(@open)]").all():
            if not self.reach(fold.locator("> summary")):
                self.keys("Enter")

    def _choose(self, target: "Locator", wanted: str) -> None:
        """Choose an option by its first letters and arrow keys, in the fewest keys."""
        options, at = target.evaluate(OPTIONS_JS)
        values = [value for value, _label in options]
        assert wanted in values, f"{target.get_attribute('name')} does not offer {wanted}"
        place = values.index(wanted)
        labels = [label for _value, label in options]
        starts = {
            n: next(i for i, each in enumerate(labels) if each.startswith(labels[place][:n]))
            for n in range(1, 1 + min(len(labels[place]), MAX_LETTERS))
        } | {0: at}
        letters = min(starts, key=lambda n: n + abs(place - starts[n]))
        if letters:
            self._switch_device(mouse=False)
            self.count("K", letters)
            self.page.keyboard.type(labels[place][:letters])
        if target.input_value() != wanted:
            at = target.evaluate("chosen => chosen.selectedIndex")
            self.keys(*["ArrowDown" if place > at else "ArrowUp"] * abs(place - at))
        assert target.input_value() == wanted, (
            target.get_attribute("name"),
            target.input_value(),
            wanted,
        )

    def press(self, target: "Locator", *, keys: str = "") -> None:
        """Press a button or link, or its shortcut, and wait for the response."""
        self.think()
        self._unfold(target)
        self.page.evaluate(BEFORE_JS)
        if keys:
            self.keys(keys)
        elif not self.reach(target):
            self.keys("Enter")
        began = time.perf_counter()
        for _press in range(MAX_PRESSES):
            try:
                # The answer replaces the page, or its sheet, and with it what was marked.
                self.page.locator("[data-before]").wait_for(
                    state="detached", timeout=WAIT_SECONDS * 1000
                )
                break
            except NoAnswerError:
                if target.is_visible():
                    target.press(keys or "Enter")
        else:
            raise AssertionError(f"No answer to {target}")
        self.page.wait_for_load_state()
        self.waited += time.perf_counter() - began


def keys_of(text: str) -> int:
    """Return how many keys typing takes: one a letter of any script, and Shift for capitals."""
    return len(text) + sum(letter.isupper() for letter in text)
