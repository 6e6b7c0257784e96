// What the desk's forms need beyond htmx. Every form works without this file.
(() => {
  const draft = () => document.getElementById("draft");

  // Leaving with something unsaved asks first. Steps are counted: what is typed while a save is under way is not in it.
  let typed = 0, sent = 0, kept = 0;
  addEventListener("input", (event) => {
    if (!draft()?.contains(event.target)) return;
    typed += 1;
    const saved = document.getElementById("saved"), note = saved?.querySelector(".note");
    if (note) note.textContent = saved.dataset.unsaved;
  });
  addEventListener("submit", () => { kept = typed; });
  // Forms ask by POST how a field is read, so that no address has what is typed; that saves nothing.
  const saves = ({ detail: { ctx } }) => ctx?.request?.method === "POST" && !ctx.request.action.endsWith("/reading");
  addEventListener("htmx:before:request", (event) => {
    if (!saves(event)) return;
    // While a button's answer is awaited the boxes are disabled, and would be left out of what the page saves itself.
    if (event.detail.ctx.sourceElement.id === "saved" && draft()?.querySelector("fieldset:disabled")) event.preventDefault();
    else sent = typed;
  });
  addEventListener("htmx:after:swap", (event) => {
    // htmx reports a swap even where it swapped nothing, as after an error.
    const isAnswered = saves(event) && event.detail.ctx.response?.status < 400;
    if (isAnswered && document.querySelector("#saved [data-saved]")) { kept = sent; notSaved(true); }
    // What was done before the page came is old by now.
    if (event.detail.ctx?.target?.id === "sheet") document.querySelector("#main > .done[role=status]")?.remove();
  });
  addEventListener("beforeunload", (event) => { if (draft() && typed !== kept) event.preventDefault(); });

  // A status that is there from the start is not announced: it takes the focus, unless the page has a place for that.
  addEventListener("DOMContentLoaded", () => {
    const notice = document.querySelector("#main > .done[role=status]");
    const isTaken = document.querySelector("[autofocus], #sheet[data-focus]:not([data-focus=''])") || location.hash;
    const said = document.getElementById("said");
    if (notice && !isTaken) { notice.tabIndex = -1; notice.focus(); }
    else if (notice && said) setTimeout(() => { said.textContent = notice.textContent; }, 500);
  });

  // A press whose answer takes long says that it waits; coming back to the page ends that.
  const BUSY_AFTER_MS = 400;
  let waits;
  addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const button = event.submitter;
    waits = setTimeout(() => {
      event.target.setAttribute("aria-busy", "true");
      button?.classList.add("is-busy");
    }, BUSY_AFTER_MS);
  });
  addEventListener("pageshow", () => {
    clearTimeout(waits);
    for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
    for (const button of document.querySelectorAll(".is-busy")) button.classList.remove("is-busy");
  });

  // Keys that buttons of the draft name for themselves.
  addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const keys = event.shiftKey ? "Control+Shift+Enter" : "Control+Enter";
    const button = draft()?.querySelector(`button[aria-keyshortcuts="${keys}"]:enabled`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  // Leaving a date box takes what its words mean, if they mean only one date. Offers for words that were typed before
  // say nothing of those that are there now.
  const settle = (box) => {
    const offers = box.parentElement.querySelectorAll('.reads button[value^="set "]');
    if (!box.value.trim() || box.value !== (box.dataset.read ?? box.defaultValue) || offers.length !== 1) return;
    box.value = offers[0].value.split(" ")[2];
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  addEventListener("focusout", ({ target }) => { if (target.matches?.("[data-date]")) settle(target); });
  addEventListener("htmx:before:request", ({ detail }) => {
    const box = detail.ctx?.sourceElement;
    if (box?.matches?.("[data-date]")) box.dataset.asked = box.value;
  });
  // The reading may come after the box was left. A later request would have replaced this one.
  addEventListener("htmx:after:swap", ({ detail }) => {
    const box = detail.ctx?.sourceElement;
    if (!box?.matches?.("[data-date]")) return;
    box.dataset.read = box.dataset.asked;
    if (box !== document.activeElement) settle(box);
  });

  // Offers for words that are there no longer can't be pressed; new ones come with the answer.
  addEventListener("input", ({ target }) => {
    const reads = target.matches?.("[hx-post]") && target.parentElement.querySelector(".reads");
    for (const offer of reads?.querySelectorAll?.("button") ?? []) offer.disabled = true;
  });

  // Characters are counted where there can be too many.
  const count = (box) => {
    const most = Number(box.dataset.most), hint = document.getElementById(`${box.id}-hint`), length = box.value.trim().length;
    hint.dataset.count = `${length} / ${most}`;
    hint.classList.toggle("is-over", length > most);
  };
  addEventListener("input", ({ target }) => { if (target.dataset?.most) count(target); });

  // What is filled in is no longer asked for.
  addEventListener("input", ({ target }) => {
    if (!target.value || target.getAttribute("aria-invalid") !== "true") return;
    target.removeAttribute("aria-invalid");
    document.getElementById(`${target.id}-error`)?.remove();
  });

  // A date that is typed is known.
  addEventListener("input", ({ target }) => {
    const mode = target.name === "card.when" && target.form.elements["card.mode"];
    if (mode?.value === "unknown") mode.selectedIndex = 0;
  });

  // What was said of a former speaker is emptied with another kind.
  const emptiedFor = ["outlet-own-voice", "anonymous-source", "anonymous-official", "unattributed"];
  const ofSpeaker = ["words", "named", "outlet", "speakers_text", "occasion"];
  addEventListener("change", ({ target }) => {
    const at = target.name?.match?.(/^(citations\.\d+\.chain\.\d+\.)attribution$/)?.[1];
    if (!at) return;
    const was = target.dataset.was ?? [...target.options].find((each) => each.defaultSelected)?.value;
    target.dataset.was = target.value;
    if (!was || was === target.value) return;
    for (const name of emptiedFor.includes(target.value) ? ofSpeaker : ["outlet"]) {
      const box = target.form.elements[at + name];
      if (!box?.value) continue;
      box.value = "";
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  // A number moves to the field that its kind has: “at least 100” is a lower bound.
  const boundOf = { "more-than": "low", "at-least": "low", range: "low", "up-to": "high", "fewer-than": "high" };
  addEventListener("change", ({ target }) => {
    if (target.id !== "quantifier" || target.value === "words") return;
    const fields = target.form.elements, to = fields[boundOf[target.value] ?? "point"];
    const [from, other] = [fields.low, fields.point, fields.high].filter((each) => each?.value);
    if (!from || other || from === to) return;
    [to.value, from.value] = [from.value, ""];
    to.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // A press on a mark of the text writes it into the field that had the focus. Dates, numbers and names are set as they
  // are read; other text takes the words at the cursor.
  let last = null;
  addEventListener("focusin", ({ target }) => { if (target.matches?.("#draft :is(input, textarea, select)")) last = target; });
  addEventListener("mousedown", (event) => { if (event.target.closest?.(".mk[data-value]")) event.preventDefault(); });
  addEventListener("keydown", (event) => {
    if (!event.target.matches?.(".mk[data-value]") || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    event.target.click();
  });
  addEventListener("click", ({ target }) => {
    const mark = target.closest?.(".mk[data-value]");
    if (!mark || !last?.isConnected || ["radio", "checkbox", "select-one"].includes(last.type)) return;
    const words = mark.firstChild.textContent.trim(), { value } = mark.dataset;
    // A number decides other fields of its kind, too: its bounds, how it is reported, and its unit.
    const fields = JSON.parse(mark.dataset.fields ?? "{}");
    if (last.name in fields) {
      for (const [name, text] of Object.entries(fields)) {
        const box = draft().elements[name];
        if (!box) continue;
        box.value = text;
        box.dispatchEvent(new Event("input", { bubbles: true }));
      }
      last.focus();
      return;
    }
    const isList = ["card.where", "card.by"].includes(last.name), isSet = last.matches("[data-date], [inputmode], [hx-post]");
    const isRead = isSet && !value.includes(":");
    const adds = isList && last.value.trim();
    last.focus();
    if (adds) last.setSelectionRange(last.value.length, last.value.length);
    else if (isSet) last.select();
    // Deprecated, but nothing else can be undone by the browser's own keys.
    document.execCommand("insertText", false, `${adds ? ", " : ""}${isRead ? value : words}`);
  });

  // An answer that failed is not shown, so that what was typed stays: the page says that it was not saved.
  const notSaved = (isHidden) => { const told = document.getElementById("not-saved"); if (told) told.hidden = isHidden; };
  const warn = () => {
    kept = -1;
    notSaved(false);
    document.getElementById("not-saved").scrollIntoView({ block: "nearest" });
  };
  const fail = (event) => {
    if (draft() && saves(event)) warn();
  };
  // Another form's button leaves the page: the card is saved first, or the page stays as it is.
  addEventListener("submit", async (event) => {
    const card = draft(), form = event.target, button = event.submitter, before = typed;
    if (!card || form === card || typed === kept) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const body = new URLSearchParams(new FormData(card));
    body.set("do", "keep");
    const answer = await fetch(card.action, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null);
    // A conflict is answered without a page.
    if (answer?.status === 200) {
      kept = before;
      form.requestSubmit(button);
    } else warn();
  }, true);
  addEventListener("htmx:response:error", fail);
  addEventListener("htmx:error", fail);

  // A browser that is sent to its own address with a fragment only scrolls, and the page would wait for ever.
  addEventListener("htmx:before:response", (event) => {
    const to = event.detail.ctx.response.raw.headers.get("HX-Redirect"), page = (address) => address.split("#")[0];
    if (!to?.includes("#") || page(new URL(to, location).href) !== page(location.href)) return;
    event.preventDefault();
    history.replaceState(null, "", to);
    location.reload();
  });

  // Who was signed out meanwhile keeps what they typed, and is told.
  addEventListener("htmx:before:response", (event) => {
    if (!draft() || event.detail.ctx.response.raw.status !== 401) return;
    event.preventDefault();
    kept = -1;
    document.getElementById("signed-out").hidden = false;
    document.getElementById("signed-out").scrollIntoView();
  });
})();
