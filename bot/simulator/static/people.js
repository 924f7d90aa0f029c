// Who holds the phones: numbers that belong to nobody, names, languages.
// tests/simulator/test_simulator_page.py holds every base against phonenumbers.

export const PREFIXES = [
  { prefix: "+60", country: "Malaysia", base: "+601000000", language: "en" },
  { prefix: "+977", country: "Nepal", base: "+9771000000", language: "ne" },
  { prefix: "+55", country: "Brazil", base: "+551000000", language: "pt" },
  { prefix: "+509", country: "Haiti", base: "+5091000000", language: "ht" },
  { prefix: "+251", country: "Ethiopia", base: "+2511000000", language: "am" },
  { prefix: "+27", country: "South Africa", base: "+271900000", language: "en" },
  { prefix: "+226", country: "Burkina Faso", base: "+2261000000", language: "fr" },
  { prefix: "+225", country: "Côte d'Ivoire", base: "+2251000000", language: "fr" },
  { prefix: "+20", country: "Egypt", base: "+201000000", language: "ar" },
  { prefix: "+962", country: "Jordan", base: "+9621000000", language: "ar" },
  { prefix: "+86", country: "China", base: "+861000000", language: "zh" },
  { prefix: "+233", country: "Ghana", base: "+2331000000", language: "en" },
  { prefix: "+52", country: "Mexico", base: "+521000000", language: "es" },
  { prefix: "+1", country: "reserved 555", base: "+150055501", language: "en" },
];

export const LANGUAGES = {
  en: "English", fr: "Français", es: "Español", pt: "Português", ar: "العربية",
  zh: "中文", ht: "Kreyòl ayisyen", am: "አማርኛ", ne: "नेपाली",
};

const NAMES = ["Maya", "Amal", "Rosa", "Jean", "Sita", "Li Na", "Tigist", "Ama", "Joseph", "Nadia",
  "Ram", "Awa", "Carlos", "Selam", "Omar", "Marie"];

const KEY = "haki-phones-person";

function random(limit) {
  return crypto.getRandomValues(new Uint32Array(1))[0] % limit;
}

export function newPerson(prefix, language) {
  const place = PREFIXES.find((p) => p.prefix === prefix) || PREFIXES[0];
  return {
    prefix: place.prefix,
    number: place.base + String(random(100)).padStart(2, "0"),
    chat: String(7_000_000_000 + random(900_000_000)),
    name: NAMES[random(NAMES.length)],
    language: language || place.language,
  };
}

export function rememberedPerson() {
  try {
    const person = JSON.parse(localStorage.getItem(KEY));
    return person && person.number && person.chat ? person : null;
  } catch {
    return null;
  }
}

export function remember(person) {
  localStorage.setItem(KEY, JSON.stringify(person));
}

export function pretty(number) {
  const place = PREFIXES.filter((p) => number.startsWith(p.prefix))
    .sort((a, b) => b.prefix.length - a.prefix.length)[0];
  const cut = place ? place.prefix.length : 2;
  return number.slice(0, cut) + " " + number.slice(cut).replace(/(\d{3})(?=\d)/g, "$1 ");
}
