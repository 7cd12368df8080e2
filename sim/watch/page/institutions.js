// Universities and catapults on the map: their staff now and at the start, their money, their gaps.

import { theme } from "watch/theme.js";

const TURN = 2 * Math.PI;

/** Universities are squares, catapults and national centres diamonds; the size is their research
    staff now, the outline their staff at the start, and what was lost is filled in orange. */
export function drawInstitutions(map, time) {
  const { future, view } = map;
  const colours = theme();
  const c = map.context;
  const half = (staff) => map.unit * Math.max(0.1 * Math.sqrt(staff), 1.8);
  for (const one of future.institutions) {
    const shown = one.rows.filter((i) => map.shows(future.sector[i]));
    const alive = shown.filter((i) => future.isAlive(i, time));
    if (!alive.length) continue;
    const x = alive.reduce((sum, i) => sum + map.x[i], 0) / alive.length;
    const y = alive.reduce((sum, i) => sum + map.y[i], 0) / alive.length;
    const staff = future.total(future.researchers, shown, time);
    const start = view.sector === null
      ? map.startStaff.get(one.code) : future.total(future.researchers, shown, 0);
    const r = half(staff);
    const before = half(start);
    const grant = future.totalGrant(shown, time);
    if (grant > 0) {
      c.fillStyle = colours.money;
      c.globalAlpha = 0.5;
      c.beginPath();
      c.arc(x, y, Math.max(r, 2) + map.moneyOf(grant), 0, TURN);
      c.fill();
      c.globalAlpha = 1;
    }
    if (start > staff) fill(c, one.kind, x, y, before, colours.loss);
    fill(c, one.kind, x, y, r, colours.institution);
    c.strokeStyle = start > staff ? colours.loss : colours.land;
    c.lineWidth = 1;
    outline(c, one.kind, x, y, before);
    c.stroke();
    if (alive.some((i) => future.isInGap(i, time))) {
      const path = new Path2D();
      path.arc(x, y, Math.max(r, before) + 4 * map.unit, 0, TURN);
      map.ring(path, colours.gap, 2, [4, 3]);
    }
    map.marks.push({ x, y, r: Math.max(r, before, 3), i: alive[0], code: one.code });
  }
}

function outline(c, kind, x, y, r) {
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

function fill(c, kind, x, y, r, colour) {
  outline(c, kind, x, y, r);
  c.fillStyle = colour;
  c.fill();
}
