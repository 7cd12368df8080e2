// The legend: sectors by colour (press one to see it alone), and what each mark stands for.

import { theme } from "watch/theme.js";
import { element } from "watch/words.js";

function mark(draw) {
  const canvas = element("canvas", { width: 36, height: 32, "aria-hidden": "true" });
  canvas.style.width = "18px";
  canvas.style.height = "16px";
  const c = canvas.getContext("2d");
  c.scale(2, 2);
  c.translate(9, 8);
  draw(c, theme());
  return canvas;
}

function line(c) { c.lineWidth = 1.6; c.beginPath(); c.moveTo(-8, 4); c.lineTo(8, -4); c.stroke(); }

function circle(c, r) { c.beginPath(); c.arc(0, 0, r, 0, 2 * Math.PI); }

const MARKS = [
  ["university: size is its research staff", (c, t) => { c.fillStyle = t.institution; c.fillRect(-4, -4, 8, 8); }],
  ["catapult or national centre", (c, t) => {
    c.fillStyle = t.institution;
    c.rotate(Math.PI / 4);
    c.fillRect(-4, -4, 8, 8);
  }],
  ["staff lost since the start", (c, t) => {
    c.fillStyle = t.loss; c.fillRect(-6, -6, 12, 12); c.fillStyle = t.institution; c.fillRect(-4, -4, 8, 8);
  }],
  ["public money: wider is more", (c, t) => { c.fillStyle = t.money; c.globalAlpha = 0.6; circle(c, 7); c.fill(); }],
  ["money stopped: in a gap", (c, t) => {
    c.strokeStyle = t.gap; c.lineWidth = 1.6; c.setLineDash([3, 2]); circle(c, 6); c.stroke();
  }],
  ["firm just born", (c, t) => { c.strokeStyle = t.ink; circle(c, 5); c.stroke(); }],
  ["firm just closed", (c, t) => { c.strokeStyle = t.gone; c.setLineDash([1, 2]); circle(c, 5); c.stroke(); }],
  ["tie", (c, t) => { c.strokeStyle = t.faint; line(c); }],
];

const OWN = ["tie or firm that this future alone has", (c, t) => {
  c.strokeStyle = t.futures[0];
  line(c);
  c.translate(0, 5);
  c.strokeStyle = t.futures[1];
  line(c);
}];

export function legend(host, scenery, isPair, chosen, onSector) {
  const colours = theme().sectors;
  const sectors = scenery.sectors.map((sector, k) => {
    const dot = element("i");
    dot.style.background = colours[k];
    const button = element("button", { type: "button", "aria-pressed": String(chosen === k), title: "Show this sector alone, or all again" }, dot, sector.name);
    button.addEventListener("click", () => onSector(chosen === k ? null : k));
    return button;
  });
  const marks = [...MARKS, ...(isPair ? [OWN] : [])].map(([words, draw]) => element("span", {}, mark(draw), words));
  host.replaceChildren(element("span", {}, "Firms (size is jobs):"), ...sectors, ...marks);
}
