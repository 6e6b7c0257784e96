// What plain HTML and htmx leave undone. Every page works without this file.
(() => {
  const filters = () => document.getElementById("filters");

  // Menus close by themselves: a click elsewhere, or Escape, which goes back to the button.
  const close = (except) => document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
  addEventListener("click", (event) => close(event.target.closest("details.menu")));
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (menu) { close(); menu.querySelector("summary").focus(); }
    else if (filters()?.matches(":target")) location.replace("#results");
  });

  // Suggestions below a search field: arrows move through them, Escape closes them.
  addEventListener("keydown", (event) => {
    const form = event.target.closest("[data-suggest]");
    if (!form || !["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
    const list = form.querySelector(".suggestions");
    const stops = [form.querySelector("input"), ...list.querySelectorAll("a")];
    if (stops.length === 1) return;
    event.preventDefault();
    if (event.key === "Escape") { list.replaceChildren(); stops[0].focus(); return; }
    const step = event.key === "ArrowDown" ? 1 : stops.length - 1;
    stops[(stops.indexOf(document.activeElement) + step) % stops.length]?.focus();
  });
  addEventListener("click", (event) => {
    document.querySelectorAll("[data-suggest]").forEach((form) => {
      if (!form.contains(event.target)) form.querySelector(".suggestions").replaceChildren();
    });
  });

  // A badge explains its term when the pointer or the focus is on it, not only when it is pressed. Browsers that know
  // `interestfor` do so themselves. Escape closes the explanation, and it stays while the pointer is on it.
  if ("popover" in HTMLElement.prototype && !("interestForElement" in HTMLButtonElement.prototype)) {
    const DELAY = 250, GAP = 4;
    const noteOf = (badge) => badge && document.getElementById(badge.getAttribute("interestfor"));
    let badge, timer;
    const settle = (next) => {
      if (badge?.isConnected && noteOf(badge)?.matches(":popover-open")) noteOf(badge).hidePopover();
      badge = next;
      const note = noteOf(badge);
      if (!note || note.matches(":popover-open")) return;
      note.showPopover({ source: badge });
      if (CSS.supports("position-area: block-end")) return;
      const { left, bottom, top } = badge.getBoundingClientRect(), { width, height } = note.getBoundingClientRect();
      const isBelow = bottom + GAP + height <= innerHeight;
      note.style.inset = `${isBelow ? bottom + GAP : Math.max(top - GAP - height, 0)}px auto auto ` +
        `${Math.max(Math.min(left, document.documentElement.clientWidth - width), 0)}px`;
      note.style.margin = "0";
    };
    const turn = ({ target }) => {
      const next = target.closest?.("[interestfor]") ?? (noteOf(badge)?.contains(target) ? badge : null);
      clearTimeout(timer);
      if (next !== badge) timer = setTimeout(settle, DELAY, next);
    };
    addEventListener("mouseover", turn);
    addEventListener("focusin", turn);
    addEventListener("focusout", (event) => { if (!event.relatedTarget) turn({ target: document.body }); });
  }

  addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const from = document.getElementById(button.dataset.copyFrom);
    const text = from ? from.value ?? from.innerText : location.href;
    // A screen reader says what changes in a status, not what changes in a button.
    const said = document.getElementById("announced");
    if (said) said.textContent = "";
    navigator.clipboard?.writeText(text).then(() => {
      button.textContent = button.dataset.copy;
      if (said) said.textContent = button.dataset.copy;
    });
  });

  // Phones pass a link on to other apps; a reader who turns back has done nothing wrong.
  if (navigator.share) document.documentElement.classList.add("can-share");
  addEventListener("click", (event) => {
    const button = event.target.closest("[data-share]");
    if (button) navigator.share({ title: document.title, url: button.dataset.share }).catch(() => {});
  });

  // What a form leaves open says nothing: sent, it would only lead on to the address without it.
  addEventListener("htmx:config:request", (event) => {
    const { request, sourceElement } = event.detail.ctx;
    // For who has no script "Show all" leads to the filter; who has one is there, and would lose the place.
    if (filters()?.contains(sourceElement)) request.anchor = "";
    if (sourceElement !== filters() && sourceElement.form !== filters()) return;
    for (const [name, value] of [...request.body]) if (!value) request.body.delete(name);
  });

  // On a phone the filter covers the page; its button shows what was found.
  addEventListener("submit", (event) => {
    if (event.target === filters() && event.target.matches(":target")) location.replace("#results");
  });

  // A long list of choices is narrowed while one types; what it does not offer yet is fetched first.
  const narrow = (field) => {
    const wanted = field.value.trim().toLowerCase();
    const body = field.closest(".facet-body");
    body.querySelectorAll(".opt").forEach((choice) => {
      choice.hidden = !choice.textContent.toLowerCase().includes(wanted) && !choice.querySelector(":checked");
    });
    if (!wanted) return;
    body.querySelectorAll(".more").forEach((rest) => { rest.open = true; });
    const rest = body.querySelector("[data-rest]");
    if (rest) { delete rest.dataset.rest; rest.click(); }
  };
  addEventListener("input", (event) => { if (event.target.matches("[data-find]")) narrow(event.target); });

  // Of a closed facet nothing is seen: what it holds is replaced, which is quicker than comparing choice by choice. Only
  // what was typed into it stays.
  htmx.registerExtension("closed-facets", {
    htmx_before_morph_node: (facet, { newNode }) => {
      if (!facet.matches?.(".facet:not([open])")) return true;
      const wanted = facet.querySelector("[data-find]")?.value;
      for (const part of ["firstElementChild", "lastElementChild"]) {
        facet[part].replaceChildren(...newNode[part].childNodes);
      }
      const field = facet.querySelector("[data-find]");
      if (field && wanted) field.value = wanted;
      return false;
    },
  });

  // "None of these" asks for nothing before something is chosen, so no address says it: it waits for the first choice.
  const waits = (facet) => facet.querySelector("[name$='-how'][value=not]:checked") && !facet.querySelector(".opt :checked");
  let waiting = [];

  // The answer brings the choices in another order; the focus stays with the choice it was on.
  let focused;
  // While the answer is put in, the page is shorter for a moment and the browser scrolls back. What is typed into stays.
  let held;
  // A choice made far down a list is answered where the new list begins.
  let isChosen;
  const named = ({ name, value, type }) => (type === "checkbox" || type === "radio" ? `${name}=${value}` : name);
  addEventListener("htmx:before:swap", () => {
    const field = document.activeElement;
    focused = filters()?.contains(field) && field.name ? named(field) : null;
    held = field?.matches("[data-find]") ? { top: field.getBoundingClientRect().top, scrolled: scrollY } : null;
    isChosen = Boolean(focused) && !held;
    waiting = [...(filters()?.querySelectorAll(".facet") ?? [])].filter(waits).map(({ id }) => id);
  });

  // After a swap the answer's attributes say what is chosen, but a box that was once clicked no longer listens to them.
  addEventListener("htmx:after:swap", () => {
    const fields = [...(filters()?.elements ?? [])];
    if (focused) fields.find((field) => field.name && named(field) === focused)?.focus({ preventScroll: true });
    for (const field of fields) {
      if (field === document.activeElement || !field.name) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = field.defaultChecked;
      else if (field.tagName === "INPUT") field.value = field.defaultValue;
    }
    for (const facet of waiting.map((id) => document.getElementById(id))) {
      if (facet && !facet.querySelector(".opt :checked")) facet.querySelector("[name$='-how'][value=not]").checked = true;
    }
    for (const field of filters()?.querySelectorAll("[data-find]") ?? []) if (field.value) narrow(field);
    const results = document.getElementById("results");
    if (isChosen && !filters()?.matches(":target") && results?.getBoundingClientRect().top < 0) {
      scrollBy({ top: results.getBoundingClientRect().top, behavior: "instant" });
    }
    if (document.activeElement === document.body) results?.focus({ preventScroll: true });
    if (held && scrollY !== held.scrolled && document.activeElement.matches("[data-find]")) {
      scrollBy({ top: document.activeElement.getBoundingClientRect().top - held.top, behavior: "instant" });
    }
  });

  // Collectors of references read the head: what it says of the list changes with the list.
  const SAID = "meta[name^='DC.'], meta[property], meta[name='description'], link[rel='cite-as'], " +
    "link[rel='describedby'], link[rel='alternate'], script[type='application/ld+json']";
  addEventListener("htmx:before:swap", (event) => {
    const [head, isPage] = (event.detail.ctx?.text ?? "").split("</head>", 2);
    if (isPage === undefined) return;
    const said = new DOMParser().parseFromString(head, "text/html").head.querySelectorAll(SAID);
    document.head.querySelectorAll(SAID).forEach((each) => each.remove());
    document.head.append(...said);
    document.dispatchEvent(new Event("ZoteroItemUpdated", { bubbles: true }));
  });

  // An error has a page of its own: go there, rather than put half of it into this one. But nobody is led away from what
  // they write because a date or a name could not be read just now.
  const leave = (event) => {
    const { ctx } = event.detail;
    if (ctx?.request?.method === "GET" && !ctx.sourceElement?.closest("#sheet")) location.assign(ctx.request.action);
  };
  addEventListener("htmx:response:error", leave);
  addEventListener("htmx:error", leave);
})();
