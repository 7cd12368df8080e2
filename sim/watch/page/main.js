// Puts the page together: what is shown, what was chosen, and one loop that draws it.

import { Gap, DifferenceChart, SeriesChart } from "watch/charts.js";
import { Future, QUARTERS } from "watch/data.js";
import * as findings from "watch/findings.js";
import { LAYOUTS, ringOf } from "watch/layout.js";
import { legend } from "watch/legend.js";
import { whatDiffers } from "watch/differs.js";
import { LAYERS } from "watch/links.js";
import { MapView } from "watch/map.js";
import { Player } from "watch/player.js";
import { isReplay, replayed } from "watch/source.js";
import { brief, story } from "watch/stories.js";
import { onTheme } from "watch/theme.js";
import { byId, element } from "watch/words.js";

const CHARTS = ["gva", "jobs", "ellison_glaeser", "knowledge", "credibility", "gap_share_institutions"];

class Page {
  constructor(scenery) {
    this.scenery = scenery;
    this.futures = [];
    this.gap = null;
    this.difference = "gva";
    this.view = { layout: "map", layer: "ties", region: null, sector: null, pointed: null, chosen: null,
      ring: ringOf(scenery.regions, scenery.aspect) };
    this.maps = [];
    this.frames = [];
    this.told = "";
    this._choices();
    onTheme(() => { this.setSector(this.view.sector); this.redraw(); });
    new ResizeObserver(() => this.redraw()).observe(byId("maps"));
    // On paper every part is shown, and each must be of the year that is seen.
    window.matchMedia("print").addEventListener("change", () => { this.told = ""; this._draw(performance.now()); });
  }

  get names() {
    const [a, b] = this.futures.map((f) => f.title);
    return a === b && b !== undefined ? [`${a} (first)`, `${b} (second)`] : [a, b].filter((n) => n !== undefined);
  }

  /** What charts and sentences need to know. */
  get state() {
    const { region, sector } = this.view;
    const at = region === null ? null : this.scenery.regions[region];
    return {
      scenery: this.scenery, futures: this.futures, names: this.names, gap: this.gap, time: this.player.time,
      area: at ? at.id : "north", areaName: at ? at.name : "the North", sector: sector ?? undefined,
    };
  }

  /** Show these futures; the view and the year stay as they are. */
  show(messages) {
    this.futures = messages.map((message) => new Future(message, this.scenery));
    if (this.futures.length > 1) {
      const [a, b] = this.futures;
      a.meet(b);
      b.meet(a);
    }
    const last = Math.min(...this.futures.map((f) => f.last));
    if (!this.player) this.player = new Player(last, () => this.redraw());
    else this.player.setLast(last);
    if (this.maps.length !== this.futures.length) this._maps();
    else this.maps.forEach((map, k) => map.show(this.futures[k]));
    this._captions();
    this._charts();
    this.setSector(this.view.sector);
    this.told = "";
    this.redraw();
  }

  setGap(message) {
    this.gap = message && new Gap(message);
    this.told = "";
    this.redraw();
  }

  _maps() {
    this.captions = [];
    const figures = this.futures.map((future, k) => {
      const canvas = element("canvas", { tabIndex: 0, role: "img" });
      const caption = element("figcaption");
      this.captions.push(caption);
      const map = new MapView(canvas, future, this.view, k);
      this.maps[k] = map;
      this._pointing(canvas, map);
      return element("figure", {}, caption, element("div", { className: `canvas future${k}` }, canvas));
    });
    byId("maps").replaceChildren(...figures);
  }

  _captions() {
    this.captions.forEach((caption, k) => {
      const future = this.futures[k];
      caption.replaceChildren(this.names[k], element("small", {}, `£${future.budget.toLocaleString("en-GB")}m a year`));
      caption.title = future.description;
      this.maps[k].canvas.setAttribute("aria-label", `Map of the North under ${this.names[k]}. Tables of the same are under Places and Institutions.`);
    });
  }

  _pointing(canvas, map) {
    const hint = byId("hint");
    const point = (event) => {
      const one = map.at(event.offsetX, event.offsetY);
      this.view.pointed = one;
      canvas.style.cursor = one ? "pointer" : "default";
      hint.hidden = !one;
      if (one) {
        hint.replaceChildren(...brief(map.future, this.scenery, one, this.player.time).map((line) => element("p", {}, line)));
        const { clientX, clientY } = event;
        const [width, height] = [hint.offsetWidth, hint.offsetHeight];
        hint.style.left = `${Math.min(clientX + 14, window.innerWidth - width - 6)}px`;
        hint.style.top = `${Math.min(clientY + 14, window.innerHeight - height - 6)}px`;
      }
      this.redraw();
    };
    canvas.addEventListener("pointermove", point);
    canvas.addEventListener("pointerleave", () => { hint.hidden = true; this.view.pointed = null; this.redraw(); });
    canvas.addEventListener("click", (event) => this.choose(map.at(event.offsetX, event.offsetY)));
  }

  /** Keep something in view and tell its story; null lets go. */
  choose(one) {
    this.view.chosen = one;
    if (one) this.tab("story");
    this.told = "";
    this.redraw();
  }

  _choices() {
    const { regions, sectors } = this.scenery;
    const fill = (id, options, call) => {
      byId(id).replaceChildren(...options.map(([value, text]) => element("option", { value }, text)));
      byId(id).addEventListener("change", () => { call(byId(id).value); this.told = ""; this.redraw(); });
    };
    fill("cluster", [["", "The whole North"], ...regions.map((r, k) => [k, `${r.name}: ${r.cluster}`])], (value) => {
      this.view.region = value === "" ? null : Number(value);
      this.setSector(value === "" ? null : sectors.findIndex((s) => s.home === regions[value].id));
    });
    fill("sector", [["", "All sectors"], ...sectors.map((s, k) => [k, s.name])], (value) => {
      this.setSector(value === "" ? null : Number(value));
    });
    fill("layer", Object.entries(LAYERS), (value) => { this.view.layer = value; });
    fill("layout", Object.entries(LAYOUTS), (value) => {
      this.view.layout = value;
      this.maps.forEach((map) => map.relayout(performance.now()));
    });
    document.querySelectorAll("nav [role=tab]").forEach((button) => {
      button.addEventListener("click", () => this.tab(button.dataset.tab));
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.choose(null);
    });
    this.tab("charts");
  }

  setSector(sector) {
    this.view.sector = sector;
    byId("sector").value = sector === null ? "" : String(sector);
    legend(byId("legend-items"), this.scenery, this.futures.length > 1, sector, (k) => { this.setSector(k); this.told = ""; this.redraw(); });
  }

  tab(name) {
    document.body.dataset.tab = name;
    document.querySelectorAll("nav [role=tab]").forEach((button) => {
      button.setAttribute("aria-selected", String(button.dataset.tab === name));
    });
    this.told = "";
    this.redraw();
  }

  _charts() {
    const host = byId("charts");
    host.replaceChildren();
    const onYear = (year) => { this.player.pause(); this.player.go(year * QUARTERS); };
    const byName = new Map(this.scenery.series.map((one) => [one.name, one]));
    this.charts = CHARTS.map((name) => byName.get(name));
    this.gapChart = null;
    if (this.futures.length > 1) {
      this.gapChart = new DifferenceChart(host, onYear, (name) => { this.difference = name; this.redraw(); });
      this.gapChart.offer(this.scenery.series, this.difference);
    }
    this.panels = this.charts.map((series) => new SeriesChart(host, series, onYear));
    host.querySelectorAll("canvas").forEach((canvas) => new ResizeObserver(() => this.redraw()).observe(canvas));
  }

  /** Draw once more, with the next frame of the screen. */
  redraw() {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame((now) => this._frame(now));
  }

  _frame(now) {
    this.isDue = false;
    if (!this.player || !this.futures.length) return;
    this.player.advance(now);
    this._draw(now);
    if (this.player.isPlaying) {
      this.frames.push(now);
      if (this.frames.length > 120) this.frames.shift();
    } else {
      this.frames.length = 0;
    }
    if (this.player.isPlaying || this.maps.some((map) => map.isGliding)) this.redraw();
  }

  _draw(now) {
    if (!this.player || !this.futures.length) return;
    const { time } = this.player;
    this.maps.forEach((map) => map.draw(time, now));
    // Words change once a quarter at most, and lists only where they are seen.
    const key = `${Math.floor(time)}`;
    const state = this.state;
    const isPrinted = window.matchMedia("print").matches;
    const shows = (name) => isPrinted || document.body.dataset.tab === name;
    const step = [Math.round(4 * time), window.innerWidth, this.view.region, this.view.sector].join();
    if (shows("charts") && (!this.player.isPlaying || step !== this.charted)) {
      this.charted = step;
      this.panels.forEach((panel) => panel.draw(state));
      const series = this.scenery.series.find((one) => one.name === this.difference);
      this.gapChart?.draw(state, series, this.gap);
    }
    if (key === this.told) return;
    this.told = key;
    byId("headline").textContent = findings.headline(state);
    byId("where").textContent = findings.whereFirmsWent(state);
    byId("when").textContent = findings.whenTheyParted(state, this.charts);
    byId("who").textContent = findings.whoLostStaff(state);
    if (shows("places")) {
      byId("places-title").textContent = findings.whereFirmsWent(state);
      findings.showPlaces(byId("places-rows"), state, (one) => this.choose(one));
    }
    if (shows("institutions")) {
      byId("institutions-title").textContent = findings.whoLostStaff(state);
      findings.showInstitutions(byId("institutions-rows"), state, (one) => this.choose(one));
    }
    if (shows("story") && this.view.chosen) story(byId("story"), state, this.view.chosen);
  }

  /** Frames a second while playing, over the last frames. */
  get framesPerSecond() {
    const { frames } = this;
    return frames.length < 2 ? 0 : (1000 * (frames.length - 1)) / (frames[frames.length - 1] - frames[0]);
  }
}

async function begin() {
  if (isReplay()) {
    const { scenery, futures, gap } = await replayed();
    document.body.classList.add("replay");
    const page = new Page(scenery);
    page.show(futures);
    page.setGap(gap);
    document.querySelector("nav [data-tab=levers]").textContent = "What differs";
    whatDiffers(byId("levers"), scenery.levers, page.futures, page.names);
    window.clustersim = page;
    byId("footer").textContent = `${scenery.attribution} ${scenery.note ?? ""}`;
  } else {
    const { live } = await import("watch/live.js");
    window.clustersim = await live(Page);
  }
  document.body.dataset.ready = "true";
}

begin().catch((error) => {
  byId("headline").textContent = "The data could not be shown.";
  const notice = byId("notice");
  notice.hidden = false;
  notice.textContent = `${error.message} A browser of 2023 or later is needed.`;
  throw error;
});
