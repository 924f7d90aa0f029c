// WhatsApp: quick-reply buttons, the list sheet, ticks.

import { clock, el, icon, openSheet } from "./dom.js";
import { ATTACHMENTS, attachment, powerEntry } from "./phone.js";
import { runsFromLeft, whatsappText } from "./text.js";

const ATTACH = ["photo", "voice", "location", "sticker", "contact", "file"];

function frame(phone) {
  const menu = el("button", {
    type: "button", class: "head-button", "aria-label": "WhatsApp phone menu",
    onclick: (event) => phone.openMenu("This phone", [
      powerEntry(phone),
      { icon: "clock", label: "Let a day go by (closes the 24-hour window)",
        act: () => phone.change({ last_inbound_hours_ago: 25 }) },
      phone.profile.blocked
        ? { icon: "person", label: "Unblock Haki", act: () => phone.change({ blocked: false }) }
        : { icon: "close", label: "Block Haki", act: () => phone.change({ blocked: true }) },
    ], event.currentTarget),
  }, icon("menu"));
  const attach = el("button", {
    type: "button", class: "attach", "aria-label": "Attach on WhatsApp",
    onclick: (event) => phone.openMenu("Attach", ATTACH.map((name) => ATTACHMENTS[name]),
      event.currentTarget),
  }, icon("clip"));
  const act = el("button", {
    type: "button", class: "round-send", "aria-label": "Send on WhatsApp",
    onclick: () => (phone.field.value.trim() ? phone.sendText() : phone.send({ kind: "voice" })),
  }, icon("mic"), icon("send"));
  phone.sendButton = act;
  phone.subtitle = el("p", {}, "Business account");
  return el("div", { class: "device glassphone whatsapp" },
    el("div", { class: "screen" },
      el("div", { class: "status-bar", "aria-hidden": "true" }, el("span", {}, clock(Date.now())),
        el("span", { class: "status-icons" }, el("i", { class: "net" }), el("i", { class: "cell" }))),
      el("div", { class: "head" }, icon("back"), el("span", { class: "avatar", "aria-hidden": "true" }, "H"),
        el("div", { class: "head-text" }, el("h2", {}, "Haki"), phone.subtitle), menu),
      phone.log,
      el("div", { class: "compose" },
        el("div", { class: "box" }, phone.field, attach), act)),
    phone.warning);
}

function ticks(message) {
  if (message.by !== "person") {
    return null;
  }
  if (message.status === "failed") {
    return el("span", { class: "failed" }, `Not delivered (${message.error})`);
  }
  return message.status === "sending" ? icon("clock", "Sending") : icon("ticks", "Delivered");
}

function buttons(message, phone) {
  if (!message.buttons) {
    return null;
  }
  return el("div", { class: "replies" }, message.buttons.map((button) => el("button", {
    type: "button", class: "reply", dir: "auto",
    onclick: () => phone.send({ kind: "tap", message: message.id, payload: button.id }),
  }, icon("reply"), el("span", {}, button.title))));
}

function listButton(message, phone) {
  if (!message.items) {
    return null;
  }
  return el("div", { class: "replies" }, el("button", {
    type: "button", class: "reply", dir: "auto", "aria-haspopup": "dialog",
    onclick: (event) => openList(message, phone, event.currentTarget),
  }, icon("list"), el("span", {}, message.button)));
}

function openList(message, phone, opener) {
  const rows = message.items.map((item, place) => el("label", { class: "row", dir: "auto" },
    el("span", { class: "row-text" }, el("b", {}, item.item),
      item.description ? el("small", {}, item.description) : null),
    el("input", { type: "radio", name: `list-${message.n}`, value: item.id, checked: place === 0 })));
  const sheet = el("form", { class: "sheet list", role: "dialog", "aria-label": message.button },
    el("h3", { dir: "auto" }, el("button", {
      type: "button", class: "close", "aria-label": "Close the list", onclick: () => close(),
    }, icon("close")), message.button),
    el("div", { class: "rows", role: "radiogroup", "aria-label": message.button }, rows),
    el("button", { type: "submit", class: "list-send" }, icon("send"), "Send"));
  const close = openSheet(phone.screen, sheet, opener);
  sheet.querySelector("input").focus();
  sheet.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = sheet.querySelector("input:checked");
    close();
    phone.send({ kind: "tap", message: message.id, payload: chosen.value });
  });
}

function quoted(message, phone) {
  const other = message.reply_to && phone.messages.get(message.reply_to);
  return other && el("div", { class: "quote", dir: "auto" }, el("b", {}, "Haki"),
    el("span", {}, ...whatsappText(other.text.split("\n", 1)[0])));
}

function bubble(message, phone) {
  const who = message.by === "person" ? "me" : "them";
  const kind = message.kind === "sticker" ? " bare" : "";
  const tight = runsFromLeft(message.text) && message.status !== "failed";
  return el("div", { class: `turn ${who}` },
    el("div", { class: `bubble${kind}${tight ? " tight" : ""}` }, quoted(message, phone), attachment(message),
      el("span", { class: "words", dir: "auto" }, ...whatsappText(message.text || ""),
        tight ? el("i", { class: "room" }) : null),
      el("span", { class: "meta" }, clock(message.at), ticks(message))),
    buttons(message, phone), listButton(message, phone));
}

function profiled(phone) {
  phone.subtitle.textContent = phone.profile.blocked ? "You blocked this contact"
    : phone.profile.online ? "Business account" : "Your phone is off";
}

export const look = {
  title: "WhatsApp",
  placeholder: "Message",
  frame,
  bubble,
  profiled,
};
