// In what the two futures differ: lever by lever, from their settings.

import { element } from "watch/words.js";

const said = (value) => (Array.isArray(value) ? value.join(", ")
  : value === true ? "yes" : value === false ? "no" : value === undefined ? "–" : String(value));

/** A table of the levers in which the settings of futures differ, or all that one has. */
export function whatDiffers(host, levers, futures, names) {
  const rows = [];
  const add = (place, lever, values) => {
    if (new Set(values.map((v) => JSON.stringify(v))).size < 2) return;
    rows.push(element("tr", { title: lever.meaning }, element("th", { scope: "row" }, `${lever.label}${place}`),
      ...values.map((value) => element("td", {}, said(value))), element("td", { className: "note" }, lever.unit)));
  };
  for (const lever of levers) {
    if (lever.group === "money") add("", lever, futures.map((f) => f.settings[lever.key]));
    if (lever.group === "collaboration") add("", lever, futures.map((f) => f.settings.collaboration[lever.key]));
    if (lever.group !== "programme") continue;
    const programmes = [...new Set(futures.flatMap((f) => Object.keys(f.settings.programmes)))];
    const values = (p) => futures.map((f) => f.settings.programmes[p]?.[lever.key]);
    // A lever that is the same in all programmes of each future is told once.
    if (new Set(programmes.map((p) => JSON.stringify(values(p)))).size === 1) add("", lever, values(programmes[0]));
    else programmes.forEach((p) => add(`: ${p}`, lever, values(p)));
  }
  const title = futures.length < 2 ? `${names[0]}: ${futures[0].description}`
    : rows.length ? `The two futures differ in ${rows.length} settings, and in nothing else.`
      : "The two futures have the same settings.";
  const head = element("tr", {}, element("th"), ...names.map((name, k) => element("th", { className: `future${k}` }, name)), element("th"));
  host.replaceChildren(element("h3", {}, title), element("table", {}, head, ...rows),
    ...(futures.length < 2 ? [] : futures.map((f, k) => element("p", { className: "note" }, `${names[k]}: ${f.description}`))));
}
