// Lines between organisations: collaboration ties, the supply chain, the movement of people.

import { QUARTERS } from "watch/data.js";
import { theme } from "watch/theme.js";

export const LAYERS = {
  ties: "Collaboration ties",
  supply: "Supply chain",
  people: "Movement of people",
  none: "No links",
};

/** The links of the chosen layer at a time; ties that this future alone has are in its colour. */
export function drawLinks(map, time, c) {
  const { future, view } = map;
  if (view.layer === "none") return;
  const colours = theme();
  const table = future.table;
  if (view.layer === "people") {
    drawMoves(map, time, c);
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
    path.moveTo(map.x[a], map.y[a]);
    path.lineTo(map.x[b], map.y[b]);
  }
  c.lineWidth = 0.7;
  c.strokeStyle = name === "tie" ? colours.tie : colours.supply;
  c.stroke(paths.inside);
  c.strokeStyle = name === "tie" ? colours.cross : colours.supply;
  c.stroke(paths.cross);
  c.strokeStyle = colours.futures[map.number];
  c.globalAlpha = Math.min(0.6, 0.1 + 150 / (nOwn + 1)); // many lines would hide the land
  c.lineWidth = 0.8;
  c.stroke(paths.own);
  c.globalAlpha = 1;
}

/** People who moved in the last year, fading as it passes. */
function drawMoves(map, time, c) {
  const { future, view } = map;
  const table = future.table;
  const dates = table["move.state"];
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
    const seen = map.shows(future.sector[a]) || map.shows(future.sector[b]);
    if (!seen || !future.isAlive(b, time) || !map.x[a]) continue;
    c.lineWidth = Math.min(0.4 + Math.sqrt(table["move.people"][k]) / 6, 4);
    c.globalAlpha = 1 - (time - dates[k]) / QUARTERS;
    c.beginPath();
    c.moveTo(map.x[a], map.y[a]);
    c.lineTo(map.x[b], map.y[b]);
    c.stroke();
  }
  c.globalAlpha = 1;
}
