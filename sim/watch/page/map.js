// One future on a canvas: land, firms, institutions, ties, money, and what is pointed at.

import { drawInstitutions } from "watch/institutions.js";
import { drawLabels } from "watch/labels.js";
import { frameOf, inSpace, onMap, placesOf } from "watch/layout.js";
import { drawLinks } from "watch/links.js";
import { isStill, theme } from "watch/theme.js";

const FADE = 2; // quarters for which a birth or a closure is marked
const GLIDE = 600; // milliseconds from one layout to another
const TURN = 2 * Math.PI;
const TINY = 1.6; // pixels of radius below which a square looks like a circle

export class MapView {
  /** `view` is shared by both maps: {layout, layer, region, sector, pointed, chosen, ring}. */
  constructor(canvas, future, view, number) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.view = view;
    this.number = number;
    this.ground = document.createElement("canvas");
    this.names = document.createElement("canvas");
    this.links = document.createElement("canvas");
    this.show(future);
  }

  show(future) {
    this.future = future;
    this.marks = []; // what can be pointed at: {x, y, r, i, code, region}
    this.places = placesOf(this.view.layout, future);
    this.x = new Float32Array(future.n);
    this.y = new Float32Array(future.n);
    this.glide = null;
    this.groundKey = "";
    this.namesKey = "";
    this.linksKey = "";
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
  shows(sector) { return this.view.sector === null || this.view.sector === sector; }

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
    drawInstitutions(this, time);
    drawLabels(this, time);
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

  /** Links change from quarter to quarter; between organisations that stay put they are kept. */
  _drawLinks(time) {
    const { view, canvas, context } = this;
    if (!this.places || this.glide || view.layer === "people") {
      drawLinks(this, time, context);
      return;
    }
    const key = [Math.floor(time), view.layer, view.sector, view.layout, view.region,
      canvas.width, canvas.height, theme().tie].join();
    if (key !== this.linksKey) {
      this.linksKey = key;
      this.links.width = canvas.width;
      this.links.height = canvas.height;
      const c = this.links.getContext("2d");
      c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      drawLinks(this, time, c);
    }
    context.drawImage(this.links, 0, 0, this.width, this.height);
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
      if (future.institution[i] >= 0 || !this.shows(future.sector[i])) continue;
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
    this.ring(own, colours.futures[this.number], 1.4, []);
    this.ring(gaps, colours.gap, 1.2, [2, 2]);
    this.ring(born, colours.ink, 0.9, []);
    this.ring(gone, colours.gone, 1, [1, 2]);
    this.marks = seen;
  }

  moneyOf(grant) { return this.unit * (0.8 + 1.2 * Math.sqrt(grant)); }

  ring(path, colour, width, dashes) {
    const c = this.context;
    c.strokeStyle = colour;
    c.lineWidth = width;
    c.setLineDash(dashes);
    c.stroke(path);
    c.setLineDash([]);
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
