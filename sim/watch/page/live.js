// The page with a server behind it: futures are lived anew whenever a lever is turned.

import { Levers } from "watch/levers.js";
import { message, words } from "watch/source.js";
import { byId } from "watch/words.js";

const PATIENCE = 60; // milliseconds without a turn before a future is asked for
const CALM = 1500; // milliseconds without a turn before paired runs begin
const LOOK = 1000; // milliseconds between looks at the paired runs

class Live {
  constructor(page, scenery) {
    this.page = page;
    this.asked = scenery.opening;
    this.got = [];
    this.turnTime = null;
    this.levers = new Levers(byId("levers"), scenery, this.asked, (asked) => this.turn(asked));
    this.levers.onSave = (asked, name) => this.save(asked, name);
    this.levers.onCopy = () => this.copy();
    this.levers.onStop = () => this.stop();
  }

  say(text) {
    byId("notice").hidden = !text;
    byId("notice").textContent = text;
  }

  turn(asked) {
    this.asked = asked;
    this.turnedAt = performance.now();
    clearTimeout(this.due);
    this.due = setTimeout(() => this.refresh(), PATIENCE);
  }

  /** Ask for the futures that have changed; one round at a time, the last wish wins. */
  async refresh() {
    if (this.isAsking) { this.isStale = true; return; }
    this.isAsking = true;
    const asked = structuredClone(this.asked);
    const since = this.turnedAt ?? performance.now();
    document.body.dataset.busy = "true";
    try {
      const keys = asked.map((one) => JSON.stringify(one));
      const found = await Promise.all(asked.map((one, place) => (this.got[place]?.key === keys[place]
        ? this.got[place].future : message("/future", { asked: one, place }))));
      this.got = found.map((future, place) => ({ key: keys[place], future }));
      this.page.show(found);
      this.page.setGap(null);
      this.levers.show(this.page.futures, this.page.names);
      this.turnTime = performance.now() - since;
      this.say("");
      byId("footer").textContent = `${this.page.scenery.attribution} Ready in ${(this.turnTime / 1000).toFixed(1)} s, seed ${this.page.scenery.seed}.`;
      clearTimeout(this.calm);
      if (asked.length > 1) this.calm = setTimeout(() => this.pairs(asked), CALM);
    } catch (error) {
      this.say(error.message);
    } finally {
      this.isAsking = false;
      delete document.body.dataset.busy;
      if (this.isStale) { this.isStale = false; this.refresh(); }
    }
  }

  /** The paired difference with its interval, as it becomes known. */
  async pairs([first, second]) {
    const round = Symbol("round");
    this.round = round;
    try {
      await words("/pairs", { first, second });
      for (let isOver = false; !isOver;) {
        await new Promise((resolve) => { setTimeout(resolve, LOOK); });
        if (this.round !== round || this.isAsking || this.isStale) return;
        const gap = await this.gap();
        if (this.round !== round || !gap) continue;
        this.page.setGap(gap);
        isOver = gap.head.runs >= gap.head.planned;
      }
    } catch (error) {
      this.say(error.message);
    }
  }

  async gap() {
    const response = await fetch("/pairs");
    if ((response.headers.get("content-type") ?? "").startsWith("application/json")) {
      const { error } = await response.json();
      if (error) throw new Error(error);
      return null;
    }
    const { unpack } = await import("watch/data.js");
    return unpack(new Uint8Array(await response.arrayBuffer()));
  }

  async save(asked, name) {
    try {
      const { path, presets } = await words("/save", { asked, name, title: name.replaceAll("_", " ") });
      this.levers.presets = presets;
      this.levers.show(this.page.futures, this.page.names);
      this.say(`Saved as ${path}. Compare it with: clustersim compare ${name} ${this.asked[this.asked.length - 1].base}`);
    } catch (error) {
      this.say(error.message);
    }
  }

  async copy() {
    const command = this.levers.command(Math.floor(this.page.player.time / 4));
    try {
      await navigator.clipboard.writeText(command);
      this.say(`Copied: ${command}`);
    } catch {
      this.say(command); // a browser may forbid it; then one can still select the text
    }
  }

  async stop() {
    await words("/stop", {});
    this.say("The server has stopped. What you see can still be played; levers no longer turn.");
  }
}

export async function live(Page) {
  document.body.classList.add("live");
  const scenery = (await message("/scenery")).head;
  const page = new Page(scenery);
  page.live = new Live(page, scenery);
  const patience = setTimeout(() => {
    byId("headline").textContent = "Living the futures… The first time, the model is compiled, which takes about half a minute.";
  }, 3000);
  await page.live.refresh();
  clearTimeout(patience);
  if (page.player) page.player.go(4 * scenery.year);
  return page;
}
