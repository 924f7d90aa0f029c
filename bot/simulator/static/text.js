// From message texts to nodes: WhatsApp's marks, Telegram's entities, links that lead nowhere.

import { el } from "./dom.js";

const LINK = /(https?:\/\/[^\s]+|(?<![\w@])(?:[a-z0-9-]+\.)+(?:org|com|net|gov|int|info|my|np)(?:\/[^\s]*)?)/gi;

// Links look like links, but nothing leaves this computer.
export function withLinks(text) {
  const nodes = [];
  let place = 0;
  for (const match of text.matchAll(LINK)) {
    nodes.push(text.slice(place, match.index));
    nodes.push(el("span", { class: "link", title: "Links stay closed in the demonstration" }, match[0]));
    place = match.index + match[0].length;
  }
  nodes.push(text.slice(place));
  return nodes;
}

const MARKS = [
  [/```([\s\S]+?)```/, "code"],
  [/(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\p{L}\p{N}*])/u, "strong"],
  [/(?<![\p{L}\p{N}_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\p{L}\p{N}_])/u, "em"],
  [/(?<![\p{L}\p{N}~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\p{L}\p{N}~])/u, "s"],
];

export function whatsappText(text) {
  for (const [pattern, name] of MARKS) {
    const match = pattern.exec(text);
    if (match) {
      return [
        ...whatsappText(text.slice(0, match.index)),
        el(name, {}, ...(name === "code" ? [match[1]] : whatsappText(match[1]))),
        ...whatsappText(text.slice(match.index + match[0].length)),
      ];
    }
  }
  return withLinks(text);
}

const ENTITY_TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote",
};

// Entities nest but never cross (Bot API); offsets are UTF-16 units, as in JavaScript strings.
export function telegramText(text, entities = [], onCommand = null) {
  return build(text, 0, text.length, entities, onCommand);
}

function build(text, start, end, entities, onCommand) {
  const nodes = [];
  let place = start;
  let rest = entities.filter((e) => e.offset >= start && e.offset + e.length <= end);
  while (rest.length) {
    const [first, ...others] = rest;
    const stop = first.offset + first.length;
    nodes.push(...plain(text.slice(place, first.offset), onCommand));
    const inner = build(text, first.offset, stop, others.filter((e) => e.offset < stop), onCommand);
    nodes.push(wrap(first, inner));
    place = stop;
    rest = others.filter((e) => e.offset >= stop);
  }
  nodes.push(...plain(text.slice(place, end), onCommand));
  return nodes;
}

function wrap(entity, inner) {
  if (entity.type === "spoiler") {
    return el("span", { class: "spoiler", tabIndex: 0 }, ...inner);
  }
  if (entity.type === "text_link") {
    return el("span", { class: "link", title: entity.url }, ...inner);
  }
  return el(ENTITY_TAGS[entity.type] || "span", {}, ...inner);
}

function plain(text, onCommand) {
  if (!onCommand) {
    return withLinks(text);
  }
  const nodes = [];
  let place = 0;
  for (const match of text.matchAll(/(?<!\S)\/[A-Za-z0-9_]{1,32}(?!\S)/g)) {
    nodes.push(...withLinks(text.slice(place, match.index)));
    nodes.push(el("button", {
      type: "button", class: "link command", onclick: () => onCommand(match[0]),
    }, match[0]));
    place = match.index + match[0].length;
  }
  return [...nodes, ...withLinks(text.slice(place))];
}

const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const LETTER = /\p{L}/u;

// Whether the last line may share its row with the time: not when the text runs from the right.
export function runsFromLeft(text) {
  const first = LETTER.exec(text || "");
  return Boolean(text) && !(first && RTL.test(first[0]));
}
