// What the pages do beyond forms and links. Everything essential works without this file.
(() => {
  "use strict";
  const KEYS_OFF = "haki-keys-off";
  const byId = (id) => document.getElementById(id);

  // Menus: one at a time, closed by Escape or by a click elsewhere.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const opener = event.target.closest("[data-opens]");
    if (opener) byId(opener.dataset.opens)?.showModal();
    const offer = event.target.closest("[data-insert]");
    if (offer) insert(offer);
  });

  function insert(offer) {
    const text = byId("text");
    const before = text.value.trimEnd();
    text.value = before ? `${before}\n${offer.dataset.insert}` : offer.dataset.insert;
    byId("card").value = offer.dataset.card ?? "";
    offer.closest("details").open = false;
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Times that pass: how long somebody waits, how long WhatsApp stays open.
  function span(milliseconds) {
    const minutes = Math.max(0, Math.floor(milliseconds / 60000));
    const parts = minutes >= 1440
      ? [[Math.floor(minutes / 1440), "day"], [Math.floor((minutes % 1440) / 60), "hour"]]
      : minutes >= 60
        ? [[Math.floor(minutes / 60), "hour"], [minutes % 60, "minute"]]
        : [[minutes, "minute"]];
    const language = document.documentElement.lang;
    return parts
      .map(([number, unit]) => number.toLocaleString(language, { style: "unit", unit, unitDisplay: "narrow" }))
      .join(" ");
  }

  function tick() {
    const now = Date.now();
    for (const node of document.querySelectorAll("[data-waits]")) {
      node.textContent = span(now - Date.parse(node.dateTime));
    }
    for (const node of document.querySelectorAll("[data-left]")) {
      node.textContent = span(Date.parse(node.dateTime) - now);
    }
  }

  // The conversation opens at its end, and stays there while it grows unless somebody scrolled up.
  const box = () => document.querySelector(".entries");
  const toEnd = () => { const node = box(); if (node) node.scrollTop = node.scrollHeight; };
  let atEnd = true;
  let before = 0;

  function ready() {
    tick();
    toEnd();
    markOpen();
    const keys = byId("keys-on");
    if (keys) keys.checked = localStorage.getItem(KEYS_OFF) === null;
  }

  function markOpen() {
    for (const link of document.querySelectorAll("#case-list a")) {
      if (new URL(link.href).pathname === location.pathname) {
        link.setAttribute("aria-current", "true");
        link.closest("li").classList.remove("changed");
      link.querySelector(".badge.mention")?.remove();
      } else link.removeAttribute("aria-current");
    }
  }

  document.addEventListener("htmx:beforeSwap", () => {
    const node = box();
    atEnd = !node || node.scrollHeight - node.scrollTop - node.clientHeight < 120;
    before = document.querySelectorAll("#entries .inbound").length;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    tick();
    if (event.target.id === "entries") {
      if (atEnd) toEnd();
      const told = byId("told");
      const more = document.querySelectorAll("#entries .inbound").length > before;
      if (told) told.textContent = more ? told.dataset.new : "";
    } else if (event.target.id === "work") {
      toEnd();
      markOpen();
      if (heard >= asked) again();
    }
  });
  document.addEventListener("htmx:pushedIntoHistory", markOpen);
  // A page that history brings back is asked for anew: what it showed may be old.
  document.addEventListener("htmx:historyCacheMiss", () => location.reload());

  function toast(words) {
    const toasts = byId("toasts");
    if (!toasts || !words) return;
    const line = document.createElement("p");
    line.textContent = words;
    toasts.replaceChildren(line);
    setTimeout(() => line.remove(), 6000);
  }
  document.addEventListener("htmx:responseError", () => toast(byId("toasts")?.dataset.failed));
  document.addEventListener("htmx:sendError", () => toast(byId("toasts")?.dataset.offline));

  // What was missed is asked for once more: while the live connection was not there, and while a
  // case was under way from the server, for nothing on the page listens for its news yet.
  const again = () => htmx.trigger(document.body, "haki:again");
  let asked = 0;
  let heard = -1;
  document.addEventListener("sse:folders", () => { heard = performance.now(); });
  document.addEventListener("htmx:sseOpen", again);
  document.addEventListener("htmx:beforeSend", (event) => {
    if (event.detail.target.id === "work") asked = performance.now();
  });
  document.addEventListener("htmx:sseError", () => toast(byId("toasts")?.dataset.offline));

  // Keyboard. Single keys rest while somebody writes, and can be switched off (WCAG 2.1.4).
  // A closed dialog keeps the focus until the browser paints: it is no place to write.
  const writing = (node) => node.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, dialog[open]");
  const press = (selector) => document.querySelector(selector)?.click();

  function move(step) {
    const links = [...document.querySelectorAll("#case-list a")];
    if (!links.length) return;
    const here = links.findIndex((link) => link === document.activeElement || link.getAttribute("aria-current"));
    const focused = links.indexOf(document.activeElement);
    const next = links[Math.min(links.length - 1, Math.max(0, (focused >= 0 ? focused : here) + step))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function compose(as) {
    const choice = byId(as);
    if (!choice) return;
    choice.click();
    byId("text").focus();
  }

  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    r: () => compose("as-reply"),
    n: () => compose("as-note"),
    a: () => press("[data-key=a]"),
    e: () => press("[data-key=e]"),
    s: () => press("[data-key=s]"),
    c: () => { press("#cards-tool > summary"); byId("card-words")?.focus(); },
    u: () => press("#news a"),
    "/": () => byId("search")?.focus(),
    "?": () => byId("help")?.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details.menu[open]")) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
      if (writing(event.target) && !event.target.closest("dialog")) event.target.blur();
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.id === "text") {
      event.preventDefault();
      press("[data-key=send]");
      return;
    }
    const off = localStorage.getItem(KEYS_OFF) !== null;
    if (off || event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
    const action = KEYS[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.id !== "keys-on") return;
    if (event.target.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "yes");
  });

  document.addEventListener("DOMContentLoaded", ready);
  setInterval(tick, 20000);
})();
