"""A simulated editor at keyboard and mouse, timed by the Keystroke-Level Model."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playwright.sync_api import Error

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
ANSWERED_JS = "document.readyState === 'complete' && !document.querySelector('[data-before]')"
MAX_TABS = 200
MAX_WAIT_SECONDS = 180
AGAIN_SECONDS = 30


@dataclass
class Hand:
    """Operates the browser and counts operators: K keys, P and B mouse, H homing, M thought."""

    page: "Page"
    counts: Counter[str] = field(default_factory=Counter)
    waited: float = 0.0
    fields: int = 0
    pages: int = 0
    is_at_mouse: bool = True

    @property
    def minutes(self) -> float:
        return self.seconds() / 60

    @property
    def own_minutes(self) -> float:
        """Minutes without the answers of the server."""
        return (self.seconds() - self.waited) / 60

    def seconds(self) -> float:
        count = self.counts
        manual = count["K"] * KEY + count["P"] * POINT + count["B"] * BUTTON + count["H"] * HOME
        return manual + count["M"] * THINK + self.waited

    def _switch_device(self, *, mouse: bool) -> None:
        self.counts["H"] += mouse != self.is_at_mouse
        self.is_at_mouse = mouse

    def keys(self, *keys: str) -> None:
        self._switch_device(mouse=False)
        for key in keys:
            self.counts["K"] += 1 + key.count("+")
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self._switch_device(mouse=False)
        self.counts["K"] += len(text) + sum(letter.isupper() for letter in text)
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
        self.counts["K"] += stops < 0
        for _ in range(MAX_TABS):
            self._switch_device(mouse=False)
            self.counts["K"] += 1
            self.page.keyboard.press("Tab" if stops > 0 else "Shift+Tab")
            if target.evaluate("target => target === document.activeElement"):
                return False
        raise AssertionError(f"Tab does not lead to {target}")

    def point_at(self, target: "Locator") -> None:
        """Click on a field. A select is clicked on its label, which does not open the list."""
        self._switch_device(mouse=True)
        self.counts["P"] += 1
        self.counts["B"] += 2
        at = target
        if target.evaluate("target => target.tagName") == "SELECT":
            at = self.page.locator(f'label[for="{target.get_attribute("id")}"]')
        at.click()

    def think(self) -> None:
        self.counts["M"] += 1

    def enter(self, target: "Locator", wanted: str) -> None:
        """Fill in one field, unless it has the value already."""
        if target.get_attribute("type") == "checkbox":
            if target.is_checked() != (wanted == "yes"):
                self.think()
                self.fields += 1
                if not self.reach(target):
                    self.keys("Space")
            return
        if target.input_value() == wanted:
            return
        self.think()
        self.fields += 1
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
        """Choose an option by its first letters, or by arrow keys where letters don't suffice."""
        options, at = target.evaluate(OPTIONS_JS)
        place = next(index for index, (value, _) in enumerate(options) if value == wanted)
        label = options[place][1]
        letters = next(
            (
                label[:n]
                for n in range(1, 9)
                if [o[1].startswith(label[:n]) for o in options].index(True) == place
            ),
            "",
        )
        if letters and len(letters) < abs(place - at):
            self._switch_device(mouse=False)
            self.counts["K"] += len(letters)
            self.page.keyboard.type(letters)
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
        self.page.evaluate(
            "(document.getElementById('sheet') || document.body).dataset.before = ''"
        )
        if keys:
            self.keys(keys)
        elif not self.reach(target):
            self.keys("Enter")
        began = time.perf_counter()
        again = began + AGAIN_SECONDS
        while not self._has_answer():
            time.sleep(0.02 if time.perf_counter() < began + 1 else 0.2)
            if time.perf_counter() > again and target.is_visible():
                # On a busy machine a press is dropped while the page saves itself.
                target.click()
                again = time.perf_counter() + AGAIN_SECONDS
            assert time.perf_counter() - began < MAX_WAIT_SECONDS, f"No answer to {target}"
        self.waited += time.perf_counter() - began
        self.pages += 1

    def _has_answer(self) -> bool:
        try:
            return bool(self.page.evaluate(ANSWERED_JS))
        except Error:  # during navigation
            return False
