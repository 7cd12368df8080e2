// Charts that follow the time: two futures as lines, their difference with its interval.

import { QUARTERS } from "watch/data.js";
import { theme } from "watch/theme.js";
import { element, quantity } from "watch/words.js";

const MARGIN = { left: 6, right: 6, top: 10, bottom: 14 };

/** A canvas with a title above it; `draw` is called with a context in CSS pixels. */
class Panel {
  constructor(host, onYear) {
    this.title = element("h3");
    this.canvas = element("canvas", { role: "img" });
    this.note = element("p", { className: "note" });
    this.root = element("figure", { className: "chart" }, this.title, this.canvas, this.note);
    host.append(this.root);
    this.hover = null;
    this.canvas.addEventListener("pointermove", (event) => {
      this.hover = this.yearAt(event.offsetX);
      this.redraw?.();
    });
    this.canvas.addEventListener("pointerleave", () => { this.hover = null; this.redraw?.(); });
    this.canvas.addEventListener("click", (event) => onYear(this.yearAt(event.offsetX)));
  }

  yearAt(x) {
    const share = (x - MARGIN.left) / (this.canvas.clientWidth - MARGIN.left - MARGIN.right);
    return Math.round(Math.min(Math.max(share, 0), 1) * this.years);
  }

  say(title, note) {
    if (this.title.textContent !== title) this.title.textContent = title;
    if (this.note.textContent !== note) this.note.textContent = note;
    this.canvas.setAttribute("aria-label", `${title} ${note}`);
  }

  begin(low, high) {
    const { canvas } = this;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    const c = canvas.getContext("2d");
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, width, height);
    const pad = (high - low || Math.abs(high) || 1) * 0.08;
    this.x = (year) => MARGIN.left + ((width - MARGIN.left - MARGIN.right) * year) / this.years;
    this.y = (value) => MARGIN.top
      + ((height - MARGIN.top - MARGIN.bottom) * (high + pad - value)) / (high - low + 2 * pad);
    return c;
  }

  axis(c, low, high, unit) {
    const colours = theme();
    c.font = "10px system-ui, sans-serif";
    c.textBaseline = "alphabetic";
    c.fillStyle = colours.faint;
    c.strokeStyle = colours.rule;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(MARGIN.left, this.y(low));
    c.lineTo(this.x(this.years), this.y(low));
    c.stroke();
    c.textAlign = "left";
    c.strokeStyle = getComputedStyle(document.body).backgroundColor;
    c.lineWidth = 3;
    for (const value of [high, low]) {
      const at = [quantity(value, unit), MARGIN.left, this.y(value) + (value === low ? -3 : 0)];
      c.strokeText(...at);
      c.fillText(...at);
    }
    const bottom = this.canvas.clientHeight - 2;
    c.fillText("start", MARGIN.left, bottom);
    c.textAlign = "right";
    c.fillText(`year ${this.years}`, this.x(this.years), bottom);
  }

  cursor(c, time) {
    const colours = theme();
    c.strokeStyle = colours.ink;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(this.x(time / QUARTERS), MARGIN.top - 4);
    c.lineTo(this.x(time / QUARTERS), this.canvas.clientHeight - MARGIN.bottom);
    c.stroke();
  }
}

/** Straight between the ends of years; what is unknown leaves a gap. */
function path(panel, values, until = Infinity) {
  const line = new Path2D();
  let isDown = false;
  values.forEach((value, year) => {
    if (Number.isNaN(value) || year > until) { isDown = false; return; }
    line[isDown ? "lineTo" : "moveTo"](panel.x(year), panel.y(value));
    isDown = true;
  });
  return line;
}

const finite = (values) => [...values].filter(Number.isFinite);
const extent = (values) => [Math.min(...values), Math.max(...values)];

/** One series of both futures. */
export class SeriesChart extends Panel {
  constructor(host, series, onYear) {
    super(host, onYear);
    this.series = series;
    this.title.title = series.meaning;
  }

  draw(state) {
    this.redraw = () => this.draw(state);
    const { futures, time, area, areaName, sector } = state;
    this.years = futures[0].years;
    let scope = areaName;
    let lines = futures.map((f) => f.line(this.series.name, area, sector));
    if (lines.some((line) => !line)) {
      lines = futures.map((f) => f.line(this.series.name, area));
    }
    if (lines.some((line) => !line)) {
      lines = futures.map((f) => f.line(this.series.name, "north", sector)
        ?? f.line(this.series.name, "north"));
      scope = "the North";
    }
    const year = this.hover ?? Math.floor(time / QUARTERS);
    const [low, high] = extent(lines.flatMap(finite));
    const c = this.begin(low, high);
    this.axis(c, low, high, this.series.unit);
    const colours = theme();
    lines.forEach((line, k) => {
      c.strokeStyle = colours.futures[k];
      c.setLineDash(k ? [5, 3] : []);
      c.globalAlpha = 0.3;
      c.lineWidth = 1.4;
      c.stroke(path(this, line));
      c.globalAlpha = 1;
      c.lineWidth = 2;
      c.stroke(path(this, line, year));
      if (Number.isFinite(line[year])) {
        c.fillStyle = colours.futures[k];
        c.beginPath();
        c.arc(this.x(year), this.y(line[year]), 3.2, 0, 2 * Math.PI);
        c.fill();
      }
    });
    c.setLineDash([]);
    this.cursor(c, this.hover === null ? time : year * QUARTERS);
    const said = lines.map((line) => quantity(line[year], this.series.unit));
    const when = year === 0 ? "at the start" : `in year ${year}`;
    const title = futures.length < 2 || said[0] === said[1]
      ? `${this.series.label} in ${scope}: ${said[0]} ${when}${futures.length > 1 ? " in both" : ""}.`
      : `${this.series.label} in ${scope}: ${said[0]} against ${said[1]} ${when}.`;
    this.say(title, this.series.meaning);
  }
}

/** First minus second future: mean of the paired runs, its interval, and the run that is seen. */
export class DifferenceChart extends Panel {
  constructor(host, onYear, onSeries) {
    super(host, onYear);
    this.choice = element("select", { "aria-label": "Outcome whose difference is shown" });
    this.choice.addEventListener("change", () => onSeries(this.choice.value));
    this.root.insertBefore(this.choice, this.canvas);
    this.root.classList.add("wide");
  }

  offer(series, chosen) {
    this.choice.replaceChildren(...series.map(
      (one) => element("option", { value: one.name, selected: one.name === chosen }, one.label),
    ));
  }

  draw(state, series, gap) {
    this.redraw = () => this.draw(state, series, gap);
    const { futures, time, areaName } = state;
    let { area } = state;
    this.years = futures[0].years;
    let lines = futures.map((f) => f.line(series.name, area));
    if (lines.some((line) => !line)) {
      area = "north";
      lines = futures.map((f) => f.line(series.name, "north"));
    }
    const scope = area === "north" ? "the North" : areaName;
    const own = lines[0].map((value, year) => value - lines[1][year]);
    const band = gap ? gap.of(series.name, area) : null;
    const known = [0, ...finite(own), ...(band ? [...finite(band.low), ...finite(band.high)] : [])];
    const [low, high] = extent(known);
    const c = this.begin(low, high);
    const colours = theme();
    if (band && Number.isFinite(band.low[this.years])) {
      const area2d = path(this, band.low);
      c.fillStyle = colours.futures[0];
      c.globalAlpha = 0.22;
      c.beginPath();
      band.low.forEach((v, year) => c[year ? "lineTo" : "moveTo"](this.x(year), this.y(v)));
      for (let year = this.years; year >= 0; year--) c.lineTo(this.x(year), this.y(band.high[year]));
      c.fill();
      c.globalAlpha = 1;
      c.strokeStyle = colours.futures[0];
      c.lineWidth = 0.6;
      c.stroke(area2d);
      c.lineWidth = 2.2;
      c.stroke(path(this, band.mean));
    }
    c.strokeStyle = colours.ink;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(this.x(0), this.y(0));
    c.lineTo(this.x(this.years), this.y(0));
    c.stroke();
    c.strokeStyle = colours.faint;
    c.setLineDash([2, 3]);
    c.lineWidth = 1.4;
    c.stroke(path(this, own));
    c.setLineDash([]);
    const parted = band ? partedFrom(band) : null;
    if (parted !== null) {
      c.fillStyle = colours.futures[0];
      c.beginPath();
      c.arc(this.x(parted), this.y(band.mean[parted]), 5, 0, 2 * Math.PI);
      c.fill();
      c.font = "600 11px system-ui, sans-serif";
      c.textAlign = parted > this.years / 2 ? "right" : "left";
      c.textBaseline = band.mean[parted] < 0 ? "top" : "bottom";
      c.fillStyle = colours.ink;
      c.fillText(`told apart from year ${parted}`, this.x(parted) + (parted > this.years / 2 ? -8 : 8),
        this.y(band.mean[parted]) + (band.mean[parted] < 0 ? 4 : -4));
    }
    this.axis(c, low, high, series.unit);
    this.cursor(c, this.hover === null ? time : this.hover * QUARTERS);
    this._say(state, series, scope, own, band, parted, gap);
  }

  _say(state, series, scope, own, band, parted, gap) {
    const [first, second] = state.names;
    const year = this.hover ?? Math.floor(state.time / QUARTERS);
    const label = series.label.toLowerCase();
    let title;
    if (band && Number.isFinite(band.low[this.years])) {
      title = parted === null
        ? `In ${label} of ${scope}, the two futures cannot be told apart by year ${this.years}.`
        : `In ${label} of ${scope}, the two futures part in year ${parted}.`;
    } else {
      title = `${series.label} of ${scope}: ${first} minus ${second} in the run that you see.`;
    }
    const sign = (value) => quantity(value, series.unit, true);
    const runs = band && Number.isFinite(band.low[year])
      ? `Year ${year}: ${sign(band.mean[year])} (90 % interval ${sign(band.low[year])} to ${sign(band.high[year])}, ${gap.head.runs} paired runs); `
      : `Year ${year}: `;
    this.say(title, `${runs}${sign(own[year])} in this run (dotted). ${first} minus ${second}.`);
  }
}

/** First year from which the interval leaves out zero until the end, or null. */
export function partedFrom({ low, high }) {
  let from = null;
  for (let year = low.length - 1; year > 0; year--) {
    if (!(low[year] > 0 || high[year] < 0)) break;
    if (from !== null && Math.sign(low[year] + high[year]) !== Math.sign(low[from] + high[from])) break;
    from = year;
  }
  return from;
}

/** Paired differences of an ensemble, as sim/watch/differences.py packs them. */
export class Gap {
  constructor({ head, arrays }) {
    this.head = head;
    this.arrays = arrays;
  }

  of(name, area) {
    const { series, areas, years } = this.head;
    const begin = (series.indexOf(name) * areas.length + areas.indexOf(area)) * (years + 1);
    const cut = (key) => this.arrays[key].subarray(begin, begin + years + 1);
    return { mean: cut("mean"), low: cut("low"), high: cut("high"), ahead: cut("ahead") };
  }
}
