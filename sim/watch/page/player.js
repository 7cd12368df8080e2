// The time: play, pause, step, drag, speed, and the keys for them.

import { QUARTERS } from "watch/data.js";
import { isStill } from "watch/theme.js";
import { byId } from "watch/words.js";

export class Player {
  /** `onTime` is called when the time has changed; times are states with fractions. */
  constructor(last, onTime) {
    this.last = last;
    this.time = 0;
    this.isPlaying = false;
    this.onTime = onTime;
    this.bar = byId("time");
    this.bar.max = last;
    this.bar.addEventListener("input", () => {
      const time = Number(this.bar.value); // pausing writes the present time into the bar
      this.pause();
      this.go(time);
    });
    byId("play").addEventListener("click", () => this.toggle());
    byId("back").addEventListener("click", () => this.step(-1));
    byId("forward").addEventListener("click", () => this.step(1));
    this.speed = byId("speed");
    document.addEventListener("keydown", (event) => this.key(event));
    this._tell();
  }

  get yearsPerSecond() { return Number(this.speed.value); }

  setLast(last) {
    this.last = last;
    this.bar.max = last;
    this.go(Math.min(this.time, last));
  }

  go(time) {
    this.time = Math.min(Math.max(time, 0), this.last);
    this._tell();
    this.onTime();
  }

  /** Whole years, since that is how the series are kept. */
  step(years) {
    this.pause();
    const year = this.time / QUARTERS;
    const next = years > 0 ? Math.floor(year + 1e-9) + years : Math.ceil(year - 1e-9) + years;
    this.go(next * QUARTERS);
  }

  toggle() { if (this.isPlaying) this.pause(); else this.play(); }

  play() {
    if (this.time >= this.last) this.time = 0;
    this.isPlaying = true;
    this.since = null;
    this._tell();
    this.onTime();
  }

  pause() {
    this.isPlaying = false;
    this._tell();
  }

  /** Go on to the moment of a frame, in milliseconds. */
  advance(now) {
    if (!this.isPlaying) return;
    if (this.since !== null) {
      this._passed = (this._passed ?? this.time)
        + ((now - this.since) / 1000) * this.yearsPerSecond * QUARTERS;
      const passed = Math.min(this._passed, this.last);
      // Those who asked for less motion see whole years, one after the other.
      this.time = isStill() ? Math.max(this.time, Math.floor(passed / QUARTERS) * QUARTERS) : passed;
      if (passed >= this.last) { this.time = this.last; this.pause(); }
    } else {
      this._passed = this.time;
    }
    this.since = now;
    this._tell();
  }

  _tell() {
    const year = Math.floor(this.time / QUARTERS);
    const quarter = Math.floor(this.time % QUARTERS) + 1;
    this.bar.value = this.time;
    const words = year === 0 && this.time === 0 ? "Start" : `Year ${year}`;
    this.bar.setAttribute("aria-valuetext", `${words} of ${this.last / QUARTERS}`);
    byId("year").textContent = words;
    byId("season").textContent = this.time % QUARTERS ? `quarter ${quarter}` : `of ${this.last / QUARTERS}`;
    const button = byId("play");
    button.textContent = this.isPlaying ? "❚❚ Pause" : "▶ Play";
    button.setAttribute("aria-pressed", String(this.isPlaying));
  }

  key(event) {
    const inField = event.target.closest?.("input:not([type=range]),select,textarea,button,summary");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " && !inField) { event.preventDefault(); this.toggle(); }
    if (event.target.closest?.("input,select,textarea")) return;
    if (event.key === "ArrowRight") { event.preventDefault(); this.step(1); }
    if (event.key === "ArrowLeft") { event.preventDefault(); this.step(-1); }
    if (event.key === "Home") { this.pause(); this.go(0); }
    if (event.key === "End") { this.pause(); this.go(this.last); }
  }
}
