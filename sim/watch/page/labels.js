// Names of regions on the map, each with the change in its firms since the start.

import { QUARTERS } from "watch/data.js";
import { onMap } from "watch/layout.js";
import { theme } from "watch/theme.js";
import { whole } from "watch/words.js";

const SHORTER = [["Greater", "Gtr"], [" City Region", ""], [" & Warrington", ""], ["North Yorkshire", "N. Yorks"],
  ["East Yorkshire", "E. Yorks"], ["West Yorkshire", "W. Yorks"], ["South Yorkshire", "S. Yorks"]];
const shortened = (name) => SHORTER.reduce((text, [long, short]) => text.replace(long, short), name);

/** Names of regions with the change in their firms; they change once a year at most. */
export function drawLabels(map, time) {
  const { future, view } = map;
  const { regions } = future.scenery;
  if (view.layout === "space" || map.glide) return;
  const year = Math.floor(time / QUARTERS);
  const key = [map.groundKey, year, view.sector].join();
  const isDrawn = key === map.namesKey;
  const c = map.names.getContext("2d");
  if (!isDrawn) {
    map.namesKey = key;
    map.names.width = map.canvas.width;
    map.names.height = map.canvas.height;
    c.setTransform(map.ratio, 0, 0, map.ratio, 0, 0);
  }
  const ring = view.layout === "ring" ? view.ring : null;
  regions.forEach((region, code) => {
    if (view.region !== null && view.region !== code && !ring) return;
    const [px, py] = ring ? ring[code].map((v) => 1.34 * v) : onMap(region.at, future.scenery.aspect);
    const away = 0.21 * map.scale;
    const [side, up] = ring ? [0, 0] : region.side; // in a ring they stand outside it
    const x = map.shiftX + map.scale * px + side * away;
    const y = map.shiftY + map.scale * py - up * away;
    map.marks.push({ x, y, r: 14, region: code, i: -1, code: -1 });
    if (isDrawn) return;
    const line = future.line("firms", region.id, view.sector ?? undefined);
    label(map, c, region.name, line ? line[year] - line[0] : NaN, x, y, side);
  });
  map.context.setTransform(1, 0, 0, 1, 0, 0);
  map.context.drawImage(map.names, 0, 0);
  map.context.setTransform(map.ratio, 0, 0, map.ratio, 0, 0);
}

function label(map, c, full, change, x, y, side) {
  const colours = theme();
  const isNarrow = map.width < 420;
  const name = isNarrow ? shortened(full) : full;
  const size = isNarrow ? 9.5 : 11.5;
  c.font = `600 ${size}px system-ui, sans-serif`;
  const word = Math.abs(change) < 0.5 ? "no change" : `${change > 0 ? "▲" : "▼"} ${whole(Math.abs(change))}`;
  const text = Number.isFinite(change) ? word : "";
  const width = Math.max(c.measureText(name).width, c.measureText(text).width);
  // Labels stay whole at the edge of the picture.
  const half = side === 0 ? width / 2 : width;
  const least = (side < 0 ? width : half) + 3;
  const most = map.width - (side > 0 ? width : half) - 3;
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
