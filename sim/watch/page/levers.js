// The levers: presets, the blend dial, sliders and choices made from the schema, saving, the command.

import { element } from "watch/words.js";

const clone = (value) => structuredClone(value);

/** How a value is written on a command line. */
function shell(text) {
  return /^[\w.,@%+=:~/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

export class Levers {
  /** `asked` are the futures as they are asked for; `onTurn` is called when they change. */
  constructor(host, scenery, asked, onTurn) {
    Object.assign(this, { host, scenery, asked, onTurn, target: 0, programme: "" });
    this.presets = scenery.presets;
  }

  /** Show the present settings; `futures` hold what they come to. */
  show(futures, names) {
    this.futures = futures;
    this.names = names;
    const focus = document.activeElement?.dataset?.lever;
    const isDragged = document.activeElement?.matches?.("#levers input");
    if (isDragged && this.rows) this._refresh(); else this._build();
    if (focus) this.host.querySelector(`[data-lever="${CSS.escape(focus)}"]`)?.focus();
  }

  get targets() { return this.target === "both" ? this.asked.map((_, k) => k) : [this.target]; }
  get shown() { return this.futures[this.targets[0]]; }

  _build() {
    const options = [...this.asked.keys()].map((k) => [String(k), this.names[k]]);
    if (options.length > 1) options.push(["both", "both"]);
    this.rows = [];
    const head = element("fieldset", { className: "target" }, element("legend", {}, "Turn the levers of"),
      ...options.map(([value, text]) => {
        const radio = element("input", { type: "radio", name: "target", value, checked: String(this.target) === value });
        radio.addEventListener("change", () => { this.target = value === "both" ? value : Number(value); this._build(); });
        return element("label", {}, radio, text);
      }));
    this.host.replaceChildren(element("h2", {}, "Levers"), head, this._preset(), this._dial(),
      this._group("Money", "money"), this._programmes(), this._group("Collaboration", "collaboration"), this._deeds());
    this._refresh();
  }

  _preset() {
    const { base, changes } = this.asked[this.targets[0]];
    const select = element("select", { "aria-label": "Preset" }, ...this.presets.map(
      (one) => element("option", { value: one.name, selected: one.name === base, title: one.description }, one.title),
    ));
    select.addEventListener("change", () => {
      for (const k of this.targets) this.asked[k] = { base: select.value, toward: "", share: 0, changes: {} };
      this._turned();
    });
    const reset = element("button", { type: "button", disabled: !Object.keys(changes).length }, "Undo changes");
    reset.addEventListener("click", () => {
      for (const k of this.targets) this.asked[k].changes = {};
      this._turned();
    });
    this.reset = reset;
    return element("p", {}, element("label", {}, "Preset ", select), " ", reset);
  }

  _dial() {
    const ends = this.scenery.opening.map((one) => one.base);
    if (ends.length < 2 || ends[0] === ends[1]) return null;
    const [first, second] = ends;
    const title = (name) => this.presets.find((one) => one.name === name)?.title ?? name;
    const { base, toward, share } = this.asked[this.targets[0]];
    const now = toward === second && base === first ? share : base === second ? 1 : 0;
    const dial = element("input", { type: "range", min: 0, max: 1, step: 0.05, value: 1 - now, "aria-label": `From ${title(second)} to ${title(first)}` });
    dial.dataset.lever = "blend";
    dial.addEventListener("input", () => {
      const part = 1 - Number(dial.value);
      for (const k of this.targets) {
        const { changes: kept } = this.asked[k];
        this.asked[k] = part === 0 ? { base: first, toward: "", share: 0, changes: kept }
          : { base: first, toward: second, share: Number(part.toFixed(2)), changes: kept };
      }
      this._turned();
    });
    return element("div", { className: "dial" }, element("span", {}, `Blend: ${title(second)}`), dial, element("span", {}, title(first)));
  }

  _programmes() {
    const names = Object.keys(this.shown.settings.programmes);
    if (this.programme && !names.includes(this.programme)) this.programme = "";
    const select = element("select", { "aria-label": "Programme" }, element("option", { value: "" }, "all programmes"),
      ...names.map((name) => element("option", { value: name, selected: name === this.programme }, name)));
    select.addEventListener("change", () => { this.programme = select.value; this._build(); });
    if (!names.length) return element("p", { className: "note" }, "This future has no programmes.");
    return this._group("How money arrives: ", "programme", select);
  }

  _group(title, group, beside) {
    const levers = this.scenery.levers.filter((one) => one.group === group
      && !(group === "programme" && one.key === "share" && !this.programme));
    return element("section", {}, element("h3", {}, title, beside ?? ""), ...levers.map((one) => this._row(one)));
  }

  keysOf(lever) {
    if (lever.group === "money") return [lever.key];
    if (lever.group === "collaboration") return [`collaboration.${lever.key}`];
    const names = this.programme ? [this.programme] : Object.keys(this.shown.settings.programmes);
    return names.map((name) => `programmes.${name}.${lever.key}`);
  }

  valueOf(future, key) {
    return key.split(".").reduce((here, part) => here?.[part], future.settings);
  }

  _row(lever) {
    const id = `lever-${lever.group}-${lever.key}`;
    const label = element("label", { htmlFor: id, title: lever.meaning }, lever.label);
    const note = element("small", {}, lever.unit);
    let inputs;
    const turn = (value) => this._turn(lever, value);
    if (lever.kind === "number" || lever.kind === "integer") {
      const step = lever.kind === "integer" ? 1 : Number(((lever.high - lever.low) / 100).toPrecision(1));
      const slider = element("input", { type: "range", id, step });
      const exact = element("input", { type: "number", step: "any", "aria-label": `${lever.label}, exact` });
      slider.dataset.lever = id;
      exact.dataset.lever = `${id}-exact`;
      slider.addEventListener("input", () => { exact.value = slider.value; turn(Number(slider.value)); });
      exact.addEventListener("change", () => { if (exact.value !== "") turn(Number(exact.value)); });
      inputs = [slider, exact];
    } else if (lever.kind === "boolean") {
      const box = element("input", { type: "checkbox", id });
      box.dataset.lever = id;
      box.addEventListener("change", () => turn(box.checked));
      inputs = [box];
    } else if (lever.kind === "choice") {
      const select = element("select", { id }, ...lever.choices.map((word) => element("option", { value: word }, word)));
      select.dataset.lever = id;
      select.addEventListener("change", () => turn(select.value));
      inputs = [select];
    } else {
      inputs = lever.choices.map((word) => {
        const box = element("input", { type: "checkbox", value: word });
        box.dataset.lever = `${id}-${word}`;
        return box;
      });
      for (const box of inputs) {
        box.addEventListener("change", () => turn(inputs.filter((one) => one.checked).map((one) => one.value)));
      }
    }
    const shown = lever.kind === "list" ? inputs.map((box) => element("label", {}, box, box.value)) : inputs;
    const row = element("div", { className: `lever ${lever.kind}` }, label, ...shown, note);
    this.rows.push({ lever, row, inputs, note });
    return row;
  }

  /** Put the present values into the inputs, but for the one in the hand of the reader. */
  _refresh() {
    const changed = this.asked[this.targets[0]].changes;
    this.reset.disabled = !Object.keys(changed).length;
    for (const { lever, row, inputs, note } of this.rows) {
      const keys = this.keysOf(lever);
      const values = keys.map((key) => this.valueOf(this.shown, key));
      const isMixed = new Set(values.map((v) => JSON.stringify(v))).size > 1;
      const [value] = values;
      row.classList.toggle("changed", keys.some((key) => key in changed));
      note.textContent = isMixed ? `${lever.unit} (differs between programmes)` : lever.unit;
      if (lever.kind === "number" || lever.kind === "integer") {
        const [slider, exact] = inputs;
        slider.min = Math.max(Math.min(lever.low, value), lever.least ?? -Infinity);
        slider.max = Math.max(lever.high, value);
        if (slider !== document.activeElement) slider.value = value;
        if (exact !== document.activeElement && slider !== document.activeElement) exact.value = Number(Number(value).toPrecision(6));
      } else if (lever.kind === "boolean") {
        inputs[0].checked = value;
        inputs[0].indeterminate = isMixed;
      } else if (lever.kind === "choice") {
        inputs[0].value = isMixed ? "" : value;
      } else {
        for (const box of inputs) box.checked = value.includes(box.value);
      }
    }
  }

  _turn(lever, value) {
    const keys = this.keysOf(lever);
    for (const k of this.targets) {
      const { changes } = this.asked[k];
      for (const key of keys) if (this.valueOf(this.futures[k], key) !== undefined) changes[key] = value;
      if (lever.key === "share" || lever.key === "tie_subsidy") this._balance(k, keys[0], value);
    }
    this._turned();
  }

  /** Shares add up to 1: what one takes, the others give in proportion. */
  _balance(k, key, value) {
    const { settings } = this.futures[k];
    const { changes } = this.asked[k];
    const others = [...Object.keys(settings.programmes).map((name) => `programmes.${name}.share`), "tie_subsidy"]
      .filter((one) => one !== key);
    const before = others.map((one) => this.valueOf(this.futures[k], one));
    const total = before.reduce((sum, one) => sum + one, 0);
    let left = 1 - value;
    others.forEach((one, at) => {
      const part = at === others.length - 1 ? left
        : Number((total > 0 ? (before[at] / total) * (1 - value) : (1 - value) / others.length).toFixed(4));
      changes[one] = Number(Math.max(part, 0).toFixed(8));
      left -= part;
    });
  }

  _turned() {
    this.reset.disabled = this.targets.every((k) => !Object.keys(this.asked[k].changes).length);
    this.onTurn(clone(this.asked));
  }

  /** The command that shows the same. */
  command(year) {
    const words = ["clustersim", "watch"];
    const { seed, years, given } = this.scenery;
    for (const one of this.asked) words.push(shell(one.toward ? `${one.base}~${one.toward}@${one.share}` : one.base));
    words.push("--seed", String(seed), "--years", String(years));
    for (const [key, value] of Object.entries(given)) words.push("--set", shell(`${key}=${value}`));
    this.asked.forEach((one, k) => {
      for (const [key, value] of Object.entries(one.changes)) {
        words.push(k ? "--second" : "--first", shell(`${key}=${Array.isArray(value) ? JSON.stringify(value) : value}`));
      }
    });
    if (year > 0) words.push("--year", String(year));
    return words.join(" ");
  }

  _deeds() {
    const name = element("input", { type: "text", placeholder: "my_scenario", "aria-label": "Name of the new scenario", maxLength: 60, id: "save-name" });
    const save = element("button", { type: "button", id: "save" }, "Save as scenario");
    save.addEventListener("click", () => this.onSave?.(this.asked[this.targets[0]], name.value.trim()));
    const copy = element("button", { type: "button", id: "copy" }, "Copy command");
    copy.addEventListener("click", () => this.onCopy?.());
    const stop = element("button", { type: "button", id: "stop" }, "Stop the server");
    stop.addEventListener("click", () => this.onStop?.());
    return element("section", { className: "deeds" }, element("h3", {}, "Keep what you found"),
      element("p", {}, name, save), element("p", {}, copy, stop),
      element("p", { className: "note" }, `Scenarios are saved in ${this.scenery.folder}.`));
  }
}
