// What is seen, in sentences and tables: where firms went, when the futures part, who lost staff.

import { partedFrom } from "watch/charts.js";
import { QUARTERS } from "watch/data.js";
import { element, listed, quantity, whole } from "watch/words.js";

const yearOf = (time) => Math.floor(time / QUARTERS);
const signed = (value) => `${value < 0 ? "−" : "+"}${whole(Math.abs(value))}`;

/** Change in real firms of each region since the start, largest first. */
export function firmChanges(future, time, sector) {
  const year = yearOf(time);
  return future.scenery.regions.map((region, code) => {
    const line = future.line("firms", region.id, sector);
    return { code, name: region.name, before: line[0], change: line[year] - line[0] };
  }).sort((a, b) => b.change - a.change);
}

/** Fewest research staff at the start for a loss to be told: half of two people is not a story. */
const FEWEST = 20;

/** Research staff of each institution now and at the start, largest share lost first. */
export function staffChanges(future, time) {
  return future.institutions.map((one) => {
    const before = future.total(future.researchers, one.rows, 0);
    const now = future.total(future.researchers, one.rows, time);
    return { code: one.code, name: one.name, before, now, change: now - before };
  }).filter((one) => one.before >= FEWEST).sort((a, b) => a.now / a.before - b.now / b.before);
}

/** Places or institutions at which two futures differ most, by the size of what changed. */
function widest(tables, differ) {
  const [first, second] = tables;
  let found = null;
  for (const [code, one] of first) {
    const other = second.get(code);
    if (!other) continue;
    const size = Math.abs(differ(one) - differ(other));
    if (!found || size > found.size) found = { one, other, size };
  }
  return found;
}

const byCode = (list) => new Map(list.map((one) => [one.code, one]));
const inBoth = (lists, names) => (lists.length < 2 ? "" : lists[0][0].code === lists[1][0].code
  ? " in both futures" : ` under ${names[0]}`);

export function whereFirmsWent({ scenery, futures, names, time, sector }) {
  const year = yearOf(time);
  if (year === 0) return "Both futures start from the same firms; press play to see where they go.";
  const lists = futures.map((future) => firmChanges(future, time, sector));
  const [first] = lists;
  const told = (one) => `${one.name} (${signed(one.change)})`;
  const gained = first.slice(0, 3).filter((one) => one.change > 0.5).map(told);
  const lost = first.slice(-2).reverse().filter((one) => one.change < -0.5).map(told);
  const what = sector === undefined ? "" : `${scenery.sectors[sector].name}: `;
  let text = `${what}By year ${year}, ${gained.length ? `most gained in ${listed(gained)}` : "no region gained"}`
    + `${lost.length ? `, most lost in ${listed(lost)}` : ""}${inBoth(lists, names)}.`;
  if (lists.length > 1) {
    const most = widest(lists.map(byCode), (one) => one.change);
    if (most.size >= 0.5) {
      text += ` They differ most in ${most.one.name}: ${signed(most.one.change)} under ${names[0]}, ${signed(most.other.change)} under ${names[1]}.`;
    }
  }
  return text;
}

export function whenTheyParted({ futures, names, gap, time }, series) {
  if (futures.length < 2) return "One future is shown; name a second one to see where they part.";
  const shared = time > 0
    ? ` Of the ties that you see, ${Math.round(100 * futures[0].sharedTies(time))} % exist in both.` : "";
  if (!gap || gap.head.runs < 2) return `Paired runs are needed to tell.${shared}`;
  const apart = [];
  const alike = [];
  for (const one of series) {
    const from = partedFrom(gap.of(one.name, "north"));
    const label = one.label.toLowerCase();
    if (from === null) alike.push(label); else apart.push({ label, from });
  }
  apart.sort((a, b) => a.from - b.from);
  const said = apart.map(({ label, from }) => `in ${label} from year ${from}`);
  const told = said.length
    ? `${names[0]} and ${names[1]} can be told apart ${listed(said)}`
    : `${names[0]} and ${names[1]} cannot be told apart`;
  const rest = said.length && alike.length ? `, but not in ${listed(alike)}` : "";
  return `${told}${rest} (${gap.head.runs} paired runs, 90 % intervals).${shared}`;
}

const plainName = (name) => name.replace(/ \(.*\)$/, "");

export function whoLostStaff({ futures, names, time }) {
  const year = yearOf(time);
  if (year === 0) return "At the start every institution has the same research staff in both.";
  const lists = futures.map((future) => staffChanges(future, time));
  const told = (one) => `${whole(one.before)} → ${whole(one.now)}`;
  const [most] = lists[0];
  if (!most) return "No institution is large enough to tell of.";
  let text = most.change > -0.5 ? `By year ${year} no institution has lost research staff.`
    : `By year ${year}, ${plainName(most.name)} lost the largest share of its research staff${inBoth(lists, names)}: ${told(most)} (−${Math.round((100 * -most.change) / most.before)} %).`;
  if (lists.length > 1) {
    const gap = widest(lists.map(byCode), (one) => one.now / one.before);
    if (gap.size >= 0.005) {
      text += ` They differ most at ${plainName(gap.one.name)}: ${told(gap.one)} under ${names[0]}, ${told(gap.other)} under ${names[1]}.`;
    }
  }
  return text;
}

/** Bars of two futures beside a name, with what a press on the row does. */
function rows(host, items, largest, onChoose) {
  host.replaceChildren(...items.map((item) => {
    const bars = item.values.map((value, k) => element("span", { className: "bar" },
      element("span", {}, element("i", {
        className: `future${k}`,
        style: `width:${Math.max((48 * Math.abs(value)) / largest, 0.6)}%;${value < 0 ? "right" : "left"}:50%`,
      })),
      element("b", {}, item.words[k])));
    const button = element("button", { type: "button", className: "row" },
      element("span", { className: "name" }, item.name), element("span", { className: "bars" }, ...bars));
    button.addEventListener("click", () => onChoose(item.key));
    return button;
  }));
}

export function showPlaces(host, { futures, time, sector }, onChoose) {
  const tables = futures.map((future) => new Map(
    firmChanges(future, time, sector).map((one) => [one.code, one]),
  ));
  const order = [...tables[0].values()];
  const largest = Math.max(1, ...tables.flatMap((table) => [...table.values()].map((one) => Math.abs(one.change))));
  rows(host, order.map(({ code, name }) => ({
    name,
    key: { region: code },
    values: tables.map((table) => table.get(code).change),
    words: tables.map((table) => {
      const { change, before } = table.get(code);
      return `${signed(change)} (${signed((100 * change) / before)} %)`;
    }),
  })), largest, onChoose);
}

export function showInstitutions(host, { futures, time }, onChoose) {
  const tables = futures.map((future) => new Map(
    staffChanges(future, time).map((one) => [one.code, one]),
  ));
  const share = (one) => (one ? (100 * one.change) / one.before : 0);
  const worst = (code) => Math.min(...tables.map((table) => share(table.get(code))));
  const order = [...tables[0].values()].sort((a, b) => worst(a.code) - worst(b.code));
  const shown = [...order.slice(0, 12), ...order.slice(-4)];
  const largest = Math.max(1, ...shown.flatMap(({ code }) => tables.map((t) => Math.abs(share(t.get(code))))));
  rows(host, shown.map(({ code, name }) => ({
    name: plainName(name),
    key: { code },
    values: tables.map((table) => share(table.get(code))),
    words: tables.map((table) => {
      const one = table.get(code);
      return `${signed(share(one))} % (${whole(one.before)} → ${whole(one.now)})`;
    }),
  })), largest, onChoose);
}

export function headline({ futures, names, time, area, areaName, sector, scenery }) {
  const year = yearOf(time);
  const values = futures.map((future) => future.line("gva", area, sector)[year]);
  const first = quantity(values[0], "£m a year");
  const where = area === "north" ? "the North" : areaName;
  const who = sector === undefined ? `the clusters of ${where} make` : `${scenery.sectors[sector].name} in ${where} makes`;
  const Who = who[0].toUpperCase() + who.slice(1);
  if (year === 0) return `${Who} ${first} of value added when the policies part.`;
  if (futures.length < 2) return `In year ${year}, ${who} ${first} of value added under ${names[0]}.`;
  const difference = values[0] - values[1];
  if (difference === 0) return `In year ${year} of this run, ${who} the same value added in both futures, ${first}.`;
  return `In year ${year} of this run, ${who} ${quantity(Math.abs(difference), "£m a year")} ${difference > 0 ? "more" : "less"} value added under ${names[0]} than under ${names[1]}.`;
}
