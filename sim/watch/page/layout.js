// Where organisations stand: on the map, around a ring of regions, or in knowledge space.

export const LAYOUTS = {
  map: "Map",
  ring: "Network: regions in a ring",
  space: "Network: near in knowledge",
};
const FIRM_REACH = 0.19; // degrees of latitude around the place of a region
const DISC = 0.2; // of a region in the ring, whose own radius is 1

/** Evenly over a disc, alike in every picture: a hash of the identity. */
function scattered(uid) {
  let hash = BigInt.asUintN(64, (uid + 1n) * 0x9e3779b97f4a7c15n);
  hash = BigInt.asUintN(64, (hash ^ (hash >> 29n)) * 0xbf58476d1ce4e5b9n);
  const turn = Number(hash >> 32n) * (2 * Math.PI / 2 ** 32);
  const out = Math.sqrt(Number(hash & 0xffffffffn) / 2 ** 32);
  return [out * Math.cos(turn), out * Math.sin(turn)];
}

/** Longitude and latitude in degrees to the plane of the map. */
export const onMap = ([longitude, latitude], aspect) => [longitude / aspect, -latitude];

/** Regions around a ring in the order in which they lie around the middle of the North. */
export function ringOf(regions, aspect) {
  const at = regions.map((region) => onMap(region.at, aspect));
  const middle = [0, 1].map((k) => at.reduce((sum, p) => sum + p[k], 0) / at.length);
  const bearing = at.map((p) => Math.atan2(p[1] - middle[1], p[0] - middle[0]));
  const order = bearing.map((_, r) => r).sort((a, b) => bearing[a] - bearing[b]);
  const places = [];
  order.forEach((r, k) => {
    const turn = bearing[order[0]] + (2 * Math.PI * k) / order.length;
    places[r] = [Math.cos(turn), Math.sin(turn)];
  });
  return places;
}

/** Fixed places (2 × organisations) of a layout, or null where they move with time. */
export function placesOf(layout, future) {
  if (layout === "space") return null;
  const { regions, institutions, aspect } = future.scenery;
  const places = new Float32Array(2 * future.n);
  const ring = ringOf(regions, aspect);
  for (let i = 0; i < future.n; i++) {
    const [dx, dy] = scattered(future.uid[i]);
    const code = future.institution[i];
    let x;
    let y;
    if (layout === "map") {
      const site = code >= 0 ? institutions[code].at : regions[future.region[i]].at;
      [x, y] = onMap(site, aspect);
      if (code < 0) { x += FIRM_REACH * dx; y += FIRM_REACH * dy; }
    } else {
      [x, y] = ring[future.region[i]];
      const turn = code * 2.399963;
      x += DISC * (code < 0 ? dx : 0.9 * Math.cos(turn));
      y += DISC * (code < 0 ? dy : 0.9 * Math.sin(turn));
    }
    places[2 * i] = x;
    places[2 * i + 1] = y;
  }
  return places;
}

/** Place of organisation i in knowledge space at a time; spread a little, since positions are
    kept in coarse steps. */
export function inSpace(future, i, time) {
  const [dx, dy] = scattered(future.uid[i]);
  const x = future.amount(future.table["yearly.position_x"], i, time) / 255 + 0.006 * dx;
  const y = future.amount(future.table["yearly.position_y"], i, time) / 255 + 0.006 * dy;
  const [lowX, highX] = future.bounds.position_x;
  const [lowY, highY] = future.bounds.position_y;
  return [lowX + x * (highX - lowX), lowY + y * (highY - lowY)];
}

/** The part of the plane that a view shows: [left, right, top, bottom]. */
export function frameOf(layout, scenery, region, bounds) {
  if (layout === "ring") return [-1.55, 1.55, -1.42, 1.42];
  if (layout === "space") {
    const [lowX, highX] = bounds.position_x;
    const [lowY, highY] = bounds.position_y;
    return [lowX, highX, lowY, highY];
  }
  if (region !== null) {
    const [x, y] = onMap(scenery.regions[region].at, scenery.aspect);
    return [x - 0.42, x + 0.42, y - 0.42, y + 0.42];
  }
  const [west, east, south, north] = scenery.box;
  const [left, top] = onMap([west, north], scenery.aspect);
  const [right, bottom] = onMap([east, south], scenery.aspect);
  return [left, right, top, bottom];
}
