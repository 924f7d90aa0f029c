// What all three phones share: the conversation, its live connection, writing and attaching.

import * as api from "./api.js";
import { el, icon, openSheet } from "./dom.js";

const NEAR_END = 120;

export class Phone {
  // `look` draws: title, frame(phone) -> node, bubble(message, phone) -> node, attachments
  constructor(place, channel, look) {
    this.place = place;
    this.channel = channel;
    this.look = look;
    this.address = "";
    this.messages = new Map();
    this.nodes = new Map();
    this.profile = {};
    this.stop = () => {};
    this.log = el("div", {
      class: "log", role: "log", "aria-live": "polite", tabIndex: 0,
      "aria-label": `${look.title} conversation`,
    });
    this.field = el("textarea", {
      class: "field", rows: 1, maxLength: 1600, dir: "auto", placeholder: look.placeholder,
      "aria-label": `Write on ${look.title}`, enterKeyHint: "send",
      oninput: () => this.#fit(),
      onkeydown: (event) => {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
          event.preventDefault();
          this.sendText();
        }
      },
    });
    this.warning = el("p", { class: "warning", role: "status" });
    this.frame = look.frame(this);
    place.replaceChildren(this.frame);
  }

  get screen() {
    return this.frame.querySelector(".screen");
  }

  use(person) {
    this.stop();
    this.person = person;
    this.address = this.channel === "telegram" ? person.chat : person.number;
    this.#clear();
    this.#guard(api.change(this, { name: person.name, language: person.language }));
    this.stop = api.listen(this, (event) => this.#handle(event), (connected) => {
      this.frame.classList.toggle("lost", !connected);
    });
    this.look.used?.(this);
  }

  // Sends without waiting for the answer: that comes over the event stream.
  send(wish) {
    return this.#guard(api.send(this, wish));
  }

  change(profile) {
    return this.#guard(api.change(this, profile));
  }

  sendText(text = this.field.value) {
    if (!text.trim()) {
      return;
    }
    if (text === this.field.value) {
      this.field.value = "";
      this.#fit();
    }
    this.send({ text });
  }

  type(text) {
    this.field.value += text;
    this.#fit();
  }

  redraw() {
    for (const message of this.messages.values()) {
      this.#show(message);
    }
  }

  // The attach menu and the phone's own menu.
  openMenu(title, entries, opener) {
    const close = openSheet(this.screen, el("div", {
      class: "sheet menu", role: "dialog", "aria-label": title,
    }, el("h3", {}, title), el("div", { class: "entries" }, entries.map((entry) => el("button", {
      type: "button", class: `entry entry-${entry.icon}`,
      onclick: () => {
        close();
        entry.act(this);
      },
    }, el("span", { class: "round" }, icon(entry.icon)), entry.label)))), opener);
  }

  async #guard(promise) {
    try {
      const value = await promise;
      this.warning.textContent = "";
      return value;
    } catch (error) {
      this.warning.textContent = error.message;
      return null;
    }
  }

  #clear() {
    this.messages.clear();
    this.nodes.clear();
    this.log.replaceChildren();
    this.warning.textContent = "";
  }

  #handle(event) {
    if (event.event === "snapshot") {
      this.#clear();
      event.messages.forEach((message) => this.#show(message, true));
      this.#profile(event.profile);
    } else if (event.event === "message") {
      this.#show(event.message);
    } else if (event.event === "removed") {
      this.messages.delete(event.n);
      this.nodes.get(event.n)?.remove();
      this.nodes.delete(event.n);
    } else if (event.event === "profile") {
      this.#profile(event.profile);
    }
    this.look.heard?.(this, event);
  }

  #profile(profile) {
    this.profile = profile;
    this.frame.classList.toggle("offline", !profile.online);
    this.look.profiled?.(this);
  }

  #show(message, atOnce = false) {
    const isAtEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_END;
    this.messages.set(message.n, message);
    const node = message.by === "provider" && message.kind === "notice"
      ? el("p", { class: "notice" }, message.text)
      : this.look.bubble(message, this);
    const old = this.nodes.get(message.n);
    this.nodes.set(message.n, node);
    if (old) {
      const held = old.contains(document.activeElement);
      old.replaceWith(node);
      if (held) {
        this.log.focus({ preventScroll: true });
      }
    } else {
      node.classList.add("fresh");
      this.log.append(node);
    }
    this.look.shown?.(this, message);
    if (atOnce || isAtEnd || message.by === "person") {
      this.log.scrollTop = this.log.scrollHeight;
    }
  }

  #fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 110)}px`;
    this.frame.classList.toggle("writing", this.field.value.trim() !== "");
    this.look.typed?.(this);
  }
}

const EXAMPLE_PLACE = { latitude: 3.139, longitude: 101.6869 };

// Attachments by name; each phone offers the ones that its network can carry.
export const ATTACHMENTS = {
  voice: { icon: "mic", label: "Voice note", act: (phone) => phone.send({ kind: "voice" }) },
  photo: {
    icon: "photo", label: "Photo",
    act: (phone) => {
      phone.send({ kind: "image", text: phone.field.value.trim() });
      phone.field.value = "";
    },
  },
  location: {
    icon: "pin", label: "Location",
    act: (phone) => phone.send({ kind: "location", ...EXAMPLE_PLACE }),
  },
  sticker: { icon: "sticker", label: "Sticker", act: (phone) => phone.send({ kind: "sticker" }) },
  contact: {
    icon: "person", label: "Contact",
    act: (phone) => phone.send({ kind: "contact", phone_number: phone.person.number }),
  },
  file: { icon: "file", label: "Document", act: (phone) => phone.send({ kind: "document" }) },
};

export function powerEntry(phone) {
  return phone.profile.online
    ? { icon: "off", label: "Switch the phone off", act: () => phone.change({ online: false }) }
    : { icon: "off", label: "Switch the phone on", act: () => phone.change({ online: true }) };
}

// What a voice note, a photo and the rest look like inside a bubble.
export function attachment(message) {
  const kinds = {
    voice: () => el("span", { class: "voice" }, icon("play"), waves(), el("span", {}, "0:04")),
    audio: () => el("span", { class: "voice" }, icon("play"), waves(), el("span", {}, "0:30")),
    image: () => el("span", { class: "photo", role: "img", "aria-label": "Photo" }, icon("photo")),
    video: () => el("span", { class: "photo", role: "img", "aria-label": "Video" }, icon("play")),
    sticker: () => el("span", { class: "big-sticker" }, icon("sticker", "Sticker")),
    location: () => el("span", { class: "map", role: "img", "aria-label": "Location" }, icon("pin")),
    contact: () => el("span", { class: "card" }, icon("person"),
      el("span", {}, message.contact?.first_name || "Contact")),
    document: () => el("span", { class: "card" }, icon("file"), el("span", {}, "contract.pdf")),
  };
  return kinds[message.kind]?.() || null;
}

function waves() {
  return el("span", { class: "waves", role: "img", "aria-label": "Voice note" },
    Array.from({ length: 18 }, (_, place) => el("i", { class: `w${(place * 7) % 5}` })));
}
