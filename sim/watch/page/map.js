// One future on a canvas: land, firms, institutions, ties, money, and what is pointed at.

import { QUARTERS } from "watch/data.js";
import { frameOf, inSpace, onMap, placesOf } from "watch/layout.js";
import { isStill, theme } from "watch/theme.js";
import { whole } from "watch/words.js";

export const LAYERS = {
  ties: "Collaboration ties",
  supply: "Supply chain",
  people: "Movement of people",
  none: "No links",
};
const FADE = 2; // quarters in which a birth, a closure or a new tie is marked
const GLIDE = 600; // milliseconds from one layout to another
const TURN = 2 * Math.PI;
const TINY = 1.6; // pixels of radius below which a square looks like a circle

const SHORTER = [["Greater", "Gtr"], [" City Region", ""], [" & Warrington", ""], ["North Yorkshire", "N. Yorks"],
  ["East Yorkshire", "E. Yorks"], ["West Yorkshire", "W. Yorks"], ["South Yorkshire", "S. Yorks"]];
const shortened = (name) => SHORTER.reduce((text, [long, short]) => text.replace(long, short), name);

export class MapView {
  /** `view` is shared by both maps: {layout, layer, region, sector, pointed, chosen, label}. */
  constructor(canvas, future, view, number) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.view = view;
    this.number = number;
    this.ground = document.createElement("canvas");
    this.names = document.createElement("canvas");
    this.show(future);
  }

  show(future) {
    this.future = future;
    this.marks = []; // what can be pointed at: {x, y, r, kind, i}
    this.places = placesOf(this.view.layout, future);
    this.x = new Float32Array(future.n);
    this.y = new Float32Array(future.n);
    this.glide = null;
    this.groundKey = "";
    this.namesKey = "";
    this.startStaff = new Map(future.institutions.map(
      (one) => [one.code, future.total(future.researchers, one.rows, 0)],
    ));
  }

  /** Take another layout; organisations glide to their new places. */
  relayout(now) {
    const old = { x: this.x.slice(), y: this.y.slice() };
    this.places = placesOf(this.view.layout, this.future);
    this.glide = isStill() ? null : { ...old, since: now };
  }

  get isGliding() { return this.glide !== null; }

  resize() {
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const { clientWidth, clientHeight } = this.canvas;
    if (this.canvas.width !== Math.round(clientWidth * ratio)
      || this.canvas.height !== Math.round(clientHeight * ratio)) {
      this.canvas.width = Math.round(clientWidth * ratio);
      this.canvas.height = Math.round(clientHeight * ratio);
    }
    this.ratio = ratio;
    this.width = clientWidth;
    this.height = clientHeight;
    const [left, right, top, bottom] = frameOf(
      this.view.layout, this.future.scenery, this.view.region, this.future.bounds,
    );
    const pad = 12;
    this.scale = Math.min((this.width - 2 * pad) / (right - left), (this.height - 2 * pad) / (bottom - top));
    this.shiftX = this.width / 2 - this.scale * (left + right) / 2;
    this.shiftY = this.height / 2 - this.scale * (top + bottom) / 2;
    // Dots keep their size against the land as the map grows, within reason.
    this.unit = Math.min(Math.max(Math.min(this.width, this.height) / 520, 0.55), 1.6)
      * (this.view.region !== null && this.view.layout === "map" ? 1.7 : 1);
  }

  _place(time, now) {
    const { future, scale, shiftX, shiftY } = this;
    let share = 1;
    if (this.glide) {
      share = Math.min((now - this.glide.since) / GLIDE, 1);
      share = share * share * (3 - 2 * share);
    }
    for (let i = 0; i < future.n; i++) {
      if (!future.isAlive(i, time) && !future.isAlive(i, time - FADE)) continue;
      let x;
      let y;
      if (this.places) {
        x = this.places[2 * i];
        y = this.places[2 * i + 1];
      } else {
        [x, y] = inSpace(future, i, Math.min(time, future.to[i] - 1));
      }
      x = shiftX + scale * x;
      y = shiftY + scale * y;
      if (share < 1) {
        x = this.glide.x[i] * (1 - share) + x * share;
        y = this.glide.y[i] * (1 - share) + y * share;
      }
      this.x[i] = x;
      this.y[i] = y;
    }
    if (share >= 1) this.glide = null;
  }

  /** Whether a sector is in view: all are, unless one is chosen. */
  _shows(sector) { return this.view.sector === null || this.view.sector === sector; }

  draw(time, now) {
    this.resize();
    this._place(time, now);
    const c = this.context;
    c.setTransform(1, 0, 0, 1, 0, 0);
    this._drawGround();
    c.drawImage(this.ground, 0, 0);
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.marks = [];
    this._drawLinks(time);
    this._drawFirms(time);
    this._drawInstitutions(time);
    this._drawLabels(time);
    this._drawPointed(time);
  }

  _drawGround() {
    const colours = theme();
    const key = [this.canvas.width, this.canvas.height, this.view.layout, this.view.region,
      colours.land].join();
    if (key === this.groundKey) return;
    this.groundKey = key;
    this.ground.width = this.canvas.width;
    this.ground.height = this.canvas.height;
    const c = this.ground.getContext("2d");
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    const isMap = this.view.layout === "map";
    c.fillStyle = isMap ? colours.sea : colours.land;
    c.fillRect(0, 0, this.width, this.height);
    if (!isMap) return;
    c.beginPath();
    for (const ring of this.future.scenery.coast) {
      for (let k = 0; k < ring.length; k += 2) {
        const [x, y] = onMap([ring[k], ring[k + 1]], this.future.scenery.aspect);
        c[k ? "lineTo" : "moveTo"](this.shiftX + this.scale * x, this.shiftY + this.scale * y);
      }
      c.closePath();
    }
    c.fillStyle = colours.land;
    c.strokeStyle = colours.coast;
    c.lineWidth = 0.8;
    c.fill();
    c.stroke();
  }

  _drawLinks(time) {
    const { future, view } = this;
    if (view.layer === "none") return;
    const colours = theme();
    const table = future.table;
    if (view.layer === "people") {
      this._drawMoves(time);
      return;
    }
    const name = view.layer === "ties" ? "tie" : "supply";
    const [from, to] = [table[`${name}.from`], table[`${name}.to`]];
    const [source, target] = [table[`${name}.source`], table[`${name}.target`]];
    const paths = { inside: new Path2D(), cross: new Path2D(), own: new Path2D() };
    let nOwn = 0;
    for (let k = 0; k < from.length; k++) {
      if (from[k] > time || time >= to[k]) continue;
      const a = source[k];
      const b = target[k];
      if (view.sector !== null && future.sector[a] !== view.sector
        && future.sector[b] !== view.sector) continue;
      const isOwn = name === "tie" && future.isOwnTie(k, time);
      if (isOwn) nOwn += 1;
      const path = isOwn ? paths.own
        : future.region[a] === future.region[b] ? paths.inside : paths.cross;
      path.moveTo(this.x[a], this.y[a]);
      path.lineTo(this.x[b], this.y[b]);
    }
    const c = this.context;
    c.lineWidth = 0.7;
    c.strokeStyle = name === "tie" ? colours.tie : colours.supply;
    c.stroke(paths.inside);
    c.strokeStyle = name === "tie" ? colours.cross : colours.supply;
    c.stroke(paths.cross);
    c.strokeStyle = colours.futures[this.number];
    c.globalAlpha = Math.min(0.6, 0.1 + 150 / (nOwn + 1)); // many lines would hide the land
    c.lineWidth = 0.8;
    c.stroke(paths.own);
    c.globalAlpha = 1;
  }

  _drawMoves(time) {
    const { future, view } = this;
    const table = future.table;
    const dates = table["move.state"];
    const c = this.context;
    c.strokeStyle = theme().people;
    let low = 0;
    let high = dates.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (dates[middle] <= time - QUARTERS) low = middle + 1; else high = middle;
    }
    for (let k = low; k < dates.length && dates[k] <= time; k++) {
      const a = table["move.origin"][k];
      const b = table["move.destination"][k];
      const seen = this._shows(future.sector[a]) || this._shows(future.sector[b]);
      if (!seen || !future.isAlive(b, time) || !this.x[a]) continue;
      c.lineWidth = Math.min(0.4 + Math.sqrt(table["move.people"][k]) / 6, 4);
      c.globalAlpha = 1 - (time - dates[k]) / QUARTERS;
      c.beginPath();
      c.moveTo(this.x[a], this.y[a]);
      c.lineTo(this.x[b], this.y[b]);
      c.stroke();
    }
    c.globalAlpha = 1;
  }

  radiusOf(jobs) { return this.unit * Math.max(0.12 * Math.sqrt(jobs), 0.9); }

  _drawFirms(time) {
    const { future, view } = this;
    const colours = theme();
    const c = this.context;
    const gaps = new Path2D();
    const born = new Path2D();
    const gone = new Path2D();
    const own = new Path2D();
    const circle = (path, x, y, r) => { path.moveTo(x + r, y); path.arc(x, y, r, 0, TURN); };
    const seen = [];
    for (let i = 0; i < future.n; i++) {
      if (future.institution[i] >= 0 || !this._shows(future.sector[i])) continue;
      if (!future.isAlive(i, time)) {
        const since = time - future.to[i];
        if (since >= 0 && since < FADE && future.from[i] <= time) {
          circle(gone, this.x[i], this.y[i], this.unit * (2 + 1.5 * since));
        }
        continue;
      }
      const r = this.radiusOf(future.weight[i] * future.amount(future.jobs, i, time));
      const x = this.x[i];
      const y = this.y[i];
      const isHolder = future.grants.start[i] < future.grants.start[i + 1];
      const grant = isHolder ? future.weight[i] * future.grant(i, time) : 0;
      seen.push({ x, y, r, i, code: -1, grant });
      if (future.isOwn(i, time)) circle(own, x, y, r + 0.8 * this.unit);
      if (isHolder && future.isInGap(i, time)) circle(gaps, x, y, r + 1.5 * this.unit);
      const age = time - future.from[i];
      if (future.from[i] > 0 && age < FADE) circle(born, x, y, r + this.unit * (1 + 2 * age));
    }
    // The large ones lie below and let the land through, so that they do not hide the small ones.
    const large = 4 * this.unit;
    const dot = (colour, { x, y }, r) => {
      c.fillStyle = colour;
      if (r < TINY) { c.fillRect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r); return; }
      // One path for each: a single path of thousands of circles is several times slower to fill.
      c.beginPath();
      c.arc(x, y, r, 0, TURN);
      c.fill();
    };
    c.globalAlpha = 0.55;
    for (const one of seen) if (one.grant > 0) dot(colours.money, one, one.r + this.moneyOf(one.grant));
    c.globalAlpha = 0.5;
    for (const one of seen) if (one.r > large) dot(colours.sectors[future.sector[one.i]], one, one.r);
    c.globalAlpha = 0.95;
    for (const one of seen) if (one.r <= large) dot(colours.sectors[future.sector[one.i]], one, one.r);
    c.globalAlpha = 1;
    this._ring(own, colours.futures[this.number], 1.4, []);
    this._ring(gaps, colours.gap, 1.2, [2, 2]);
    this._ring(born, colours.ink, 0.9, []);
    this._ring(gone, colours.gone, 1, [1, 2]);
    this.marks = seen;
  }

  moneyOf(grant) { return this.unit * (0.8 + 1.2 * Math.sqrt(grant)); }

  _ring(path, colour, width, dashes) {
    const c = this.context;
    c.strokeStyle = colour;
    c.lineWidth = width;
    c.setLineDash(dashes);
    c.stroke(path);
    c.setLineDash([]);
  }

  /** Universities are squares, catapults and national centres diamonds; the size is their research
      staff now, the outline their staff at the start, and what was lost is filled in orange. */
  _drawInstitutions(time) {
    const { future, view } = this;
    const colours = theme();
    const c = this.context;
    for (const one of future.institutions) {
      const shown = one.rows.filter((i) => this._shows(future.sector[i]));
      const alive = shown.filter((i) => future.isAlive(i, time));
      if (!alive.length) continue;
      const x = alive.reduce((sum, i) => sum + this.x[i], 0) / alive.length;
      const y = alive.reduce((sum, i) => sum + this.y[i], 0) / alive.length;
      const staff = future.total(future.researchers, shown, time);
      const start = view.sector === null
        ? this.startStaff.get(one.code) : future.total(future.researchers, shown, 0);
      const r = this._half(staff);
      const before = this._half(start);
      const grant = future.totalGrant(shown, time);
      if (grant > 0) {
        c.fillStyle = colours.money;
        c.globalAlpha = 0.5;
        c.beginPath();
        c.arc(x, y, Math.max(r, 2) + this.moneyOf(grant), 0, TURN);
        c.fill();
        c.globalAlpha = 1;
      }
      if (start > staff) this._glyph(one.kind, x, y, before, colours.loss);
      this._glyph(one.kind, x, y, r, colours.institution);
      c.strokeStyle = start > staff ? colours.loss : colours.land;
      c.lineWidth = 1;
      this._outline(one.kind, x, y, before);
      c.stroke();
      if (alive.some((i) => future.isInGap(i, time))) {
        const path = new Path2D();
        path.arc(x, y, Math.max(r, before) + 4 * this.unit, 0, TURN);
        this._ring(path, colours.gap, 2, [4, 3]);
      }
      this.marks.push({ x, y, r: Math.max(r, before, 3), i: alive[0], code: one.code });
    }
  }

  _half(staff) { return this.unit * Math.max(0.1 * Math.sqrt(staff), 1.8); }

  _outline(kind, x, y, r) {
    const c = this.context;
    c.beginPath();
    if (kind === "university") {
      c.rect(x - r, y - r, 2 * r, 2 * r);
    } else {
      const d = 1.35 * r;
      c.moveTo(x, y - d);
      c.lineTo(x + d, y);
      c.lineTo(x, y + d);
      c.lineTo(x - d, y);
      c.closePath();
    }
  }

  _glyph(kind, x, y, r, colour) {
    this._outline(kind, x, y, r);
    this.context.fillStyle = colour;
    this.context.fill();
  }

  /** Names of regions with the change in their firms; they change once a year at most. */
  _drawLabels(time) {
    const { future, view } = this;
    const { regions } = future.scenery;
    if (view.layout === "space" || this.glide) return;
    const year = Math.floor(time / QUARTERS);
    const key = [this.groundKey, year, view.sector].join();
    const isDrawn = key === this.namesKey;
    const c = this.names.getContext("2d");
    if (!isDrawn) {
      this.namesKey = key;
      this.names.width = this.canvas.width;
      this.names.height = this.canvas.height;
      c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    }
    const ring = view.layout === "ring" ? view.ring : null;
    regions.forEach((region, code) => {
      if (view.region !== null && view.region !== code && !ring) return;
      const [px, py] = ring ? ring[code].map((v) => 1.34 * v) : onMap(region.at, future.scenery.aspect);
      const away = 0.21 * this.scale;
      const [side, up] = ring ? [0, 0] : region.side; // in a ring they stand outside it
      const x = this.shiftX + this.scale * px + side * away;
      const y = this.shiftY + this.scale * py - up * away;
      this.marks.push({ x, y, r: 14, region: code, i: -1, code: -1 });
      if (isDrawn) return;
      const line = future.line("firms", region.id, view.sector ?? undefined);
      this._label(c, region.name, line ? line[year] - line[0] : NaN, x, y, side);
    });
    this.context.setTransform(1, 0, 0, 1, 0, 0);
    this.context.drawImage(this.names, 0, 0);
    this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
  }

  _label(c, full, change, x, y, side) {
    const colours = theme();
    const isNarrow = this.width < 420;
    const name = isNarrow ? shortened(full) : full;
    const size = isNarrow ? 9.5 : 11.5;
    c.font = `600 ${size}px system-ui, sans-serif`;
    const word = Math.abs(change) < 0.5 ? "no change" : `${change > 0 ? "▲" : "▼"} ${whole(Math.abs(change))}`;
    const text = Number.isFinite(change) ? word : "";
    const width = Math.max(c.measureText(name).width, c.measureText(text).width);
    // Labels stay whole at the edge of the picture.
    const half = side === 0 ? width / 2 : width;
    const least = (side < 0 ? width : half) + 3;
    const most = this.width - (side > 0 ? width : half) - 3;
    const at = Math.min(Math.max(x, least), Math.max(most, least));
    c.textAlign = side < 0 ? "right" : side > 0 ? "left" : "center";
    c.textBaseline = "middle";
    c.lineJoin = "round";
    c.strokeStyle = colours.halo;
    c.lineWidth = 3.5;
    for (const [words, down, colour] of [
      [name, -0.55, colours.ink],
      [text, 0.6, change > 0.5 ? colours.futures[0] : change < -0.5 ? colours.loss : colours.faint],
    ]) {
      c.strokeText(words, at, y + down * size);
      c.fillStyle = colour;
      c.fillText(words, at, y + down * size);
    }
  }

  _drawPointed(time) {
    const colours = theme();
    const c = this.context;
    for (const [uid, width] of [[this.view.chosen, 2.4], [this.view.pointed, 1.6]]) {
      if (uid === null || uid === undefined) continue;
      const mark = this.markOf(uid);
      if (!mark) continue;
      c.strokeStyle = colours.ink;
      c.lineWidth = width;
      c.beginPath();
      c.arc(mark.x, mark.y, mark.r + 4, 0, TURN);
      c.stroke();
      if (mark.i < 0) continue;
      const rows = mark.code >= 0
        ? this.future.institutions.find((one) => one.code === mark.code).rows : [mark.i];
      c.lineWidth = 1;
      c.beginPath();
      for (const other of this.future.partners(rows, time)) {
        c.moveTo(mark.x, mark.y);
        c.lineTo(this.x[other], this.y[other]);
      }
      c.stroke();
    }
  }

  /** The mark of something known by name: {uid}, {code} of an institution, or {region}. */
  markOf(one) {
    return this.marks.find((mark) => (one.code !== undefined ? mark.code === one.code
      : one.region !== undefined ? mark.region === one.region
        : mark.i >= 0 && mark.code < 0 && this.future.uid[mark.i] === one.uid));
  }

  /** What is at a point of the canvas: {uid}, {code}, {region}, or null. */
  at(x, y) {
    let best = null;
    let nearest = Infinity;
    for (const mark of this.marks) {
      const distance = Math.hypot(mark.x - x, mark.y - y) - mark.r;
      const reach = mark.region !== undefined ? 0 : mark.code >= 0 ? 5 : 3;
      if (distance > reach) continue;
      const rank = distance - (mark.code >= 0 ? 20 : 0);
      if (rank < nearest) {
        nearest = rank;
        best = mark;
      }
    }
    if (!best) return null;
    if (best.region !== undefined) return { region: best.region };
    return best.code >= 0 ? { code: best.code } : { uid: this.future.uid[best.i] };
  }
}
