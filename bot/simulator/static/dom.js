// Small DOM building blocks. Text is always set as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

export function el(name, options = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (key === "class") {
      node.className = value;
    } else if (key.startsWith("on")) {
      node.addEventListener(key.slice(2), value);
    } else if (key in node && key !== "list") {
      node[key] = value;
    } else {
      node.setAttribute(key, value === true ? "" : value);
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export function icon(name, label) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon icon-${name}`);
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", "#i-" + name);
  svg.append(use);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else {
    svg.setAttribute("aria-hidden", "true");
  }
  return svg;
}

export function clock(ms) {
  return new Date(ms).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
}

// A pop-up inside a phone: moves the focus in, closes with Escape or by a click beside it.
export function openSheet(host, sheet, opener) {
  const veil = el("div", { class: "veil" }, sheet);
  const close = () => {
    veil.remove();
    opener.focus();
  };
  veil.addEventListener("click", (event) => {
    if (event.target === veil) {
      close();
    }
  });
  veil.addEventListener("keydown", (event) => {
    const stops = [...sheet.querySelectorAll("button, input")];
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (event.key === "Tab" && stops.length) {
      const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
      if (document.activeElement === edge) {
        event.preventDefault();
        (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
      }
    }
  });
  host.append(veil);
  (sheet.querySelector("button, input") || sheet).focus();
  return close;
}
