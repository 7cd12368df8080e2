// The story of what is pointed at: an organisation, an institution or a region, in both futures.

import { QUARTERS } from "watch/data.js";
import { element, quantity, whole } from "watch/words.js";

const dated = (state) => (state <= 0 ? "before the start" : `year ${(state / QUARTERS).toFixed(2).replace(/\.?0+$/, "")}`);

const MOST_TOLD = 10;
const MOST_TIES = 5;

/** Rows of a future that something known by name stands for. */
export function rowsOf(future, one) {
  if (one.code !== undefined) return future.institutions.find((i) => i.code === one.code)?.rows ?? [];
  if (one.uid !== undefined) return future.indexOf.has(one.uid) ? [future.indexOf.get(one.uid)] : [];
  return [];
}

export function nameOf(scenery, futures, one) {
  if (one.region !== undefined) return scenery.regions[one.region].name;
  if (one.code !== undefined) return scenery.institutions[one.code].name;
  const future = futures.find((f) => f.indexOf.has(one.uid));
  if (!future) return "A firm";
  const i = future.indexOf.get(one.uid);
  const weight = future.weight[i];
  const many = weight >= 1.5 ? `${whole(weight)} firms alike` : "A firm";
  return `${many}: ${scenery.sectors[future.sector[i]].name}, ${scenery.regions[future.region[i]].name}`;
}

function facts(future, one, time) {
  if (one.region !== undefined) return regionFacts(future, one.region, time);
  const rows = rowsOf(future, one).filter((i) => future.isAlive(i, time));
  const all = rowsOf(future, one);
  if (!all.length) return { "Is it there?": "never in this future" };
  if (!rows.length) {
    const born = Math.min(...all.map((i) => future.from[i]));
    return { "Is it there?": time < born ? `not before ${dated(born)}` : `closed in ${dated(future.to[all[0]])}` };
  }
  const isFirm = one.uid !== undefined;
  const grant = future.totalGrant(rows, time);
  const gap = rows.some((i) => future.isInGap(i, time));
  const found = {};
  if (isFirm) found.Jobs = whole(future.total(future.jobs, rows, time));
  found["Research staff"] = `${quantity(future.total(future.researchers, rows, time), "FTE")}`;
  found.Knowledge = quantity(future.total(future.knowledge, rows, time), "£m");
  found["Public money"] = `${quantity(grant, "£m a year")}${gap ? ", in a gap" : ""}`;
  found.Partners = whole(future.partners(rows, time).length);
  return found;
}

function regionFacts(future, code, time) {
  const { id } = future.scenery.regions[code];
  const year = Math.floor(time / QUARTERS);
  const since = (name, unit) => {
    const line = future.line(name, id);
    const change = line[year] / line[0] - 1;
    const words = year && Number.isFinite(change)
      ? ` (${change < 0 ? "−" : "+"}${Math.abs(100 * change).toFixed(1)} %)` : "";
    return quantity(line[year], unit) + words;
  };
  return {
    "Value added": since("gva", "£m a year"),
    Jobs: since("jobs", "jobs").replace(" jobs", ""),
    Firms: since("firms", "firms").replace(" firms", ""),
    "Research staff": since("researchers", "FTE"),
    Knowledge: since("knowledge", "£m"),
    "Public money": quantity(future.line("public_total", id)[year], "£m a year"),
  };
}

/** What happened to rows up to a time: [state, words], the latest first. */
export function events(future, one, time) {
  const { scenery, table } = future;
  const rows = rowsOf(future, one);
  const found = [];
  const take = (state, words) => { if (state <= time) found.push([state, words]); };
  for (const i of rows) {
    if (one.uid !== undefined) {
      if (future.from[i] > 0) take(future.from[i], birth(future, i));
      if (future.to[i] <= future.last) take(future.to[i], "closed");
    }
    for (let k = future.gaps.start[i]; k < future.gaps.start[i + 1]; k++) {
      const row = future.gaps.rows[k];
      take(table["gap.from"][row], "half or more of its public money stopped");
      if (table["gap.to"][row] <= future.last) take(table["gap.to"][row], "public money was back, or no longer counted on");
    }
    for (let k = future.awards.start[i]; k < future.awards.start[i + 1]; k++) {
      awardEvents(future, future.awards.rows[k], take);
    }
  }
  if (one.region !== undefined) {
    table["award.holder"].forEach((holder, row) => {
      if (holder === -1 - one.region) awardEvents(future, row, take);
    });
  }
  // Money and fate matter most; of the many ties only the latest are told.
  const latest = (list) => list.sort((a, b) => b[0] - a[0]);
  const ties = linkEvents(future, rows).filter(([state]) => state <= time);
  return latest([...latest(found).slice(0, MOST_TOLD), ...latest(ties).slice(0, MOST_TIES)]);
}

function birth(future, i) {
  const parent = future.indexOf.get(future.table["organisation.parent"][i]);
  if (parent === undefined) return "began";
  const code = future.institution[parent];
  return code >= 0 ? `spun out of ${future.scenery.institutions[code].name}`
    : `spun off a firm in ${future.scenery.sectors[future.sector[parent]].name}`;
}

function awardEvents(future, row, take) {
  const { table, programmes, scenery } = future;
  const money = quantity(table["award.payment"][row] * table["award.weight"][row], "£m a year");
  const name = `award of ${money} from ${programmes[table["award.pot"][row]]} (${scenery.purposes[table["award.purpose"][row]]})`;
  const terms = table["award.terms"][row];
  take(table["award.start"][row], `${name} began`);
  const outcome = table["award.outcome"][row];
  if (outcome) {
    const after = terms > 1 ? ` after ${terms} terms` : "";
    take(table["award.end"][row], `${name}: ${scenery.outcomes[outcome]}${after}`);
  }
}

function linkEvents(future, rows) {
  const own = new Set(rows);
  const { table, scenery } = future;
  const found = [];
  for (let k = 0; k < table["tie.from"].length; k++) {
    const [a, b] = [table["tie.source"][k], table["tie.target"][k]];
    if (own.has(a) === own.has(b)) continue;
    const other = own.has(a) ? b : a;
    const code = future.institution[other];
    const name = code >= 0 ? scenery.institutions[code].name
      : `a firm in ${scenery.sectors[future.sector[other]].name}, ${scenery.regions[future.region[other]].name}`;
    const from = table["tie.from"][k];
    if (from > 0) found.push([from, `began to work with ${name}`]);
    if (table["tie.to"][k] <= future.last) found.push([table["tie.to"][k], `tie with ${name} lapsed`]);
  }
  return found;
}

/** The full story as elements: facts of both futures side by side, then what happened. */
export function story(host, { scenery, futures, names, time }, one) {
  const sides = futures.map((future) => facts(future, one, time));
  const keys = [...new Set(sides.flatMap((side) => Object.keys(side)))];
  const head = element("tr", {}, element("th"), ...names.map((name, k) => element("th", { className: `future${k}` }, name)));
  const body = keys.map((key) => element("tr", {}, element("th", { scope: "row" }, key),
    ...sides.map((side) => element("td", {}, side[key] ?? "–"))));
  const lists = futures.map((future, k) => {
    const happened = events(future, one, time);
    const items = happened.map(([state, words]) => element("li", {}, element("b", {}, dated(state)), ` ${words}`));
    return element("section", {}, element("h4", { className: `future${k}` }, names[k]),
      items.length ? element("ol", {}, ...items) : element("p", {}, "Nothing has happened yet."));
  });
  host.replaceChildren(element("h3", {}, nameOf(scenery, futures, one)),
    element("table", {}, head, ...body), element("div", { className: "happened" }, ...lists));
}

/** A few words beside the pointer. */
export function brief(future, scenery, one, time) {
  const found = facts(future, one, time);
  const lines = Object.entries(found).map(([key, value]) => `${key}: ${value}`);
  const [last] = events(future, one, time);
  if (last) lines.push(`${dated(last[0])}: ${last[1]}`);
  return [nameOf(scenery, [future], one), ...lines];
}
