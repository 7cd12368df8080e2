// Colours told apart by all eyes (after Okabe and Ito, and Tol), for light and for dark.

const LIGHT = {
  ink: "#1d2329", faint: "#6b7480", rule: "#c9cdd2", sea: "#dfe7ee", land: "#f8f7f3",
  coast: "#a9b1b9", tie: "rgba(70,80,90,.16)",
  cross: "rgba(60,70,80,.13)", money: "#e6ad00", gap: "#c2185b", loss: "#d55e00",
  institution: "#2b333b", gone: "#8a929a", futures: ["#0072b2", "#d55e00"], supply: "rgba(120,94,40,.30)",
  people: "rgba(0,120,90,.45)", halo: "rgba(248,247,243,.85)", same: "#7c858e",
  sectors: ["#882255", "#332288", "#009e73", "#8c6d1f", "#cc79a7", "#0072b2", "#56b4e9", "#d98c00",
    "#7a8b1f", "#9a4fb5", "#d55e00"],
};
const DARK = {
  ink: "#e8ecef", faint: "#a0a9b2", rule: "#3d464f", sea: "#10171d", land: "#232b32",
  coast: "#56616b", tie: "rgba(190,200,210,.20)",
  cross: "rgba(200,210,220,.13)", money: "#ffd23f", gap: "#ff6fa8", loss: "#ff8c42",
  institution: "#f2f4f6", gone: "#8a949e", futures: ["#56b4e9", "#ffa14a"], supply: "rgba(222,190,120,.30)",
  people: "rgba(90,220,180,.45)", halo: "rgba(35,43,50,.85)", same: "#a0a9b2",
  sectors: ["#d9709f", "#9a94ff", "#2fc79b", "#d9b45b", "#f0a3cc", "#4da6e0", "#8fd3ff", "#ffb84d",
    "#c3d455", "#cf8fe6", "#ff8452"],
};

const asksForDark = window.matchMedia("(prefers-color-scheme: dark)");
const asksForStill = window.matchMedia("(prefers-reduced-motion: reduce)");

export const theme = () => (document.documentElement.dataset.theme
  ? document.documentElement.dataset.theme === "dark" : asksForDark.matches) ? DARK : LIGHT;
export const isStill = () => asksForStill.matches;

/** Calls when the reader's wish for light or dark changes. */
export const onTheme = (call) => asksForDark.addEventListener("change", call);
