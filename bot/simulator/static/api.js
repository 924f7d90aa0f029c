// The control API of the stand-ins (bot/simulator/README.md).

const BASE = "/simulator/api";

async function ask(path, body) {
  const options = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const answer = await fetch(BASE + path, options);
  const value = await answer.json();
  if (!answer.ok) {
    throw new Error(value.error || `Error ${answer.status}`);
  }
  return value;
}

function path(phone, what) {
  return `/phones/${phone.channel}/${encodeURIComponent(phone.address)}${what}`;
}

export function settings() {
  return ask("/settings");
}

export function send(phone, wish) {
  return ask(path(phone, "/send"), wish);
}

export function change(phone, profile) {
  return ask(path(phone, ""), profile);
}

// Calls `handle(event)` for the snapshot and every change; returns a function that stops.
// The browser connects again by itself, and then a new snapshot comes first.
export function listen(phone, handle, connected) {
  const source = new EventSource(BASE + path(phone, "/events"));
  source.onmessage = (message) => handle(JSON.parse(message.data));
  source.onopen = () => connected(true);
  source.onerror = () => connected(false);
  return () => source.close();
}
