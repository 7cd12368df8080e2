// Where the data comes from: embedded in the file, or from the server that gave the page.

import { unpack } from "watch/data.js";

const embedded = (name) => document.getElementById(`data-${name}`);
export const isReplay = () => embedded("scenery") !== null;

async function fromText(text) {
  const binary = atob(text);
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  return unpack(bytes);
}

/** Everything that a replay holds: scenery, futures, and the paired difference if there is one. */
export async function replayed() {
  const message = async (name) => {
    const found = embedded(name);
    if (!found) return null;
    const read = await fromText(found.textContent.trim());
    found.remove(); // the text would otherwise stay in memory beside what was read from it
    return read;
  };
  return {
    scenery: (await message("scenery")).head,
    futures: [await message("future-0"), await message("future-1")].filter(Boolean),
    gap: await message("gap"),
  };
}

/** Mistakes that the server explains. */
export class Refused extends Error {}

async function answered(response) {
  if (response.ok) return response;
  let text = `The server answered ${response.status}.`;
  try { text = (await response.json()).error ?? text; } catch { /* it had nothing to say */ }
  throw new Refused(text);
}

async function ask(path, body, signal) {
  const options = body === undefined ? { signal } : {
    method: "POST", signal, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  try {
    return await answered(await fetch(path, options));
  } catch (error) {
    if (error instanceof TypeError) throw new Refused("The server cannot be reached; is it still running?");
    throw error;
  }
}

export const message = async (path, body, signal) => unpack(
  new Uint8Array(await (await ask(path, body, signal)).arrayBuffer()),
);
export const words = async (path, body) => (await ask(path, body)).json();
