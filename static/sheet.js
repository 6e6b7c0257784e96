// Keys of a report's sheet. Each presses a button of the page, which works without this file; none acts outside a row.
(() => {
  const KEYS = "sojourn-keys";
  const stored = () => {
    // A browser that keeps nothing for sites says so by an error.
    try { return localStorage.getItem(KEYS); } catch { return null; }
  };
  const areOn = () => stored() !== "off";
  const rows = () => [...document.querySelectorAll(".st-in[data-row]")];
  const current = () => rows().find((row) => row.tabIndex === 0);
  const sheet = () => document.getElementById("sheet");
  const say = (words) => { const status = document.getElementById("key-status"); if (status) status.textContent = words; };
  const spoken = (name) => document.getElementById("key-status")?.dataset[name] ?? "";

  // One row can be reached by Tab: the current one. Its sentences are marked in the text.
  const mark = (row) => {
    for (const each of rows()) {
      each.tabIndex = each === row ? 0 : -1;
      if (each === row) each.setAttribute("aria-current", "true"); else each.removeAttribute("aria-current");
    }
    const numbers = (row?.dataset.sentences ?? "").split(" ").filter(Boolean);
    for (const sentence of document.querySelectorAll(".sents > li")) {
      const isOfRow = numbers.includes(sentence.getAttribute("value"));
      sentence.classList.toggle("is-current", isOfRow);
      if (isOfRow) sentence.setAttribute("aria-current", "true"); else sentence.removeAttribute("aria-current");
    }
    const pane = document.querySelector(".reading-in"), first = document.querySelector(".sents > li.is-current");
    if (!pane || !first || pane.scrollHeight <= pane.clientHeight) return;
    const { top, bottom } = first.getBoundingClientRect(), around = pane.getBoundingClientRect();
    if (top < around.top || bottom > around.bottom) pane.scrollTop += top - around.top - 48;
  };
  const go = (row) => { if (!row) return; mark(row); row.focus(); row.scrollIntoView({ block: "nearest" }); };
  addEventListener("focusin", ({ target }) => {
    const row = target.closest?.(".st-in[data-row]");
    if (row && row !== current()) mark(row);
  });

  // What no button on the page says is sent as if there were one.
  const send = (does) => {
    const form = document.getElementById("draft"), button = document.createElement("button");
    Object.assign(button, { name: "do", value: does, hidden: true });
    form.append(button);
    form.requestSubmit(button);
    button.remove();
  };
  const press = (row, does) => {
    const button = [...row.querySelectorAll("button[name=do]")].find(({ value }) => value === does);
    if (button) button.click(); else say(spoken("none"));
  };

  // After "s", the next letter is the speaker's.
  let waiting = null;
  const chooseSpeaker = (row, code) => {
    waiting = null;
    const letter = /^Key([A-Z])$/.exec(code)?.[1];
    if (letter && row.dataset.letters.includes(letter)) { say(""); send(`speaker ${row.dataset.row} ${letter}`); }
    else say(spoken("noSpeaker"));
  };

  const help = (isOpen) => {
    const list = document.getElementById("all-keys");
    list.hidden = !isOpen;
    document.querySelector("[data-keys=help]").setAttribute("aria-expanded", String(isOpen));
    if (isOpen) list.focus(); else current()?.focus();
  };

  const step = (row, by) => { const all = rows(); go(all[all.indexOf(row) + by]); };
  // By the place of a key on the keyboard: with the input methods of Korean, Chinese, Japanese and Russian, the key
  // that has "a" printed on it sends another letter.
  const does = {
    KeyJ: (row) => step(row, 1),
    KeyK: (row) => step(row, -1),
    KeyS: (row) => {
      if (!row.dataset.letters) { say(spoken("none")); return; }
      waiting = row;
      say(`${spoken("speaker")} ${[...row.dataset.letters].join(", ")}`);
    },
    KeyC: (row) => {
      const summary = row.querySelector(".say > summary");
      if (!summary) { say(spoken("none")); return; }
      summary.parentElement.open = true;
      summary.parentElement.querySelector("textarea").focus();
    },
    KeyU: () => document.querySelector('#saved button[value="undo"]')?.click(),
    Enter: (row) => {
      const field = row.querySelector(".st-form :is(input, select, textarea)");
      if (field) field.focus(); else press(row, `open ${row.dataset.row}`);
    },
    Escape: (row) => { if (row.querySelector(".st-form")) press(row, `close ${row.dataset.row}`); },
  };
  const digit = (row, number) => {
    const offer = row.querySelector(`.st-form button[aria-keyshortcuts="${number}"]`);
    if (offer) offer.click(); else say(spoken("none"));
  };

  // While the answer to a press is awaited no key acts: what is typed for the row that opens would decide other rows.
  // Nor can a field be changed or a button of the text be pressed: the page that comes would not have it, and a second
  // press would be dropped. What lasts is shown.
  const SAID_AFTER_MS = 1500;
  let isAwaited = false, focused = "", waits;
  addEventListener("htmx:before:request", ({ detail }) => {
    if (detail.ctx?.target?.id !== "sheet") return;
    isAwaited = true;
    focused = document.activeElement?.id ?? "";
    for (const pane of document.querySelectorAll("#sheet .desk-two > *")) pane.inert = true;
    document.documentElement.classList.add("is-awaited");
    const said = document.getElementById("said");
    if (said) waits = setTimeout(() => { said.textContent = said.dataset.wait; }, SAID_AFTER_MS);
  });
  const goOn = () => {
    if (!isAwaited) return;
    isAwaited = false;
    for (const pane of document.querySelectorAll("#sheet .desk-two > *")) pane.inert = false;
    document.documentElement.classList.remove("is-awaited");
    clearTimeout(waits);
    if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus();
  };
  addEventListener("htmx:finally:request", goOn);

  addEventListener("keydown", (event) => {
    const list = document.getElementById("all-keys");
    if (event.key === "Escape" && list && !list.hidden && list.contains(document.activeElement)) { help(false); return; }
    const row = event.target.closest?.(".st-in[data-row]");
    if (!row || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target !== row) {
      // From a field or a button of the row, back to the row.
      if (event.key === "Escape") { event.preventDefault(); go(row); }
      return;
    }
    if (isAwaited) { event.preventDefault(); return; }
    const number = /^(?:Digit|Numpad)([1-4])$/.exec(event.code)?.[1];
    const isSingle = number || /^Key[A-Z]$/.test(event.code) || event.key === "?" || event.code === "Slash";
    if (isSingle && !areOn()) return;
    if (waiting === row && !event.shiftKey) { event.preventDefault(); chooseSpeaker(row, event.code); return; }
    if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) { event.preventDefault(); help(list.hidden); return; }
    if (event.shiftKey) return;
    const act = number ? () => digit(row, number) : does[event.code];
    if (!act) return;
    event.preventDefault();
    act(row);
  });

  const paint = () => {
    document.documentElement.classList.toggle("keys-off", !areOn());
    const button = document.querySelector("[data-keys=switch]");
    if (button) button.textContent = areOn() ? button.dataset.off : button.dataset.on;
  };
  addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-keys]");
    if (!button) return;
    if (button.dataset.keys === "help") { help(document.getElementById("all-keys").hidden); return; }
    // A browser that keeps nothing keeps them on.
    try { localStorage.setItem(KEYS, areOn() ? "off" : "on"); } catch { /* nothing is kept */ }
    paint();
    say(areOn() ? spoken("on") : spoken("off"));
  });

  // A link to a row leads its keys there, too: the browser scrolls, but a list item takes no focus.
  addEventListener("click", ({ target }) => {
    const to = target.closest?.('a[href^="#row-"]')?.hash.slice(1);
    const row = to && document.getElementById(to)?.querySelector(".st-in[data-row]");
    if (row) setTimeout(() => go(row));
  });

  // A field that is corrected is no longer wrong; the next save says whether it is right.
  addEventListener("input", ({ target }) => {
    if (!target.matches?.("#draft [aria-invalid]")) return;
    target.removeAttribute("aria-invalid");
    target.closest(".bad")?.classList.remove("bad");
    document.getElementById(`${target.id}-error`)?.remove();
  });

  // What the page saves by itself, and asks while somebody types, is without the text: that goes only with a press.
  addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement.id === "draft") return;
    for (const name of ["text", "translation"]) ctx.request.body?.delete?.(name);
  });

  // The answer to a press says where the work goes on.
  const focus = () => {
    const at = sheet()?.dataset.focus, target = at ? document.getElementById(at) : null;
    const row = at === "current" ? current() : target?.matches(".st") ? target.querySelector(".st-in") : null;
    if (row) go(row);
    else if (target) { if (target.tabIndex < 0 && !target.hasAttribute("tabindex")) target.tabIndex = -1; target.focus(); }
    mark(row ?? current());
    paint();
  };
  addEventListener("htmx:after:swap", ({ detail }) => {
    if (detail.ctx?.target?.id !== "sheet") return;
    waiting = null;
    goOn();
    focus();
    // Outside of what is replaced: a live region that comes with its words is not announced.
    const status = document.getElementById("said");
    if (status) status.textContent = sheet()?.dataset.said ?? "";
  });
  addEventListener("DOMContentLoaded", focus);
  if (document.readyState !== "loading") focus();
  // A fragment whose target can't be focused takes the focus from what had it, after the page was loaded.
  addEventListener("load", () => setTimeout(() => { if (document.activeElement === document.body) focus(); }));
})();
