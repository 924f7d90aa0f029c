// Telegram: inline keyboards with a spinner until answered, reply keyboards, commands, typing.

import { clock, el, icon } from "./dom.js";
import { ATTACHMENTS, attachment, powerEntry } from "./phone.js";
import { runsFromLeft, telegramText } from "./text.js";

const ATTACH = ["photo", "voice", "location", "sticker", "contact", "file"];
// Bot API: a chat action shows for 5 seconds or until a message comes.
const TYPING_MS = 5000;
const TOAST_MS = 4000;

function frame(phone) {
  const menu = el("button", {
    type: "button", class: "head-button", "aria-label": "Telegram phone menu",
    onclick: (event) => phone.openMenu("This phone", [
      powerEntry(phone),
      phone.profile.blocked
        ? { icon: "person", label: "Unblock Haki", act: () => phone.send({ kind: "unblock" }) }
        : { icon: "close", label: "Stop and block the bot", act: () => phone.send({ kind: "block" }) },
    ], event.currentTarget),
  }, icon("menu"));
  const attach = el("button", {
    type: "button", class: "attach", "aria-label": "Attach on Telegram",
    onclick: (event) => phone.openMenu("Attach", ATTACH.map((name) => ATTACHMENTS[name]),
      event.currentTarget),
  }, icon("clip"));
  const act = el("button", {
    type: "button", class: "round-send", "aria-label": "Send on Telegram",
    onclick: () => (phone.field.value.trim() ? phone.sendText() : phone.send({ kind: "voice" })),
  }, icon("mic"), icon("send"));
  phone.sendButton = act;
  phone.waiting = new Set();
  phone.subtitle = el("p", { role: "status" }, "bot");
  phone.keyboard = el("div", { class: "reply-keyboard" });
  phone.toast = el("p", { class: "toast", role: "status" });
  phone.start = el("button", {
    type: "button", class: "start", onclick: () => phone.sendText("/start"),
  }, "START");
  return el("div", { class: "device glassphone telegram" },
    el("div", { class: "screen" },
      el("div", { class: "status-bar", "aria-hidden": "true" }, el("span", {}, clock(Date.now())),
        el("span", { class: "status-icons" }, el("i", { class: "net" }), el("i", { class: "cell" }))),
      el("div", { class: "head" }, icon("back"), el("span", { class: "avatar", "aria-hidden": "true" }, "H"),
        el("div", { class: "head-text" }, el("h2", {}, "Haki"), phone.subtitle), menu),
      phone.log, phone.toast, phone.start,
      el("div", { class: "compose" }, attach, phone.field, act), phone.keyboard),
    phone.warning);
}

function ticks(message) {
  if (message.by !== "person") {
    return null;
  }
  return message.status === "read" ? icon("ticks", "Read") : icon("tick", "Sent");
}

function inlineKeyboard(message, phone) {
  const rows = message.markup?.inline_keyboard;
  if (!rows) {
    return null;
  }
  return el("div", { class: "inline" }, rows.map((row) => el("div", { class: "inline-row" },
    row.map((button) => {
      const waits = phone.waiting.has(`${message.id} ${button.callback_data}`);
      return el("button", {
        type: "button", class: waits ? "inline-button waits" : "inline-button", dir: "auto",
        "aria-busy": waits ? "true" : null,
        onclick: () => phone.send({ kind: "tap", message: message.id, payload: button.callback_data }),
      }, button.text, button.url ? " ↗" : "");
    }))));
}

function bubble(message, phone) {
  const who = message.by === "person" ? "me" : "them";
  const bare = message.kind === "sticker" ? " bare" : "";
  const tight = runsFromLeft(message.text) && !message.reaction;
  const words = telegramText(message.text || "", message.entities, (command) => phone.sendText(command));
  return el("div", { class: `turn ${who}` },
    el("div", { class: `bubble${bare}${tight ? " tight" : ""}` }, attachment(message),
      el("span", { class: "words", dir: "auto" }, ...words,
        tight ? el("i", { class: message.edited ? "room wide" : "room" }) : null),
      el("span", { class: "meta" }, message.edited ? "edited " : "", clock(message.at), ticks(message)),
      message.reaction ? el("span", { class: "reaction" }, message.reaction) : null),
    inlineKeyboard(message, phone));
}

function redraw(phone, id) {
  for (const message of phone.messages.values()) {
    if (message.id === id) {
      phone.redraw();
      return;
    }
  }
}

function heard(phone, event) {
  if (event.event === "typing") {
    setTyping(phone, true);
  } else if (event.event === "message" && event.message.by === "haki") {
    setTyping(phone, false);
  } else if (event.event === "waiting") {
    phone.waiting.add(`${event.id} ${event.payload}`);
    redraw(phone, event.id);
  } else if (event.event === "answered") {
    phone.waiting.forEach((key) => key.startsWith(`${event.id} `) && phone.waiting.delete(key));
    redraw(phone, event.id);
    if (event.text) {
      toast(phone, event.text);
    }
  }
  phone.start.hidden = phone.messages.size > 0;
}

function setTyping(phone, typing) {
  clearTimeout(phone.typingTimer);
  phone.subtitle.classList.toggle("typing", typing);
  phone.subtitle.textContent = typing ? "typing" : subtitle(phone);
  if (typing) {
    phone.typingTimer = setTimeout(() => setTyping(phone, false), TYPING_MS);
  }
}

function subtitle(phone) {
  return phone.profile.blocked ? "blocked" : phone.profile.online === false ? "your phone is off" : "bot";
}

function toast(phone, text) {
  phone.toast.textContent = text;
  clearTimeout(phone.toastTimer);
  phone.toastTimer = setTimeout(() => {
    phone.toast.textContent = "";
  }, TOAST_MS);
}

function profiled(phone) {
  setTyping(phone, false);
  const rows = phone.profile.reply_keyboard?.keyboard || [];
  phone.keyboard.replaceChildren(...rows.map((row) => el("div", { class: "inline-row" },
    row.map((button) => el("button", {
      type: "button", class: "reply-key", dir: "auto", onclick: () => press(phone, button),
    }, button.text)))));
}

function press(phone, button) {
  if (button.request_contact) {
    ATTACHMENTS.contact.act(phone);
  } else if (button.request_location) {
    ATTACHMENTS.location.act(phone);
  } else {
    phone.sendText(button.text);
  }
}

export const look = {
  title: "Telegram",
  placeholder: "Message",
  frame,
  bubble,
  heard,
  profiled,
  used: (phone) => phone.waiting.clear(),
};
