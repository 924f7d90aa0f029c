// A basic handset: small screen, keys, plain SMS with its parts and what they cost.

import { clock, el, icon } from "./dom.js";
import { ATTACHMENTS, attachment, powerEntry } from "./phone.js";
import { withLinks } from "./text.js";

const KEYS = [
  ["1", ""], ["2", "abc"], ["3", "def"], ["4", "ghi"], ["5", "jkl"], ["6", "mno"],
  ["7", "pqrs"], ["8", "tuv"], ["9", "wxyz"], ["*", "+"], ["0", "␣"], ["#", "⇧"],
];

let price = 0.05;

export function setPrice(value) {
  price = value;
}

function money(parts) {
  return (parts * price).toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 3 });
}

function parts(count) {
  return count === 1 ? "1 part" : `${count} parts`;
}

function key([digit, letters], phone) {
  return el("button", {
    type: "button", class: "key", "aria-label": `Key ${digit}`,
    onclick: () => {
      phone.type(digit);
      phone.field.focus();
    },
  }, el("b", {}, digit), el("small", {}, letters));
}

function frame(phone) {
  const options = el("button", {
    type: "button", class: "soft",
    onclick: (event) => phone.openMenu("Options", [
      { ...ATTACHMENTS.photo, label: "Picture message" },
      { icon: "close", label: "Clear the text", act: () => {
        phone.field.value = "";
        phone.type("");
      } },
      powerEntry(phone),
    ], event.currentTarget),
  }, "Options");
  const scroll = (way) => phone.log.scrollBy({ top: way * 90, behavior: "smooth" });
  phone.count = el("span", { class: "count" }, "0");
  phone.total = el("p", { class: "total" });
  return el("div", { class: "device handset" },
    el("div", { class: "ear", "aria-hidden": "true" }),
    el("div", { class: "glass" },
      el("div", { class: "screen" },
        el("div", { class: "lcd-top" },
          el("span", { class: "bars", "aria-hidden": "true" }, el("i"), el("i"), el("i"), el("i")),
          el("span", { class: "to" }, "Haki"),
          el("span", { class: "battery", "aria-hidden": "true" })),
        phone.log,
        el("div", { class: "write" }, phone.field, phone.count),
        el("div", { class: "softs" }, options, el("button", {
          type: "button", class: "soft", onclick: () => phone.sendText(),
        }, "Send")))),
    el("div", { class: "keys" },
      el("div", { class: "nav" },
        el("button", { type: "button", class: "call", "aria-label": "Send the message",
          onclick: () => phone.sendText() }, icon("send")),
        el("div", { class: "pad" },
          el("button", { type: "button", "aria-label": "Scroll up", onclick: () => scroll(-1) }, "▲"),
          el("button", { type: "button", "aria-label": "Scroll down", onclick: () => scroll(1) }, "▼")),
        el("button", { type: "button", class: "clear", "aria-label": "Delete the last letter",
          onclick: () => {
            phone.field.value = [...phone.field.value].slice(0, -1).join("");
            phone.type("");
          } }, "C")),
      el("div", { class: "grid" }, KEYS.map((pair) => key(pair, phone)))),
    phone.warning, phone.total);
}

function size(message) {
  if (!message.segments) {
    return null;
  }
  return `${parts(message.segments)} · ${message.encoding} · ${money(message.segments)}`;
}

function state(message) {
  if (message.by !== "person") {
    return null;
  }
  const failed = message.status === "failed";
  const text = failed ? `Not sent (${message.error})` : message.status === "sending" ? "Sending…" : "Sent";
  return el("span", { class: failed ? "failed" : "ok" }, text);
}

function bubble(message) {
  const who = message.by === "person" ? "me" : message.by;
  const node = el("div", { class: `sms ${who}` },
    el("div", { class: "sms-text", dir: "auto" }, attachment(message), ...withLinks(message.text || "")),
    el("p", { class: "sms-foot" },
      el("span", {}, clock(message.at)), state(message),
      message.by === "provider" ? el("span", {}, "from the network") : null,
      size(message) ? el("span", { class: "size" }, size(message)) : null));
  return node;
}

function tally(phone) {
  let fromHaki = 0;
  let answers = 0;
  let fromMe = 0;
  for (const message of phone.messages.values()) {
    if (message.by === "haki") {
      fromHaki += message.segments || 0;
      answers += 1;
    } else if (message.by === "person") {
      fromMe += message.segments || 0;
    }
  }
  phone.total.replaceChildren(
    el("b", {}, `Haki sent ${answers} SMS in ${parts(fromHaki)}: ${money(fromHaki)}`),
    el("span", {}, `This person sent ${parts(fromMe)}`));
}

const GSM7 = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€\f]*$/;

function typed(phone) {
  const text = phone.field.value;
  const isGsm = GSM7.test(text);
  const units = isGsm ? text.length + (text.match(/[\^{}\\[~\]|€\f]/g) || []).length : text.length;
  const [single, several] = isGsm ? [160, 153] : [70, 67];
  const needed = units <= single ? 1 : Math.ceil(units / several);
  phone.count.textContent = `${needed === 1 ? single - units : needed * several - units}/${needed}`;
}

export const look = {
  title: "SMS",
  placeholder: "Write a message",
  frame,
  bubble,
  typed,
  shown: (phone) => tally(phone),
  used: (phone) => {
    tally(phone);
    typed(phone);
  },
};
