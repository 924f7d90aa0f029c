// Puts one person's three phones on the page.

import { el } from "./dom.js";
import { EXAMPLES } from "./examples.js";
import { LANGUAGES, PREFIXES, newPerson, pretty, remember, rememberedPerson } from "./people.js";
import { Phone } from "./phone.js";
import { look as sms, setPrice } from "./sms.js";
import { look as telegram } from "./telegram.js";
import { look as whatsapp } from "./whatsapp.js";

const CHANNELS = { sms, whatsapp, telegram };
const PRICE_KEY = "haki-phones-price";

const byId = (id) => document.getElementById(id);

const phones = Object.entries(CHANNELS).map(
  ([channel, look]) => new Phone(byId(`phone-${channel}`), channel, look),
);

let current = phones[0];

// Writes an example into the phone used last; the visitor sends it.
function showExamples(language) {
  byId("examples").replaceChildren(...EXAMPLES[language].map((text) => el("button", {
    type: "button", class: "example", dir: "auto", lang: language,
    onclick: () => {
      current.field.value = "";
      current.type(text);
      current.field.focus();
    },
  }, text)));
}

function show(person) {
  byId("prefix").value = person.prefix;
  byId("language").value = person.language;
  byId("name").textContent = person.name;
  byId("number").textContent = pretty(person.number);
  remember(person);
  showExamples(person.language);
  phones.forEach((phone) => phone.use(person));
}

function setUpPerson() {
  byId("prefix").append(...PREFIXES.map((place) => el("option", { value: place.prefix },
    `${place.prefix} ${place.country}`)));
  byId("language").append(...Object.entries(LANGUAGES).map(([code, name]) => el("option", {
    value: code, lang: code,
  }, name)));
  byId("person").addEventListener("submit", (event) => {
    event.preventDefault();
    show(newPerson(byId("prefix").value, byId("language").value));
  });
  byId("prefix").addEventListener("change", (event) => show(newPerson(event.target.value)));
  byId("language").addEventListener("change", (event) => {
    const person = { ...rememberedPerson(), language: event.target.value };
    remember(person);
    showExamples(person.language);
    phones.forEach((phone) => {
      phone.person = person;
      phone.change({ language: person.language });
    });
  });
}

function setUpPrice() {
  const field = byId("price");
  field.value = localStorage.getItem(PRICE_KEY) || "0.05";
  const apply = () => {
    setPrice(Number(field.value) || 0);
    localStorage.setItem(PRICE_KEY, field.value);
    phones[0].redraw();
  };
  field.addEventListener("input", apply);
  apply();
}

function setUpTabs() {
  const tabs = [...byId("tabs").querySelectorAll("[role=tab]")];
  const pick = (tab) => {
    current = phones[tabs.indexOf(tab)];
    tabs.forEach((other) => {
      const chosen = other === tab;
      other.setAttribute("aria-selected", String(chosen));
      other.tabIndex = chosen ? 0 : -1;
      byId(other.getAttribute("aria-controls")).classList.toggle("chosen", chosen);
    });
  };
  tabs.forEach((tab, place) => {
    tab.addEventListener("click", () => pick(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) {
        const next = tabs[(place + step + tabs.length) % tabs.length];
        pick(next);
        next.focus();
      }
    });
  });
  pick(tabs[0]);
  phones.forEach((phone) => phone.place.addEventListener("focusin", () => {
    current = phone;
  }));
}

setUpPerson();
setUpPrice();
setUpTabs();
show(rememberedPerson() || newPerson("+60"));
