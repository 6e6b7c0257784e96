// The review of a report: what the button will do, totals of the ticked rows, and keys. The form works without it.
(() => {
  const KEYS = "sojourn-keys";
  const stored = () => {
    // A browser that keeps nothing for sites says so by an error.
    try { return localStorage.getItem(KEYS); } catch { return null; }
  };
  const areOn = () => stored() !== "off";
  const rows = () => [...document.querySelectorAll(".rv-in[data-row]")];
  const tickOf = (row) => row.querySelector("[data-tick]");
  const decides = () => document.querySelector("button[value=decide]");

  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  const label = (button, ticked, others) => {
    const numbers = (some) => some.map((row) => row.dataset.row).join(", ");
    const shape = (some) => some.length === 1 ? "One" : some.length ? "Many" : "None";
    // A whole sentence for each shape: data-approve-one-return-many and the like.
    const words = button.dataset[`approve${shape(ticked)}Return${shape(others)}`] ?? button.textContent;
    return fill(words, { approved: numbers(ticked), count: ticked.length, returned: numbers(others) });
  };
  const count = () => {
    const button = decides();
    if (!button) return;
    const mine = rows().filter(tickOf);
    const ticked = mine.filter((row) => tickOf(row).checked), others = mine.filter((row) => !tickOf(row).checked);
    button.textContent = label(button, ticked, others);
    for (const total of document.querySelectorAll("[data-total]")) {
      total.textContent = ticked.reduce((sum, row) => sum + Number(row.dataset[total.dataset.total]), 0);
    }
    for (const row of mine) {
      const isTicked = tickOf(row).checked;
      row.classList.toggle("is-returned", !isTicked);
      row.querySelector("[data-returns]").hidden = isTicked;
    }
  };
  addEventListener("change", ({ target }) => {
    if (!target.matches?.("[data-tick]")) return;
    count();
    // A row that returns needs a comment: its box opens.
    const row = target.closest(".rv-in");
    if (!target.checked) commentOf(row).open = true;
    ticked.push(row);
    undoButton().disabled = false;
    tell(row);
  });

  // The last ticks can be undone, one after the other.
  const ticked = [];
  const undoButton = () => document.querySelector("[data-keys=undo]");
  const commentOf = (row) => row.querySelector("details.of-row");
  const tell = (row) => {
    const status = document.getElementById("key-status");
    status.textContent = fill(tickOf(row).checked ? status.dataset.ticked : status.dataset.unticked, { row: row.dataset.row });
  };
  const undo = () => {
    const row = ticked.pop();
    if (!row) return;
    tickOf(row).checked = !tickOf(row).checked;
    if (tickOf(row).checked && !commentOf(row).querySelector("textarea").value) commentOf(row).open = false;
    undoButton().disabled = !ticked.length;
    count();
    tell(row);
    go(row);
  };
  const help = (isOpen) => {
    const list = document.getElementById("all-keys");
    list.hidden = !isOpen;
    document.querySelector("[data-keys=help]").setAttribute("aria-expanded", String(isOpen));
    if (isOpen) list.focus(); else go(rows().find((row) => row.tabIndex === 0));
  };

  // One row can be reached by Tab: the current one.
  const mark = (row) => {
    for (const each of rows()) {
      each.tabIndex = each === row ? 0 : -1;
      if (each === row) each.setAttribute("aria-current", "true"); else each.removeAttribute("aria-current");
    }
  };
  const go = (row) => { if (!row) return; mark(row); row.focus(); row.scrollIntoView({ block: "nearest" }); };
  addEventListener("focusin", ({ target }) => {
    const row = target.closest?.(".rv-in[data-row]");
    if (row) mark(row);
  });
  const next = (row, step) => go(rows()[rows().indexOf(row) + step]);
  const does = {
    KeyJ: (row) => next(row, 1),
    KeyK: (row) => next(row, -1),
    KeyA: (row) => tickOf(row)?.click(),
    KeyC: (row) => {
      const box = commentOf(row);
      if (box) { box.open = true; box.querySelector("textarea").focus(); }
    },
    KeyU: undo,
  };
  // By their place on the keyboard: with a Korean or Russian input method "a" does not send "a".
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && decides()) {
      event.preventDefault();
      decides().click();
      return;
    }
    const list = document.getElementById("all-keys"), row = event.target.closest?.(".rv-in[data-row]");
    if (event.key === "Escape" && list && !list.hidden && list.contains(event.target)) { help(false); return; }
    // From a field of the row, back to the row.
    if (event.key === "Escape" && row && event.target !== row) { event.preventDefault(); go(row); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || !areOn() || row !== event.target) return;
    if (list && (event.key === "?" || (event.code === "Slash" && event.shiftKey))) {
      event.preventDefault();
      help(list.hidden);
      return;
    }
    const act = event.shiftKey ? null : does[event.code];
    if (!act) return;
    event.preventDefault();
    act(event.target);
  });
  const showKeys = () => {
    const line = document.getElementById("keys"), button = line?.querySelector("[data-keys=switch]");
    if (!line) return;
    line.hidden = false;
    button.textContent = areOn() ? button.dataset.off : button.dataset.on;
    document.documentElement.classList.toggle("keys-off", !areOn());
  };
  addEventListener("click", ({ target }) => {
    const pressed = target.closest?.("[data-keys]")?.dataset.keys;
    if (pressed === "undo") undo();
    if (pressed === "help") help(document.getElementById("all-keys").hidden);
    if (pressed !== "switch") return;
    try { localStorage.setItem(KEYS, areOn() ? "off" : "on"); } catch { /* nothing is kept */ }
    showKeys();
  });

  mark(rows()[0]);
  count();
  showKeys();
})();
